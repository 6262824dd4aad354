/** Messages about addresses, routes, neighbours and rules. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { inet4, inet6Field } from '../addresses/internet.ts'
import { quoteHex, type Raw } from '../addresses/raw.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { type AttributeSet, attributes, printAttributes, printChain } from './attributes.ts'
import {
  be16,
  be64,
  flags,
  hardware,
  index,
  type NetlinkValue,
  names,
  numbers,
  ownAddress,
  s32,
  sized,
  text,
  u8,
  u16,
  u32,
  u64,
} from './values.ts'

const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))

const a = sets.rtnl_addr_attrs.values
export const addressAttributes: AttributeSet = {
  names: sets.rtnl_addr_attrs,
  values: {
    ...all(ownAddress, a.IFA_ADDRESS, a.IFA_LOCAL, a.IFA_BROADCAST, a.IFA_ANYCAST, a.IFA_MULTICAST),
    [a.IFA_LABEL]: text,
    [a.IFA_CACHEINFO]: numbers(['ifa_prefered', 'ifa_valid', 'cstamp', 'tstamp']),
    [a.IFA_FLAGS]: flags(sets.ifaddrflags, 4),
    [a.IFA_RT_PRIORITY]: u32,
    [a.IFA_TARGET_NETNSID]: s32,
  },
}

/** A gateway of another family than the route. */
const via: NetlinkValue = (out, raw, at, length, { style, arch }) => {
  if (length < 2) return false
  const family = raw.view.getUint16(at, true)
  out.put('{rtvia_family=')
  printValue(out, [nameTable(sets.addrfams, arch)], family, 0, style)
  if (length > 2) {
    out.put(', ')
    if (family === 10 && length >= 18) inet6Field(out, raw, at + 2, 'rtvia_addr', style)
    else {
      out.put('rtvia_addr=')
      if (family === 2 && length >= 6) inet4(out, raw, at + 2, style)
      else quoteHex(out, raw.bytes, at + 2, at + Math.min(length, 2 + style.stringLimit))
    }
  }
  out.putChar('}')
  return true
}

const metrics: AttributeSet = {
  names: sets.rtnl_rta_metrics_attrs,
  unknown: 'RTAX_???',
  values: { ...all(u32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17), 16: text },
}

/** The ways of a route, each with attributes of its own. */
const nextHops: NetlinkValue = (out, raw, at, length, context) => {
  const bytes = 8
  if (length < bytes) return false
  printChain(
    out,
    raw,
    at,
    length,
    context,
    bytes,
    here => raw.view.getUint16(here, true),
    (here, size) => {
      const { style, arch } = context
      out.put(`[{rtnh_len=${raw.view.getUint16(here, true)}, rtnh_flags=`)
      printFlags(out, [nameTable(sets.route_nexthop_flags, arch)], raw.bytes[here + 2]!, 0, style)
      out.put(`, rtnh_hops=${raw.bytes[here + 3]}, rtnh_ifindex=`)
      interfaceIndex(out, raw.view.getUint32(here + 4, true), style)
      out.putChar('}')
      if (size > bytes) {
        out.put(', ')
        printAttributes(out, raw, here + bytes, size - bytes, routeAttributes, context)
      }
      out.putChar(']')
    },
  )
  return true
}

const counted: NetlinkValue = sized(24, (out: TextBuffer, { view }: Raw, at: number) =>
  out.put(
    `{mfcs_packets=${view.getBigUint64(at, true)}, mfcs_bytes=${view.getBigUint64(at + 8, true)}, mfcs_wrong_if=${view.getBigUint64(at + 16, true)}}`,
  ),
)

