/** Sorts ids by a number that each has, in time that grows with their number alone. Runs in node and in browsers. */

/**
 * The ids in the order of their keys, the smallest first; equal ones stay in their order. A key that is NaN comes before all others.
 *
 * By digits of 16 bits, the lowest first; a digit in which all agree, as the high ones of most columns, costs nothing.
 */
export function sortByKey(ids: Uint32Array, key: (id: number) => number): Uint32Array {
  const count = ids.length
  const keys = new Float64Array(count)
  for (let i = 0; i < count; i++) keys[i] = key(ids[i]!)
  const words = new Uint32Array(keys.buffer)
  for (let i = 0; i < count; i++) orderable(words, i * 2, keys[i]!)
  let order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  let other = new Uint32Array(count)
  const counts = new Uint32Array(65536)
  const digits = new Uint16Array(keys.buffer)
  for (let digit = 0; digit < 4; digit++) {
    counts.fill(0)
    for (let i = digit; i < count * 4; i += 4) counts[digits[i]!]!++
    if (count === 0 || counts[digits[digit]!] === count) continue
    let sum = 0
    for (let value = 0; value < 65536; value++) {
      const here = counts[value]!
      counts[value] = sum
      sum += here
    }
    for (let i = 0; i < count; i++) {
      const from = order[i]!
      const value = digits[from * 4 + digit]!
      other[counts[value]!++] = from
    }
    ;[order, other] = [other, order]
  }
  for (let i = 0; i < count; i++) other[i] = ids[order[i]!]!
  return other
}

/** Makes the two words of a double such that they compare as the doubles do: the low word stands first. */
function orderable(words: Uint32Array, at: number, key: number): void {
  if (Number.isNaN(key)) {
    words[at] = 0
    words[at + 1] = 0
    return
  }
  const high = words[at + 1]!
  if (high >= 0x8000_0000) {
    // -0 is 0.
    words[at] = key === 0 ? 0 : ~words[at]!
    words[at + 1] = key === 0 ? 0x8000_0000 : ~high
  } else words[at + 1] = high | 0x8000_0000
}
