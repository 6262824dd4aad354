/** Text as Go's `%q` writes it. */
import type { TextBuffer } from '../text-buffer.ts'

/** What Go calls printable beside ASCII: letters, marks, numbers, punctuation, symbols. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u

/** By byte of ASCII: 0 stands for itself, 1 for `\\xNN`, another for the letter after the backslash. */
const escapes = new Uint8Array(128)
escapes.fill(1, 0, 32)
escapes[127] = 1
for (const [byte, letter] of Object.entries({
  7: 'a',
  8: 'b',
  9: 't',
  10: 'n',
  11: 'v',
  12: 'f',
  13: 'r',
  92: '\\',
}))
  escapes[Number(byte)] = letter.charCodeAt(0)

const digits = new Uint8Array([...'0123456789abcdef'].map(c => c.charCodeAt(0)))

/** Writes bytes `from` to `to` in double quotes. */
export function putQuoted(out: TextBuffer, bytes: Uint8Array, from: number, to: number): void {
  out.putByte(34)
  putEscaped(out, bytes, from, to, 34)
  out.putByte(34)
}

/** The same without quotes; `quote` is a byte that is escaped too (0: none). What comes out is safe on a terminal. */
export function putEscaped(out: TextBuffer, bytes: Uint8Array, from: number, to: number, quote = 0): void {
  // No byte becomes more than four.
  out.reserve((to - from) * 4)
  let text = out.bytes
  let at = out.length
  for (let i = from; i < to; ) {
    const b = bytes[i]!
    if (b >= 128) {
      out.length = at
      i += putRune(out, bytes, i, to)
      out.reserve((to - i) * 4)
      text = out.bytes
      at = out.length
      continue
    }
    i++
    // Without a quote to escape 0 would be one: it is escaped as any other.
    const how = b === quote && b !== 0 ? b : escapes[b]!
    if (how === 0) text[at++] = b
    else {
      text[at++] = 92
      if (how === 1) at = putHexEscape(text, at, b)
      else text[at++] = how
    }
  }
  out.length = at
}

/** Writes `xNN` at `at`; returns where it ends. */
function putHexEscape(text: Uint8Array, at: number, b: number): number {
  text[at] = 120
  text[at + 1] = digits[b >> 4]!
  text[at + 2] = digits[b & 15]!
  return at + 3
}

/** Writes what begins at `i` and is not ASCII; returns how many bytes it had. */
function putRune(out: TextBuffer, bytes: Uint8Array, i: number, to: number): number {
  const length = runeLength(bytes, i, to)
  if (length === 0) {
    out.put('\\x')
    out.hexByte(bytes[i]!)
    return 1
  }
  const rune = decodeRune(bytes, i, length)
  if (printable.test(String.fromCodePoint(rune))) out.putBytes(bytes.subarray(i, i + length))
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
