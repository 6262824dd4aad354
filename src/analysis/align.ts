/** How one list becomes another, by Myers' O(ND) algorithm. */

/** `a` and `b` are equal, or replaced by one another, or (where one is empty) removed or added. */
export interface Hunk<T = string> {
  readonly same: boolean
  readonly a: readonly T[]
  readonly b: readonly T[]
}

/** Beyond that many differences two lists are taken to have nothing more in common: time grows with the square. */
const mostDifferences = 3000

export function diffLines<T = string>(a: readonly T[], b: readonly T[]): Hunk<T>[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const pairs = commonPairs(a.slice(start, endA), b.slice(start, endB))
  const hunks: Hunk<T>[] = []
  const add = (same: boolean, partA: readonly T[], partB: readonly T[]): void => {
    if (partA.length + partB.length > 0) hunks.push({ same, a: partA, b: partB })
  }
  add(true, a.slice(0, start), b.slice(0, start))
  let [atA, atB] = [start, start]
  for (const [x, y, length] of pairs) {
    add(false, a.slice(atA, start + x), b.slice(atB, start + y))
    add(true, a.slice(start + x, start + x + length), b.slice(start + y, start + y + length))
    atA = start + x + length
    atB = start + y + length
  }
  add(false, a.slice(atA, endA), b.slice(atB, endB))
  add(true, a.slice(endA), b.slice(endB))
  return hunks
}

/** Runs of equal lines on the shortest path: where in `a`, where in `b`, how many. */
function commonPairs<T>(a: readonly T[], b: readonly T[]): [number, number, number][] {
  const furthest = new Map<number, number>([[1, 0]])
  const history: Map<number, number>[] = []
  const limit = Math.min(a.length + b.length, mostDifferences)
  for (let d = 0; d <= limit; d++) {
    history.push(new Map(furthest))
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest.set(k, x)
      if (x >= a.length && x - k >= b.length) return trackBack(history, a.length, b.length)
    }
  }
  return []
}

function trackBack(
  history: readonly Map<number, number>[],
  x: number,
  y: number,
): [number, number, number][] {
  const pairs: [number, number, number][] = []
  for (let d = history.length - 1; d >= 0; d--) {
    const furthest = history[d]!
    const k = x - y
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
    const previous = down ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : (furthest.get(previous) ?? 0)
    const fromY = d === 0 ? 0 : fromX - previous
    const startX = d === 0 ? 0 : down ? fromX : fromX + 1
    const startY = startX - k
    if (x > startX) pairs.push([startX, startY, x - startX])
    x = fromX
    y = fromY
  }
  return pairs.reverse()
}
