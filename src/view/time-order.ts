/**
 * All calls in the order in which they began, without sorting them: each lane is in that order, so any place of the whole is found by halving
 * the time. Runs in node and in browsers.
 */
import type { CallStore, ThreadLane } from './call-store.ts'
import { firstWhere } from './first-where.ts'

/** Clocks tell whole nanoseconds. */
const nearEnough = 0.5

/** Ids from a place on, at most so many. */
export function idsByTime(store: CallStore, offset: number, most: number): number[] {
  const end = Math.min(store.count, offset + most)
  if (offset >= end) return []
  const lanes = store.lanes.filter(({ count }) => count > 0)
  // The latest time before which there are no more calls than are to be left out.
  const time = latestTime(store, lanes, offset)
  let before = 0
  const heads = lanes.map(lane => {
    const at = firstFrom(store, lane, time)
    before += at
    return { lane, at }
  })
  const last = latestTime(store, lanes, end) + nearEnough
  const candidates: number[] = []
  const wanted = end - before
  for (const { lane, at } of heads)
    for (let i = at; i < Math.min(lane.count, at + wanted); i++) {
      const id = lane.ids[i]!
      if (store.begin[id]! > last) break
      candidates.push(id)
    }
  candidates.sort((a, b) => store.begin[a]! - store.begin[b]! || a - b)
  return candidates.slice(offset - before, end - before)
}

/** How many calls come before one of them. */
export function placeByTime(store: CallStore, id: number): number {
  const time = store.begin[id]!
  let before = 0
  for (const lane of store.lanes) {
    let at = firstFrom(store, lane, time)
    before += at
    for (; at < lane.count && store.begin[lane.ids[at]!] === time; at++) if (lane.ids[at]! < id) before++
  }
  return before
}

/** Of all times, the latest before which at most `most` calls have begun. Halves what is between two doubles, until there is nothing. */
function latestTime(store: CallStore, lanes: readonly ThreadLane[], most: number): number {
  let [low, high] = [0, store.span + 1]
  for (const lane of lanes) low = Math.min(low, store.begin[lane.ids[0]!]!)
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    let before = 0
    for (const lane of lanes) before += firstFrom(store, lane, middle)
    if (before <= most) low = middle
    else high = middle
    if (high - low < nearEnough) break
  }
  return low
}

/** The place in its lane of the first call that began at a time, or later. */
const firstFrom = (store: CallStore, { ids, count }: ThreadLane, time: number): number =>
  firstWhere(count, place => store.begin[ids[place]!]! >= time)
