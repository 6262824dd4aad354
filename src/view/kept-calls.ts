/** What was read of a recording, as it stands in memory, in a file: the next reading takes it from there. */
import type { BlockPlace } from '../record/recording-blocks.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import { type ArrayFile, readArrays, writeArrays } from './array-file.ts'
import { type CallStore, type NamedCalls, ThreadLane } from './call-store.ts'
import type { CallCollector } from './collect-calls.ts'
import type { NumberArray } from './grown.ts'
import { LineTexts } from './line-texts.ts'
import type { Process } from './protocol.ts'

/** Where the calls of a store stand in their recording. */
export interface CallPlaces {
  readonly blocks: BlockPlace[]
  /** The first call that ends in each block. */
  readonly firstCalls: number[]
}

interface Kept {
  readonly metadata: RecordingMetadata
  readonly count: number
  readonly began: number
  readonly span: number
  readonly names: readonly NamedCalls[]
  readonly errors: readonly string[]
  readonly paths: readonly string[]
  readonly comms: readonly string[]
  readonly lines: { readonly count: number; readonly used: number; readonly stretches: number }
  readonly lanes: readonly Pick<ThreadLane, 'tid' | 'pid' | 'comm' | 'begin' | 'end' | 'count'>[]
  readonly taskLane: readonly number[]
  readonly taskComm: readonly number[]
  readonly processes: readonly Process[]
  readonly places: CallPlaces
  readonly farEnters: readonly (readonly [id: number, block: number, offset: number])[]
}

/** Texts that are kept at most, in characters: they are read as one piece of JSON. */
const mostText = 32 << 20

/** Columns of a store, in the order in which they stand in the file. */
const columns = ['begin', 'took', 'result', 'name', 'error', 'task', 'fd', 'path', 'line'] as const

/** Writes what a collector has of a recording that is complete; false where that would be too much. */
export async function keepCalls(
  file: string,
  { store, ends, farEnters }: CallCollector,
  places: CallPlaces,
  metadata: RecordingMetadata,
): Promise<boolean> {
  const texts = [store.paths, store.comms, store.errors].map(({ list }) => list)
  if (texts.flat().reduce((sum, text) => sum + text.length, 0) > mostText) return false
  const { count, began, span, names, lanes, taskLane, taskComm, processes } = store
  const lines = store.lines.parts()
  const json: Kept = {
    metadata,
    count,
    began,
    span,
    names,
    paths: store.paths.list,
    comms: store.comms.list,
    errors: store.errors.list,
    lines: { count: lines.count, used: lines.used, stretches: lines.stretches.length },
    lanes: lanes.map(({ tid, pid, comm, begin, end, count }) => ({ tid, pid, comm, begin, end, count })),
    taskLane,
    taskComm,
    processes,
    places,
    farEnters: [...farEnters].map(([id, { block, offset }]) => [id, block, offset]),
  }
  const arrays: NumberArray[] = [
    ...columns.map(column => store[column].subarray(0, count)),
    ends.subarray(0, count),
    lines.starts,
    lines.lengths,
    ...lines.stretches,
    ...lanes.flatMap(({ ids, count, lots }) => [ids.subarray(0, count), lots.times, lots.calls, lots.failed]),
  ]
  await writeArrays(file, { json, arrays })
  return true
}

/** Fills a collector that has nothing yet; null where the file has nothing that can be taken. */
export async function recallCalls(
  file: string,
  collector: CallCollector,
): Promise<{ readonly metadata: RecordingMetadata; readonly places: CallPlaces } | null> {
  let found: ArrayFile | null
  try {
    found = await readArrays(file)
  } catch {
    return null
  }
  if (found === null) return null
  const kept = found.json as Kept
  const { store } = collector
  const arrays = found.arrays[Symbol.iterator]()
  const next = <A extends NumberArray>(): A => arrays.next().value as A
  for (const column of columns) Object.assign(store, { [column]: next() })
  collector.ends = next()
  const [starts, lengths] = [next<Float64Array>(), next<Uint16Array>()]
  const stretches = Array.from({ length: kept.lines.stretches }, () => next<Uint8Array>())
  store.lines = LineTexts.of({ ...kept.lines, starts, lengths, stretches })
  for (const [place, { tid, pid, comm, begin, end, count }] of kept.lanes.entries()) {
    const lane = new ThreadLane(place, tid, pid, comm, begin)
    lane.end = end
    lane.count = count
    lane.ids = next()
    Object.assign(lane.lots, { times: next(), calls: next(), failed: next() })
    store.lanes.push(lane)
  }
  addTexts(store, kept)
  for (const [id, block, offset] of kept.farEnters) collector.farEnters.set(id, { block, offset })
  store.began = kept.began
  store.span = kept.span
  store.processes = kept.processes
  store.count = kept.count
  store.complete = true
  return kept
}

function addTexts(store: CallStore, { names, errors, paths, comms, taskLane, taskComm }: Kept): void {
  store.names.push(...names)
  for (const text of errors) store.errors.numberOf(text)
  for (const text of paths) store.paths.numberOf(text)
  for (const text of comms) store.comms.numberOf(text)
  for (const lane of taskLane) store.taskLane.push(lane)
  for (const comm of taskComm) store.taskComm.push(comm)
}
