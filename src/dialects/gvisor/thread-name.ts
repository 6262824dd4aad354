/** What gVisor calls a thread in the lines and messages of its calls. */
import { prctl_options } from '../../abi/sets.ts'
import type { Frame } from '../../record/frame.ts'
import { low, wide } from './specifier.ts'

/** Bytes of a name, without its end. */
const mostBytes = 15

export class ThreadName {
  bytes: Uint8Array = new Uint8Array()
  #next: Uint8Array | undefined

  /** The capture tells a name. One that comes while a call is made is execve's, whose own exit still has the old one. */
  told(bytes: Uint8Array, inCall: boolean): void {
    if (inCall) this.#next = bytes
    else this.bytes = bytes
  }

  /** Before what call `name` returned is shown: prctl(PR_SET_NAME) names the thread at once. Whether it did. */
  changedBy(name: string, frame: Frame): boolean {
    if (name !== 'prctl' || frame.failed || low(frame, 0) !== prctl_options.values.PR_SET_NAME) return false
    const known = Math.min(frame.available(wide(frame, 1)), mostBytes)
    if (known === 0) return false
    const end = frame.bytes.indexOf(0, frame.at)
    this.bytes = frame.bytes.slice(frame.at, end < 0 ? frame.at + known : Math.min(end, frame.at + known))
    return true
  }

  /** After it: whether the thread has another name from now on. */
  changedAfter(): boolean {
    if (this.#next === undefined) return false
    this.bytes = this.#next
    this.#next = undefined
    return true
  }
}
