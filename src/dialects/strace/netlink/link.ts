/** Messages about links: RTM_NEWLINK and its kin. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { bridgePortAttributes, bridgeSpecificAttributes } from './bridge.ts'
import { linkInfo } from './link-kinds.ts'
import { chosenAttributes } from './structures.ts'
import {
  addressOf,
  addressOfFamily,
  careful,
  fd,
  flags,
  hardware,
  hex32,
  index,
  indexed,
  type NetlinkValue,
  names,
  numbers,
  s32,
  sized,
  text,
  u8,
  u32,
} from './values.ts'
import { functionListAttributes, portAttributes, portListAttributes } from './virtual-functions.ts'

const counters = [
  'rx_packets',
  'tx_packets',
  'rx_bytes',
  'tx_bytes',
  'rx_errors',
  'tx_errors',
  'rx_dropped',
  'tx_dropped',
  'multicast',
  'collisions',
  'rx_length_errors',
  'rx_over_errors',
  'rx_crc_errors',
  'rx_frame_errors',
  'rx_fifo_errors',
  'rx_missed_errors',
  'tx_aborted_errors',
  'tx_carrier_errors',
  'tx_fifo_errors',
  'tx_heartbeat_errors',
  'tx_window_errors',
  'rx_compressed',
  'tx_compressed',
] as const

/** Counters, of which newer kernels have more: the last ones may be missing. */
const statistics = (size: 4 | 8, added: readonly string[]): NetlinkValue =>
  careful((out, { view }, at, length, context) => {
    if (length < counters.length * size) return false
    const count = Math.min(counters.length + added.length, Math.floor(length / size))
    if (at + count * size > context.end) {
      addressOf(out, at, context)
      return true
    }
    for (let i = 0; i < count; i++) {
      out.put(`${i === 0 ? '{' : ', '}${counters[i] ?? added[i - counters.length]!}=`)
      if (size === 8) out.put(view.getBigUint64(at + i * 8, true).toString())
      else out.dec(view.getUint32(at + i * 4, true))
    }
    out.putChar('}')
    return true
  })

/** rtnl_link_stats64, in as many members as its sender had. */
export const counters64: NetlinkValue = statistics(8, ['rx_nohandler', 'rx_otherhost_dropped'])

/** mem_start to port, as ioctl's ifmap. */
const map: NetlinkValue = sized(28, (out: TextBuffer, { view, bytes }: Raw, at: number) => {
  const pair = (name: string, from: number): void => {
    out.put(`${name}=`)
    const low = view.getUint32(from, true)
    const high = view.getUint32(from + 4, true)
    if ((low | high) === 0) out.putChar('0')
    else out.hex(low, high)
  }
  out.putChar('{')
  pair('mem_start', at)
  out.put(', ')
  pair('mem_end', at + 8)
  out.put(', ')
  pair('base_addr', at + 16)
  out.put(`, irq=${view.getUint16(at + 24, true)}, dma=${bytes[at + 26]}, port=${bytes[at + 27]}}`)
})

const ofSet = (set: NameSet, values: AttributeSet['values'], unknown?: string): AttributeSet =>
  unknown === undefined ? { names: set, values } : { names: set, values, unknown }

/** The members of an array, which counts from one: `[IPV4_DEVCONF_FORWARDING-1]`. */
const inetIndices: NameSet = {
  ...sets.inet_devconf_indices,
  name: 'inet_devconf_places',
  values: Object.fromEntries(
    Object.entries(sets.inet_devconf_indices.values).map(([name, n]) => [`${name}-1`, n - 1]),
  ),
}
/** strace 6.1's numbers: packets sent were counted in another place. */
const ipStatistics: NameSet = {
  ...sets.snmp_ip_stats,
  name: 'snmp_ip_places',
  values: Object.fromEntries([
    ...Object.entries(sets.snmp_ip_stats.values).filter(([name]) => name !== 'IPSTATS_MIB_OUTREQUESTS'),
    ['IPSTATS_MIB_OUTPKTS', 5],
  ]),
}

