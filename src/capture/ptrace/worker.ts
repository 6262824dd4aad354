/** The capture thread: a worker that starts, attaches, loops, and reports how it ended. */
import { parentPort } from 'node:worker_threads'
import { type RingMemory, RingWriter } from '../../record/ring.ts'
import type { CaptureEnd, CaptureError, CaptureNote, CaptureOptions } from '../backend.ts'
import { DoorbellChild } from './doorbell.ts'
import { makeTracer } from './make-tracer.ts'

export interface WorkerInput {
  readonly options: CaptureOptions
  readonly ring: RingMemory
}

/** What the worker says. `readable`: the reader slept and there is something to read. */
export type WorkerMessage =
  | { readonly kind: 'started'; readonly traced: number; readonly problems: readonly CaptureError[] }
  | { readonly kind: 'readable' }
  | { readonly kind: 'note'; readonly note: CaptureNote }
  | { readonly kind: 'ended'; readonly end: CaptureEnd }

// The thread may be there before it is known what to do: see start-worker.ts. When done it ends by itself.
parentPort?.once(
  'message',
  (input: WorkerInput) => void run(input, message => parentPort!.postMessage(message)),
)

async function run({ options, ring }: WorkerInput, say: (message: WorkerMessage) => void): Promise<void> {
  const writer = new RingWriter(ring, () => say({ kind: 'readable' }))
  const doorbell = new DoorbellChild(writer.control)
  const note = (text: CaptureNote): void => say({ kind: 'note', note: text })
  const tracer = await makeTracer(options, writer, ring.data, doorbell, note)
  const problems = tracer.start()
  say({ kind: 'started', traced: tracer.size, problems })
  const end = tracer.run()
  writer.close()
  say({ kind: 'ended', end })
}
