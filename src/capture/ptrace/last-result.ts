/** What a call came to whose thread is killed in it. */
import { libc } from './libc.ts'
import { NativeMemory } from './native-memory.ts'
import { Errno, Request, Signal } from './ptrace-constants.ts'
import type { Tracee } from './tracee.ts'

const NT_PRSTATUS = 1
/** Where the result is in user_regs_struct (rax) and user_pt_regs (x0), and how large these are. */
const { resultAt, registerBytes } =
  process.arch === 'arm64'
    ? { resultAt: 0, registerBytes: 34 * 8 }
    : { resultAt: 10 * 8, registerBytes: 27 * 8 }
const vectorBytes = 16

/**
 * A fatal signal wakes whoever blocks in a call. The call ends, mostly with a number that means "restart it" (ERESTARTSYS),
 * which stays in the register because no handler will run. There is no stop for it but that of the thread's exit.
 */
export class LastResult {
  readonly #memory = new NativeMemory(vectorBytes + registerBytes)

  /** The result of the call in which a thread stopped at its exit; undefined when it came to none. `status` is as waitpid will tell it. */
  of({ tid }: Tracee, status: number): number | undefined {
    // seccomp killed it: the call was never made.
    if ((status & 0x7f) === Signal.SIGSYS) return undefined
    const memory = this.#memory
    memory.setUint64(0, memory.address + vectorBytes)
    memory.setUint64(8, registerBytes)
    const got = libc.ptrace(Request.GETREGSET, tid, NT_PRSTATUS, memory.address)
    if (got !== 0 || memory.getUint64(8) !== registerBytes) return undefined
    const result = Number(memory.view.getBigInt64(vectorBytes + resultAt, true))
    // The register says so until a call has a result: exit and exit_group never have one, nor has what was killed at its enter.
    return result === -Errno.ENOSYS ? undefined : result
  }
}
