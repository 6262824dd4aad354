/** What NETLINK_ROUTE's messages hold: a structure by type, then attributes. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { quoteHex, type Raw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import { type AttributeSet, printAttributes } from './attributes.ts'
import { dec, type Field, flags, hex, link, pad, printFields, value } from './fields.ts'
import { linkAttributes } from './link.ts'
import { statisticsAttributes } from './link-statistics.ts'
import { multicastAttributes } from './multicast.ts'
import { reportAttributes } from './multicast-reports.ts'
import { addressAttributes, neighbourAttributes, routeAttributes, ruleAttributes } from './routes.ts'
import {
  actionAttributes,
  labelAttributes,
  neighbourTableAttributes,
  netconfAttributes,
  nextHopAttributes,
  nsidAttributes,
  queueAttributes,
} from './tables.ts'
import { addressOf, type NetlinkContext, unknownOrAddress } from './values.ts'

interface Message {
  readonly family: string
  readonly bytes: number
  /** Those after the family. */
  readonly fields: readonly Field[]
  /** By family where the families have attributes of their own. */
  readonly attributes: AttributeSet | { readonly [family: number]: AttributeSet }
  /** Names of families that only such messages have. */
  readonly families?: NameSet
}

const messages: { readonly [kind: string]: Message } = {
  link: {
    family: 'ifi_family',
    bytes: 16,
    fields: [
      value('ifi_type', 2, 2, sets.arp_hardware_types),
      link('ifi_index', 4),
      flags('ifi_flags', 8, 4, sets.iffflags),
      hex('ifi_change', 12, 4),
    ],
    attributes: linkAttributes,
  },
  address: {
    family: 'ifa_family',
    bytes: 8,
    fields: [
      dec('ifa_prefixlen', 1, 1),
      flags('ifa_flags', 2, 1, sets.ifaddrflags),
      value('ifa_scope', 3, 1, sets.routing_scopes, ''),
      link('ifa_index', 4),
    ],
    attributes: addressAttributes,
  },
  route: {
    family: 'rtm_family',
    bytes: 12,
    fields: [
      dec('rtm_dst_len', 1, 1),
      dec('rtm_src_len', 2, 1),
      flags('rtm_tos', 3, 1, sets.ip_type_of_services),
      value('rtm_table', 4, 1, sets.routing_table_ids, ''),
      value('rtm_protocol', 5, 1, sets.routing_protocols),
      value('rtm_scope', 6, 1, sets.routing_scopes, ''),
      value('rtm_type', 7, 1, sets.routing_types),
      flags('rtm_flags', 8, 4, sets.routing_flags),
    ],
    attributes: routeAttributes,
  },
  neighbour: {
    family: 'ndm_family',
    bytes: 12,
    fields: [
      link('ndm_ifindex', 4),
      flags('ndm_state', 8, 2, sets.neighbor_cache_entry_states),
      flags('ndm_flags', 10, 1, sets.neighbor_cache_entry_flags),
      value('ndm_type', 11, 1, sets.routing_types),
    ],
    attributes: neighbourAttributes,
  },
  rule: {
    family: 'family',
    bytes: 12,
    fields: [
      dec('dst_len', 1, 1),
      dec('src_len', 2, 1),
      flags('tos', 3, 1, sets.ip_type_of_services),
      value('table', 4, 1, sets.routing_table_ids, 'RT_TABLE_???'),
      value('action', 7, 1, sets.fib_rule_actions),
      flags('flags', 8, 4, sets.fib_rule_flags),
    ],
    attributes: ruleAttributes,
  },
  queue: {
    family: 'tcm_family',
    bytes: 20,
    fields: [
      link('tcm_ifindex', 4),
      dec('tcm_handle', 8, 4),
      dec('tcm_parent', 12, 4),
      dec('tcm_info', 16, 4),
    ],
    attributes: queueAttributes,
  },
  action: { family: 'tca_family', bytes: 4, fields: [], attributes: actionAttributes },
  neighbourTable: { family: 'ndtm_family', bytes: 4, fields: [], attributes: neighbourTableAttributes },
  label: {
    family: 'ifal_family',
    bytes: 12,
    fields: [
      dec('ifal_prefixlen', 2, 1),
      dec('ifal_flags', 3, 1),
      link('ifal_index', 4),
      dec('ifal_seq', 8, 4),
    ],
    attributes: labelAttributes,
  },
  dcb: {
    family: 'dcb_family',
    bytes: 4,
    fields: [value('cmd', 1, 1, sets.dcb_commands)],
    attributes: { names: sets.rtnl_dcb_attrs, unknown: 'DCB_ATTR_???', values: {} },
  },
  netconf: { family: 'ncm_family', bytes: 4, fields: [], attributes: netconfAttributes },
  multicast: {
    family: 'family',
    bytes: 8,
    fields: [link('ifindex', 4)],
    attributes: multicastAttributes,
  },
  nsid: { family: 'rtgen_family', bytes: 4, fields: [], attributes: nsidAttributes },
  statistics: {
    family: 'family',
    bytes: 12,
    fields: [
      pad('pad1', 1, 1),
      pad('pad2', 2, 2),
      link('ifindex', 4),
      flags('filter_mask', 8, 4, sets.ifstats_attr_flags, '1<<IFLA_STATS_???'),
    ],
    attributes: statisticsAttributes,
  },
  cacheReport: {
    family: 'rtgen_family',
    bytes: 4,
    fields: [],
    attributes: reportAttributes,
    families: sets.rtnl_family,
  },
  nextHop: {
    family: 'nh_family',
    bytes: 8,
    fields: [
      value('nh_scope', 1, 1, sets.routing_scopes, ''),
      value('nh_protocol', 2, 1, sets.routing_protocols),
      pad('resvd', 3, 1),
      flags('nh_flags', 4, 4, sets.route_nexthop_flags),
    ],
    attributes: nextHopAttributes,
  },
}

