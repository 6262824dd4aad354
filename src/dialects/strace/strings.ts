/** Strings and buffers in memory, in quotes, cut where the string limit says. */
import type { Frame } from '../../record/frame.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { quote } from './quote.ts'
import type { Style } from './style.ts'

/** A string ended by NUL: cut at `limit` with `...`; unreadable before its end: false. What does not end within `most` bytes has no end. */
export function printCString(
  out: TextBuffer,
  frame: Frame,
  address: number,
  limit: number,
  style: Style,
  most = 4096,
): boolean {
  const have = frame.available(address)
  const { at } = frame
  if (have === 0) return false
  const end = frame.bytes.indexOf(0, at)
  const length = end < 0 || end >= at + Math.min(have, most) ? -1 : end - at
  if (length < 0 && frame.faulted && have <= Math.min(limit, most - 1)) return false
  const shown = Math.min(length < 0 ? Math.min(have, most) : length, limit)
  quote(out, frame.bytes, at, at + shown, style)
  if (length < 0 || length > limit) out.put('...')
  return true
}

/** `length` bytes at an address, cut at `limit`; false when they cannot be read. The NUL at the end of `text` shows only among hexadecimal numbers. */
export function printBytes(
  out: TextBuffer,
  frame: Frame,
  address: number,
  length: number,
  limit: number,
  style: Style,
  text = false,
): boolean {
  const shown = Math.min(length, limit)
  // One more is looked at, to tell whether there is more.
  const looked = Math.min(length, limit + 1)
  const at = shown > 0 ? frame.find(address, looked) : 0
  if (at < 0) {
    // A buffer longer than any that is copied whole: as much as there is.
    const copied = frame.available(address)
    if (copied === 0 || frame.faulted) return false
    quote(out, frame.bytes, frame.at, frame.at + Math.min(copied, limit), style)
    out.put('...')
    return true
  }
  const hidesNul = text && style.escape !== 'all' && style.escape !== 'non-ascii'
  const ends = hidesNul && shown > 0 && shown === length && frame.bytes[at + shown - 1] === 0
  quote(out, frame.bytes, at, ends ? at + shown - 1 : at + shown, style)
  if (length > limit) out.put('...')
  return true
}
