/** How far special kinds reach. Apart from registry.ts, which names their printers: the build has those wait for their use by name. */
import type { SpecialName } from '../../types/language.ts'
import { Bound, netlinkHeaderBytes } from '../../types/plan.ts'
import { mostCpuBytes } from './specials/bitsets.ts'

/** How much of a special kind must be there, and how much of it is looked at. */
export interface SpecialReach {
  /** With fewer bytes it is none. */
  readonly least?: number
  /** No more must be readable. Default: what any structure may have. */
  readonly most?: number
  /** Its length counts bits. */
  readonly inBits?: true
  /** Its length is a signed number to the kernel: one that is negative is none. */
  readonly signed?: true
  /** The printer is told the whole length, also where it is not all there. */
  readonly whole?: true
}
export const specialReach: { readonly [special in SpecialName]?: SpecialReach } = {
  sockaddr: { least: 2, most: 128, signed: true },
  cmsgs: { least: 16, most: Bound.control, signed: true },
  fdset: { inBits: true },
  cpuset: { most: mostCpuBytes, whole: true },
  netlink: { most: netlinkHeaderBytes, whole: true },
}
