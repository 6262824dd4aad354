/** How many descriptors processes may have open, as far as they were seen to set or ask for it: gVisor reads no longer list for poll. */
import { resources } from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { ByProcess } from './by-process.ts'
import { low, wide, wideAt } from './specifier.ts'

/** No process may have more (NR_OPEN). */
const most = 1 << 20
/** struct rlimit, which begins with the limit that holds. */
const limitBytes = 16

export class DescriptorLimits extends ByProcess<number> {
  of(pid: number): number {
    return this.known.get(pid) ?? most
  }

  /** After a call that has done what it was to do. */
  changedBy(frame: Frame, call: string): void {
    switch (call) {
      case 'setrlimit':
      case 'getrlimit':
        return this.#told(frame, 0, wide(frame, 1))
      case 'prlimit64': {
        const of = low(frame, 0)
        if (of !== 0 && of !== frame.pid) return
        const [set, old] = [wide(frame, 2), wide(frame, 3)]
        return this.#told(frame, 1, set === 0 ? old : set, set !== 0)
      }
    }
  }

  /** `atEnter`: what was given counts, which may since have been overwritten with what there was before. */
  #told(frame: Frame, resource: number, address: number, atEnter = false): void {
    if (low(frame, resource) !== resources.values.RLIMIT_NOFILE) return
    const known = atEnter ? frame.availableAtEnter(address) : frame.available(address)
    if (known >= limitBytes) this.known.set(frame.pid, Math.min(wideAt(frame, frame.at), most))
  }
}
