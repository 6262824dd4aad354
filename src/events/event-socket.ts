/**
 * The sending end: a stream socket that never holds the caller up for longer than it was told. What cannot be sent in
 * that time is dropped, as a whole message, and counted; a listener that went away is looked for again.
 */

import { constants } from 'node:os'
import { errnoNames } from '../abi/errno.ts'
import { addrfams, msg_flags, pollflags, sock_type_flags, socktypes } from '../abi/sets.ts'
import { libc } from '../libc/libc.ts'
import { NativeMemory } from '../libc/native-memory.ts'

const { AF_UNIX } = addrfams.values
const { SOCK_STREAM } = socktypes.values
const { SOCK_NONBLOCK, SOCK_CLOEXEC } = sock_type_flags.values
const { MSG_DONTWAIT, MSG_NOSIGNAL } = msg_flags.values
const { POLLOUT } = pollflags.values
const { EAGAIN } = constants.errno
/** struct sockaddr_un: family, then a path of 108 bytes. */
const addressBytes = 110
/** Between two looks for a listener, in ms. */
const patience = 1000
const chunk = 1 << 16

/** The name of the error of the last call. */
const errorName = (): string => errnoNames[libc.errno()] ?? `errno ${libc.errno()}`

export class EventSocket {
  /** Messages that were not sent. */
  dropped = 0
  readonly #path: string
  readonly #wait: number
  readonly #memory = new NativeMemory(128 + chunk)
  #fd = -1
  /** The rest of a message that was sent in part: before it is out, nothing else may go. */
  #rest: Uint8Array = new Uint8Array()
  #lookAgain = 0

  /** `wait`: ms that sending one message may take at most. The path is latin1: a char is a byte. */
  constructor(path: string, wait: number) {
    this.#path = path
    this.#wait = wait
  }

  /** Connects. Null when somebody listens, else the name of the error. */
  connect(): string | null {
    this.#lookAgain = performance.now() + patience
    if (this.#path.length >= 108) return 'ENAMETOOLONG'
    const fd = libc.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (fd < 0) return errorName()
    const { view, bytes, address } = this.#memory
    bytes.fill(0, 0, addressBytes)
    view.setUint16(0, AF_UNIX, true)
    for (let i = 0; i < this.#path.length; i++) bytes[2 + i] = this.#path.charCodeAt(i)
    if (libc.connect(fd, address, addressBytes) !== 0) {
      const error = errorName()
      libc.close(fd)
      return error
    }
    this.#fd = fd
    return null
  }

  /** Sends a message, or drops it. */
  send(message: Uint8Array): void {
    const until = performance.now() + this.#wait
    if (this.#fd < 0 && (performance.now() < this.#lookAgain || this.connect() !== null)) {
      this.dropped++
      return
    }
    if (this.#rest.length > 0) this.#rest = this.#write(this.#rest, until)
    if (this.#rest.length > 0 || this.#fd < 0) {
      this.dropped++
      return
    }
    const rest = this.#write(message, until)
    // Of what did not go at all nothing needs to follow.
    if (this.#fd < 0 || rest.length === message.length) this.dropped++
    else this.#rest = rest
  }

  close(): void {
    // What was begun is ended, if that can be.
    if (this.#fd >= 0 && this.#rest.length > 0)
      this.#write(this.#rest, performance.now() + Math.max(this.#wait, patience))
    this.#hangUp()
  }

  /** Sends what can be sent until then; what is left. */
  #write(bytes: Uint8Array, until: number): Uint8Array {
    const { address } = this.#memory
    let left = bytes
    while (left.length > 0 && this.#fd >= 0) {
      const part = left.subarray(0, chunk)
      this.#memory.bytes.set(part, 128)
      const sent = libc.send(this.#fd, address + 128, part.length, MSG_DONTWAIT | MSG_NOSIGNAL)
      if (sent >= 0) left = left.subarray(sent)
      else if (libc.errno() !== EAGAIN) this.#hangUp()
      else if (!this.#writable(until - performance.now())) break
    }
    return this.#fd < 0 ? new Uint8Array() : left.slice()
  }

  #writable(milliseconds: number): boolean {
    if (milliseconds <= 0) return false
    const { view, address } = this.#memory
    view.setInt32(112, this.#fd, true)
    view.setUint32(116, POLLOUT, true)
    return libc.poll(address + 112, 1, Math.ceil(milliseconds)) > 0
  }

  #hangUp(): void {
    if (this.#fd >= 0) libc.close(this.#fd)
    if (this.#rest.length > 0) this.dropped++
    this.#fd = -1
    this.#rest = new Uint8Array()
    this.#lookAgain = performance.now() + patience
  }
}
