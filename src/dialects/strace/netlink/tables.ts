/** Attributes of the rarer messages about the network: queues, actions, neighbour tables, next hops, labels. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { dec, pad, printFields, structure, wideHex } from './fields.ts'
import { layout } from './structures.ts'
import {
  flags,
  index,
  listOf,
  type NetlinkValue,
  names,
  ownAddress,
  s32,
  sized,
  text,
  ticks,
  u8,
  u16,
  u32,
  u64,
} from './values.ts'

const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))

const c = sets.rtnl_tca_stats_attrs.values
const statistics: AttributeSet = {
  names: sets.rtnl_tca_stats_attrs,
  unknown: 'TCA_STATS_???',
  values: {
    ...all(layout('gnet_stats_basic', {}, 'its members'), c.TCA_STATS_BASIC, c.TCA_STATS_BASIC_HW),
    [c.TCA_STATS_RATE_EST]: layout('gnet_stats_rate_est'),
    [c.TCA_STATS_QUEUE]: layout('gnet_stats_queue'),
    [c.TCA_STATS_RATE_EST64]: layout('gnet_stats_rate_est64'),
    [c.TCA_STATS_PKT64]: u64,
  },
}

const sizeTable: AttributeSet = {
  names: sets.rtnl_tca_stab_attrs,
  unknown: 'TCA_STAB_???',
  values: {
    [sets.rtnl_tca_stab_attrs.values.TCA_STAB_BASE]: layout('tc_sizespec'),
    [sets.rtnl_tca_stab_attrs.values.TCA_STAB_DATA]: listOf(2, (out, { view }, at) =>
      out.dec(view.getUint16(at, true)),
    ),
  },
}

const rate: NetlinkValue = sized(2, (out: TextBuffer, { view, bytes }: Raw, at: number) =>
  out.put(`{interval=${view.getInt8(at)}, ewma_log=${bytes[at + 1]}}`),
)

const q = sets.rtnl_tc_attrs.values
export const queueAttributes: AttributeSet = {
  names: sets.rtnl_tc_attrs,
  unknown: 'TCA_???',
  values: {
    [q.TCA_KIND]: text,
    [q.TCA_RATE]: rate,
    [q.TCA_STATS]: layout('tc_stats', {}, 'its members'),
    ...all(u32, q.TCA_FCNT, q.TCA_CHAIN, q.TCA_INGRESS_BLOCK, q.TCA_EGRESS_BLOCK, q.TCA_DUMP_FLAGS),
    [q.TCA_STATS2]: attributes(statistics),
    [q.TCA_STAB]: attributes(sizeTable),
    [q.TCA_HW_OFFLOAD]: u8,
  },
}

const a = sets.rtnl_tc_action_attrs.values
export const actionAttributes: AttributeSet = {
  names: sets.rtnl_tc_action_attrs,
  unknown: 'TCA_ACT_???',
  values: {
    [a.TCA_ACT_KIND]: text,
    ...all(u32, a.TCA_ACT_INDEX, a.TCA_ACT_IN_HW_COUNT),
    [a.TCA_ACT_STATS]: attributes(statistics),
    [a.TCA_ACT_FLAGS]: flags(sets.rtnl_tca_act_flags, 4),
    ...all(flags(sets.rtnl_tca_act_hw_stats, 4), a.TCA_ACT_HW_STATS, a.TCA_ACT_USED_HW_STATS),
  },
}

const tableConfiguration: NetlinkValue = structure(32, [
  dec('ndtc_key_len', 0, 2),
  dec('ndtc_entry_size', 2, 2),
  dec('ndtc_entries', 4, 4),
  dec('ndtc_last_flush', 8, 4),
  dec('ndtc_last_rand', 12, 4),
  dec('ndtc_hash_rnd', 16, 4),
  wideHex('ndtc_hash_mask', 20),
  dec('ndtc_hash_chain_gc', 24, 4),
  dec('ndtc_proxy_qlen', 28, 4),
])
const tableCounters = [
  'allocs',
  'destroys',
  'hash_grows',
  'res_failed',
  'lookups',
  'hits',
  'rcv_probes_mcast',
  'rcv_probes_ucast',
  'periodic_gc_runs',
  'forced_gc_runs',
  'table_fulls',
]
/** Older kernels did not count full tables. */
const tableStatistics: NetlinkValue = (out, raw, at, length, context) => {
  const count = Math.min(tableCounters.length, Math.floor(length / 8))
  if (count < tableCounters.length - 1) return false
  const fields = tableCounters.slice(0, count).map((name, i) => dec(`ndts_${name}`, i * 8, 8))
  return structure(count * 8, fields)(out, raw, at, length, context)
}

