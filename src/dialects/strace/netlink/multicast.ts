/** Attributes about multicast groups of a bridge, and about the ports that lead to routers. */
import * as sets from '../../../abi/sets.ts'
import { nameTable, printValue } from '../names.ts'
import { type AttributeSet, attributes, headed } from './attributes.ts'
import { address, dec, field, flags, inner, link, structure, value } from './fields.ts'
import { index, names, ticks } from './values.ts'

const entryBytes = 28
/** strace takes the protocol of the group's address (ETH_P_…) for an address family. */
const family = 24
const entry = structure(entryBytes, [
  link('ifindex', 0),
  value('state', 4, 1, sets.mdb_states, 'MDB_???'),
  flags('flags', 5, 1, sets.mdb_flags, 'MDB_FLAGS_???'),
  dec('vid', 6, 2),
  inner('addr', 0, [
    address('u', 8, ({ view }, at) => view.getUint16(at + family, false)),
    field('proto', (out, { view }, at, { style, arch }) => {
      out.put('htons(')
      printValue(out, [nameTable(sets.addrfams, arch)], view.getUint16(at + family, false), 0, style)
      out.putChar(')')
    }),
  ]),
])

const ofEntry: AttributeSet = {
  names: sets.rtnl_mdba_mdb_eattr_attrs,
  unknown: 'MDBA_MDB_EATTR_???',
  values: { 1: ticks },
}
const entries: AttributeSet = {
  names: sets.rtnl_mdba_mdb_entry_attrs,
  unknown: 'MDBA_MDB_ENTRY_???',
  values: { 1: headed(entryBytes, entry, ofEntry) },
}
const groups: AttributeSet = {
  names: sets.rtnl_mdba_mdb_attrs,
  unknown: 'MDBA_MDB_???',
  values: { 1: attributes(entries) },
}

const ofPort: AttributeSet = {
  names: sets.rtnl_mdba_router_pattr_attrs,
  unknown: 'MDBA_ROUTER_PATTR_???',
  values: { 1: ticks, 2: names(sets.multicast_router_types, 1, 'MDB_RTR_TYPE_???'), 3: ticks, 4: ticks },
}
const routers: AttributeSet = {
  names: sets.rtnl_mdba_router_attrs,
  unknown: 'MDBA_ROUTER_???',
  values: { 1: headed(4, index, ofPort) },
}

export const multicastAttributes: AttributeSet = {
  names: sets.rtnl_mdb_attrs,
  unknown: 'MDBA_???',
  values: { 1: attributes(groups), 2: attributes(routers) },
}
