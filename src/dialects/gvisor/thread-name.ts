/** What gVisor calls a thread in the lines and messages of its calls. */
import { prctl_options } from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { callName } from '../../syscalls/index.ts'
import { low, wide } from './specifier.ts'

/** Bytes of a name, without its end. */
const mostBytes = 15

export class ThreadName {
  #bytes: Uint8Array = new Uint8Array()
  #text: string | undefined
  #next: Uint8Array | undefined

  get bytes(): Uint8Array {
    return this.#bytes
  }

  /** With U+FFFD for what is no UTF-8. */
  get text(): string {
    this.#text ??= Buffer.from(this.#bytes).toString()
    return this.#text
  }

  /** The capture tells a name. One that comes while a call is made is execve's, whose own exit still has the old one. */
  told(bytes: Uint8Array, inCall: boolean): void {
    if (inCall) this.#next = bytes
    else this.#set(bytes)
  }

  /** Before what a call returned is shown: prctl(PR_SET_NAME) names the thread at once. Whether it did. */
  changedBy(frame: Frame): boolean {
    if (frame.failed || callName(frame.arch, frame.sysno) !== 'prctl') return false
    if (low(frame, 0) !== prctl_options.values.PR_SET_NAME) return false
    const known = Math.min(frame.available(wide(frame, 1)), mostBytes)
    if (known === 0) return false
    const end = frame.bytes.indexOf(0, frame.at)
    this.#set(frame.bytes.slice(frame.at, end < 0 ? frame.at + known : Math.min(end, frame.at + known)))
    return true
  }

  /** After it: whether the thread has another name from now on. */
  changedAfter(): boolean {
    if (this.#next === undefined) return false
    this.#set(this.#next)
    this.#next = undefined
    return true
  }

  #set(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#text = undefined
  }
}
