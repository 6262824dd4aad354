/** Structures of io_uring that strace does not write field by field. */
import {
  uring_files_update_fds,
  uring_register_opcodes,
  uring_restriction_opcodes,
} from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readUnsigned } from '../../../record/numbers.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { layoutOf } from '../../../types/resolve.ts'
import { nameTable, printValue } from '../names.ts'
import type { Printer, PrintScope } from '../print.ts'
import type { StructPrinters } from '../registry.ts'
import { addressNumber, descriptor, hexNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { fieldsPrinter } from '../structures.ts'

const { IORING_REGISTER_FILES_UPDATE2, IORING_UNREGISTER_RING_FDS } = uring_register_opcodes.values
const { IORING_REGISTER_FILES_SKIP } = uring_files_update_fds.values

/** Descriptors to put in the place of others, one of which may say that its place is to be left alone. */
const replacements = (scope: PrintScope, count: (frame: Frame, at: number) => number): Printer => {
  const skip = [nameTable(uring_files_update_fds, scope.arch)]
  const element: Printer = (out, frame, at) => {
    const fd = frame.view.getInt32(at, true)
    if (fd !== IORING_REGISTER_FILES_SKIP || scope.style.constants === 'raw')
      descriptor(out, frame, fd, scope.style)
    else if (scope.style.constants === 'abbrev') printValue(out, skip, fd >>> 0, 0, scope.style)
    else {
      out.dec(fd)
      out.put(' /* ')
      printValue(out, skip, fd >>> 0, 0, { ...scope.style, constants: 'abbrev' })
      out.put(' */')
    }
  }
  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, 'amd64')
    if (address === 0 || !printArray(out, frame, address, count(frame, at), 4, element, bases, scope.style))
      addressNumber(out, frame, at, 8)
  }
}

const reserved = ['resv', 'resv2']
/** What has a meaning since is shown as what was kept free then. */
const ringOffsets: StructPrinters[string] = (type, scope) => {
  const { user_addr: _, ...fields } = type.fields
  const print = fieldsPrinter({ ...type, fields }, scope, undefined, undefined, ['resv1'])
  const { offset } = layoutOf(type.layout, scope.arch).fields.user_addr!
  return (out, frame, at, bases) => {
    print(out, frame, at, bases)
    if (frame.view.getBigUint64(at + offset, true) === 0n) return
    out.length--
    out.put(', resv2=')
    hexNumber(out, frame, at + offset, 8)
    out.putChar('}')
  }
}

export const ioUringStructs: StructPrinters = {
  io_sqring_offsets: ringOffsets,
  io_cqring_offsets: ringOffsets,
  io_uring_rsrc_register: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, reserved),
  io_uring_file_index_range: (type, scope) => fieldsPrinter(type, scope, undefined, undefined, reserved),
  /** What has a meaning since is shown as what was kept free then. */
  io_uring_buf_reg: (type, scope) => {
    const { ring_addr, ring_entries, bgid } = type.fields
    const fields = { ring_addr: ring_addr!, ring_entries: ring_entries!, bgid: bgid! }
    const print = fieldsPrinter({ ...type, fields }, scope)
    return (out, frame, at, bases) => {
      print(out, frame, at, bases)
      out.length--
      if (frame.view.getUint16(at + 14, true) !== 0) {
        out.put(', pad=')
        hexNumber(out, frame, at + 14, 2)
      }
      if (frame.bytes.subarray(at + 16, at + 40).some(b => b !== 0)) {
        out.put(', resv=[')
        for (let i = 16; i < 40; i += 8) {
          if (i > 16) out.put(', ')
          hexNumber(out, frame, at + i, 8)
        }
        out.putChar(']')
      }
      out.putChar('}')
    }
  },
  io_uring_files_update: (type, scope) => {
    const count = scope.args.findIndex(a => a.name === 'nr_args')
    const fds = replacements(scope, frame => frame.view.getUint32(frame.args + count * 8, true))
    return fieldsPrinter(type, scope, undefined, { fds }, reserved)
  },
  io_uring_rsrc_update2: (type, scope) => {
    const { data: at, nr } = layoutOf('io_uring_rsrc_update2', scope.arch).fields
    const usual = fieldsPrinter(type, scope, undefined, undefined, reserved)
    const data = replacements(scope, (frame, place) =>
      frame.view.getUint32(place - at!.offset + nr!.offset, true),
    )
    const files = fieldsPrinter(type, scope, undefined, { data }, reserved)
    return (out, frame, place, bases) => {
      const opcode = readUnsigned(frame.view, frame.args + 8, 4)
      ;(opcode === IORING_REGISTER_FILES_UPDATE2 ? files : usual)(out, frame, place, bases)
    }
  },
  /** A place of its own for each ring, or any that is free. */
  io_uring_rsrc_update: (type, scope) => {
    const offset: Printer = (out, { view }, at) => {
      const place = view.getUint32(at, true)
      out.dec(place === 0xffffffff ? -1 : place)
    }
    const print = fieldsPrinter(type, scope, undefined, { offset }, reserved)
    const freed = fieldsPrinter(type, scope, undefined, undefined, ['data', ...reserved])
    return (out, frame, at, bases) => {
      const opcode = readUnsigned(frame.view, frame.args + 8, 4)
      ;(opcode === IORING_UNREGISTER_RING_FDS ? freed : print)(out, frame, at, bases)
    }
  },
  /** What a restriction that is not known restricts is told in a comment. */
  io_uring_restriction: (type, scope) => {
    const table = nameTable(uring_restriction_opcodes, scope.arch)
    const opcode: Printer = (out, frame, at) => {
      const value = frame.view.getUint16(at, true)
      printValue(out, [table], value, 0, scope.style)
      if (table.byValue.has(value)) return
      out.put(' /* op: ')
      hexNumber(out, frame, at + 2, 1)
      out.put(' */')
    }
    return fieldsPrinter(type, scope, undefined, { opcode }, reserved)
  },
}
