/** Questions about sockets of the internet, and the answers: inet_diag_req, inet_diag_req_v2, inet_diag_msg. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { port } from '../addresses/internet.ts'
import { numbered, quoteHex, type Raw } from '../addresses/raw.ts'
import { addressBytes, printAddress } from '../specials/sockaddr.ts'
import { type AttributeSet, attributes } from './attributes.ts'
import { address, type Field, field } from './fields.ts'
import { bytecode } from './internet-diag-bytecode.ts'
import { storages, upperProtocol } from './internet-diag-protocols.ts'
import { type Members, membersOf } from './members.ts'
import {
  flags,
  indexed,
  listOf,
  type NetlinkValue,
  names,
  numbers,
  sized,
  text,
  u8,
  u32,
  u64,
  unknown,
} from './values.ts'

/** A structure, which is cut to its family where it is shorter. */
export interface Diagnosis {
  readonly members: Members
  readonly family: string
  readonly attributes: AttributeSet | undefined
  /** Those after the family. */
  readonly fields: readonly Field[]
}

/** Bits by the number of a state: `1<<TCP_LISTEN`. */
const bits = (set: NameSet, name: string, spell: (name: string) => string, by: number): NameSet => ({
  name,
  kind: 'flags',
  values: Object.fromEntries(Object.entries(set.values).map(([n, v]) => [`1<<${spell(n)}`, Number(v) / by])),
})
export const states: NameSet = bits(sets.tcp_state_flags, 'tcp_state_bits', name => name, 1)
/** Extensions count from one, their bits from none. */
export const extensionBits = (set: NameSet, name: string): NameSet => bits(set, name, n => `(${n}-1)`, 2)
const extensions = extensionBits(sets.inet_diag_extended_flags, 'inet_diag_bits')

const inId = membersOf('inet_diag_sockid')
const portField = (name: string): Field =>
  inId.of(name, ({ offset }) => field(name, (out, raw, at, { style }) => port(out, raw, at + offset, style)))
const addressField = (name: string, family: number | undefined): Field =>
  inId.printed(name, ({ offset }) => address(name, offset, (_raw, _at, context) => family ?? context.family))
/** inet_diag_sockid; whose addresses they are stands first in the message, where it is not `family`. */
export const socketId = (members: Members, family?: number): Field =>
  members.inner('id', [
    portField('idiag_sport'),
    portField('idiag_dport'),
    addressField('idiag_src', family),
    addressField('idiag_dst', family),
    inId.link('idiag_if'),
    inId.cookie('idiag_cookie'),
  ])

const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))
export const memory = indexed(sets.netlink_sk_meminfo_indices, 4, false)
export const shutdown = flags(sets.sock_shutdown_flags, 1, '???_SHUTDOWN')

/** The two bytes of a socket's switches. */
const switches = [
  'recverr',
  'is_icsk',
  'freebind',
  'hdrincl',
  'mc_loop',
  'transparent',
  'mc_all',
  'nodefrag',
  'bind_address_no_port',
  'recverr_rfc4884',
  'defer_connect',
]
const switchBytes = 2
const options: NetlinkValue = (out, raw, at, length, { style }) => {
  if (length < switchBytes) return false
  const set = raw.view.getUint16(at, true)
  let some = false
  out.putChar('{')
  switches.forEach((name, i) => {
    if ((set & (1 << i)) === 0) return
    out.put(`${some ? ', ' : ''}${name}=1`)
    some = true
  })
  const rest = set >> switches.length
  if (rest !== 0) out.put(`${some ? ', ' : ''}unused=0x${rest.toString(16)} /* bits 3..8 */`)
  out.putChar('}')
  if (raw.bytes.subarray(at + switchBytes, at + length).every(byte => byte === 0)) return true
  out.put(`, /* bytes ${switchBytes}..${length - 1} */ `)
  unknown(out, raw, at + switchBytes, length - switchBytes, style)
  return true
}
const congestion = membersOf('tcp_dctcp_info')
const dctcp: NetlinkValue = congestion.structure([
  congestion.dec('dctcp_enabled'),
  congestion.dec('dctcp_ce_state'),
  congestion.dec('dctcp_alpha'),
  congestion.dec('dctcp_ab_ecn'),
  congestion.dec('dctcp_ab_tot'),
])

