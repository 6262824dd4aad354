/** What programs have noted of a socket, as those ask for it who put it into words. */
import { addrfams, tcp_states } from '../../abi/sets.ts'
import type { KnownPeers } from '../notes/known-peers.ts'
import { addressText, netlinkText, type SocketDetails } from '../notes/socket-text.ts'
import type { SocketDetailPlaces } from './file-places.ts'
import { mostUnixName, SocketNote } from './note-layout.ts'
import { addressBytes, stretch } from './socket-function.ts'

const { AF_INET } = addrfams.values
const { TCP_CLOSE, TCP_ESTABLISHED } = tcp_states.values

export class NotedSocket implements SocketDetails {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #places: SocketDetailPlaces
  readonly #peers: KnownPeers
  readonly #protocol: string
  readonly #inode: number

  /** @param note the content of the range: as many bytes as there should be */
  constructor(
    note: Uint8Array,
    places: SocketDetailPlaces,
    peers: KnownPeers,
    protocol: string,
    inode: number,
  ) {
    this.#bytes = note
    this.#view = new DataView(note.buffer, note.byteOffset, note.byteLength)
    this.#places = places
    this.#peers = peers
    this.#protocol = protocol
    this.#inode = inode
  }

  netlink(): string | undefined {
    const port = this.#view.getUint32(SocketNote.port, true)
    return port === 0 ? undefined : netlinkText(this.#view.getUint16(SocketNote.protocol, true), port)
  }

  unix(): { readonly peer: number; readonly name: Uint8Array | null } {
    const length = Math.min(this.#view.getUint32(SocketNote.length, true), mostUnixName)
    return {
      peer: this.#peers.unix(this.#inode, Number(this.#view.getBigUint64(SocketNote.peer, true))),
      name: length === 0 ? null : this.#bytes.slice(SocketNote.name, SocketNote.name + length),
    }
  }

  addresses(): string | undefined {
    const { common, internet } = this.#places
    const at = SocketNote.common - stretch(common, addressBytes)[0]
    const family = this.#view.getUint16(at + common.family, true)
    const ofInternet = SocketNote.internet - stretch(internet, 8)[0]
    const isOld = family === AF_INET
    const address = (place: number): Uint8Array =>
      this.#bytes.subarray(place, place + (isOld ? 4 : addressBytes))
    const bound = address(at + (isOld ? common.bound : common.bound6))
    const source = address(isOld ? ofInternet + internet.source : SocketNote.source6)
    const port = this.#view.getUint16(ofInternet + internet.port)
    if (port === 0) return undefined
    const local = addressText(family, bound.some(b => b !== 0) ? bound : source, port)
    if (local === undefined) return undefined
    const remotePort = this.#view.getUint16(at + common.remotePort)
    const state = this.#view.getUint8(at + common.state)
    if (state === TCP_CLOSE) return this.#hasEnded() ? this.#peers.ended(this.#inode) : local
    // UDP may be connected to no port, to learn which way it would go.
    if (remotePort === 0 && state !== TCP_ESTABLISHED) return local
    const remote = addressText(family, address(at + (isOld ? common.remote : common.remote6)), remotePort)
    return this.#peers.connected(this.#inode, `${local}->${remote}`)
  }

  /** Whether a closed socket was connected, or refused: one that is bound, and no more, has come to no terms with anybody. */
  #hasEnded(): boolean {
    if (this.#protocol.startsWith('MPTCP')) return this.#peers.ended(this.#inode) !== undefined
    return this.#protocol.startsWith('TCP') && this.#view.getUint16(SocketNote.terms, true) > 0
  }
}
