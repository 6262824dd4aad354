/** What the kernel says of a ptrace event beside its number: a new thread's id, an exit status, a former id. */

import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { Request, Signal } from './ptrace-constants.ts'

export class EventMessages {
  readonly #memory = new NativeMemory(siginfo + 128)

  /** The message of the event that a thread has stopped for; 0 when it cannot be had. */
  of(tid: number, event: number): number {
    const { address, view } = this.#memory
    if (libc.ptrace(Request.GETEVENTMSG, tid, 0, address) !== 0) return 0
    const message = this.#memory.getUint64(0)
    // SIGKILL takes a tracee out of any stop and on to that of its exit. What we just read may have been that one's
    // message: an exit status, which looks like a pid.
    if (libc.ptrace(Request.GETSIGINFO, tid, 0, address + siginfo) !== 0) return 0
    return view.getInt32(siginfo + siCode, true) === (Signal.SIGTRAP | (event << 8)) ? message : 0
  }
}

/** Places in the memory: the message, then a siginfo_t. */
const siginfo = 16
const siCode = 8
