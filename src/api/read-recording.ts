/** Recordings as the values that a trace yields. */
import type { AnyCall, TraceEvent } from '../calls/call.ts'
import { EventReader } from '../calls/event-reader.ts'
import { choosesCall } from '../filters/syscall-filter.ts'
import { openRecording } from '../record/recording-reader.ts'
import { type CallFilter, chooseCalls } from './choose-calls.ts'
import type { Traced } from './trace.ts'
import type { TraceOptions } from './trace-options.ts'

/** What of a recording is read; as in `TraceOptions`. */
export type ReadOptions<
  F extends readonly CallFilter[] = readonly CallFilter[],
  E extends boolean = boolean,
> = Pick<TraceOptions<F, E>, 'filter' | 'events' | 'dataLimit'>

/** Records between two turns of the event loop. */
const batch = 2000

/**
 * Yields what a recording (`glass record`) holds, as a trace would have. Of a file that is damaged or cut off everything
 * before the damage comes first, and then an error that tells of it.
 */
export async function* readRecording<
  const F extends readonly CallFilter[] = readonly CallFilter[],
  const E extends boolean = false,
>(path: string, options: ReadOptions<F, E> = {}): AsyncGenerator<Traced<F, E>, undefined, undefined> {
  const { filter, events = false } = options
  const chosen = filter === undefined ? undefined : chooseCalls(filter)
  const recording = openRecording(path)
  // It was recorded with one byte more, to tell whether a string ends there.
  const { dataLimit = Math.max(0, recording.metadata.capture.dataLimit - 1) } = options
  let found: (AnyCall | TraceEvent)[] = []
  const reader = new EventReader(
    {
      limit: dataLimit,
      events,
      chooses: chosen && ((name, known, bits) => choosesCall(chosen, name, known, bits)),
    },
    event => found.push(event),
  )
  try {
    let n = 0
    for (const { bytes, view, offset } of recording.records()) {
      reader.record(bytes, view, offset)
      if (found.length > 0) {
        yield* found as Traced<F, E>[]
        found = []
      }
      if (++n % batch === 0) await new Promise(setImmediate)
    }
    reader.end()
    yield* found as Traced<F, E>[]
  } finally {
    recording.close()
  }
}
