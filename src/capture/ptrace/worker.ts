/** The capture thread: a worker that starts, attaches, loops, and reports how it ended. */
import { parentPort } from 'node:worker_threads'
import { type RingMemory, RingWriter } from '../../record/ring.ts'
import type { CaptureEnd, CaptureError, CaptureOptions } from '../backend.ts'
import { DoorbellChild } from './doorbell.ts'
import { planOfTable, withPlans } from './plans.ts'
import { Tracer } from './tracer.ts'

export interface WorkerInput {
  readonly options: CaptureOptions
  readonly ring: RingMemory
}

/** What the worker says. `readable`: the reader slept and there is something to read. */
export type WorkerMessage =
  | { readonly kind: 'started'; readonly traced: number; readonly problems: readonly CaptureError[] }
  | { readonly kind: 'readable' }
  | { readonly kind: 'ended'; readonly end: CaptureEnd }

// The thread may be there before it is known what to do: see start-worker.ts. When done it ends by itself.
parentPort?.once('message', (input: WorkerInput) => run(input, message => parentPort!.postMessage(message)))

function run({ options, ring }: WorkerInput, say: (message: WorkerMessage) => void): void {
  const writer = new RingWriter(ring, () => say({ kind: 'readable' }))
  const doorbell = new DoorbellChild(writer.control)
  const planOf = options.plans === undefined ? planOfTable : withPlans(planOfTable, options.plans)
  const tracer = new Tracer(options, writer, ring.data, planOf, doorbell)
  const problems = tracer.start()
  say({ kind: 'started', traced: tracer.size, problems })
  const end = tracer.run()
  writer.close()
  say({ kind: 'ended', end })
}
