/** Text as Go's `%q` writes it. */
import type { TextBuffer } from '../text-buffer.ts'
import type { Era } from './eras.ts'
import { isPrintable } from './go-printable.ts'

/** By byte: what stands for it, as one little-endian word, and how much of the word that is; nothing for what is not ASCII. */
const words = new Int32Array(256)
const lengths = new Uint8Array(256)
const letters: { readonly [byte: number]: string } = {
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  92: '\\',
}
for (let byte = 0; byte < 128; byte++) {
  const letter = letters[byte]
  const hex = `\\x${byte.toString(16).padStart(2, '0')}`
  const text =
    letter !== undefined ? `\\${letter}` : byte < 32 || byte === 127 ? hex : String.fromCharCode(byte)
  lengths[byte] = text.length
  words[byte] = [...text].reduce((word, c, i) => word + c.charCodeAt(0) * 256 ** i, 0)
}

/** Writes bytes `from` to `to` in double quotes. */
export function putQuoted(
  out: TextBuffer,
  bytes: Uint8Array,
  from: number,
  to: number,
  era: Era = 'head',
): void {
  out.putChar('"')
  putEscaped(out, bytes, from, to, 34, era)
  out.putChar('"')
}

/** The same without quotes; `quote` is a byte that is escaped too (0: none). What comes out is safe on a terminal. */
export function putEscaped(
  out: TextBuffer,
  bytes: Uint8Array,
  from: number,
  to: number,
  quote = 0,
  era: Era = 'head',
): void {
  // No byte becomes more than four; and four are written for each, once behind a backslash.
  out.reserve((to - from) * 4 + 1)
  let { view } = out
  let at = out.length
  for (let i = from; i < to; ) {
    const b = bytes[i]!
    const length = lengths[b]!
    if (length === 0) {
      out.length = at
      i += putRune(out, bytes, i, to, era)
      out.reserve((to - i) * 4 + 1)
      view = out.view
      at = out.length
      continue
    }
    i++
    // Without a quote to escape 0 would be one: it is escaped as any other.
    if (b === quote && b !== 0) view.setUint8(at++, 92)
    view.setInt32(at, words[b]!, true)
    at += length
  }
  out.length = at
}

/** Writes what begins at `i` and is not ASCII; returns how many bytes it had. */
function putRune(out: TextBuffer, bytes: Uint8Array, i: number, to: number, era: Era): number {
  const length = runeLength(bytes, i, to)
  if (length === 0) {
    out.put('\\x')
    out.hexByte(bytes[i]!)
    return 1
  }
  const rune = decodeRune(bytes, i, length)
  if (isPrintable(rune, era)) out.putBytes(bytes.subarray(i, i + length))
  else if (rune < 0x10000) out.put(`\\u${rune.toString(16).padStart(4, '0')}`)
  else out.put(`\\U${rune.toString(16).padStart(8, '0')}`)
  return length
}

/** The bytes of the well-formed UTF-8 sequence at `i`; 0 when there is none (overlong, a surrogate, cut short). */
function runeLength(bytes: Uint8Array, i: number, to: number): number {
  const lead = bytes[i]!
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0 || i + length > to) return 0
  const second = bytes[i + 1]!
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0
  return length
}

function decodeRune(bytes: Uint8Array, i: number, length: number): number {
  let rune = bytes[i]! & (0x7f >> length)
  for (let k = 1; k < length; k++) rune = (rune << 6) | (bytes[i + k]! & 0x3f)
  return rune
}
