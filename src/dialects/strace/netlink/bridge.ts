/** Attributes of bridges, and of links that are a bridge's ports. */
import * as sets from '../../../abi/sets.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { etherType, hex16, layout, macAddress } from './structures.ts'
import {
  addressOfFamily,
  flags,
  hardware,
  index,
  type NetlinkValue,
  names,
  ticks,
  u8,
  u16,
  u32,
} from './values.ts'

const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))

const bridgeId = layout('ifla_bridge_id', {
  prio: (out, { bytes }, at) => {
    out.put(`[${bytes[at]}, ${bytes[at + 1]}]`)
    return true
  },
  addr: macAddress,
})

const p = sets.rtnl_ifla_brport_attrs.values
export const bridgePortAttributes: AttributeSet = {
  names: sets.rtnl_ifla_brport_attrs,
  values: {
    ...all(
      u8,
      p.IFLA_BRPORT_STATE,
      p.IFLA_BRPORT_MODE,
      p.IFLA_BRPORT_GUARD,
      p.IFLA_BRPORT_PROTECT,
      p.IFLA_BRPORT_FAST_LEAVE,
      p.IFLA_BRPORT_LEARNING,
      p.IFLA_BRPORT_UNICAST_FLOOD,
      p.IFLA_BRPORT_PROXYARP,
      p.IFLA_BRPORT_LEARNING_SYNC,
      p.IFLA_BRPORT_PROXYARP_WIFI,
      p.IFLA_BRPORT_TOPOLOGY_CHANGE_ACK,
      p.IFLA_BRPORT_CONFIG_PENDING,
      p.IFLA_BRPORT_MULTICAST_ROUTER,
      p.IFLA_BRPORT_MCAST_FLOOD,
      p.IFLA_BRPORT_MCAST_TO_UCAST,
      p.IFLA_BRPORT_VLAN_TUNNEL,
      p.IFLA_BRPORT_BCAST_FLOOD,
      p.IFLA_BRPORT_NEIGH_SUPPRESS,
      p.IFLA_BRPORT_ISOLATED,
      p.IFLA_BRPORT_MRP_RING_OPEN,
      p.IFLA_BRPORT_MRP_IN_OPEN,
      p.IFLA_BRPORT_LOCKED,
    ),
    ...all(
      u16,
      p.IFLA_BRPORT_PRIORITY,
      p.IFLA_BRPORT_DESIGNATED_PORT,
      p.IFLA_BRPORT_DESIGNATED_COST,
      p.IFLA_BRPORT_ID,
      p.IFLA_BRPORT_NO,
    ),
    ...all(u32, p.IFLA_BRPORT_COST, p.IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT, p.IFLA_BRPORT_MCAST_EHT_HOSTS_CNT),
    ...all(
      ticks,
      p.IFLA_BRPORT_MESSAGE_AGE_TIMER,
      p.IFLA_BRPORT_FORWARD_DELAY_TIMER,
      p.IFLA_BRPORT_HOLD_TIMER,
    ),
    ...all(bridgeId, p.IFLA_BRPORT_ROOT_ID, p.IFLA_BRPORT_BRIDGE_ID),
    [p.IFLA_BRPORT_GROUP_FWD_MASK]: hex16,
    [p.IFLA_BRPORT_BACKUP_PORT]: index,
  },
}

const q = sets.rtnl_ifla_br_mcast_querier_attrs.values
const querierAttributes: AttributeSet = {
  names: sets.rtnl_ifla_br_mcast_querier_attrs,
  values: {
    [q.BRIDGE_QUERIER_IP_ADDRESS]: addressOfFamily(sets.addrfams.values.AF_INET),
    [q.BRIDGE_QUERIER_IPV6_ADDRESS]: addressOfFamily(sets.addrfams.values.AF_INET6),
    ...all(index, q.BRIDGE_QUERIER_IP_PORT, q.BRIDGE_QUERIER_IPV6_PORT),
    ...all(ticks, q.BRIDGE_QUERIER_IP_OTHER_TIMER, q.BRIDGE_QUERIER_IPV6_OTHER_TIMER),
  },
}

const switches = flags(sets.rtnl_ifla_br_boolopt_flags, 4, '1<<BR_BOOLOPT_???')

