/** Drives a reader: every record to a function, without holding up the event loop for long. */
import type { Capture } from './backend.ts'

/** Records between two looks at the event loop, where signals and other readers wait. */
const batch = 2000
/** After a busy stretch the reader looks again this often (ms) before it sleeps: a wake-up costs the tracer. */
const lookAgain = 1

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
    const run = (): void => {
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
        if (busy) setTimeout(run, lookAgain)
        else if (!reader.sleep()) setImmediate(run)
      } catch (error) {
        reject(error)
      }
    }
    capture.onReadable(run)
    run()
  })
}
