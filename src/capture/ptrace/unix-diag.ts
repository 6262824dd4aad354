/** Asks the kernel about Unix sockets by their inode: their names and peers (sock_diag(7)). */
import { netlink_protocols, unix_diag_attrs, unix_diag_show } from '../../abi/sets.ts'
import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'

const AF_UNIX = 1
const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 0o2000003
const MSG_DONTWAIT = 0x40
const SOCK_DIAG_BY_FAMILY = 20
const NLM_F_REQUEST = 1
/** struct nlmsghdr; struct unix_diag_req and unix_diag_msg behind it; struct nlattr. */
const header = { length: 0, type: 4, flags: 6, sequence: 8, bytes: 16 } as const
const request = { family: 16, states: 20, inode: 24, show: 28, cookie: 32, bytes: 40 } as const
const reply = { inode: 20, attributes: 32 } as const
const answerBytes = 1024

export class UnixDiag {
  /** The name of the socket asked for last, null when it has none; an abstract one begins with NUL. */
  name: Uint8Array | null = null
  #fd = -1
  #sequence = 0
  readonly #memory = new NativeMemory(64 + answerBytes)

  /** The inode of the peer of the socket with `inode`, 0 for none; also finds `name`. */
  ask(inode: number): number {
    this.name = null
    // A number of 64 bits is none that the question has room for.
    if (inode === 0 || inode > 0xffff_ffff || !this.#send(inode)) return 0
    const { address, view, bytes } = this.#memory
    const got = libc.recv(this.#fd, address + 64, answerBytes, MSG_DONTWAIT)
    if (
      got < 64 - reply.attributes ||
      view.getUint16(64 + header.type, true) !== SOCK_DIAG_BY_FAMILY ||
      view.getUint32(64 + header.sequence, true) !== this.#sequence ||
      view.getUint32(64 + reply.inode, true) !== inode
    )
      return 0
    let peer = 0
    const end = 64 + Math.min(got, view.getUint32(64 + header.length, true))
    for (let at = 64 + reply.attributes; at + 4 <= end; ) {
      const length = view.getUint16(at, true)
      if (length < 4 || at + length > end) break
      const type = view.getUint16(at + 2, true)
      if (type === unix_diag_attrs.values.UNIX_DIAG_PEER && length >= 8) peer = view.getUint32(at + 4, true)
      if (type === unix_diag_attrs.values.UNIX_DIAG_NAME) this.name = bytes.slice(at + 4, at + length)
      at += (length + 3) & ~3
    }
    return peer
  }

  #send(inode: number): boolean {
    if (this.#fd < 0)
      this.#fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, Number(netlink_protocols.values.NETLINK_SOCK_DIAG))
    if (this.#fd < 0) return false
    const { address, view, bytes } = this.#memory
    bytes.fill(0, 0, request.bytes)
    view.setUint32(header.length, request.bytes, true)
    view.setUint16(header.type, SOCK_DIAG_BY_FAMILY, true)
    view.setUint16(header.flags, NLM_F_REQUEST, true)
    view.setUint32(header.sequence, ++this.#sequence, true)
    bytes[request.family] = AF_UNIX
    view.setUint32(request.states, 0xffff_ffff, true)
    view.setUint32(request.inode, inode, true)
    const { UDIAG_SHOW_NAME, UDIAG_SHOW_PEER } = unix_diag_show.values
    view.setUint32(request.show, UDIAG_SHOW_NAME | UDIAG_SHOW_PEER, true)
    view.setUint32(request.cookie, 0xffff_ffff, true)
    view.setUint32(request.cookie + 4, 0xffff_ffff, true)
    return libc.send(this.#fd, address, request.bytes, 0) === request.bytes
  }
}
