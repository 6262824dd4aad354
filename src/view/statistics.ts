/** Counts over calls: what they took, and the lists of those with most. Runs in node and in browsers. */
import type { CallStore } from './call-store.ts'
import { Outcome } from './call-store.ts'
import { listColumns } from './call-values.ts'
import type { Column, Counted, Statistics } from './protocol.ts'

/** The histogram's first step: 2^-4 microseconds. */
const firstStep = -4
const steps = 45
/** Parts of a step that percentiles are found by: to a thousandth. */
const partBits = 10
const parts = 1 << partBits
const longestList = 50

/** @param ids those that are meant; undefined: all */
export function statisticsOf(store: CallStore, ids: Uint32Array | undefined): Statistics {
  const n = ids === undefined ? store.count : ids.length
  const { took, error, name, task, path } = store
  const fine = new Uint32Array(steps * parts)
  const byName = new Counts(store.names.length)
  const byTask = new Counts(store.taskLane.length)
  const byPath = new Counts(store.paths.list.length)
  const byError = new Counts(store.errors.list.length)
  let [failed, duration, returned, longest] = [0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    const id = ids === undefined ? i : ids[i]!
    const fails = error[id]! > Outcome.unfinished ? 1 : 0
    let time = took[id]!
    if (Number.isNaN(time)) time = 0
    else {
      returned++
      fine[partOf(time)]!++
      if (time > longest) longest = time
    }
    failed += fails
    duration += time
    byName.add(name[id]!, fails, time)
    byTask.add(task[id]!, fails, time)
    byPath.add(path[id]!, fails, time)
    if (fails === 1) byError.add(error[id]!, 1, time)
  }
  return {
    calls: n,
    failed,
    duration: duration / 1e6,
    percentiles: percentiles(fine, returned, longest),
    histogram: histogram(fine),
    names: byName.list(store, 'name'),
    paths: byPath.list(store, 'path'),
    errors: byError.list(store, 'errno'),
    threads: byTask.list(store, 'tid'),
  }
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** The top of a double's second word: its exponent, and as many of its digits as tell parts apart. */
const shift = 20 - partBits
const firstPart = (1023 + firstStep) * parts

/** Which part of which step of the histogram a time in ns belongs to. A double has its logarithm in its bits. */
function partOf(nanoseconds: number): number {
  double[0] = nanoseconds / 1000
  return Math.min(Math.max(0, (words[1]! >>> shift) - firstPart), steps * parts - 1)
}

/** The lower end of a part, in microseconds. */
const valueOfPart = (part: number): number =>
  2 ** (firstStep + Math.floor(part / parts)) * (1 + (part % parts) / parts)

function percentiles(fine: Uint32Array, returned: number, longest: number): number[] {
  if (returned === 0) return [0, 0, 0, 0, 0]
  const found: number[] = []
  let [part, sum] = [0, fine[0]!]
  for (const share of [0.5, 0.9, 0.99, 0.999]) {
    const wanted = Math.ceil(share * returned)
    while (sum < wanted) sum += fine[++part]!
    found.push(Math.min(valueOfPart(part), longest / 1000))
  }
  return [...found, longest / 1000]
}

function histogram(fine: Uint32Array): Statistics['histogram'] {
  const all = Array.from({ length: steps }, (_, step) => {
    let calls = 0
    for (let part = step * parts; part < (step + 1) * parts; part++) calls += fine[part]!
    return { from: 2 ** (firstStep + step), to: 2 ** (firstStep + step + 1), calls }
  })
  const last = all.findLastIndex(({ calls }) => calls > 0)
  return all.slice(0, last + 1)
}

class Counts {
  readonly #calls: Uint32Array
  readonly #failed: Uint32Array
  readonly #duration: Float64Array

  constructor(places: number) {
    this.#calls = new Uint32Array(places)
    this.#failed = new Uint32Array(places)
    this.#duration = new Float64Array(places)
  }

  add(place: number, failed: number, duration: number): void {
    this.#calls[place]!++
    this.#failed[place]! += failed
    this.#duration[place]! += duration
  }

  /** Places with the same value together, those with most calls first; what has no value is left out. */
  list(store: CallStore, column: Column): Counted[] {
    const { at } = listColumns[column]!
    const byValue = new Map<string, { label?: string; calls: number; failed: number; duration: number }>()
    for (const [place, calls] of this.#calls.entries()) {
      if (calls === 0) continue
      const value = at(store, place)
      if (value === null) continue
      const sum = byValue.get(String(value)) ?? { calls: 0, failed: 0, duration: 0 }
      sum.calls += calls
      sum.failed += this.#failed[place]!
      sum.duration += this.#duration[place]! / 1e6
      if (column === 'tid') sum.label = String(listColumns.comm!.at(store, place))
      byValue.set(String(value), sum)
    }
    return [...byValue]
      .sort(([a, x], [b, y]) => y.calls - x.calls || (a < b ? -1 : 1))
      .slice(0, longestList)
      .map(([value, sum]) => ({ value, ...sum }))
  }
}
