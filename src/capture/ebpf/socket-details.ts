/** What programs have noted of a socket, as those ask for it who put it into words. */
import { addrfams } from '../../abi/sets.ts'
import { addressText, netlinkText, type SocketDetails } from '../ptrace/socket-text.ts'
import type { SocketDetailPlaces } from './file-places.ts'
import { mostUnixName, SocketNote } from './note-layout.ts'
import { addressBytes, stretch } from './socket-function.ts'

const { AF_INET } = addrfams.values
/** States in which a socket has no peer yet, or none any more (net/tcp_states.h). */
const TCP_SYN_SENT = 2
const TCP_CLOSE = 7

export class NotedSocket implements SocketDetails {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #places: SocketDetailPlaces

  /** @param note the content of the range: as many bytes as there should be */
  constructor(note: Uint8Array, places: SocketDetailPlaces) {
    this.#bytes = note
    this.#view = new DataView(note.buffer, note.byteOffset, note.byteLength)
    this.#places = places
  }

  netlink(): string | undefined {
    const port = this.#view.getUint32(SocketNote.port, true)
    return port === 0 ? undefined : netlinkText(this.#view.getUint16(SocketNote.protocol, true), port)
  }

  unix(): { readonly peer: number; readonly name: Uint8Array | null } {
    const length = Math.min(this.#view.getUint32(SocketNote.length, true), mostUnixName)
    return {
      peer: Number(this.#view.getBigUint64(SocketNote.peer, true)),
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
    const remotePort = this.#view.getUint16(at + common.remotePort)
    const state = this.#view.getUint8(at + common.state)
    if (local === undefined || remotePort === 0 || state === TCP_CLOSE || state === TCP_SYN_SENT) return local
    return `${local}->${addressText(family, address(at + (isOld ? common.remote : common.remote6)), remotePort)}`
  }
}
