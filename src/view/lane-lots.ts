/**
 * Sums over lots of a lane's calls: a lot that lies within one pixel is drawn without a look at its calls. Runs in node and in
 * browsers.
 */
import { grown } from './grown.ts'
import { callKinds } from './protocol.ts'

/** Calls of a lot. */
export const lotCalls = 256
const kinds = callKinds.length

/** Grows with the lane, whose calls are added in their order. */
export class LaneLots {
  /** By lot and kind: time in ns, and calls. */
  times: Float64Array = new Float64Array(0)
  calls: Uint16Array = new Uint16Array(0)
  /** By lot: calls that failed. */
  failed: Uint16Array = new Uint16Array(0)

  /** `place`: of the call in its lane; `took` is NaN for one that did not return. */
  add(place: number, kind: number, took: number, fails: boolean): void {
    const lot = Math.floor(place / lotCalls)
    if (lot === this.failed.length) this.#grow(Math.max(4, lot * 2))
    const at = lot * kinds + kind
    this.calls[at]!++
    if (took > 0) this.times[at]! += took
    if (fails) this.failed[lot]!++
  }

  #grow(lots: number): void {
    this.times = grown(this.times, lots * kinds)
    this.calls = grown(this.calls, lots * kinds)
    this.failed = grown(this.failed, lots)
  }
}
