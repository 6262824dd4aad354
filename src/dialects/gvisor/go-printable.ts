/** Which code points beyond ASCII Go prints as they are: those of the Unicode that it knew, not of the one that Node knows. */
import type { Era } from './eras.ts'
import { printableRanges, since13 } from './tables/printable.ts'

/** First and last code points of ranges, in order. */
const bounds = (ranges: string): Uint32Array =>
  Uint32Array.from(
    ranges.split(' ').flatMap(range => {
      const [first, last = first] = range.split('-').map(end => Number.parseInt(end, 16))
      return [first!, last!]
    }),
  )

function has(ranges: Uint32Array, rune: number): boolean {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (rune > ranges[2 * middle + 1]!) low = middle + 1
    else high = middle
  }
  return low < ranges.length / 2 && rune >= ranges[2 * low]!
}

let printable: Uint32Array | undefined
let added: Uint32Array | undefined

export function isPrintable(rune: number, era: Era): boolean {
  printable ??= bounds(printableRanges)
  if (!has(printable, rune)) return false
  if (era === 'head') return true
  added ??= bounds(since13)
  return !has(added, rune)
}