const r = sets.rtnl_route_attrs.values
export const routeAttributes: AttributeSet = {
  names: sets.rtnl_route_attrs,
  values: {
    ...all(ownAddress, r.RTA_DST, r.RTA_SRC, r.RTA_GATEWAY, r.RTA_PREFSRC, r.RTA_NEWDST),
    ...all(index, r.RTA_IIF, r.RTA_OIF),
    ...all(u32, r.RTA_PRIORITY, r.RTA_PROTOINFO, r.RTA_FLOW, r.RTA_MP_ALGO, r.RTA_MARK, r.RTA_UID),
    [r.RTA_METRICS]: attributes(metrics),
    [r.RTA_MULTIPATH]: nextHops,
    [r.RTA_CACHEINFO]: numbers(
      ['rta_clntref', 'rta_lastuse', 'rta_expires', 'rta_error', 'rta_used', 'rta_id', 'rta_ts', 'rta_tsage'],
      ['rta_id'],
    ),
    [r.RTA_TABLE]: names(sets.routing_table_ids, 4, '', 0xffff),
    [r.RTA_MFC_STATS]: counted,
    [r.RTA_VIA]: via,
    ...all(u8, r.RTA_PREF, r.RTA_TTL_PROPAGATE, r.RTA_IP_PROTO),
    [r.RTA_ENCAP_TYPE]: names(sets.lwtunnel_encap_types, 2, 'LWTUNNEL_ENCAP_???', 0xffff),
    [r.RTA_EXPIRES]: u64,
    ...all(u16, r.RTA_SPORT, r.RTA_DPORT),
  },
}

const n = sets.rtnl_neigh_attrs.values
export const neighbourAttributes: AttributeSet = {
  names: sets.rtnl_neigh_attrs,
  values: {
    [n.NDA_DST]: ownAddress,
    [n.NDA_LLADDR]: hardware,
    [n.NDA_CACHEINFO]: numbers(['ndm_confirmed', 'ndm_used', 'ndm_updated', 'ndm_refcnt']),
    ...all(u32, n.NDA_PROBES, n.NDA_VNI, n.NDA_LINK_NETNSID, n.NDA_SRC_VNI, n.NDA_NH_ID),
    [n.NDA_VLAN]: u16,
    [n.NDA_PORT]: be16,
    ...all(index, n.NDA_IFINDEX, n.NDA_MASTER),
    [n.NDA_PROTOCOL]: names(sets.inet_protocols, 1),
    [n.NDA_FDB_EXT_ATTRS]: attributes({
      names: sets.rtnl_neigh_fdb_ext_attrs,
      unknown: 'NFEA_???',
      values: { 1: flags(sets.fdb_notify_flags, 1, 'FDB_NOTIFY_???') },
    }),
    [n.NDA_FLAGS_EXT]: flags(sets.neighbor_cache_entry_ext_flags, 4),
    [n.NDA_NDM_STATE_MASK]: flags(sets.neighbor_cache_entry_states, 2),
    [n.NDA_NDM_FLAGS_MASK]: flags(sets.neighbor_cache_entry_flags, 1),
  },
}

const range16: NetlinkValue = sized(4, (out: TextBuffer, { view }: Raw, at: number) =>
  out.put(`{start=${view.getUint16(at, true)}, end=${view.getUint16(at + 2, true)}}`),
)
const f = sets.rtnl_rule_attrs.values
export const ruleAttributes: AttributeSet = {
  names: sets.rtnl_rule_attrs,
  values: {
    ...all(ownAddress, f.FRA_DST, f.FRA_SRC),
    ...all(text, f.FRA_IIFNAME, f.FRA_OIFNAME),
    ...all(
      u32,
      f.FRA_GOTO,
      f.FRA_PRIORITY,
      f.FRA_FWMARK,
      f.FRA_FLOW,
      f.FRA_SUPPRESS_IFGROUP,
      f.FRA_SUPPRESS_PREFIXLEN,
      f.FRA_FWMASK,
    ),
    [f.FRA_TUN_ID]: be64,
    [f.FRA_TABLE]: names(sets.routing_table_ids, 4, '', 0xffff),
    [f.FRA_L3MDEV]: u8,
    [f.FRA_UID_RANGE]: numbers(['start', 'end']),
    [f.FRA_PROTOCOL]: names(sets.routing_protocols, 1, undefined, 0xffff),
    [f.FRA_IP_PROTO]: names(sets.inet_protocols, 1),
    ...all(range16, f.FRA_SPORT_RANGE, f.FRA_DPORT_RANGE),
  },
}
