/** What NETLINK_SELINUX's messages hold: that a policy is enforced, that another was loaded. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { dec, field, structure } from './fields.ts'
import type { NetlinkContext, NetlinkValue } from './values.ts'

const t = sets.nl_selinux_types.values
const contents: { readonly [type: number]: NetlinkValue } = {
  [t.SELNL_MSG_SETENFORCE]: structure(4, [
    field('val', (out, { view }, at) => out.dec(view.getInt32(at, true))),
  ]),
  [t.SELNL_MSG_POLICYLOAD]: structure(4, [dec('seqno', 0, 4)]),
}

/** Prints the payload of a message of `type`; false when it is none. */
export const printSelinux = (
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  type: number,
  context: NetlinkContext,
): boolean => contents[type]?.(out, raw, at, length, context) === true
