/** What kind of link it is, and what links of that kind say of themselves: IFLA_LINKINFO. */
import * as sets from '../../../abi/sets.ts'
import type { Raw } from '../addresses/raw.ts'
import { type AttributeSet, printAttributes } from './attributes.ts'
import { bridgeAttributes, bridgePortAttributes } from './bridge.ts'
import { chosenAttributes, layout } from './structures.ts'
import { careful, type NetlinkValue, names, sized, u8, u32, zeroEnded } from './values.ts'

/** A user or a group; all ones is nobody. */
const owner = sized(4, (out, { view }, at) => {
  const id = view.getUint32(at, true)
  out.dec(id === 0xffffffff ? -1 : id)
})

const t = sets.rtnl_ifla_info_data_tun_attrs.values
const tunAttributes: AttributeSet = {
  names: sets.rtnl_ifla_info_data_tun_attrs,
  values: {
    [t.IFLA_TUN_OWNER]: owner,
    [t.IFLA_TUN_GROUP]: owner,
    [t.IFLA_TUN_TYPE]: names(sets.tun_device_types, 1),
    [t.IFLA_TUN_PI]: u8,
    [t.IFLA_TUN_VNET_HDR]: u8,
    [t.IFLA_TUN_PERSIST]: u8,
    [t.IFLA_TUN_MULTI_QUEUE]: u8,
    [t.IFLA_TUN_NUM_QUEUES]: u32,
    [t.IFLA_TUN_NUM_DISABLED_QUEUES]: u32,
  },
}

const dataOf: { readonly [kind: string]: AttributeSet } = { bridge: bridgeAttributes, tun: tunAttributes }
const portDataOf: { readonly [kind: string]: AttributeSet } = { bridge: bridgePortAttributes }
const statisticsOf: { readonly [kind: string]: NetlinkValue } = { can: layout('can_device_stats') }

/** What the kinds of links are called is short. */
const longestKind = 16
function kindAt({ bytes }: Raw, at: number, length: number): string | undefined {
  const kind = bytes.subarray(at, at + length)
  const nul = kind.indexOf(0)
  const end = nul < 0 ? length : nul
  return end > longestKind ? undefined : String.fromCharCode(...kind.subarray(0, end))
}
const ofKind = <T>(table: { readonly [kind: string]: T }, kind: string | undefined): T | undefined =>
  kind !== undefined && Object.hasOwn(table, kind) ? table[kind] : undefined

/** A kind, by which the attributes that follow are read. */
const kind = (member: 'kind' | 'portKind'): NetlinkValue =>
  careful((out, raw, at, length, context) => {
    if (context.said !== undefined)
      context.said[member] = kindAt(raw, at, Math.max(0, Math.min(length, context.end - at)))
    return zeroEnded(out, raw, at, length, context)
  })

const i = sets.rtnl_ifla_info_attrs.values
const infoAttributes: AttributeSet = {
  names: sets.rtnl_ifla_info_attrs,
  unknown: 'IFLA_INFO_???',
  values: {
    [i.IFLA_INFO_KIND]: kind('kind'),
    [i.IFLA_INFO_DATA]: chosenAttributes(({ said }) => ofKind(dataOf, said?.kind)),
    [i.IFLA_INFO_XSTATS]: careful(
      (out, raw, at, length, context) =>
        ofKind(statisticsOf, context.said?.kind)?.(out, raw, at, length, context) ?? false,
    ),
    [i.IFLA_INFO_SLAVE_KIND]: kind('portKind'),
    [i.IFLA_INFO_SLAVE_DATA]: chosenAttributes(({ said }) => ofKind(portDataOf, said?.portKind)),
  },
}

export const linkInfo: NetlinkValue = careful((out, raw, at, length, context) => {
  printAttributes(out, raw, at, length, infoAttributes, { ...context, said: {} })
  return true
})