const b = sets.rtnl_ifla_info_data_bridge_attrs.values
/** What a link of the kind "bridge" says of itself. */
export const bridgeAttributes: AttributeSet = {
  names: sets.rtnl_ifla_info_data_bridge_attrs,
  values: {
    ...all(
      ticks,
      b.IFLA_BR_FORWARD_DELAY,
      b.IFLA_BR_HELLO_TIME,
      b.IFLA_BR_MAX_AGE,
      b.IFLA_BR_AGEING_TIME,
      b.IFLA_BR_HELLO_TIMER,
      b.IFLA_BR_TCN_TIMER,
      b.IFLA_BR_TOPOLOGY_CHANGE_TIMER,
      b.IFLA_BR_GC_TIMER,
      b.IFLA_BR_MCAST_LAST_MEMBER_INTVL,
      b.IFLA_BR_MCAST_MEMBERSHIP_INTVL,
      b.IFLA_BR_MCAST_QUERIER_INTVL,
      b.IFLA_BR_MCAST_QUERY_INTVL,
      b.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL,
      b.IFLA_BR_MCAST_STARTUP_QUERY_INTVL,
    ),
    ...all(
      u32,
      b.IFLA_BR_STP_STATE,
      b.IFLA_BR_ROOT_PATH_COST,
      b.IFLA_BR_MCAST_HASH_ELASTICITY,
      b.IFLA_BR_MCAST_HASH_MAX,
      b.IFLA_BR_MCAST_LAST_MEMBER_CNT,
      b.IFLA_BR_MCAST_STARTUP_QUERY_CNT,
    ),
    ...all(u16, b.IFLA_BR_PRIORITY, b.IFLA_BR_ROOT_PORT, b.IFLA_BR_VLAN_DEFAULT_PVID),
    ...all(
      u8,
      b.IFLA_BR_VLAN_FILTERING,
      b.IFLA_BR_TOPOLOGY_CHANGE,
      b.IFLA_BR_TOPOLOGY_CHANGE_DETECTED,
      b.IFLA_BR_MCAST_ROUTER,
      b.IFLA_BR_MCAST_SNOOPING,
      b.IFLA_BR_MCAST_QUERY_USE_IFADDR,
      b.IFLA_BR_MCAST_QUERIER,
      b.IFLA_BR_NF_CALL_IPTABLES,
      b.IFLA_BR_NF_CALL_IP6TABLES,
      b.IFLA_BR_NF_CALL_ARPTABLES,
      b.IFLA_BR_VLAN_STATS_ENABLED,
      b.IFLA_BR_MCAST_STATS_ENABLED,
      b.IFLA_BR_MCAST_IGMP_VERSION,
      b.IFLA_BR_MCAST_MLD_VERSION,
      b.IFLA_BR_VLAN_STATS_PER_PORT,
    ),
    [b.IFLA_BR_VLAN_PROTOCOL]: etherType('ETHER_P_???'),
    [b.IFLA_BR_GROUP_FWD_MASK]: hex16,
    ...all(bridgeId, b.IFLA_BR_ROOT_ID, b.IFLA_BR_BRIDGE_ID),
    [b.IFLA_BR_GROUP_ADDR]: (out, raw, at, length, context) =>
      hardware(out, raw, at, length, { ...context, link: -1 }),
    [b.IFLA_BR_MULTI_BOOLOPT]: layout('br_boolopt_multi', { optval: switches, optmask: switches }),
    [b.IFLA_BR_MCAST_QUERIER_STATE]: attributes(querierAttributes),
  },
}

const vlanFlags = flags(sets.nl_bridge_vlan_flags, 2)
const t = sets.rtnl_ifla_af_spec_bridge_vlan_tunnel_info_attrs.values
const tunnelAttributes: AttributeSet = {
  names: sets.rtnl_ifla_af_spec_bridge_vlan_tunnel_info_attrs,
  values: {
    [t.IFLA_BRIDGE_VLAN_TUNNEL_ID]: u32,
    [t.IFLA_BRIDGE_VLAN_TUNNEL_VID]: u16,
    [t.IFLA_BRIDGE_VLAN_TUNNEL_FLAGS]: vlanFlags,
  },
}

const s = sets.rtnl_ifla_af_spec_bridge_attrs.values
/** IFLA_AF_SPEC of messages to and from a bridge. */
export const bridgeSpecificAttributes: AttributeSet = {
  names: sets.rtnl_ifla_af_spec_bridge_attrs,
  values: {
    [s.IFLA_BRIDGE_FLAGS]: flags(sets.rtnl_ifla_bridge_flags, 2),
    [s.IFLA_BRIDGE_MODE]: names(sets.rtnl_ifla_bridge_modes, 2),
    [s.IFLA_BRIDGE_VLAN_INFO]: layout('bridge_vlan_info', { flags: vlanFlags }, 'whole, and what follows'),
    [s.IFLA_BRIDGE_VLAN_TUNNEL_INFO]: attributes(tunnelAttributes),
  },
}
