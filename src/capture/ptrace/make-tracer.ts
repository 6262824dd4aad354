/** Puts a tracer together. What only some captures need is loaded by them: a start is felt. */
import type { RingWriter } from '../../record/ring.ts'
import type { CaptureNote, CaptureOptions } from '../backend.ts'
import { readPlanFiles } from '../plans/plan-file.ts'
import { type PlanOf, withPlans } from '../plans/plans.ts'
import type { Doorbell } from './doorbell.ts'
import { Tracer } from './tracer.ts'

/** @param data the ring's memory */
export async function makeTracer(
  options: CaptureOptions,
  writer: RingWriter,
  data: SharedArrayBuffer,
  doorbell: Doorbell | null,
  note: (note: CaptureNote) => void,
): Promise<Tracer> {
  const own = await tablePlans()
  const planOf = options.plans === undefined ? own : withPlans(own, options.plans)
  const tamperer = options.tampering?.length
    ? new (await import('./tampering.ts')).Tamperer(
        options.tampering,
        (pid, message) => note({ note: 'not-tampered', pid, message }),
        options.tamperingPaths,
      )
    : null
  return new Tracer(options, writer, data, planOf, doorbell, note, tamperer)
}

/** Those that the build has put beside the bundle; run from source, which is an ES module, the table's own. */
async function tablePlans(): Promise<PlanOf> {
  const file = typeof __dirname === 'string' ? readPlanFiles(__dirname) : null
  return file ?? (await import('../plans/table-plans.ts')).planOfTable
}
