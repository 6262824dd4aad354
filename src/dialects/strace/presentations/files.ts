/** How arguments of calls on files look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { type Bases, readAddress } from '../../../types/evaluate.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { dateComment } from '../dates.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import { addressNumber } from '../scalars.ts'
import { dirents, dirents64 } from '../specials/dirents.ts'
import type { Style } from '../style.ts'
import { argumentsWith, sibling, usual } from './arguments.ts'

/** The address comes before what was read there, unless that is shown whole. */
const entries =
  (make: (scope: PrintScope) => SpecialPrinter): Presentation =>
  scope => {
    const print = make(scope)
    const dirp: Printer = (out, frame, at, bases) => {
      const address = readAddress(frame.view, at, scope.arch)
      if (frame.result < 0 || frame.failed) return addressNumber(out, frame, at, 8)
      const length = frame.view.getUint32(frame.result, true)
      if (!scope.style.verbose) addressNumber(out, frame, at, 8)
      if (length === 0) return print(out, frame, 0, 0, bases)
      if (frame.available(address) >= length) return print(out, frame, frame.at, length, bases)
      if (scope.style.verbose) addressNumber(out, frame, at, 8)
      else out.put(' /* 0+ entries */')
    }
    return argumentsWith(scope, { dirp })
  }

/** Kinds of synchronisation before the other flags, even when they are 0. */
const statx: Presentation = scope => {
  const kinds = [nameTable(sets.at_statx_sync_types, scope.arch)]
  const others = [nameTable(sets.at_flags, scope.arch)]
  const { style } = scope
  const flags: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    if (style.constants !== 'raw' || (value & 0x6000) !== 0) printFlags(out, kinds, value & 0x6000, 0, style)
    const rest = (value & ~0x6000) >>> 0
    if (rest === 0) return
    out.putByte(124)
    flagsOrNumber(out, frame, rest, others, scope)
  }
  return argumentsWith(scope, { flags })
}

/** Flags of which none may have a name: a plain number then, without a comment. */
function flagsOrNumber(
  out: TextBuffer,
  _frame: Frame,
  value: number,
  tables: Parameters<typeof printFlags>[1],
  { style }: PrintScope,
): void {
  const known = tables.some(t => t.low.some(bit => bit !== 0 && (value & bit) >>> 0 === bit))
  if (known) printFlags(out, tables, value, 0, style)
  else out.hex(value)
}

/** Pairs of times with their dates, and names for what is not a time. */
const times =
  (digits: 6 | 9): Presentation =>
  scope => {
    const { style } = scope
    const unit = digits === 6 ? 'tv_usec' : 'tv_nsec'
    const one = (out: TextBuffer, frame: Frame, at: number): void => {
      const seconds = frame.view.getBigInt64(at, true)
      const fraction = frame.view.getBigUint64(at + 8, true)
      const name = digits === 9 ? notTimes.get(fraction) : undefined
      if (name !== undefined && style.constants === 'abbrev') {
        out.put(name)
        return
      }
      out.put(`{tv_sec=${seconds}, ${unit}=${fraction}}`)
      if (name === undefined) dateComment(out, seconds, fraction, digits)
      else if (style.constants === 'verbose') out.put(` /* ${name} */`)
    }
    const print: Printer = (out, frame, at) => {
      const address = readAddress(frame.view, at, scope.arch)
      const both = frame.find(address, 32)
      if (address === 0 || both < 0) return addressNumber(out, frame, at, 8)
      out.putByte(91)
      one(out, frame, both)
      out.put(', ')
      one(out, frame, both + 16)
      out.putByte(93)
    }
    return argumentsWith(scope, { times: print })
  }

const notTimes = new Map([
  [0x3fffffffn, 'UTIME_NOW'],
  [0x3ffffffen, 'UTIME_OMIT'],
])

/** A value's last byte is left away when it is NUL; a size that cannot be is not followed. */
const xattr: Presentation = scope => {
  const { style } = scope
  const index = scope.args.findIndex(a => a.name === 'value')
  const sizeIndex = scope.args.findIndex(a => a.name === 'size')
  const written = scope.args[index]!.type.kind === 'pointer'
  const value: Printer = (out, frame, at) => {
    const address = readAddress(frame.view, at, scope.arch)
    if (address === 0 || (!written && (frame.result < 0 || frame.failed)))
      return addressNumber(out, frame, at, 8)
    const sizeAt = sibling(at, index, sizeIndex)
    const size = readAddress(frame.view, sizeAt, 'amd64')
    const length = written ? size : readAddress(frame.view, frame.result, 'amd64')
    if ((!written && size === 0) || length > largestValue) return addressNumber(out, frame, at, 8)
    const shown = Math.min(length, style.stringLimit)
    const from = shown > 0 ? frame.find(address, shown) : 0
    if (from < 0) return addressNumber(out, frame, at, 8)
    const ended = shown > 0 && frame.bytes[from + shown - 1] === 0
    quote(out, frame.bytes, from, from + shown - (ended ? 1 : 0), style)
    if (length > style.stringLimit && !ended) out.put('...')
  }
  return argumentsWith(scope, { value })
}
const largestValue = 65536