/** The first type of each group of four, and what such messages hold. */
const groups: { readonly [first: number]: string } = {
  16: 'link',
  20: 'address',
  24: 'route',
  28: 'neighbour',
  32: 'rule',
  36: 'queue',
  40: 'queue',
  44: 'queue',
  48: 'action',
  56: 'address',
  60: 'address',
  64: 'neighbourTable',
  72: 'label',
  76: 'dcb',
  80: 'netconf',
  84: 'multicast',
  88: 'nsid',
  92: 'statistics',
  96: 'cacheReport',
  100: 'queue',
  104: 'nextHop',
}

/** Who asks a bridge for its neighbours may say more than others, in the structure of a link. */
const kindOf = (type: number, family: number): string =>
  type === sets.nl_route_types.values.RTM_GETNEIGH && family === sets.addrfams.values.AF_BRIDGE
    ? 'link'
    : (groups[type & ~3] ?? '')

/** Prints the payload of a message of `type`. */
export function printRoute(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  type: number,
  context: NetlinkContext,
): void {
  const { style, arch, end } = context
  if (at >= end) return addressOf(out, at, context)
  const family = raw.bytes[at]!
  const known = lookUpType(type, context) ? messages[kindOf(type, family)] : undefined
  out.put(`{${known?.family ?? 'family'}=`)
  const families = [nameTable(sets.addrfams, arch)]
  if (known?.families !== undefined) families.unshift(nameTable(known.families, arch))
  printValue(out, families, family, 0, style)
  if (known === undefined) {
    if (length > 1 && at + length > end) {
      out.put(', data=')
      addressOf(out, at + 1, context)
    } else if (length > 1) {
      out.put(', data=')
      quoteHex(out, raw.bytes, at + 1, at + Math.min(length, 1 + style.stringLimit))
      if (length - 1 > style.stringLimit) out.put('...')
    }
    out.putChar('}')
    return
  }
  // Of padding alone nothing is shown, and nothing is missing.
  if (known.fields.length > 0) {
    if (length < known.bytes) out.put(', ...')
    else if (at + known.bytes > end) {
      out.put(', ')
      addressOf(out, at + 1, context)
    } else printFields(out, raw, at, known.fields, context, true)
  }
  out.putChar('}')
  if (length <= known.bytes || (known.fields.length > 0 && at + known.bytes > end)) return
  out.put(', ')
  const attributes = ofFamily(known.attributes, family)
  if (attributes === undefined)
    return unknownOrAddress(out, raw, at + known.bytes, length - known.bytes, context)
  printAttributes(out, raw, at + known.bytes, length - known.bytes, attributes, {
    ...context,
    family,
    // strace takes the family for the kind of link.
    link: known.family === 'ifi_family' ? family : -1,
  })
}

/** Types without a name are those of no message. */
const lookUpType = (type: number, { arch }: NetlinkContext): boolean =>
  nameTable(sets.nl_route_types, arch).byValue.has(type)

const ofFamily = (attributes: Message['attributes'], family: number): AttributeSet | undefined =>
  'names' in attributes ? (attributes as AttributeSet) : attributes[family]
