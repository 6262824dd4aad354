/** What a tracee's sockets are and whom they talk to, as `TCP:[127.0.0.1:80->127.0.0.1:4711]`. */
import { netlink_protocols } from '../../abi/sets.ts'
import { align8, Range, RangeKind } from '../../record/layout.ts'
import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'
import { copyDescriptor } from './pidfd.ts'
import type { RecordBuilder } from './record-builder.ts'
import { UnixDiag } from './unix-diag.ts'

const AF_INET = 2
const AF_INET6 = 10
const SOL_SOCKET = 1
const SO_PROTOCOL = 38
const mostText = 128

/** Protocols as the kernel names them, as we do, and whose addresses are shown. */
const internet: { readonly [name: string]: string } = {
  TCP: 'TCP',
  TCPv6: 'TCPv6',
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

/** Places in the scratch memory. */
const place = { attribute: 0, name: 32, length: 64, local: 80, remote: 208, text: 336, bytes: 512 } as const

export class SocketNotes {
  readonly #memory = new NativeMemory(place.bytes)
  readonly #unix = new UnixDiag()

  constructor() {
    const attribute = 'system.sockprotoname'
    for (let i = 0; i < attribute.length; i++)
      this.#memory.bytes[place.attribute + i] = attribute.charCodeAt(i)
  }

  /** Notes the socket `fd`, which stands at the address `path` as a name under /proc. Nothing when its protocol is not known to us. */
  note(record: RecordBuilder, fd: number, pid: number, path: number, inode: number): void {
    const protocol = this.#protocol(path)
    if (protocol.startsWith('UNIX')) {
      this.#noteUnix(record, fd, protocol, inode)
      return
    }
    let text: string | undefined
    if (protocol === 'NETLINK') text = `NETLINK:[${this.#netlink(pid, fd) ?? inode}]`
    else if (internet[protocol] !== undefined) {
      const addresses = this.#addresses(pid, fd)
      // Without an address the kernel's diagnosis, which others ask, does not know one of the rarer kinds.
      if (addresses !== undefined) text = `${internet[protocol]}:[${addresses}]`
      else if (protocol in common) text = `${protocol}:[${inode}]`
    } else if (numbered.includes(protocol)) text = `${protocol}:[${inode}]`
    // Nothing is a note too: after dup2 there may be one of what stood there before.
    write(record, fd, text ?? '', null)
  }

  #protocol(path: number): string {
    const { address, bytes } = this.#memory
    const length = libc.getxattr(path, address + place.attribute, address + place.name, 32)
    return length > 0 ? latin1(bytes, place.name, length).replace(/\0.*/s, '') : ''
  }

  #noteUnix(record: RecordBuilder, fd: number, protocol: string, inode: number): void {
    const peer = this.#unix.ask(inode)
    const text = `${protocol}:[${inode}${peer > 0 ? `->${peer}` : ''}`
    const { name } = this.#unix
    write(record, fd, name === null ? `${text}]` : text, name)
  }

  /** `ROUTE:1234`, undefined for one without an address. */
  #netlink(pid: number, fd: number): string | undefined {
    return this.#withCopy(pid, fd, copy => {
      const { view, address } = this.#memory
      if (!this.#name(libc.getsockname, copy, place.local)) return undefined
      const port = view.getUint32(place.local + 4, true)
      if (port === 0) return undefined
      view.setUint32(place.length, 4, true)
      const got = libc.getsockopt(copy, SOL_SOCKET, SO_PROTOCOL, address + place.name, address + place.length)
      return got === 0 ? `${netlinkName(view.getInt32(place.name, true))}:${port}` : undefined
    })
  }

  /** `local` or `local->remote`, undefined when there are none. */
  #addresses(pid: number, fd: number): string | undefined {
    return this.#withCopy(pid, fd, copy => {
      if (!this.#name(libc.getsockname, copy, place.local)) return undefined
      const local = this.#address(place.local)
      if (local === undefined) return undefined
      const remote = this.#name(libc.getpeername, copy, place.remote)
        ? this.#address(place.remote)
        : undefined
      return remote === undefined ? local : `${local}->${remote}`
    })
  }

  #name(ask: typeof libc.getsockname, copy: number, at: number): boolean {
    const { view, address } = this.#memory
    view.setUint32(place.length, 128, true)
    return ask(copy, address + at, address + place.length) === 0
  }

  /** An internet address with its port; undefined for one that has no port. */
  #address(at: number): string | undefined {
    const { address, bytes, view } = this.#memory
    const family = view.getUint16(at, true)
    const port = view.getUint16(at + 2)
    if (port === 0 || (family !== AF_INET && family !== AF_INET6)) return undefined
    const from = address + at + (family === AF_INET ? 4 : 8)
    if (libc.inet_ntop(family, from, address + place.text, mostText) === 0) return undefined
    const text = latin1(bytes, place.text, bytes.indexOf(0, place.text) - place.text)
    return family === AF_INET ? `${text}:${port}` : `[${text}]:${port}`
  }

  #withCopy<T>(pid: number, fd: number, look: (copy: number) => T | undefined): T | undefined {
    const copy = copyDescriptor(pid, fd)
    if (copy < 0) return undefined
    const found = look(copy)
    libc.close(copy)
    return found
  }
}

const common = { TCP: 1, TCPv6: 1, UDP: 1, UDPv6: 1 }

const names = new Map<number, string>(
  Object.entries(netlink_protocols.values).map(([name, value]) => [
    Number(value),
    name.slice('NETLINK_'.length),
  ]),
)
const netlinkName = (protocol: number): string => names.get(protocol) ?? String(protocol)

function latin1(bytes: Uint8Array, at: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[at + i]!)
  return text
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
