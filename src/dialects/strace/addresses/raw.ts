/** Bytes that address printers read, and what they are written with. */
import type { ArchName } from '../../../record/layout.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { quote } from '../quote.ts'
import type { Style } from '../style.ts'

/** A frame is one; so is the copy that a socket address is printed from. */
export interface Raw {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** What was captured beside memory; see Frame. */
  note?: ((kind: number, key: number) => Uint8Array | undefined) | undefined
}

export interface AddressContext {
  readonly style: Style
  readonly arch: ArchName
}

/** Always in hexadecimal: `"\x7f\x00"`. */
export function quoteHex(out: TextBuffer, bytes: Uint8Array, from: number, to: number): void {
  out.putChar('"')
  for (let i = from; i < to; i++) {
    out.put('\\x')
    out.hexByte(bytes[i]!)
  }
  out.putChar('"')
}

/** Text ended by NUL in `to - from` bytes: `...` where there is no NUL. */
export function quoteText(out: TextBuffer, bytes: Uint8Array, from: number, to: number, style: Style): void {
  const nul = bytes.subarray(from, to).indexOf(0)
  if (nul >= 0) {
    quote(out, bytes, from, from + nul, style)
    return
  }
  // The last byte would have been the NUL.
  quote(out, bytes, from, Math.max(from, to - 1), style)
  out.put('...')
}

/** `%#x`: zero is "0". */
export function hash(out: TextBuffer, n: number): void {
  if (n === 0) out.putChar('0')
  else out.hex(n)
}

/** What follows a raw value as its meaning: the raw bytes alone, the meaning alone, or both. */
export function withRaw(
  out: TextBuffer,
  raw: Raw,
  from: number,
  to: number,
  style: Style,
  meaning: () => void,
): void {
  if (style.constants === 'abbrev') {
    meaning()
    return
  }
  quoteHex(out, raw.bytes, from, to)
  if (style.constants === 'raw') return
  out.put(' /* ')
  meaning()
  out.put(' */')
}

/** `%#02x`, whose width counts the 0x. */
export const twoDigits = (n: number): string => (n === 0 ? '00' : `0x${n.toString(16)}`)

/** Number and name where a user did not ask for numbers alone: names that say little by themselves. */
export const numbered = (style: Style): Style =>
  style.constants === 'raw' ? style : { ...style, constants: 'verbose' }
