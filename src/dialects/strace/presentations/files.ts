/** How arguments of calls on files look where their types do not say it. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import { readAddress } from '../../../types/evaluate.ts'
import { sizeOf } from '../../../types/resolve.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { dateComment } from '../dates.ts'
import { nameTable, printFlags } from '../names.ts'
import type { Presentation, Presentations } from '../presentations.ts'
import type { Printer, PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import { addressNumber } from '../scalars.ts'
import { dirents, dirents64 } from '../specials/dirents.ts'
import { argumentsWith, sibling } from './arguments.ts'

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
    out.putChar('|')
    flagsOrNumber(out, rest, others, scope)
  }
  return argumentsWith(scope, { flags })
}

/** Flags of which none may have a name: a plain number then, without a comment. */
function flagsOrNumber(
  out: TextBuffer,
  value: number,
  tables: Parameters<typeof printFlags>[1],
  { style }: PrintScope,
): void {
  const known = tables.some(t => t.low.some(bit => bit !== 0 && (value & bit) >>> 0 === bit))
  if (known) printFlags(out, tables, value, 0, style)
  else out.hex(value)
}

/** The bytes that argument `name` points at. */
function pointedAtBytes(scope: PrintScope, name: string): number {
  const type = scope.args.find(a => a.name === name)!.type
  return type.kind === 'pointer' ? sizeOf(type.to, scope.arch) : 0
}

/** Pairs of times with their dates, and names for what is not a time. */
const times =
  (digits: 6 | 9): Presentation =>
  scope => {
    const { style } = scope
    const unit = digits === 6 ? 'tv_usec' : 'tv_nsec'
    const bytes = pointedAtBytes(scope, 'times')
    const word = bytes / 4
    const one = (out: TextBuffer, { view }: Frame, at: number): void => {
      const seconds = word === 8 ? view.getBigInt64(at, true) : BigInt(view.getInt32(at, true))
      const fraction = BigInt.asUintN(
        64,
        word === 8 ? view.getBigInt64(at + 8, true) : BigInt(view.getInt32(at + 4, true)),
      )
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
      const both = frame.find(address, bytes)
      if (address === 0 || both < 0) return addressNumber(out, frame, at, 8)
      out.putChar('[')
      one(out, frame, both)
      out.put(', ')
      one(out, frame, both + bytes / 2)
      out.putChar(']')
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
  // Among hexadecimal numbers it shows.
  const hidesNul = style.escape !== 'all' && style.escape !== 'non-ascii'
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
    const ended = hidesNul && shown > 0 && frame.bytes[from + shown - 1] === 0
    quote(out, frame.bytes, from, from + shown - (ended ? 1 : 0), style)
    if (length > style.stringLimit && !ended) out.put('...')
  }
  return argumentsWith(scope, { value })
}
const largestValue = 65536

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
}
