/** Directory entries: a count, or with -v each of them. */
import * as sets from '../../../abi/sets.ts'
import type { Frame } from '../../../record/frame.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { type NameTable, nameTable, printValue } from '../names.ts'
import type { PrintScope } from '../print.ts'
import { quote } from '../quote.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { Style } from '../style.ts'

/** getdents64 has the type before the name; getdents in the last byte of an entry. */
interface Shape {
  readonly header: number
  /** Bytes of the inode's number and of the position. */
  readonly word: 4 | 8
  readonly typeLast: boolean
}
const wide: Shape = { header: 19, word: 8, typeLast: false }
const old: Shape = { header: 18, word: 8, typeLast: true }
const old32: Shape = { header: 10, word: 4, typeLast: true }

export const dirents64 = (scope: PrintScope): SpecialPrinter => entries(scope, wide)
export const dirents = (scope: PrintScope): SpecialPrinter =>
  entries(scope, scope.arch === 'i386' ? old32 : old)

function entries({ style, arch }: PrintScope, shape: Shape): SpecialPrinter {
  const types = [nameTable(sets.dirent_types, arch)]
  return (out, frame, at, length) =>
    style.verbose ? list(out, frame, at, length, shape, types, style) : count(out, frame, at, length, shape)
}

/** ` /* 3 entries *​/`, and before it what is wrong with them. */
function count(out: TextBuffer, frame: Frame, at: number, length: number, { header, word }: Shape): void {
  const end = at + length
  let n = 0
  let entry = at
  while (end - entry >= header) {
    const size = frame.view.getUint16(entry + 2 * word, true)
    n++
    if (size < header) {
      out.put(` /* d_reclen ${header - size} bytes underflow */`)
      break
    }
    if (entry + size > end) out.put(` /* d_reclen ${entry + size - end} bytes overflow */`)
    entry += size
  }
  out.put(` /* ${n}${entry < end ? '+' : ''} entries */`)
}

function list(
  out: TextBuffer,
  frame: Frame,
  at: number,
  length: number,
  shape: Shape,
  types: readonly NameTable[],
  style: Style,
): void {
  const end = at + length
  const { view } = frame
  out.putChar('[')
  let entry = at
  while (end - entry >= shape.header) {
    const { word } = shape
    const size = view.getUint16(entry + 2 * word, true)
    const number = (at: number) => (word === 8 ? view.getBigUint64(at, true) : view.getUint32(at, true))
    if (entry > at) out.put(', ')
    out.put(`{d_ino=${number(entry)}, d_off=${number(entry + word)}, d_reclen=${size}`)
    const short = shape.header - size
    if (short > 0) out.put(` /* ${short} bytes underflow */`)
    if (entry + size > end) out.put(` /* ${entry + size - end} bytes overflow */`)
    nameAndType(out, frame, entry, Math.min(entry + size, end), shape, types, style)
    out.putChar('}')
    if (short > 0) break
    entry += size
  }
  if (entry < end && end - entry < shape.header) {
    if (entry > at) out.put(', ')
    quote(out, frame.bytes, entry, end, { ...style, escape: 'all' })
  }
  out.putChar(']')
}

function nameAndType(
  out: TextBuffer,
  frame: Frame,
  entry: number,
  end: number,
  { header, typeLast }: Shape,
  types: readonly NameTable[],
  style: Style,
): void {
  const { bytes } = frame
  const type = (at: number): void => {
    out.put(', d_type=')
    printValue(out, types, bytes[at]!, 0, style)
  }
  if (!typeLast) type(entry + header - 1)
  const from = entry + header
  const to = typeLast ? end - 1 : end
  if (from < to) {
    out.put(', d_name=')
    const nul = bytes.indexOf(0, from)
    const ended = nul >= 0 && nul < to
    quote(out, bytes, from, ended ? nul : to - 1, style)
    if (!ended) out.put('...')
  }
  if (typeLast && end - entry > header) type(end - 1)
}
