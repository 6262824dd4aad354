/** The program that a capture starts, brought to where its launcher is traced and may go on. */

import { msg_flags } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import type { CaptureError, CaptureOptions } from '../backend.ts'
import { seize } from './attach.ts'
import { spawnLauncher } from './launcher.ts'
import { Request, Signal } from './ptrace-constants.ts'

/**
 * Starts the launcher of `options.program`, or takes over the one that waits for us; its pid, or what went wrong.
 * `waitForStop` is called with the pid of a launcher of ours, and comes back when that has stopped (or ended). `filter`: for seccomp, which the launcher puts into the program.
 */
export function startProgram(
  options: CaptureOptions,
  filter: Uint8Array | null,
  ptraceOptions: number,
  waitForStop: (pid: number) => void,
): number | CaptureError {
  const program = options.program!
  if (program.waiting !== undefined) return adopt(program.waiting, ptraceOptions)
  const pid = spawnLauncher(program, options, filter)
  if (typeof pid !== 'number') return pid
  waitForStop(pid)
  if (libc.ptrace(Request.SEIZE, pid, 0, ptraceOptions) !== 0) {
    const errno = libc.errno()
    libc.kill(pid, Signal.SIGKILL)
    waitForStop(pid)
    return { error: 'attach', errno, pid, message: 'ptrace(PTRACE_SEIZE)' }
  }
  libc.kill(pid, Signal.SIGCONT)
  return pid
}

/** Takes over a launcher that is no child of ours, and waits for us: see become-program.ts. */
function adopt(
  { pid, gate }: { readonly pid: number; readonly gate: number },
  ptraceOptions: number,
): number | CaptureError {
  const byte = new NativeMemory(8)
  const isThere = libc.recv(gate, byte.address, 1, 0) === 1
  const problem = isThere
    ? seize(pid, ptraceOptions)
    : ({ error: 'spawn', errno: 0, pid, message: 'the process that was to be traced has ended' } as const)
  // Interrupted, it stops before it comes back from its wait. If we close the gate without a word, it ends.
  if (problem === null) libc.send(gate, byte.address, 1, msg_flags.values.MSG_NOSIGNAL)
  libc.close(gate)
  return problem ?? pid
}
