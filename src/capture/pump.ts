/** Drives a reader: every record to a function, without holding up the event loop for long. */
import type { Capture } from './backend.ts'

/** Records between two looks at the event loop, where signals and other readers wait. */
const batch = 2000
/**
 * While records come the reader looks again after so many ms, and only then sleeps: being woken costs the tracer, and looking
 * more often would take the CPU from tracees that compute. The end of the stream does not wait for it.
 */
const lookAgain = 10

export interface PumpHandlers {
  /** One record, in order. */
  record(bytes: Uint8Array, view: DataView, offset: number): void
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
        let n = 0
        for (let at = reader.next(); at >= 0; at = reader.next()) {
          handlers.record(reader.bytes, reader.view, at)
          reader.release(at)
          if (++n === batch) {
            setImmediate(run)
            return
          }
        }
        handlers.idle()
        if (reader.finished) return resolve()
        if (n > 0) busy = true
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