/** The size of a handle may change in the call; the rest of it is there once the call has succeeded. */
const handle =
  (before: boolean): Presentation =>
  scope => {
    const { style } = scope
    const print: Printer = (out, frame, at) => {
      const address = readAddress(frame.view, at, scope.arch)
      const first = before ? (frame.availableAtEnter(address) < 4 ? -1 : frame.at) : frame.find(address, 8)
      if (address === 0 || first < 0) return addressNumber(out, frame, at, 8)
      let size = frame.view.getUint32(first, true)
      out.put(`{handle_bytes=${size}`)
      if (before && (frame.result < 0 || (frame.failed && frame.errno !== EOVERFLOW))) return out.putByte(125)
      const have = frame.available(address)
      const { at: now } = frame
      if (before && have >= 4 && frame.view.getUint32(now, true) !== size) {
        size = frame.view.getUint32(now, true)
        out.put(` => ${size}`)
      }
      if (have >= 8 && !(before && frame.failed)) {
        out.put(`, handle_type=${frame.view.getInt32(now + 4, true)}, f_handle=`)
        const shown = Math.min(size, largestHandle)
        if (have < 8 + shown) out.put('???')
        else {
          quote(out, frame.bytes, now + 8, now + 8 + shown, { ...style, escape: 'all' })
          if (shown < size) out.put('...')
        }
      }
      out.putByte(125)
    }
    return argumentsWith(scope, { handle: print })
  }
const EOVERFLOW = 75
const largestHandle = 128

/** QCMD(Q_GETQUOTA, USRQUOTA) */
const quota: Presentation = scope => {
  const commands = [nameTable(sets.quotacmds, scope.arch)]
  const types = [nameTable(sets.quotatypes, scope.arch)]
  const { style } = scope
  const plain: Style = { ...style, constants: 'abbrev' }
  const cmd: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    if (style.constants !== 'abbrev') out.dec(value)
    if (style.constants === 'raw') return
    if (style.constants === 'verbose') out.put(' /* ')
    out.put('QCMD(')
    printValue(out, commands, value >>> 8, 0, plain)
    out.put(', ')
    printValue(out, types, value & 0xff, 0, plain)
    out.put(style.constants === 'verbose' ? ') */' : ')')
  }
  return argumentsWith(scope, { cmd })
}

/** MS_MGC_VAL in the upper half stands for no flags at all. */
const mount: Presentation = scope => {
  const tables = [nameTable(sets.mount_flags, scope.arch)]
  const noFlags: NameSet = { name: 'mount_magic', kind: 'value', values: { MS_MGC_VAL: 0xc0ed0000 } }
  const magic = [nameTable(noFlags, scope.arch)]
  const { style } = scope
  const mountflags: Printer = (out, frame, at) => {
    const low = frame.view.getUint32(at, true)
    const high = frame.view.getUint32(at + 4, true)
    if ((low & 0xffff0000) >>> 0 !== 0xc0ed0000) return printFlags(out, tables, low, high, style)
    printValue(out, magic, 0xc0ed0000, 0, style)
    if ((low & 0xffff) === 0) return
    out.putByte(124)
    printFlags(out, tables, low & 0xffff, 0, style)
  }
  return argumentsWith(scope, { mountflags })
}

/** A priority in the lower bits, which is written in any case. */
const swapon: Presentation = scope => {
  const tables = [nameTable(sets.swap_flags, scope.arch)]
  const { style } = scope
  const swapflags: Printer = (out, frame, at) => {
    const value = frame.view.getUint32(at, true)
    const priority = value & 0x7fff
    const flags = (value & ~0x7fff) >>> 0
    if (flags !== 0) {
      printFlags(out, tables, flags, 0, style)
      out.putByte(124)
    }
    out.dec(priority)
  }
  return argumentsWith(scope, { swapflags })
}

/** Binary values are always in hexadecimal. */
const fsconfig: Presentation = scope => {
  const { style } = scope
  const other = usual(scope, 'value')
  const FSCONFIG_SET_BINARY = 2
  const value: Printer = (out, frame, at, bases: Bases) => {
    if (frame.view.getUint32(sibling(at, 3, 1), true) !== FSCONFIG_SET_BINARY)
      return other(out, frame, at, bases)
    const length = frame.view.getInt32(sibling(at, 3, 4), true)
    const address = readAddress(frame.view, at, scope.arch)
    const shown = Math.min(length, style.stringLimit)
    const from = shown > 0 ? frame.find(address, shown) : 0
    if (address === 0 || length < 0 || length > largestBinary || from < 0)
      return addressNumber(out, frame, at, 8)
    quote(out, frame.bytes, from, from + shown, { ...style, escape: 'all' })
    if (length > shown) out.put('...')
  }
  return argumentsWith(scope, { value })
}
const largestBinary = 1 << 20

export const filePresentations: Presentations = {
  getdents: entries(dirents),
  getdents64: entries(dirents64),
  statx,
  utimes: times(6),
  futimesat: times(6),
  utimensat: times(9),
  setxattr: xattr,
  lsetxattr: xattr,
  fsetxattr: xattr,
  getxattr: xattr,
  lgetxattr: xattr,
  fgetxattr: xattr,
  name_to_handle_at: handle(true),
  open_by_handle_at: handle(false),
  quotactl: quota,
  quotactl_fd: quota,
  mount,
  swapon,
  fsconfig,
}
