/** Which calls took longer in a second run, by more than what differs between any two runs. */
import type { ComparedProcess } from './compared-calls.ts'

export interface Slower {
  /** Milliseconds that a call took, on average. */
  readonly before: number
  readonly after: number
  readonly calls: readonly [before: number, after: number]
}

/** Whose calls that took longer are told of: those beyond what differs from run to run, more of them, or none. */
export type Times = 'clear' | 'all' | 'none'

/** From this factor on. */
export const factor = 2
/** Milliseconds that all of them together took longer; with few of them one that was held up says little. */
const least = 100
const leastOfFew = 1000
const leastAsked = 10
const few = 5
/** How many standard deviations the ranks of both runs stand apart. */
const leastDeviation = 4

/** The calls of a pair of processes that were slower in the second one, by name. */
export function slowerCalls(
  before: ComparedProcess | undefined,
  after: ComparedProcess | undefined,
  times: Times,
): Map<string, Slower> {
  const found = new Map<string, Slower>()
  if (times === 'none' || before === undefined || after === undefined) return found
  for (const [name, durations] of after.durations) {
    const known = slower(before.durations.get(name) ?? [], durations, times === 'all')
    if (known !== null) found.set(name, known)
  }
  return found
}

/**
 * Compares how long calls of one name took, in milliseconds; null where they were not slower, or where that may be chance.
 *
 * @param all tell of small differences too
 */
export function slower(before: readonly number[], after: readonly number[], all: boolean): Slower | null {
  if (before.length === 0 || after.length === 0) return null
  const [was, is] = [mean(before), mean(after)]
  const some = Math.min(before.length, after.length) < few
  const wanted = all ? leastAsked : some ? leastOfFew : least
  if (is <= was * factor || (is - was) * after.length <= wanted) return null
  const apart = some
    ? after.reduce((a, b) => Math.min(a, b)) > before.reduce((a, b) => Math.max(a, b))
    : deviation(before, after) > leastDeviation
  return apart ? { before: was, after: is, calls: [before.length, after.length] } : null
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** The rank sum test of Wilcoxon, Mann and Whitney: whatever the durations' distribution, a few long ones weigh no more than others. */
function deviation(before: readonly number[], after: readonly number[]): number {
  const all = [
    ...before.map(value => ({ value, later: false })),
    ...after.map(value => ({ value, later: true })),
  ].sort((a, b) => a.value - b.value)
  let sum = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]!.value === all[from]!.value) to++
    // Equal ones share their ranks.
    const rank = (from + 1 + to) / 2
    for (let i = from; i < to; i++) if (all[i]!.later) sum += rank
    from = to
  }
  const [n, m] = [before.length, after.length]
  const expected = (m * (n + m + 1)) / 2
  return (sum - expected) / Math.sqrt((n * m * (n + m + 1)) / 12)
}
