/** How arguments of io_uring are shown where their types do not say it. */
import { uring_iowq_acct, uring_op_flags, uring_ops, uring_register_opcodes } from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import type { Node, Struct } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { bracketed } from '../lists.ts'
import { lookUp, nameTable, printDecimal, printFlags } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { addressNumber, hexNumber } from '../scalars.ts'
import { printArray } from '../sequences.ts'
import { fieldsPrinter } from '../structures.ts'
import { argumentsWith, usual } from './arguments.ts'

const { IORING_REGISTER_PROBE, IORING_REGISTER_IOWQ_MAX_WORKERS, IORING_UNREGISTER_PBUF_RING } =
  uring_register_opcodes.values

/** The structure that an argument points at, with some of its fields. */
function part(
  scope: PrintScope,
  type: Node,
  names: readonly string[],
  unlessZero: readonly string[],
): Printer {
  const struct = (type.kind === 'pointer' ? type.to : type) as Struct
  const fields = Object.fromEntries(names.map(name => [name, struct.fields[name]!]))
  return fieldsPrinter({ ...struct, fields }, scope, undefined, undefined, unlessZero)
}
const asked = ['flags', 'sq_thread_cpu', 'sq_thread_idle', 'wq_fd', 'resv']
const answered = ['sq_entries', 'cq_entries', 'features', 'sq_off', 'cq_off']

/** What is asked for, then what the kernel made of it. */
const setup: Presentation = scope => {
  const { type } = scope.args[1]!
  const before = part(scope, type, asked, ['resv'])
  const after = part(scope, type, answered, [])
  const bytes = 120
  const params: Printer = (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, scope.arch)
    frame.asEntered = true
    const place = address === 0 ? -1 : frame.find(address, bytes)
    if (place < 0) addressNumber(out, frame, at, 8)
    else before(out, frame, place, bases)
    frame.asEntered = false
    if (place < 0 || frame.failed || frame.result < 0) return
    const result = frame.find(address, bytes)
    if (result < 0) return
    out.length--
    out.put(', ')
    const start = out.length
    after(out, frame, result, bases)
    // Its brace has been opened already.
    out.bytes.copyWithin(start, start + 1, out.length)
    out.length--
  }
  return argumentsWith(scope, { params })
}

/** The kernel looks at no more operations. */
const mostOperations = 256
const headerBytes = 16
const operationBytes = 8

/** A header, and an operation after the other. */
const probe = (scope: PrintScope): ((out: TextBuffer, frame: Frame, address: number) => boolean) => {
  const { style, arch } = scope
  const operations = [nameTable(uring_ops, arch)]
  const flags = [nameTable(uring_op_flags, arch)]
  return (out, frame, address) => {
    const { view } = frame
    const asked = view.getUint32(frame.args + 24, true)
    const room = asked > mostOperations ? -1 : frame.find(address, headerBytes + asked * operationBytes)
    // What the kernel wrote are as many as it says, where there is room for them.
    const count = frame.asEntered || room < 0 ? asked : Math.min(asked, view.getUint8(room + 1))
    const hasMore = !frame.asEntered && room >= 0 && view.getUint8(room + 1) > asked
    const place = count > mostOperations ? -1 : frame.find(address, headerBytes + count * operationBytes)
    const empty = (): boolean =>
      frame.bytes.subarray(place, place + headerBytes + count * operationBytes).every(b => b === 0)
    if (place < 0 || (frame.asEntered && empty())) return false
    const unlessZero = (name: string, at: number, size: number): void => {
      if (frame.bytes.subarray(at, at + size).every(b => b === 0)) return
      out.put(`, ${name}=`)
      hexNumber(out, frame, at, size)
    }
    out.put('{last_op=')
    printDecimal(out, operations, view.getUint8(place), style)
    out.put(`, ops_len=${view.getUint8(place + 1)}`)
    unlessZero('resv', place + 2, 2)
    const words = [0, 1, 2].map(i => view.getUint32(place + 4 + i * 4, true))
    if (words.some(w => w !== 0))
      out.put(`, resv2=[${words.map(w => (w === 0 ? '0' : `0x${w.toString(16)}`)).join(', ')}]`)
    out.put(', ops=')
    bracketed(out, count, style, i => {
      const at = place + headerBytes + i * operationBytes
      out.put('{op=')
      printDecimal(out, operations, view.getUint8(at), style)
      unlessZero('resv', at + 1, 1)
      out.put(', flags=')
      printFlags(out, flags, view.getUint16(at + 2, true), 0, style)
      unlessZero('resv2', at + 4, 4)
      out.putChar('}')
    })
    // There is no room for all of what the kernel has.
    if (hasMore && (style.verbose || count <= style.stringLimit)) {
      out.length--
      out.put(count > 0 ? ', ...]' : '...]')
    }
    out.putChar('}')
    return true
  }
}

/** How many workers there may be: `[[IO_WQ_BOUND]=4, …]`, before the call and after it. */
const workers = (scope: PrintScope): Printer => {
  const { style } = scope
  const kinds = [nameTable(uring_iowq_acct, scope.arch)]
  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, scope.arch)
    const count = frame.view.getUint32(frame.args + 24, true)
    const list = (): boolean => {
      let index = 0
      const element: Printer = (o, f, place) => {
        const name = lookUp(kinds, index, 0)
        o.putChar('[')
        if (name === undefined || style.constants !== 'abbrev') o.dec(index)
        if (style.constants !== 'raw' || name === undefined) {
          const comment = name ?? (style.constants === 'raw' ? '' : kinds[0]!.prefix)
          if (name !== undefined && style.constants === 'abbrev') o.put(name)
          else if (comment !== '') o.put(` /* ${comment} */`)
        }
        o.put(']=')
        o.dec(f.view.getUint32(place, true))
        index++
      }
      return address !== 0 && printArray(out, frame, address, count, 4, element, bases, style)
    }
    frame.asEntered = true
    const shown = list()
    frame.asEntered = false
    if (!shown) return addressNumber(out, frame, at, 8)
    // A list that could not be read to its end is all that is told.
    if (count === 0 || frame.find(address, count * 4) < 0) return
    out.put(' => ')
    if (frame.failed || frame.result < 0 || !list()) addressNumber(out, frame, at, 8)
  }
}

const register: Presentation = scope => {
  const other = usual(scope, 'arg')
  const probed = probe(scope)
  const limits = workers(scope)
  return argumentsWith(scope, {
    arg: (out, frame, at, bases) => {
      const opcode = frame.view.getUint32(frame.args + 8, true)
      if (opcode > IORING_UNREGISTER_PBUF_RING) return addressNumber(out, frame, at, 8)
      if (opcode === IORING_REGISTER_IOWQ_MAX_WORKERS) return limits(out, frame, at, bases)
      if (opcode !== IORING_REGISTER_PROBE) return other(out, frame, at, bases)
      const address = readAddress(frame.view, at, scope.arch)
      if (address === 0) return addressNumber(out, frame, at, 8)
      frame.asEntered = true
      const before = probed(out, frame, address)
      frame.asEntered = false
      const start = out.length
      if (before) out.put(' => ')
      const after = frame.result >= 0 && !frame.failed && probed(out, frame, address)
      if (before && !after) out.length = start
      else if (!after) addressNumber(out, frame, at, 8)
    },
  })
}

export const ioUringPresentations: Presentations = { io_uring_setup: setup, io_uring_register: register }