const ofInet = ofSet(sets.rtnl_ifla_af_spec_inet_attrs, {
  1: indexed(inetIndices, 4, true, 'IPV4_DEVCONF_???'),
})
const ofInet6 = ofSet(sets.rtnl_ifla_af_spec_inet6_attrs, {
  1: flags(sets.inet6_if_flags, 4),
  2: indexed(sets.inet6_devconf_indices, 4, true),
  3: indexed(ipStatistics, 8, false, 'IPSTATS_MIB_???'),
  5: numbers(['max_reasm_len', 'tstamp', 'reachable_time', 'retrans_time']),
  6: indexed(sets.snmp_icmp6_stats, 8, false),
  7: addressOfFamily(10),
  8: names(sets.in6_addr_gen_mode, 1, 'IN6_ADDR_GEN_MODE_???'),
  9: u32,
})
const ofMctp = ofSet(sets.rtnl_ifla_af_spec_mctp_attrs, {
  [sets.rtnl_ifla_af_spec_mctp_attrs.values.IFLA_MCTP_NET]: u32,
})
const { AF_INET, AF_BRIDGE, AF_INET6, AF_MCTP } = sets.addrfams.values
const ofFamilies = ofSet(
  sets.addrfams,
  { [AF_INET]: attributes(ofInet), [AF_INET6]: attributes(ofInet6), [AF_MCTP]: attributes(ofMctp) },
  'AF_???',
)
/** What the protocol of the message's family says of the link. */
const ofProtocol: { readonly [family: number]: AttributeSet } = {
  [AF_BRIDGE]: bridgePortAttributes,
  [AF_INET6]: ofInet6,
}
const ofXdp = ofSet(
  sets.rtnl_ifla_xdp_attrs,
  {
    1: fd,
    2: names(sets.rtnl_ifla_xdp_attached_mode, 1, 'XDP_ATTACHED_???'),
    3: flags(sets.xdp_flags, 4),
    4: u32,
    5: u32,
    6: u32,
    7: u32,
    8: fd,
  },
  'IFLA_XDP_???',
)
const ofDown = ofSet(
  sets.rtnl_ifla_proto_down_reason_attrs,
  { 1: hex32, 2: hex32 },
  'IFLA_PROTO_DOWN_REASON_???',
)

const l = sets.rtnl_link_attrs.values
const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))

export const linkAttributes: AttributeSet = {
  names: sets.rtnl_link_attrs,
  unknown: 'IFLA_???',
  values: {
    ...all(hardware, l.IFLA_ADDRESS, l.IFLA_BROADCAST, l.IFLA_PERM_ADDRESS),
    ...all(
      text,
      l.IFLA_IFNAME,
      l.IFLA_QDISC,
      l.IFLA_IFALIAS,
      l.IFLA_PHYS_PORT_NAME,
      l.IFLA_ALT_IFNAME,
      l.IFLA_PARENT_DEV_NAME,
      l.IFLA_PARENT_DEV_BUS_NAME,
    ),
    ...all(
      u32,
      l.IFLA_MTU,
      l.IFLA_LINK,
      l.IFLA_MASTER,
      l.IFLA_TXQLEN,
      l.IFLA_WEIGHT,
      l.IFLA_NET_NS_PID,
      l.IFLA_NUM_VF,
      l.IFLA_GROUP,
      l.IFLA_PROMISCUITY,
      l.IFLA_NUM_TX_QUEUES,
      l.IFLA_NUM_RX_QUEUES,
    ),
    ...all(
      u32,
      l.IFLA_CARRIER_CHANGES,
      l.IFLA_GSO_MAX_SEGS,
      l.IFLA_GSO_MAX_SIZE,
      l.IFLA_CARRIER_UP_COUNT,
      l.IFLA_CARRIER_DOWN_COUNT,
      l.IFLA_MIN_MTU,
      l.IFLA_MAX_MTU,
      l.IFLA_GRO_MAX_SIZE,
      l.IFLA_TSO_MAX_SIZE,
      l.IFLA_TSO_MAX_SEGS,
      l.IFLA_ALLMULTI,
    ),
    ...all(u8, l.IFLA_OPERSTATE, l.IFLA_LINKMODE, l.IFLA_CARRIER, l.IFLA_PROTO_DOWN),
    [l.IFLA_NET_NS_FD]: fd,
    ...all(s32, l.IFLA_LINK_NETNSID, l.IFLA_NEW_NETNSID, l.IFLA_IF_NETNSID),
    [l.IFLA_NEW_IFINDEX]: index,
    [l.IFLA_STATS]: statistics(4, ['rx_nohandler']),
    [l.IFLA_STATS64]: counters64,
    [l.IFLA_PROTINFO]: chosenAttributes(({ family }) => ofProtocol[family]),
    [l.IFLA_MAP]: map,
    [l.IFLA_LINKINFO]: linkInfo,
    [l.IFLA_VFINFO_LIST]: attributes(functionListAttributes),
    [l.IFLA_VF_PORTS]: attributes(portListAttributes),
    [l.IFLA_PORT_SELF]: attributes(portAttributes),
    [l.IFLA_AF_SPEC]: chosenAttributes(({ family }) =>
      family === AF_BRIDGE ? bridgeSpecificAttributes : ofFamilies,
    ),
    [l.IFLA_EXT_MASK]: flags(sets.rtnl_ifla_ext_filter_flags, 4),
    [l.IFLA_XDP]: attributes(ofXdp),
    [l.IFLA_EVENT]: names(sets.rtnl_ifla_events, 4, undefined, 0xffff),
    [l.IFLA_PROP_LIST]: attributes(() => linkAttributes),
    [l.IFLA_PROTO_DOWN_REASON]: attributes(ofDown),
  },
}
