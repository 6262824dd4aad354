/** What NETLINK_SOCK_DIAG's messages hold: questions about sockets, and the answers. */
import * as sets from '../../../abi/sets.ts'
import type { NameSet } from '../../../types/language.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { interfaceIndex } from '../addresses/interfaces.ts'
import { inet4, inet6Field, port } from '../addresses/internet.ts'
import { quoteHex, type Raw } from '../addresses/raw.ts'
import { bracketed } from '../lists.ts'
import { nameTable, printFlags, printValue } from '../names.ts'
import { device } from '../scalars.ts'
import { type AttributeSet, attributes, printAttributes } from './attributes.ts'
import {
  addressOf,
  flags,
  indexed,
  type NetlinkContext,
  type NetlinkValue,
  names,
  numbers,
  s32,
  sized,
  text,
  u8,
  u32,
  u64,
  unknown,
} from './values.ts'

/** Bits by the number of a state: `1<<TCP_LISTEN`. */
const bits = (set: NameSet, name: string, spell: (name: string) => string, by: number): NameSet => ({
  name,
  kind: 'flags',
  values: Object.fromEntries(Object.entries(set.values).map(([n, v]) => [`1<<${spell(n)}`, Number(v) / by])),
})
const states: NameSet = bits(sets.tcp_state_flags, 'tcp_state_bits', name => name, 1)
/** Extensions count from one, their bits from none. */
const extensions: NameSet = bits(sets.inet_diag_extended_flags, 'inet_diag_bits', name => `(${name}-1)`, 2)

const cookie = (out: TextBuffer, { view }: Raw, at: number): void =>
  out.put(`[${view.getUint32(at, true)}, ${view.getUint32(at + 4, true)}]`)

/** inet_diag_sockid. */
function socketId(out: TextBuffer, raw: Raw, at: number, family: number, { style }: NetlinkContext): void {
  const address = (name: string, place: number): void => {
    out.put(', ')
    if (family === 10) return inet6Field(out, raw, place, name, style)
    out.put(`${name}=`)
    if (family === 2) inet4(out, raw, place, style)
    else quoteHex(out, raw.bytes, place, place + 16)
  }
  out.put('{idiag_sport=')
  port(out, raw, at, style)
  out.put(', idiag_dport=')
  port(out, raw, at + 2, style)
  address('idiag_src', at + 4)
  address('idiag_dst', at + 20)
  out.put(', idiag_if=')
  interfaceIndex(out, raw.view.getUint32(at + 36, true), style)
  out.put(', idiag_cookie=')
  cookie(out, raw, at + 40)
  out.putByte(125)
}

const all = (value: NetlinkValue, ...types: readonly number[]): AttributeSet['values'] =>
  Object.fromEntries(types.map(type => [type, value]))
const memory = indexed(sets.netlink_sk_meminfo_indices, 4, false)

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
const options: NetlinkValue = sized(2, (out: TextBuffer, { view }: Raw, at: number) => {
  const set = view.getUint16(at, true)
  let some = false
  out.putByte(123)
  switches.forEach((name, i) => {
    if ((set & (1 << i)) === 0) return
    out.put(`${some ? ', ' : ''}${name}=1`)
    some = true
  })
  const rest = set >> switches.length
  if (rest !== 0) out.put(`${some ? ', ' : ''}unused=0x${rest.toString(16)} /* bits 3..8 */`)
  out.putByte(125)
})
const dctcp: NetlinkValue = sized(16, (out: TextBuffer, { view }: Raw, at: number) =>
  out.put(
    `{dctcp_enabled=${view.getUint16(at, true)}, dctcp_ce_state=${view.getUint16(at + 2, true)}, dctcp_alpha=${view.getUint32(at + 4, true)}, dctcp_ab_ecn=${view.getUint32(at + 8, true)}, dctcp_ab_tot=${view.getUint32(at + 12, true)}}`,
  ),
)

