/** What is said of a socket, as `TCP:[127.0.0.1:80->127.0.0.1:4711]`, whoever has looked it up. */
import { addrfams, netlink_protocols } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { align8, Range, RangeKind } from '../../record/layout.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'

const { AF_INET } = addrfams.values
const mostText = 128

/** Protocols as the kernel names them, as we do, and whose addresses are shown. */
const internet: { readonly [name: string]: string } = {
  TCP: 'TCP',
  TCPv6: 'TCPv6',
  // Its addresses are those of the connection that it began with.
  MPTCP: 'TCP',
  MPTCPv6: 'TCPv6',
  UDP: 'UDP',
  UDPv6: 'UDPv6',
  'UDP-Lite': 'UDPLITE',
  UDPLITEv6: 'UDPLITEv6',
  DCCP: 'DCCP',
  DCCPv6: 'DCCPv6',
  SCTP: 'SCTP',
  SCTPv6: 'SCTPv6',
}
/** Of these the number alone is shown. */
const numbered: readonly string[] = ['RAW', 'RAWv6']
const common = { TCP: 1, TCPv6: 1, UDP: 1, UDPv6: 1 }

/** What is asked for where the protocol has it. */
export interface SocketDetails {
  /** `ROUTE:1234`, undefined for one without an address. */
  netlink(): string | undefined
  /** `local` or `local->remote`, undefined when there are none. */
  addresses(): string | undefined
  /** The inode of the peer, 0 for none; the name, null when it has none: an abstract one begins with NUL. */
  unix(): { readonly peer: number; readonly name: Uint8Array | null }
}

/** Notes the socket `fd`. Nothing is a note too: after dup2 there may be one of what stood there before. */
export function noteSocket(
  record: RecordBuilder,
  fd: number,
  protocol: string,
  inode: number,
  details: SocketDetails,
): void {
  if (protocol.startsWith('UNIX')) {
    const { peer, name } = details.unix()
    const text = `${protocol}:[${inode}${peer > 0 ? `->${peer}` : ''}`
    write(record, fd, name === null ? `${text}]` : text, name)
    return
  }
  let text = ''
  if (protocol === 'NETLINK') text = `NETLINK:[${details.netlink() ?? inode}]`
  else if (internet[protocol] !== undefined) {
    const addresses = details.addresses()
    // Without an address the kernel's diagnosis, which others ask, does not know one of the rarer kinds.
    if (addresses !== undefined) text = `${internet[protocol]}:[${addresses}]`
    else if (protocol in common) text = `${protocol}:[${inode}]`
  } else if (numbered.includes(protocol)) text = `${protocol}:[${inode}]`
  write(record, fd, text, null)
}

const netlinkNames = new Map<number, string>(
  Object.entries(netlink_protocols.values).map(([name, value]) => [
    Number(value),
    name.slice('NETLINK_'.length),
  ]),
)
/** A netlink socket's protocol and address. */
export const netlinkText = (protocol: number, port: number): string =>
  `${netlinkNames.get(protocol) ?? protocol}:${port}`

let scratch: NativeMemory | undefined

/** An internet address with its port. */
export function addressText(family: number, address: Uint8Array, port: number): string | undefined {
  scratch ??= new NativeMemory(mostText + 16)
  scratch.bytes.set(address, mostText)
  if (libc.inet_ntop(family, scratch.address + mostText, scratch.address, mostText) === 0) return undefined
  const text = Buffer.from(scratch.bytes.subarray(0, scratch.bytes.indexOf(0))).toString('latin1')
  return family === AF_INET ? `${text}:${port}` : `[${text}]:${port}`
}

/** Appends the note: a text, and behind a NUL the name. */
function write(record: RecordBuilder, fd: number, text: string, name: Uint8Array | null): void {
  const length = text.length + (name === null ? 0 : 1 + name.length)
  if (!record.hasRoom(align8(length))) return
  const at = record.at + Range.bytes
  for (let i = 0; i < text.length; i++) record.bytes[at + i] = text.charCodeAt(i)
  if (name !== null) {
    record.bytes[at + text.length] = 0
    record.bytes.set(name, at + text.length + 1)
  }
  record.note(RangeKind.socket, fd, length)
}
