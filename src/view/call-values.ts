/** What a column of the page's table holds, from the store. Runs in node and in browsers. */
import { type CallStore, noFd, noPath, Outcome } from './call-store.ts'
import type { CallKind, Column } from './protocol.ts'

export type CallValue = string | number | null

export function outcomeOf(error: number): 'returned' | 'failed' | 'unfinished' {
  if (error === Outcome.returned) return 'returned'
  return error === Outcome.unfinished ? 'unfinished' : 'failed'
}

const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** Columns whose values come from a list: which place of it a call has, and what stands there. */
export interface ListColumn {
  readonly places: (store: CallStore) => Uint16Array | Uint32Array
  readonly length: (store: CallStore) => number
  readonly at: (store: CallStore, place: number) => CallValue
}

const byName = {
  places: (store: CallStore) => store.name,
  length: (store: CallStore) => store.names.length,
}
const byError = {
  places: (store: CallStore) => store.error,
  length: (store: CallStore) => store.errors.list.length,
}
const byTask = {
  places: (store: CallStore) => store.task,
  length: (store: CallStore) => store.taskLane.length,
}
const laneOfTask = (store: CallStore, task: number) => store.lanes[store.taskLane[task]!]!

export const listColumns: { readonly [column in Column | 'kind']?: ListColumn } = {
  name: { ...byName, at: (store, place) => store.names[place]!.name },
  kind: { ...byName, at: (store, place): CallKind => store.names[place]!.kind },
  outcome: { ...byError, at: (_, place) => outcomeOf(place) },
  errno: {
    ...byError,
    at: (store, place) => (outcomeOf(place) === 'failed' ? store.errors.text(place) : null),
  },
  pid: { ...byTask, at: (store, place) => laneOfTask(store, place).pid },
  tid: { ...byTask, at: (store, place) => laneOfTask(store, place).tid },
  comm: { ...byTask, at: (store, place) => store.comms.text(store.taskComm[place]!) },
  path: {
    places: store => store.path,
    length: store => store.paths.list.length,
    at: (store, place) => (place === noPath ? null : store.paths.text(place)),
  },
}

/** The other columns hold a number for each call. Times and durations are in milliseconds. */
export const numberColumns: {
  readonly [column in Column]?: (store: CallStore, id: number) => number | null
} = {
  id: (_, id) => id,
  time: (store, id) => milliseconds(store.begin[id]!),
  duration: (store, id) => orNull(milliseconds(store.took[id]!)),
  result: (store, id) => orNull(store.result[id]!),
  fd: (store, id) => (store.fd[id] === noFd ? null : store.fd[id]!),
}

export function valueIn(store: CallStore, column: Column | 'kind', id: number): CallValue {
  const list = listColumns[column]
  return list === undefined
    ? numberColumns[column as Column]!(store, id)
    : list.at(store, list.places(store)[id]!)
}
