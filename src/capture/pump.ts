/** Drives a reader: all records to a function, without holding up the event loop for long. */
import type { TakeRecords } from '../record/record-runs.ts'
import type { Capture } from './backend.ts'

/** Bytes of records between two looks at the event loop, where signals and other readers wait; and as many are given back to the ring at once. */
const batch = 1 << 18
/**
 * While records come the reader looks again after so many ms, and only then sleeps: being woken costs the tracer, and looking
 * more often would take the CPU from tracees that compute. The end of the stream does not wait for it.
 */
const lookAgain = 10

export interface PumpHandlers {
  /** The records from `from` to `to`, which stand one behind the other. */
  records: TakeRecords
  /** Nothing more for now: time to flush. */
  idle(): void
}

/** Reads a capture to its end; resolves when the last record was handled. */
export function pump(capture: Capture, handlers: PumpHandlers): Promise<void> {
  const { reader } = capture
  return new Promise((resolve, reject) => {
    let busy = false
    let timer: NodeJS.Timeout | undefined
    const run = (): void => {
      clearTimeout(timer)
      try {
        let read = 0
        for (let at = reader.next(); at >= 0; at = reader.next()) {
          const end = reader.run(at, batch - read)
          handlers.records(reader.bytes, reader.view, at, end)
          reader.releaseBytes(end - at)
          read += end - at
          if (read >= batch) {
            setImmediate(run)
            return
          }
        }
        handlers.idle()
        if (reader.finished) return resolve()
        if (read > 0) busy = true
        else if (busy) busy = false
        if (busy) timer = setTimeout(run, lookAgain)
        else if (!reader.sleep()) setImmediate(run)
      } catch (error) {
        reject(error)
      }
    }
    capture.onReadable(run)
    run()
  })
}
