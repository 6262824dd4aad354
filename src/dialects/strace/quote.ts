/** Bytes as a C string literal, as strace writes it. */
import type { TextBuffer } from '../text-buffer.ts'
import type { Style } from './style.ts'

const shortEscapes = new Map<number, number>([
  [9, 116],
  [10, 110],
  [11, 118],
  [12, 102],
  [13, 114],
  [34, 34],
  [92, 92],
])
/** For each byte: 0 printed as it is, else the letter after the backslash, or 1 for an octal escape. */
const escapes = new Uint8Array(256)
for (let b = 0; b < 256; b++) escapes[b] = shortEscapes.get(b) ?? (b < 32 || b > 126 ? 1 : 0)

/** The bytes of `bytes[from, to)` between quotes. */
export function quote(out: TextBuffer, bytes: Uint8Array, from: number, to: number, style: Style): void {
  out.reserve((to - from) * 4 + 2)
  out.putChar('"')
  escapeBytes(out, bytes, from, to, style)
  out.putChar('"')
}

/** Text of our own between quotes (an address, an interface's name): -xx escapes it as it does every string. */
export function quoteText(out: TextBuffer, text: string, style: Style): void {
  quote(out, Buffer.from(text, 'latin1'), 0, text.length, style)
}

/** `quote` without the quotes. `angle`: also escapes < and >, as inside a descriptor's <path>. */
export function escapeBytes(
  out: TextBuffer,
  bytes: Uint8Array,
  from: number,
  to: number,
  style: Style,
  angle = false,
): void {
  if (style.escape === 'all' || (style.escape === 'non-ascii' && hasUnprintable(bytes, from, to))) {
    for (let i = from; i < to; i++) {
      out.put('\\x')
      out.hexByte(bytes[i]!)
    }
    return
  }
  out.reserve((to - from) * 4)
  for (let i = from; i < to; i++) {
    const b = bytes[i]!
    const escaped = escapes[b]!
    if (angle ? escaped === 0 && b !== 60 && b !== 62 : escaped === 0) {
      out.putByte(b)
    } else if (escaped > 1) {
      out.putChar('\\')
      out.putByte(escaped)
    } else if (style.escape === 'non-ascii-chars') {
      out.put('\\x')
      out.hexByte(b)
    } else octal(out, b, i + 1 < to ? bytes[i + 1]! : 0)
  }
}

/** The shortest octal escape, unless the next byte is an octal digit, which would join it. */
function octal(out: TextBuffer, b: number, next: number): void {
  out.putChar('\\')
  const long = next >= 48 && next <= 55
  if (long || b >= 64) out.putByte(48 + (b >> 6))
  if (long || b >= 8) out.putByte(48 + ((b >> 3) & 7))
  out.putByte(48 + (b & 7))
}

/** -x looks at what neither prints nor is white space. */
function hasUnprintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const b = bytes[i]!
    if (b > 126 || (b < 32 && (b < 9 || b > 13))) return true
  }
  return false
}
