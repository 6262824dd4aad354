/** How one list becomes another, by Myers' O(ND) algorithm. */

/** Stretches of both lists: equal ones, or such that one takes the other's place (one of them may be empty). */
export interface Hunk<T = string> {
  readonly same: boolean
  readonly a: readonly T[]
  readonly b: readonly T[]
}

/** A stretch that both have: where in `a`, where in `b`, how long. */
type Run = readonly [a: number, b: number, length: number]

/**
 * So many differences are looked through for the shortest way; time and memory grow with the square. Beyond that the best way so far is
 * taken and another search begun where it ends, with fewer differences each: what results is right, but may not be the shortest.
 */
const firstSearch = 2000
const furtherSearch = 200

export function diffLines<T = string>(a: readonly T[], b: readonly T[]): Hunk<T>[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const runs: Run[] = [[0, 0, start], ...commonRuns(a, b, start, endA, endB), [endA, endB, a.length - endA]]
  const hunks: Hunk<T>[] = []
  const add = (same: boolean, partA: readonly T[], partB: readonly T[]): void => {
    if (partA.length + partB.length > 0) hunks.push({ same, a: partA, b: partB })
  }
  let [atA, atB] = [0, 0]
  for (const [x, y, length] of runs) {
    add(false, a.slice(atA, x), b.slice(atB, y))
    add(true, a.slice(x, x + length), b.slice(y, y + length))
    atA = x + length
    atB = y + length
  }
  return hunks
}

function commonRuns<T>(a: readonly T[], b: readonly T[], start: number, endA: number, endB: number): Run[] {
  const runs: Run[] = []
  let [x, y] = [start, start]
  for (let limit = firstSearch; x < endA && y < endB; limit = furtherSearch) {
    const found = search(a, b, x, y, endA, endB, limit)
    runs.push(...found.runs)
    ;[x, y] = found.end
  }
  return runs
}

/** Looks from `fromA`, `fromB` on, through at most `limit` differences; the way that was found, and where it ends. */
function search<T>(
  a: readonly T[],
  b: readonly T[],
  fromA: number,
  fromB: number,
  endA: number,
  endB: number,
  limit: number,
): { readonly runs: readonly Run[]; readonly end: readonly [number, number] } {
  const [lengthA, lengthB] = [endA - fromA, endB - fromB]
  const most = Math.min(limit, lengthA + lengthB)
  // How far each diagonal k = x - y has come; and before each step, to find the way back.
  const furthest = new Int32Array(2 * most + 3)
  const middle = most + 1
  const history: Int32Array[] = []
  for (let d = 0; d <= most; d++) {
    history.push(furthest.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[middle + k - 1]! < furthest[middle + k + 1]!)
      let x = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1
      // Beyond the lists' ends there is nothing; the diagonal is left where it is.
      while (x < lengthA && x - k < lengthB && a[fromA + x] === b[fromB + x - k]) x++
      furthest[middle + k] = x
      if (x >= lengthA && x - k >= lengthB)
        return { runs: wayBack(history, lengthA - lengthB, lengthA, fromA, fromB), end: [endA, endB] }
    }
  }
  // The furthest of those that have not run over an end.
  let [best, bestX] = [0, -1]
  for (let k = -most; k <= most; k += 2) {
    const x = furthest[middle + k]!
    const fits = x >= 0 && x <= lengthA && x - k >= 0 && x - k <= lengthB
    if (fits && (bestX < 0 || 2 * x - k > 2 * bestX - best)) [best, bestX] = [k, x]
  }
  if (bestX < 0) return { runs: [], end: [endA, endB] }
  return { runs: wayBack(history, best, bestX, fromA, fromB), end: [fromA + bestX, fromB + bestX - best] }
}

function wayBack(history: readonly Int32Array[], k: number, x: number, fromA: number, fromB: number): Run[] {
  const runs: Run[] = []
  for (let d = history.length - 1; d >= 0; d--) {
    const furthest = history[d]!
    const middle = d + 1
    const down = k === -d || (k !== d && furthest[middle + k - 1]! < furthest[middle + k + 1]!)
    const previous = down ? k + 1 : k - 1
    const from = d === 0 ? 0 : furthest[middle + previous]!
    const begun = d === 0 ? 0 : down ? from : from + 1
    if (x > begun) runs.push([fromA + begun, fromB + begun - k, x - begun])
    x = from
    k = previous
  }
  return runs.reverse()
}
