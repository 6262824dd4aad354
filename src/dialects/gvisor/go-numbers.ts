/** Numbers as Go prints them, from the 32-bit halves of a register. */
import type { TextBuffer } from '../text-buffer.ts'

const two32 = 0x1_0000_0000

/** `%d` of a uint64. */
export function putUnsigned(out: TextBuffer, low: number, high: number): void {
  low >>>= 0
  high >>>= 0
  if (high === 0) return out.dec(low)
  if (high < 0x20_0000) return out.dec(high * two32 + low)
  out.put(((BigInt(high) << 32n) | BigInt(low)).toString())
}

/** `%d` of an int64. */
export function putSigned(out: TextBuffer, low: number, high: number): void {
  if ((high | 0) >= 0) return putUnsigned(out, low, high)
  out.putChar('-')
  const negated = (~low + 1) >>> 0
  putUnsigned(out, negated, negated === 0 ? (~high + 1) >>> 0 : ~high >>> 0)
}

/** `%#x` of an int32: a negative one keeps its sign. */
export function putSignedHex(out: TextBuffer, value: number): void {
  if (value < 0) out.putChar('-')
  out.hex(Math.abs(value) >>> 0)
}

/** `0o` and octal digits of a uint64. */
export function putOctal(out: TextBuffer, low: number, high: number): void {
  out.put('0o')
  low >>>= 0
  high >>>= 0
  const digits = high < 0x20_0000 ? high * two32 + low : (BigInt(high) << 32n) | BigInt(low)
  out.put(digits.toString(8))
}

/** The upper half of an int32 that is widened to 64 bits. */
export const signHalf = (low: number): number => (low | 0) >> 31
