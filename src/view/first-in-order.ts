/** The beginning of an order, without sorting all of it. Runs in node and in browsers. */

/**
 * The first `most` ids as `sortByKey` would have them, or its last ones, from the end. Candidates are put in order whenever there are four
 * times as many as wanted; most ids are out at their first look.
 */
export function firstInOrder(
  ids: { readonly length: number; at(place: number): number },
  key: (id: number) => number,
  most: number,
  descending: boolean,
): Uint32Array {
  if (most <= 0) return new Uint32Array(0)
  const count = ids.length
  const rank = (id: number): number => {
    const value = key(id)
    const number = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
    return descending ? -number : number
  }
  const candidates: { readonly id: number; readonly rank: number; readonly place: number }[] = []
  let worst = Number.POSITIVE_INFINITY
  const settle = (): void => {
    candidates.sort((a, b) => (a.rank === b.rank ? a.place - b.place : a.rank < b.rank ? -1 : 1))
    candidates.length = Math.min(candidates.length, most)
    if (candidates.length === most) worst = candidates.at(-1)!.rank
  }
  // Those that come later lose against their equals.
  for (let place = 0; place < count; place++) {
    const id = ids.at(descending ? count - 1 - place : place)
    const own = rank(id)
    if (own > worst || (own === worst && candidates.length >= most)) continue
    candidates.push({ id, rank: own, place })
    if (candidates.length >= most * 4) settle()
  }
  settle()
  return Uint32Array.from(candidates, ({ id }) => id)
}

/** How many of the ids stand before one of them in that order. */
export function placeInOrder(
  ids: { readonly length: number; at(place: number): number },
  key: (id: number) => number,
  id: number,
): number {
  const rank = (other: number): number => {
    const value = key(other)
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
  }
  const own = rank(id)
  let before = 0
  for (let place = 0; place < ids.length; place++) {
    const other = ids.at(place)
    const value = rank(other)
    if (value < own || (value === own && other < id)) before++
  }
  return before
}
