/** Halving. Runs in node and in browsers. */

/** The first of `count` places at which something holds that holds at all later ones too; `count` where it holds at none. */
export function firstWhere(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
