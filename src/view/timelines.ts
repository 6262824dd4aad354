/** What a stretch of time looks like at a width of so many pixels. Runs in node and in browsers. */

import type { CallStore, ThreadLane } from './call-store.ts'
import { kindPlaces, Outcome } from './call-store.ts'
import { firstWhere } from './first-where.ts'
import { type LaneLots, lotCalls } from './lane-lots.ts'
import { callKinds, type LaneTimeline } from './protocol.ts'

/** A stretch of time in nanoseconds, and pixels. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly width: number
}

/**
 * One lane of it; null when nothing is there. Calls are told one by one while they are no more than pixels, else by column.
 *
 * @param marks by id, 1 for calls that are meant; undefined: all
 */
export function laneTimeline(
  store: CallStore,
  lane: ThreadLane,
  stretch: Stretch,
  marks: Uint8Array | undefined,
): LaneTimeline | null {
  const first = firstEndingAfter(store, lane, stretch.from)
  const end = firstBeginningFrom(store, lane, stretch.to)
  if (first >= end) return null
  const near = end - first <= stretch.width
  const flat = near
    ? singleCalls(store, lane, first, end, marks)
    : pixelColumns(store, lane, first, end, stretch, marks)
  if (flat.length === 0) return null
  return near ? { tid: lane.tid, calls: flat } : { tid: lane.tid, columns: flat }
}

/** The place in the lane of the first call that ends after a time. */
const firstEndingAfter = (store: CallStore, lane: ThreadLane, time: number): number =>
  firstWhere(lane.count, place => store.endOf(lane.ids[place]!) >= time)

const firstBeginningFrom = (store: CallStore, lane: ThreadLane, time: number): number =>
  firstWhere(lane.count, place => store.begin[lane.ids[place]!]! > time)

function singleCalls(
  store: CallStore,
  lane: ThreadLane,
  first: number,
  end: number,
  marks: Uint8Array | undefined,
): number[] {
  const flat: number[] = []
  for (let place = first; place < end; place++) {
    const id = lane.ids[place]!
    if (marks !== undefined && marks[id] !== 1) continue
    const failed = store.error[id]! > Outcome.unfinished ? 1 : 0
    flat.push(id, store.begin[id]! / 1e6, store.endOf(id) / 1e6, store.name[id]!, failed)
  }
  return flat
}

function pixelColumns(
  store: CallStore,
  lane: ThreadLane,
  first: number,
  end: number,
  { from, to, width }: Stretch,
  marks: Uint8Array | undefined,
): number[] {
  const kindOf = Uint8Array.from(store.names, ({ kind }) => kindPlaces[kind])
  const pixel = (to - from) / width
  const out = new ColumnWriter(pixel)
  const { begin, took, name, error } = store
  for (let place = first; place < end; place++) {
    const id = lane.ids[place]!
    if (marks === undefined && place % lotCalls === 0 && place + lotCalls <= end) {
      const column = Math.floor((begin[id]! - from) / pixel)
      const last = Math.floor((store.endOf(lane.ids[place + lotCalls - 1]!) - from) / pixel)
      if (column === last && column >= 0 && column < width) {
        out.at(column)
        out.lot(lane.lots, place / lotCalls)
        place += lotCalls - 1
        continue
      }
    }
    if (marks !== undefined && marks[id] !== 1) continue
    const starts = begin[id]!
    const lasts = took[id]!
    const ends = Number.isNaN(lasts) ? store.endOf(id) : starts + lasts
    const kind = kindOf[name[id]!]!
    const column = Math.max(0, Math.floor((starts - from) / pixel))
    const last = Math.min(width - 1, Math.floor((ends - from) / pixel))
    if (column >= width) continue
    out.at(column)
    out.count(kind, error[id]! > Outcome.unfinished)
    if (last <= column) out.take(kind, ends - Math.max(starts, from))
    else {
      out.take(kind, from + (column + 1) * pixel - Math.max(starts, from))
      for (let whole = column + 1; whole < last; whole++) {
        out.at(whole)
        out.take(kind, pixel)
      }
      out.at(last)
      out.take(kind, ends - (from + last * pixel))
    }
  }
  out.flush()
  return out.flat
}

/** Puts columns together from left to right. */
class ColumnWriter {
  readonly flat: number[] = []
  readonly #pixel: number
  readonly #times = new Float64Array(callKinds.length)
  readonly #calls = new Uint32Array(callKinds.length)
  #column = -1
  #failed = 0

  constructor(pixel: number) {
    this.#pixel = pixel
  }

  /** Goes on to a column; never back. */
  at(column: number): void {
    if (column <= this.#column) return
    this.flush()
    this.#column = column
  }

  count(kind: number, failed: boolean): void {
    this.#calls[kind]!++
    if (failed) this.#failed++
  }

  /** All calls of a lot. */
  lot({ calls, times, failed }: LaneLots, number: number): void {
    for (let kind = 0, at = number * callKinds.length; kind < callKinds.length; kind++, at++) {
      this.#calls[kind]! += calls[at]!
      this.#times[kind]! += times[at]!
    }
    this.#failed += failed[number]!
  }

  take(kind: number, time: number): void {
    this.#times[kind]! += time
  }

  flush(): void {
    let [kind, time, calls] = [-1, 0, 0]
    for (let k = 0; k < callKinds.length; k++) {
      const [own, times] = [this.#calls[k]!, this.#times[k]!]
      time += times
      calls += own
      // What took no time at all is drawn too: the kind with most calls then.
      const most =
        kind < 0 || times > this.#times[kind]! || (times === this.#times[kind] && own > this.#calls[kind]!)
      if ((own > 0 || times > 0) && most) kind = k
    }
    if (kind < 0) return
    this.flat.push(this.#column, kind, Math.min(1, Math.max(0, time / this.#pixel)), calls, this.#failed)
    this.#times.fill(0)
    this.#calls.fill(0)
    this.#failed = 0
  }
}
