/** Asks the kernel about Unix sockets by their inode: their names and peers (sock_diag(7)). */
import {
  addrfams,
  netlink_flags,
  nl_sock_diag_types,
  unix_diag_attrs,
  unix_diag_show,
} from '../../abi/sets.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { eachAttribute, messageHeader } from '../plans/netlink-messages.ts'
import { netlinkSocket, receiveAnswer, sendQuestion } from './netlink-questions.ts'

/** struct unix_diag_req and unix_diag_msg, behind the message's header. */
const request = { family: 16, states: 20, inode: 24, show: 28, cookie: 32, bytes: 40 } as const
const reply = { inode: 20, attributes: 32 } as const
const answerBytes = 1024

export class UnixDiag {
  /** The name of the socket asked for last, null when it has none; an abstract one begins with NUL. */
  name: Uint8Array | null = null
  #fd = -1
  #sequence = 0
  readonly #question = new NativeMemory(request.bytes)
  readonly #answer = new NativeMemory(answerBytes)

  /** The inode of the peer of the socket with `inode`, 0 for none; also finds `name`. */
  ask(inode: number): number {
    this.name = null
    // A number of 64 bits is none that the question has room for.
    if (inode === 0 || inode > 0xffff_ffff || !this.#send(inode)) return 0
    const { view, bytes } = this.#answer
    const got = receiveAnswer(this.#fd, this.#answer)
    if (
      got < reply.attributes ||
      view.getUint16(messageHeader.type, true) !== nl_sock_diag_types.values.SOCK_DIAG_BY_FAMILY ||
      view.getUint32(messageHeader.sequence, true) !== this.#sequence ||
      view.getUint32(reply.inode, true) !== inode
    )
      return 0
    const { UNIX_DIAG_NAME, UNIX_DIAG_PEER } = unix_diag_attrs.values
    let peer = 0
    const limit = Math.min(got, view.getUint32(messageHeader.length, true))
    eachAttribute(view, reply.attributes, limit, (type, at, end) => {
      if (type === UNIX_DIAG_PEER && end >= at + 4) peer = view.getUint32(at, true)
      if (type === UNIX_DIAG_NAME) this.name = bytes.slice(at, end)
    })
    return peer
  }

  #send(inode: number): boolean {
    if (this.#fd < 0) this.#fd = netlinkSocket('NETLINK_SOCK_DIAG')
    if (this.#fd < 0) return false
    const { view, bytes } = this.#question
    bytes.fill(0)
    view.setUint32(messageHeader.length, request.bytes, true)
    view.setUint16(messageHeader.type, nl_sock_diag_types.values.SOCK_DIAG_BY_FAMILY, true)
    view.setUint16(messageHeader.flags, netlink_flags.values.NLM_F_REQUEST, true)
    view.setUint32(messageHeader.sequence, ++this.#sequence, true)
    bytes[request.family] = addrfams.values.AF_UNIX
    view.setUint32(request.states, 0xffff_ffff, true)
    view.setUint32(request.inode, inode, true)
    const { UDIAG_SHOW_NAME, UDIAG_SHOW_PEER } = unix_diag_show.values
    view.setUint32(request.show, UDIAG_SHOW_NAME | UDIAG_SHOW_PEER, true)
    view.setUint32(request.cookie, 0xffff_ffff, true)
    view.setUint32(request.cookie + 4, 0xffff_ffff, true)
    return sendQuestion(this.#fd, this.#question, request.bytes)
  }
}