const key = membersOf('tcp_diag_md5sig')
const signature = key.structure([
  key.value('tcpm_family', sets.addrfams),
  key.dec('tcpm_prefixlen'),
  key.dec('tcpm_keylen'),
  key.printed('tcpm_addr', ({ offset }) => address('tcpm_addr', offset, ({ bytes }, at) => bytes[at]!)),
  key.of('tcpm_key', ({ offset, size }) =>
    field('tcpm_key', (out, { view, bytes }, at) => {
      const length = Math.min(view.getUint16(at + key.at('tcpm_keylen'), true), size)
      quoteHex(out, bytes, at + offset, at + offset + length)
    }),
  ),
])
const signatures = listOf(key, (out, raw, at, context) => signature(out, raw, at, key.bytes, context))
const addresses = listOf(addressBytes, (out, raw, at, context) =>
  printAddress(out, raw, at, addressBytes, context),
)

const i = sets.inet_diag_attrs.values
const ofAnswer: AttributeSet = {
  names: sets.inet_diag_attrs,
  unknown: 'INET_DIAG_???',
  values: {
    [i.INET_DIAG_MEMINFO]: numbers(['idiag_rmem', 'idiag_wmem', 'idiag_fmem', 'idiag_tmem']),
    [i.INET_DIAG_VEGASINFO]: numbers(['tcpv_enabled', 'tcpv_rttcnt', 'tcpv_rtt', 'tcpv_minrtt']),
    [i.INET_DIAG_CONG]: text,
    ...all(u8, i.INET_DIAG_TOS, i.INET_DIAG_TCLASS, i.INET_DIAG_SKV6ONLY),
    [i.INET_DIAG_SKMEMINFO]: memory,
    [i.INET_DIAG_SHUTDOWN]: sized(1, (out: TextBuffer, raw: Raw, at, context) =>
      shutdown(out, raw, at, 1, { ...context, style: numbered(context.style) }),
    ),
    [i.INET_DIAG_DCTCPINFO]: dctcp,
    [i.INET_DIAG_PROTOCOL]: names(sets.inet_protocols, 1),
    ...all(addresses, i.INET_DIAG_LOCALS, i.INET_DIAG_PEERS),
    ...all(u32, i.INET_DIAG_MARK, i.INET_DIAG_CLASS_ID),
    [i.INET_DIAG_BBRINFO]: numbers(
      ['bbr_bw_lo', 'bbr_bw_hi', 'bbr_min_rtt', 'bbr_pacing_gain', 'bbr_cwnd_gain'],
      ['bbr_bw_lo', 'bbr_bw_hi'],
    ),
    [i.INET_DIAG_MD5SIG]: signatures,
    [i.INET_DIAG_ULP_INFO]: attributes(upperProtocol),
    [i.INET_DIAG_SK_BPF_STORAGES]: attributes(storages),
    [i.INET_DIAG_CGROUP_ID]: u64,
    [i.INET_DIAG_SOCKOPT]: options,
  },
}

const r = sets.inet_diag_req_attrs.values
const ofQuestion: AttributeSet = {
  names: sets.inet_diag_req_attrs,
  unknown: 'INET_DIAG_REQ_???',
  values: {
    [r.INET_DIAG_REQ_BYTECODE]: bytecode,
    [r.INET_DIAG_REQ_PROTOCOL]: names(sets.inet_protocols, 4, 'IPPROTO_???'),
  },
}

/** Questions of the older kind, of which each protocol has a type. */
const asked = membersOf('inet_diag_req')
export const olderInternetQuestion: Diagnosis = {
  members: asked,
  family: 'idiag_family',
  attributes: ofQuestion,
  fields: [
    asked.dec('idiag_src_len'),
    asked.dec('idiag_dst_len'),
    asked.flags('idiag_ext', extensions, '1<<INET_DIAG_???'),
    socketId(asked),
    asked.flags('idiag_states', states, '1<<TCP_???'),
    asked.dec('idiag_dbs'),
  ],
}
const askedToday = membersOf('inet_diag_req_v2')
export const internetQuestion: Diagnosis = {
  members: askedToday,
  family: 'sdiag_family',
  attributes: ofQuestion,
  fields: [
    askedToday.value('sdiag_protocol', sets.inet_protocols),
    askedToday.flags('idiag_ext', extensions, '1<<INET_DIAG_???'),
    askedToday.flags('idiag_states', states, 'TCP_???'),
    socketId(askedToday),
  ],
}
const told = membersOf('inet_diag_msg')
export const internetAnswer: Diagnosis = {
  members: told,
  family: 'idiag_family',
  attributes: ofAnswer,
  fields: [
    told.value('idiag_state', sets.tcp_states),
    told.dec('idiag_timer'),
    told.dec('idiag_retrans'),
    socketId(told),
    told.dec('idiag_expires'),
    told.dec('idiag_rqueue'),
    told.dec('idiag_wqueue'),
    told.dec('idiag_uid'),
    told.dec('idiag_inode'),
  ],
}
