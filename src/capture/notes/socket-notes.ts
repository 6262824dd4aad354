/** What a tracee's sockets are and whom they talk to: asked of the kernel through copies of their descriptors. */
import {
  addrfams,
  inet_protocols,
  sock_options,
  sock_tcp_options,
  socketlayers,
  tcp_states,
} from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'
import { awaitedPeer, peerWithoutPort } from './internet-peers.ts'
import { KnownPeers } from './known-peers.ts'
import { copyDescriptor } from './pidfd.ts'
import { addressText, netlinkText, noteSocket } from './socket-text.ts'
import { UnixDiag } from './unix-diag.ts'

const { AF_INET, AF_INET6 } = addrfams.values
/** struct tcp_info: the state, and tcpi_advmss, which a connection sets when it is tried, and which stays. */
const tcpInfo = { state: 0, terms: 84, bytes: 88 } as const
const { TCP_CLOSE, TCP_SYN_SENT } = tcp_states.values

/** Places in the scratch memory. */
const place = { attribute: 0, name: 32, length: 64, local: 80, remote: 208, info: 336, bytes: 424 } as const

export class SocketNotes {
  readonly #memory = new NativeMemory(place.bytes)
  readonly #unix = new UnixDiag()
  readonly #peers = new KnownPeers()

  constructor() {
    const attribute = 'system.sockprotoname'
    for (let i = 0; i < attribute.length; i++)
      this.#memory.bytes[place.attribute + i] = attribute.charCodeAt(i)
  }

  /** Notes the socket `fd`, which stands at the address `path` as a name under /proc. Nothing when its protocol is not known to us. */
  note(record: RecordBuilder, fd: number, pid: number, path: number, inode: number): void {
    noteSocket(record, fd, this.#protocol(path), inode, {
      netlink: () => this.#netlink(pid, fd),
      addresses: () => {
        const found = this.#addresses(pid, fd, inode)
        return found === null ? this.#peers.ended(inode) : found
      },
      unix: () => ({ peer: this.#peers.unix(inode, this.#unix.ask(inode)), name: this.#unix.name }),
    })
  }

  #protocol(path: number): string {
    const { address, bytes } = this.#memory
    const length = libc.getxattr(path, address + place.attribute, address + place.name, 32)
    return length > 0 ? latin1(bytes, place.name, length).replace(/\0.*/s, '') : ''
  }

  #netlink(pid: number, fd: number): string | undefined {
    return this.#withCopy(pid, fd, copy => {
      const { view, address } = this.#memory
      if (!this.#name(libc.getsockname, copy, place.local)) return undefined
      const port = view.getUint32(place.local + 4, true)
      if (port === 0) return undefined
      view.setUint32(place.length, 4, true)
      const got = libc.getsockopt(
        copy,
        socketlayers.values.SOL_SOCKET,
        sock_options.values.SO_PROTOCOL,
        address + place.name,
        address + place.length,
      )
      return got === 0 ? netlinkText(view.getInt32(place.name, true), port) : undefined
    })
  }

  /** null: of a connection that has ended. */
  #addresses(pid: number, fd: number, inode: number): string | null | undefined {
    return this.#withCopy(pid, fd, copy => {
      if (!this.#name(libc.getsockname, copy, place.local)) return undefined
      const local = this.#address(place.local)
      if (local === undefined) return undefined
      const remote = this.#name(libc.getpeername, copy, place.remote)
        ? this.#address(place.remote)
        : this.#unconnected(copy, pid, inode)
      if (remote === null) return null
      return remote === undefined ? local : this.#peers.connected(inode, `${local}->${remote}`)
    })
  }

  /** Whom a socket without a peer is about to be connected to; null where a connection has ended, or was refused: it has no address any more. */
  #unconnected(copy: number, pid: number, inode: number): string | null | undefined {
    const { view, bytes, address } = this.#memory
    view.setUint32(place.length, tcpInfo.bytes, true)
    // Other protocols have none. A UDP socket that is connected has an address of its own.
    if (
      libc.getsockopt(
        copy,
        inet_protocols.values.IPPROTO_TCP,
        sock_tcp_options.values.TCP_INFO,
        address + place.info,
        address + place.length,
      ) !== 0
    )
      return this.#hasOwnAddress() ? peerWithoutPort(pid, inode) : undefined
    const state = bytes[place.info + tcpInfo.state]
    // One that is bound, and no more, has come to no terms with anybody.
    if (state === TCP_CLOSE) return view.getUint32(place.info + tcpInfo.terms, true) > 0 ? null : undefined
    return state === TCP_SYN_SENT ? awaitedPeer(pid, inode) : undefined
  }

  /** Whether the local address is other than any. */
  #hasOwnAddress(): boolean {
    const { bytes, view } = this.#memory
    const isOld = view.getUint16(place.local, true) === AF_INET
    const from = place.local + (isOld ? 4 : 8)
    return bytes.subarray(from, from + (isOld ? 4 : 16)).some(byte => byte !== 0)
  }

  #name(ask: typeof libc.getsockname, copy: number, at: number): boolean {
    const { view, address } = this.#memory
    view.setUint32(place.length, 128, true)
    return ask(copy, address + at, address + place.length) === 0
  }

  /** An internet address with its port; undefined for one that has no port. */
  #address(at: number): string | undefined {
    const { bytes, view } = this.#memory
    const family = view.getUint16(at, true)
    const port = view.getUint16(at + 2)
    if (port === 0 || (family !== AF_INET && family !== AF_INET6)) return undefined
    const [from, length] = family === AF_INET ? [at + 4, 4] : [at + 8, 16]
    return addressText(family, bytes.subarray(from, from + length), port)
  }

  #withCopy<T>(pid: number, fd: number, look: (copy: number) => T): T | undefined {
    const copy = copyDescriptor(pid, fd)
    if (copy < 0) return undefined
    const found = look(copy)
    libc.close(copy)
    return found
  }
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[at + i]!)
  return text
}
