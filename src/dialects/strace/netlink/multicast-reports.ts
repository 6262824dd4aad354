/** Attributes of RTM_NEWCACHEREPORT: a packet that multicast routing had no route for. */
import * as sets from '../../../abi/sets.ts'
import type { AttributeSet } from './attributes.ts'
import { addressOfFamily, names, u32 } from './values.ts'

/** The message's family is that of the router; addresses are of the family that it routes. */
const ip = addressOfFamily(sets.addrfams.values.AF_INET)
const ip6 = addressOfFamily(sets.addrfams.values.AF_INET6)

const a = sets.rtnl_ipmra_creport_attr.values
const b = sets.rtnl_ip6mra_creport_attr.values
const f = sets.rtnl_family.values
/** By family. */
export const reportAttributes: { readonly [family: number]: AttributeSet } = {
  [f.RTNL_FAMILY_IPMR]: {
    names: sets.rtnl_ipmra_creport_attr,
    values: {
      [a.IPMRA_CREPORT_MSGTYPE]: names(sets.rtnl_ipmra_msg_types, 1),
      [a.IPMRA_CREPORT_VIF_ID]: u32,
      [a.IPMRA_CREPORT_SRC_ADDR]: ip,
      [a.IPMRA_CREPORT_DST_ADDR]: ip,
      [a.IPMRA_CREPORT_TABLE]: u32,
    },
  },
  [f.RTNL_FAMILY_IP6MR]: {
    names: sets.rtnl_ip6mra_creport_attr,
    values: {
      [b.IP6MRA_CREPORT_MSGTYPE]: names(sets.rtnl_ip6mra_msg_types, 1),
      [b.IP6MRA_CREPORT_MIF_ID]: u32,
      [b.IP6MRA_CREPORT_SRC_ADDR]: ip6,
      [b.IP6MRA_CREPORT_DST_ADDR]: ip6,
    },
  },
}