const i = sets.inet_diag_attrs.values
const internetAttributes: AttributeSet = {
  names: sets.inet_diag_attrs,
  unknown: 'INET_DIAG_???',
  values: {
    [i.INET_DIAG_MEMINFO]: numbers(['idiag_rmem', 'idiag_wmem', 'idiag_fmem', 'idiag_tmem']),
    [i.INET_DIAG_VEGASINFO]: numbers(['tcpv_enabled', 'tcpv_rttcnt', 'tcpv_rtt', 'tcpv_minrtt']),
    [i.INET_DIAG_CONG]: text,
    ...all(u8, i.INET_DIAG_TOS, i.INET_DIAG_TCLASS, i.INET_DIAG_SKV6ONLY),
    [i.INET_DIAG_SKMEMINFO]: memory,
    [i.INET_DIAG_SHUTDOWN]: (out, raw, at, length, context) =>
      flags(sets.sock_shutdown_flags, 1)(out, raw, at, length, {
        ...context,
        style: context.style.constants === 'raw' ? context.style : { ...context.style, constants: 'verbose' },
      }),
    [i.INET_DIAG_DCTCPINFO]: dctcp,
    [i.INET_DIAG_PROTOCOL]: names(sets.inet_protocols, 1),
    ...all(u32, i.INET_DIAG_MARK, i.INET_DIAG_CLASS_ID),
    [i.INET_DIAG_BBRINFO]: numbers(
      ['bbr_bw_lo', 'bbr_bw_hi', 'bbr_min_rtt', 'bbr_pacing_gain', 'bbr_cwnd_gain'],
      ['bbr_bw_lo', 'bbr_bw_hi'],
    ),
    [i.INET_DIAG_ULP_INFO]: attributes({
      names: sets.inet_diag_ulp_info_attrs,
      unknown: 'INET_ULP_INFO_???',
      values: {},
    }),
    [i.INET_DIAG_CGROUP_ID]: u64,
    [i.INET_DIAG_SOCKOPT]: options,
  },
}

const u = sets.unix_diag_attrs.values
const unixAttributes: AttributeSet = {
  names: sets.unix_diag_attrs,
  unknown: 'UNIX_DIAG_???',
  values: {
    [u.UNIX_DIAG_NAME]: text,
    [u.UNIX_DIAG_VFS]: sized(8, (out: TextBuffer, { view }: Raw, at: number, { style }: NetlinkContext) => {
      const dev = view.getUint32(at, true)
      out.put('{udiag_vfs_dev=')
      // The kernel's own encoding of a device: the major number above 20 bits.
      device(out, ((dev & 0xff) | ((dev & 0xfff00) << 12) | ((dev >>> 20) << 8)) >>> 0, 0, style)
      out.put(`, udiag_vfs_ino=${view.getUint32(at + 4, true)}}`)
    }),
    [u.UNIX_DIAG_PEER]: u32,
    [u.UNIX_DIAG_ICONS]: (out, { view }, at, length, { style }) => {
      if (length < 4) return false
      bracketed(out, Math.floor(length / 4), style, n => out.dec(view.getUint32(at + n * 4, true)))
      return true
    },
    [u.UNIX_DIAG_RQLEN]: numbers(['udiag_rqueue', 'udiag_wqueue']),
    [u.UNIX_DIAG_MEMINFO]: memory,
    [u.UNIX_DIAG_SHUTDOWN]: u8,
    [u.UNIX_DIAG_UID]: s32,
  },
}

/** A structure of `bytes`, which is cut to its family where it is shorter. */
interface Diagnosis {
  readonly bytes: number
  readonly family: string
  readonly attributes: AttributeSet | undefined
  readonly print: (out: TextBuffer, raw: Raw, at: number, context: NetlinkContext) => void
}

