/** nlmsghdr: `{nlmsg_len=20, nlmsg_type=RTM_GETADDR, nlmsg_flags=NLM_F_REQUEST|NLM_F_DUMP, nlmsg_seq=1, nlmsg_pid=0}`. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { hash, type Raw } from '../addresses/raw.ts'
import { lookUp, nameTable, printFlags, printValue } from '../names.ts'
import { rawProcessId } from '../process-ids.ts'
import type { NetlinkContext } from './values.ts'

/** Types below are the same for all protocols. */
export const leastType = 16
export const messageType = { noop: 1, error: 2, done: 3 } as const

const p = sets.netlink_protocols.values
export const protocols = {
  route: p.NETLINK_ROUTE,
  sockDiag: p.NETLINK_SOCK_DIAG,
  netfilter: p.NETLINK_NETFILTER,
  generic: p.NETLINK_GENERIC,
  selinux: p.NETLINK_SELINUX,
  xfrm: p.NETLINK_XFRM,
} as const

/** The names of a protocol's own types. */
const types: { readonly [protocol: number]: readonly [set: NameSet, unknown: string] } = {
  [p.NETLINK_ROUTE]: [sets.nl_route_types, 'RTM_???'],
  [p.NETLINK_SOCK_DIAG]: [sets.nl_sock_diag_types, 'SOCK_DIAG_???'],
  [p.NETLINK_XFRM]: [sets.nl_xfrm_types, 'XFRM_MSG_???'],
  [p.NETLINK_SELINUX]: [sets.nl_selinux_types, 'SELNL_MSG_???'],
  [p.NETLINK_AUDIT]: [sets.nl_audit_types, 'AUDIT_???'],
  [p.NETLINK_CRYPTO]: [sets.nl_crypto_types, 'CRYPTO_MSG_???'],
}

/** Families of NETLINK_GENERIC that have a number of their own; the kernel gives the others theirs as they come. */
const fixedFamilies: NameSet = {
  name: 'genl_families',
  kind: 'value',
  values: { nlctrl: 16, VFS_DQUOT: 17, pmcraid: 18 },
}

const mostFamilies = 1000
/** Sets by the lines that a capture noted: the same ones with every message, as long as the machine is the same. */
const noted = new Map<string, NameSet>()

/** The families that a capture found: lines of number, space and name. */
export function familiesOf(note: Uint8Array): NameSet {
  const lines = Buffer.from(note).toString('latin1')
  let set = noted.get(lines)
  if (set === undefined) {
    const values: { [name: string]: number } = {}
    for (const line of lines.split('\n', mostFamilies)) {
      const [, id, name] = /^(\d{1,5}) ([\w.-]{1,31})$/.exec(line) ?? []
      if (name !== undefined) values[name] = Number(id)
    }
    set = { name: fixedFamilies.name, kind: 'value', values }
    // Bounded: a recording may have others with every message.
    if (noted.size < 16) noted.set(lines, set)
  }
  return set
}

/** What a request does tells which flags it may have. */
const byAction = [sets.netlink_new_flags, sets.netlink_delete_flags, sets.netlink_get_flags]

function moreFlags(type: number, protocol: number, name: string): NameSet | undefined {
  if (type < leastType) return type === messageType.error ? sets.netlink_ack_flags : undefined
  // Actions are deleted by what a dump would find.
  if (protocol === protocols.route && type === sets.nl_route_types.values.RTM_DELACTION) return byAction[2]
  if (protocol === protocols.route) return byAction[type & 3]
  if (protocol === protocols.sockDiag) return sets.netlink_get_flags
  if (protocol === protocols.netfilter)
    return /_NEW/.test(name)
      ? byAction[0]
      : /_DEL/.test(name)
        ? byAction[1]
        : /_GET/.test(name)
          ? byAction[2]
          : undefined
  if (protocol !== protocols.xfrm) return undefined
  return /_NEW/.test(name)
    ? byAction[0]
    : /_DEL/.test(name)
      ? byAction[1]
      : /_GET(SA|POLICY|AE)$/.test(name)
        ? byAction[2]
        : undefined
}

