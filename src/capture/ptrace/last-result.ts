/** What a call came to whose thread is killed in it. */
import { Errno, Signal } from './ptrace-constants.ts'
import { generalRegisters, NT_PRSTATUS, RegisterSet } from './register-set.ts'
import type { Tracee } from './tracee.ts'

/**
 * A fatal signal wakes whoever blocks in a call. The call ends, mostly with a number that means "restart it" (ERESTARTSYS),
 * which stays in the register because no handler will run. There is no stop for it but that of the thread's exit.
 */
export class LastResult {
  readonly #registers = new RegisterSet(generalRegisters.bytes)

  /** The result of the call in which a thread stopped at its exit; undefined when it came to none. `status` is as waitpid will tell it. */
  of({ tid }: Tracee, status: number): number | undefined {
    // seccomp killed it: the call was never made.
    if ((status & 0x7f) === Signal.SIGSYS) return undefined
    const registers = this.#registers
    if (!registers.read(tid, NT_PRSTATUS) || registers.length !== generalRegisters.bytes) return undefined
    const result = Number(
      registers.memory.view.getBigInt64(RegisterSet.content + generalRegisters.result, true),
    )
    // The register says so until a call has a result: exit and exit_group never have one, nor has what was killed at its enter.
    return result === -Errno.ENOSYS ? undefined : result
  }
}