const unixRequest: Diagnosis = {
  bytes: 24,
  family: 'sdiag_family',
  attributes: undefined,
  print: (out, raw, at, { style, arch }) => {
    const { view, bytes } = raw
    out.put(`, sdiag_protocol=${bytes[at + 1]}, udiag_states=`)
    printFlags(out, [nameTable(states, arch)], view.getUint32(at + 4, true), 0, style, 'TCP_???')
    out.put(`, udiag_ino=${view.getUint32(at + 8, true)}, udiag_show=`)
    printFlags(out, [nameTable(sets.unix_diag_show, arch)], view.getUint32(at + 12, true), 0, style)
    out.put(', udiag_cookie=')
    cookie(out, raw, at + 16)
  },
}
const unixAnswer: Diagnosis = {
  bytes: 16,
  family: 'udiag_family',
  attributes: unixAttributes,
  print: (out, raw, at, { style, arch }) => {
    const { view, bytes } = raw
    out.put(', udiag_type=')
    printValue(out, [nameTable(sets.socktypes, arch)], bytes[at + 1]!, 0, style)
    out.put(', udiag_state=')
    printValue(out, [nameTable(sets.tcp_states, arch)], bytes[at + 2]!, 0, style)
    out.put(`, udiag_ino=${view.getUint32(at + 4, true)}, udiag_cookie=`)
    cookie(out, raw, at + 8)
  },
}
const internetRequest: Diagnosis = {
  bytes: 56,
  family: 'sdiag_family',
  attributes: { names: sets.inet_diag_req_attrs, unknown: 'INET_DIAG_REQ_???', values: {} },
  print: (out, raw, at, context) => {
    const { style, arch } = context
    const { view, bytes } = raw
    out.put(', sdiag_protocol=')
    printValue(out, [nameTable(sets.inet_protocols, arch)], bytes[at + 1]!, 0, style)
    out.put(', idiag_ext=')
    printFlags(out, [nameTable(extensions, arch)], bytes[at + 2]!, 0, style, '1<<INET_DIAG_???')
    out.put(', idiag_states=')
    printFlags(out, [nameTable(states, arch)], view.getUint32(at + 4, true), 0, style, 'TCP_???')
    out.put(', id=')
    socketId(out, raw, at + 8, bytes[at]!, context)
  },
}
const internetAnswer: Diagnosis = {
  bytes: 72,
  family: 'idiag_family',
  attributes: internetAttributes,
  print: (out, raw, at, context) => {
    const { style, arch } = context
    const { view, bytes } = raw
    out.put(', idiag_state=')
    printValue(out, [nameTable(sets.tcp_states, arch)], bytes[at + 1]!, 0, style)
    out.put(`, idiag_timer=${bytes[at + 2]}, idiag_retrans=${bytes[at + 3]}, id=`)
    socketId(out, raw, at + 4, bytes[at]!, context)
    out.put(`, idiag_expires=${view.getUint32(at + 52, true)}, idiag_rqueue=${view.getUint32(at + 56, true)}`)
    out.put(
      `, idiag_wqueue=${view.getUint32(at + 60, true)}, idiag_uid=${view.getUint32(at + 64, true)}, idiag_inode=${view.getUint32(at + 68, true)}`,
    )
  },
}

/** Prints the payload of a message; what comes from a program is a question. */
export function printSockDiag(
  out: TextBuffer,
  raw: Raw,
  at: number,
  length: number,
  isRequest: boolean,
  context: NetlinkContext,
): void {
  if (at >= context.end) return addressOf(out, at, context)
  const family = raw.bytes[at]!
  const known =
    family === 1
      ? isRequest
        ? unixRequest
        : unixAnswer
      : family === 2 || family === 10
        ? isRequest
          ? internetRequest
          : internetAnswer
        : undefined
  if (known === undefined) {
    out.put('{family=')
    printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
    if (length > 1) out.put(', data=')
    if (length > 1 && at + length > context.end) addressOf(out, at + 1, context)
    else if (length > 1) {
      unknown(out, raw, at + 1, length - 1, context.style)
    }
    out.putByte(125)
    return
  }
  out.put(`{${known.family}=`)
  printValue(out, [nameTable(sets.addrfams, context.arch)], family, 0, context.style)
  if (length < known.bytes) {
    out.put(', ...}')
    return
  }
  if (at + known.bytes > context.end) {
    out.put(', ')
    addressOf(out, at + 1, context)
  } else known.print(out, raw, at, context)
  out.putByte(125)
  if (length <= known.bytes || known.attributes === undefined) return
  out.put(', ')
  printAttributes(out, raw, at + known.bytes, length - known.bytes, known.attributes, context)
}
