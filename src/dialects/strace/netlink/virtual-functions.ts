/** Attributes of a network card's virtual functions, and of ports that switches outside know of. */
import * as sets from '../../../abi/sets.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { etherType, hex64, layout, macAddress, padding, rawBytes } from './structures.ts'
import { careful, type NetlinkValue, names, text, u8, u16, u32, u64 } from './values.ts'

const s = sets.rtnl_ifla_vf_stats_attrs.values
const statistics: AttributeSet = {
  names: sets.rtnl_ifla_vf_stats_attrs,
  values: {
    [s.IFLA_VF_STATS_RX_PACKETS]: u64,
    [s.IFLA_VF_STATS_TX_PACKETS]: u64,
    [s.IFLA_VF_STATS_RX_BYTES]: u64,
    [s.IFLA_VF_STATS_TX_BYTES]: u64,
    [s.IFLA_VF_STATS_BROADCAST]: u64,
    [s.IFLA_VF_STATS_MULTICAST]: u64,
    [s.IFLA_VF_STATS_RX_DROPPED]: u64,
    [s.IFLA_VF_STATS_TX_DROPPED]: u64,
  },
}

const vlans: AttributeSet = {
  names: sets.rtnl_ifla_vf_vlan_list_attrs,
  values: {
    [sets.rtnl_ifla_vf_vlan_list_attrs.values.IFLA_VF_VLAN_INFO]: layout('ifla_vf_vlan_info', {
      vlan_proto: etherType(),
    }),
  },
}

const wholeGuid = layout('ifla_vf_guid', { guid: hex64 }, 'whole, and nothing more')
/** Its length tells whether a 32-bit program made it, whose 64-bit numbers stand closer. */
const guid: NetlinkValue = careful(
  (out, raw, at, length, context) =>
    wholeGuid(out, raw, at, length, context) || wholeGuid(out, raw, at, length, { ...context, arch: 'i386' }),
)
const f = sets.rtnl_ifla_vf_info_attrs.values
const functionAttributes: AttributeSet = {
  names: sets.rtnl_ifla_vf_info_attrs,
  values: {
    [f.IFLA_VF_MAC]: layout('ifla_vf_mac', { mac: macAddress }),
    [f.IFLA_VF_VLAN]: layout('ifla_vf_vlan'),
    [f.IFLA_VF_TX_RATE]: layout('ifla_vf_tx_rate'),
    [f.IFLA_VF_SPOOFCHK]: layout('ifla_vf_spoofchk'),
    [f.IFLA_VF_LINK_STATE]: layout('ifla_vf_link_state', {
      link_state: names(sets.rtnl_ifla_vf_link_states, 4),
    }),
    [f.IFLA_VF_RATE]: layout('ifla_vf_rate'),
    [f.IFLA_VF_RSS_QUERY_EN]: layout('ifla_vf_rss_query_en'),
    [f.IFLA_VF_STATS]: attributes(statistics),
    [f.IFLA_VF_TRUST]: layout('ifla_vf_trust'),
    [f.IFLA_VF_IB_NODE_GUID]: guid,
    [f.IFLA_VF_IB_PORT_GUID]: guid,
    [f.IFLA_VF_VLAN_LIST]: attributes(vlans),
    [f.IFLA_VF_BROADCAST]: layout('ifla_vf_broadcast', { broadcast: macAddress }),
  },
}

export const functionListAttributes: AttributeSet = {
  names: sets.rtnl_ifla_vfinfo_list_attrs,
  unknown: 'IFLA_VF_INFO_???',
  values: { [sets.rtnl_ifla_vfinfo_list_attrs.values.IFLA_VF_INFO]: attributes(functionAttributes) },
}

const p = sets.rtnl_ifla_port_attrs.values
export const portAttributes: AttributeSet = {
  names: sets.rtnl_ifla_port_attrs,
  unknown: 'IFLA_VF_PORT_???',
  values: {
    [p.IFLA_PORT_VF]: u32,
    [p.IFLA_PORT_PROFILE]: text,
    [p.IFLA_PORT_VSI_TYPE]: layout('ifla_port_vsi', { vsi_type_id: rawBytes, pad: padding }),
    [p.IFLA_PORT_REQUEST]: u8,
    [p.IFLA_PORT_RESPONSE]: u16,
  },
}

export const portListAttributes: AttributeSet = {
  names: sets.rtnl_ifla_vf_port_attrs,
  unknown: 'IFLA_VF_PORT_???',
  values: { [sets.rtnl_ifla_vf_port_attrs.values.IFLA_VF_PORT]: attributes(portAttributes) },
}
