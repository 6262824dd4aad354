/** The capture thread: a worker that starts, attaches, loops, and reports how it ended. */
import { parentPort } from 'node:worker_threads'
import { type RingMemory, RingWriter } from '../../record/ring.ts'
import type { CaptureEnd, CaptureError, CaptureNote, CaptureOptions } from '../backend.ts'
import { DoorbellChild } from './doorbell.ts'
import { readPlanFiles } from './plan-file.ts'
import { type PlanOf, withPlans } from './plans.ts'
import { Tracer } from './tracer.ts'

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
  const own = await tablePlans()
  const writer = new RingWriter(ring, () => say({ kind: 'readable' }))
  const doorbell = new DoorbellChild(writer.control)
  const planOf = options.plans === undefined ? own : withPlans(own, options.plans)
  const note = (text: CaptureNote): void => say({ kind: 'note', note: text })
  // What only some captures need is loaded by them: a start is felt.
  const tamperer = options.tampering?.length
    ? new (await import('./tampering.ts')).Tamperer(options.tampering, (pid, message) =>
        note({ note: 'not-tampered', pid, message }),
      )
    : null
  const tracer = new Tracer(options, writer, ring.data, planOf, doorbell, note, tamperer)
  const problems = tracer.start()
  say({ kind: 'started', traced: tracer.size, problems })
  const end = tracer.run()
  writer.close()
  say({ kind: 'ended', end })
}

/** Those that the build has put beside the bundle; run from source, which is an ES module, the table's own. */
async function tablePlans(): Promise<PlanOf> {
  const file = typeof __dirname === 'string' ? readPlanFiles(__dirname) : null
  return file ?? (await import('./table-plans.ts')).planOfTable
}