export function printHeader(
  out: TextBuffer,
  raw: Raw,
  at: number,
  { style, arch, protocol, families }: NetlinkContext,
): void {
  const { view } = raw
  const type = view.getUint16(at + 4, true)
  const [set, unknown] = types[protocol] ?? [sets.netlink_types, 'NLMSG_???']
  out.put(`{nlmsg_len=${view.getUint32(at, true)}, nlmsg_type=`)
  if (type < leastType) printValue(out, [nameTable(sets.netlink_types, arch)], type, 0, style, 'NLMSG_???')
  else if (protocol === protocols.netfilter) printNetfilterType(out, type, style, arch)
  else if (protocol === protocols.generic)
    printValue(out, [nameTable(families ?? fixedFamilies, arch)], type, 0, style, 'GENERIC_FAMILY_???')
  else printValue(out, [nameTable(set, arch)], type, 0, style, unknown)
  const own =
    protocol === protocols.netfilter
      ? lookUp([nameTable(netfilterTypes[type >> 8]?.[0] ?? set, arch)], type & 0xff, 0)
      : lookUp([nameTable(set, arch)], type, 0)
  const more = moreFlags(type, protocol, own ?? '')
  out.put(', nlmsg_flags=')
  const tables = [nameTable(sets.netlink_flags, arch)]
  if (more !== undefined) tables.push(nameTable(more, arch))
  printFlags(out, tables, view.getUint16(at + 6, true), 0, style, 'NLM_F_???')
  out.put(`, nlmsg_seq=${view.getUint32(at + 8, true)}, nlmsg_pid=`)
  rawProcessId(out, raw, view.getInt32(at + 12, true), style)
  out.putChar('}')
}

/** The part of netfilter that is spoken to, then what is said to it. */
function printNetfilterType(
  out: TextBuffer,
  type: number,
  style: NetlinkContext['style'],
  arch: NetlinkContext['arch'],
): void {
  const whole = [nameTable(sets.nl_netfilter_msg_types, arch)]
  if (lookUp(whole, type, 0) !== undefined) return printValue(out, whole, type, 0, style)
  printValue(out, [nameTable(sets.nl_netfilter_subsys_ids, arch)], type >> 8, 0, style, 'NFNL_SUBSYS_???')
  out.put('<<8|')
  const set = netfilterTypes[type >> 8]
  if (set === undefined) hash(out, type & 0xff)
  else printValue(out, [nameTable(set[0], arch)], type & 0xff, 0, style, set[1])
}
const n = sets.nl_netfilter_subsys_ids.values
const netfilterTypes: { readonly [part: number]: readonly [set: NameSet, unknown: string] } = {
  [n.NFNL_SUBSYS_CTNETLINK]: [sets.nf_ctnetlink_msg_types, 'IPCTNL_MSG_CT_???'],
  [n.NFNL_SUBSYS_CTNETLINK_EXP]: [sets.nf_ctnetlink_exp_msg_types, 'IPCTNL_MSG_EXP_???'],
  [n.NFNL_SUBSYS_QUEUE]: [sets.nf_queue_msg_types, 'NFQNL_MSG_???'],
  [n.NFNL_SUBSYS_ULOG]: [sets.nf_ulog_msg_types, 'NFULNL_MSG_???'],
  [n.NFNL_SUBSYS_OSF]: [sets.nf_osf_msg_types, 'OSF_MSG_???'],
  [n.NFNL_SUBSYS_IPSET]: [sets.nf_ipset_msg_types, 'IPSET_CMD_???'],
  [n.NFNL_SUBSYS_ACCT]: [sets.nf_acct_msg_types, 'NFNL_MSG_ACCT_???'],
  [n.NFNL_SUBSYS_CTNETLINK_TIMEOUT]: [sets.nf_cttimeout_msg_types, 'IPCTNL_MSG_TIMEOUT_???'],
  [n.NFNL_SUBSYS_CTHELPER]: [sets.nf_cthelper_msg_types, 'NFNL_MSG_CTHELPER_???'],
  [n.NFNL_SUBSYS_NFTABLES]: [sets.nf_tables_msg_types, 'NFT_MSG_???'],
  [n.NFNL_SUBSYS_NFT_COMPAT]: [sets.nf_nft_compat_msg_types, 'NFNL_MSG_COMPAT_???'],
}
