/** Addresses as gVisor's tcpip.Address prints itself. */
import type { TextBuffer } from '../text-buffer.ts'

/** Writes the `length` (4 or 16) bytes at `at`; the address of zeros is the empty text. */
export function putAddress(out: TextBuffer, bytes: Uint8Array, at: number, length: number): void {
  let zero = true
  for (let i = 0; i < length; i++) if (bytes[at + i] !== 0) zero = false
  if (zero) return
  if (length === 4) {
    for (let i = 0; i < 4; i++) {
      if (i > 0) out.putChar('.')
      out.dec(bytes[at + i]!)
    }
    return
  }
  const group = (i: number): number => (bytes[at + 2 * i]! << 8) | bytes[at + 2 * i + 1]!
  const { start, end } = longestZeros(group)
  for (let i = 0; i < 8; i++) {
    if (i === start) {
      out.put('::')
      i = end
      if (i === 8) break
    } else if (i > 0) out.putChar(':')
    out.hexDigits(group(i), 0)
  }
}

/** The first longest run of at least two zero groups. */
function longestZeros(group: (i: number) => number): { readonly start: number; readonly end: number } {
  let start = -1
  let end = -1
  for (let i = 0; i < 8; i++) {
    let j = i
    while (j < 8 && group(j) === 0) j++
    if (j > i + 1 && j - i > end - start) {
      start = i
      end = j
    }
    if (j > i) i = j
  }
  return { start, end }
}
