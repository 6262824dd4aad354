/** What udev sends to those who listen for devices: a header of its own, then the device's properties. */
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { quote } from '../quote.ts'
import { dec, type Field, field, place, structure } from './fields.ts'
import { addressOf, type NetlinkContext } from './values.ts'

const bytes = 40
const prefix = 'libudev\0'
const inOrder = (name: string, offset: number): Field =>
  field(name, (out, { view }, at) => out.put(`htonl(0x${view.getUint32(at + offset, false).toString(16)})`))
const header = structure(bytes, [
  place('prefix', 0, prefix.length),
  inOrder('magic', 8),
  dec('header_size', 12, 4),
  dec('properties_off', 16, 4),
  dec('properties_len', 20, 4),
  inOrder('filter_subsystem_hash', 24),
  inOrder('filter_devtype_hash', 28),
  inOrder('filter_tag_bloom_hi', 32),
  inOrder('filter_tag_bloom_lo', 36),
])

/** Prints what udev sent; false when the kernel did, or it cannot be read: then it is text. */
export function printUevent(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  context: NetlinkContext,
): boolean {
  const { style, end } = context
  if (length < bytes || at + bytes > end) return false
  for (let i = 0; i < prefix.length; i++) if (raw.bytes[at + i] !== prefix.charCodeAt(i)) return false
  const rest = length - bytes
  if (rest > 0) out.putChar('[')
  header(out, raw, at, length, context)
  if (rest === 0) return true
  out.put(', ')
  const shown = Math.min(rest, style.stringLimit)
  if (at + bytes + shown > end) addressOf(out, at + bytes, context)
  else {
    quote(out, raw.bytes, at + bytes, at + bytes + shown, style)
    if (shown < rest) out.put('...')
  }
  out.putChar(']')
  return true
}