const p = sets.rtnl_neightbl_parms_attrs.values
const parameters: AttributeSet = {
  names: sets.rtnl_neightbl_parms_attrs,
  unknown: 'NDTPA_???',
  values: {
    [p.NDTPA_IFINDEX]: index,
    ...all(
      u32,
      p.NDTPA_REFCNT,
      p.NDTPA_QUEUE_LEN,
      p.NDTPA_APP_PROBES,
      p.NDTPA_UCAST_PROBES,
      p.NDTPA_MCAST_PROBES,
      p.NDTPA_PROXY_QLEN,
      p.NDTPA_QUEUE_LENBYTES,
      p.NDTPA_MCAST_REPROBES,
    ),
    ...all(
      u64,
      p.NDTPA_REACHABLE_TIME,
      p.NDTPA_BASE_REACHABLE_TIME,
      p.NDTPA_RETRANS_TIME,
      p.NDTPA_GC_STALETIME,
      p.NDTPA_DELAY_PROBE_TIME,
      p.NDTPA_ANYCAST_DELAY,
      p.NDTPA_PROXY_DELAY,
      p.NDTPA_LOCKTIME,
      p.NDTPA_INTERVAL_PROBE_TIME_MS,
    ),
  },
}

const n = sets.rtnl_neightbl_attrs.values
export const neighbourTableAttributes: AttributeSet = {
  names: sets.rtnl_neightbl_attrs,
  unknown: 'NDTA_???',
  values: {
    [n.NDTA_NAME]: text,
    ...all(u32, n.NDTA_THRESH1, n.NDTA_THRESH2, n.NDTA_THRESH3),
    [n.NDTA_CONFIG]: tableConfiguration,
    [n.NDTA_STATS]: tableStatistics,
    [n.NDTA_PARMS]: attributes(parameters),
    [n.NDTA_GC_INTERVAL]: u64,
  },
}

export const netconfAttributes: AttributeSet = {
  names: sets.rtnl_netconf_attrs,
  unknown: 'NETCONFA_???',
  values: { 1: index, ...all(s32, 2, 3, 4, 5, 6, 7, 8) },
}

export const nsidAttributes: AttributeSet = {
  names: sets.rtnl_nsid_attrs,
  unknown: 'NETNSA_???',
  values: { ...all(s32, 1, 3, 4, 5), 2: u32 },
}

export const labelAttributes: AttributeSet = {
  names: sets.rtnl_addrlabel_attrs,
  unknown: 'IFAL_???',
  values: { 1: ownAddress, 2: u32 },
}

/** `[{id=1, weight=0}]`: what is reserved is shown when it is not empty. */
const group: NetlinkValue = listOf(8, (out, raw, at, context) => {
  out.putChar('{')
  printFields(
    out,
    raw,
    at,
    [dec('id', 0, 4), dec('weight', 4, 1), pad('resvd1', 5, 1), pad('resvd2', 6, 2)],
    context,
    false,
  )
  out.putChar('}')
})

const resilientGroup: AttributeSet = {
  names: sets.rtnl_nha_res_group_attrs,
  unknown: 'NHA_RES_GROUP_???',
  values: { 1: u16, ...all(ticks, 2, 3, 4) },
}
const bucket: AttributeSet = {
  names: sets.rtnl_nha_res_bucket_attrs,
  unknown: 'NHA_RES_BUCKET_???',
  values: { 1: u16, 2: ticks, 3: u32 },
}

const h = sets.rtnl_nexthop_attrs.values
export const nextHopAttributes: AttributeSet = {
  names: sets.rtnl_nexthop_attrs,
  unknown: 'NHA_???',
  values: {
    ...all(u32, h.NHA_ID, h.NHA_BLACKHOLE, h.NHA_GROUPS, h.NHA_FDB),
    [h.NHA_GROUP]: group,
    [h.NHA_GROUP_TYPE]: names(sets.rtnl_nexthop_grp_types, 2, 'NEXTHOP_GRP_TYPE_???'),
    ...all(index, h.NHA_OIF, h.NHA_MASTER),
    [h.NHA_GATEWAY]: ownAddress,
    [h.NHA_ENCAP_TYPE]: names(sets.lwtunnel_encap_types, 2, 'LWTUNNEL_ENCAP_???', 0xffff),
    [h.NHA_RES_GROUP]: attributes(resilientGroup),
    [h.NHA_RES_BUCKET]: attributes(bucket),
  },
}
