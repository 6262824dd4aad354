/** What NETLINK_NETFILTER's messages begin with: nfgenmsg. */
import * as sets from '../../../abi/sets.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import type { Raw } from '../addresses/raw.ts'
import { nameTable, printValue } from '../names.ts'
import { type AttributeSet, printAttributes } from './attributes.ts'
import { field, structure, value } from './fields.ts'
import { addressOf, type NetlinkContext, unknown } from './values.ts'

const bytes = 4
const resource = 2
const versions = { name: 'nfnetlink_versions', kind: 'value', values: { NFNETLINK_V0: 0 } } as const
const part = sets.nl_netfilter_subsys_ids.values
const batch = sets.nl_netfilter_msg_types.values.NFNL_MSG_BATCH_BEGIN

/** Messages of nftables may name that part of netfilter: in network order, but there were programs that did not. */
const head = (type: number) =>
  structure(bytes, [
    value('nfgen_family', 0, 1, sets.addrfams),
    value('version', 1, 1, versions, 'NFNETLINK_???'),
    field('res_id', (out, { view }, at, { style, arch }) => {
      const names = [nameTable(sets.nl_netfilter_subsys_ids, arch)]
      const inOrder = view.getUint16(at + resource, false)
      const isPart = type >> 8 === part.NFNL_SUBSYS_NFTABLES
      if (isPart && view.getUint16(at + resource, true) === part.NFNL_SUBSYS_NFTABLES)
        return printValue(out, names, part.NFNL_SUBSYS_NFTABLES, 0, style)
      out.put('htons(')
      if (isPart && inOrder === part.NFNL_SUBSYS_NFTABLES) printValue(out, names, inOrder, 0, style)
      else out.dec(inOrder)
      out.putChar(')')
    }),
  ])

/** What they are depends on the part of netfilter and the type; their kinds are shown as numbers. */
const someAttributes: AttributeSet = {
  names: { name: 'nf_attributes', kind: 'value', values: {} },
  unknown: '',
  values: {},
}

/** Prints the payload of a message of `type`; false when it is none. */
export function printNetfilter(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  type: number,
  context: NetlinkContext,
): boolean {
  if (!head(type)(out, raw, at, length, context)) return false
  const [rest, left] = [at + bytes, length - bytes]
  if (left <= 0 || rest > context.end) return true
  out.put(', ')
  if (type !== batch) printAttributes(out, raw, rest, left, someAttributes, context)
  else if (rest + Math.min(left, context.style.stringLimit) > context.end) addressOf(out, rest, context)
  else unknown(out, raw, rest, left, context.style)
  return true
}
