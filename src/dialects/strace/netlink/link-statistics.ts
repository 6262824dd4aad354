/** Attributes of RTM_NEWSTATS: counters of links, and of what bridges, bonds and protocols count. */
import * as sets from '../../../abi/sets.ts'
import { lookUp, nameTable } from '../names.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { counters64 } from './link.ts'
import { layout, numberPadding } from './structures.ts'
import { flags, type NetlinkValue, u64 } from './values.ts'

/** `[[BR_MCAST_DIR_RX]=1, [BR_MCAST_DIR_TX]=2]` */
const directions: NetlinkValue = (out, { view }, at, _length, { style, arch }) => {
  const table = [nameTable(sets.ifstats_xstats_bridge_mcast_indices, arch)]
  for (let i = 0; i < 2; i++) {
    const name = style.constants === 'raw' ? undefined : lookUp(table, i, 0)
    out.put(i === 0 ? '[[' : ', [')
    if (name === undefined) out.dec(i)
    else out.put(style.constants === 'verbose' ? `${i} /* ${name} */` : name)
    out.put(`]=${view.getBigUint64(at + i * 8, true)}`)
  }
  out.putChar(']')
  return true
}

const x = sets.ifstats_xstats_bridge_attrs.values
const bridgeCounters: AttributeSet = {
  names: sets.ifstats_xstats_bridge_attrs,
  values: {
    [x.BRIDGE_XSTATS_VLAN]: layout(
      'bridge_vlan_xstats',
      { flags: flags(sets.nl_bridge_vlan_flags, 2), pad2: numberPadding },
      'whole, and what follows',
    ),
    [x.BRIDGE_XSTATS_MCAST]: layout(
      'br_mcast_stats',
      {
        igmp_v1queries: directions,
        igmp_v2queries: directions,
        igmp_v3queries: directions,
        igmp_leaves: directions,
        igmp_v1reports: directions,
        igmp_v2reports: directions,
        igmp_v3reports: directions,
        mld_v1queries: directions,
        mld_v2queries: directions,
        mld_leaves: directions,
        mld_v1reports: directions,
        mld_v2reports: directions,
        mcast_bytes: directions,
        mcast_packets: directions,
      },
      'whole, and what follows',
    ),
    [x.BRIDGE_XSTATS_STP]: layout('bridge_stp_xstats', {}, 'whole, and what follows'),
  },
}

const { BOND_3AD_STAT_PAD: bondPad, ...bondCounters } = sets.ifstats_xstats_bond_3ad_attrs.values
const bond: AttributeSet = {
  names: sets.ifstats_xstats_bond_attrs,
  values: {
    [sets.ifstats_xstats_bond_attrs.values.BOND_XSTATS_3AD]: attributes({
      names: sets.ifstats_xstats_bond_3ad_attrs,
      // strace's name for those without one is that of the attributes around them.
      unknown: 'BOND_XSTATS_???',
      values: Object.fromEntries(Object.values(bondCounters).map(type => [type, u64])),
    }),
  },
}

const k = sets.ifstats_xstats_type_attrs.values
const ofKinds = attributes({
  names: sets.ifstats_xstats_type_attrs,
  values: {
    [k.LINK_XSTATS_TYPE_BRIDGE]: attributes(bridgeCounters),
    [k.LINK_XSTATS_TYPE_BOND]: attributes(bond),
  },
})

const mpls = attributes({
  names: sets.ifstats_af_spec_mpls_attrs,
  values: {
    [sets.ifstats_af_spec_mpls_attrs.values.MPLS_STATS_LINK]: layout(
      'mpls_link_stats',
      {},
      'whole, and what follows',
    ),
  },
})

const s = sets.ifstats_attrs.values
export const statisticsAttributes: AttributeSet = {
  names: sets.ifstats_attrs,
  values: {
    [s.IFLA_STATS_LINK_64]: counters64,
    [s.IFLA_STATS_LINK_XSTATS]: ofKinds,
    [s.IFLA_STATS_LINK_XSTATS_SLAVE]: ofKinds,
    [s.IFLA_STATS_LINK_OFFLOAD_XSTATS]: attributes({
      names: sets.ifstats_offload_attrs,
      values: { [sets.ifstats_offload_attrs.values.IFLA_OFFLOAD_XSTATS_CPU_HIT]: counters64 },
    }),
    [s.IFLA_STATS_AF_SPEC]: attributes({
      names: sets.addrfams,
      unknown: 'AF_???',
      values: { [sets.addrfams.values.AF_MPLS]: mpls },
    }),
  },
}
