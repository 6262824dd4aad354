/** How our own process ends: with the program's exit status, or by the signal that ended it. */
import { prctl_options } from '../abi/sets.ts'
import { libc } from '../libc/libc.ts'
import { isTerminal } from '../sinks/terminals.ts'

/**
 * Ends at once with `code`. On a terminal past node's own exit, which would set the terminal back to how node
 * found it, and undo what the program (stty, say) did to it.
 */
export async function exitWith(code: number): Promise<never> {
  if ([0, 1, 2].some(isTerminal)) libc._exit(code)
  process.exit(code)
}

/**
 * Ends with `code` while a capture thread, if there is one, may still be loading. Node's own exit would stop that thread in
 * the middle of native code, which on a busy machine ends in an abort.
 */
export async function exitBeforeTracing(code: number, thread: boolean): Promise<never> {
  if (!thread) process.exit(code)
  libc._exit(code)
  process.exit(code)
}

/** Dies by `signal` as the program did, without a core dump over the program's own. */
export async function dieBy(signal: number): Promise<never> {
  libc.prctl(prctl_options.values.PR_SET_DUMPABLE, 0, 0, 0, 0)
  // Node ignores SIGPIPE and may handle others.
  process.removeAllListeners()
  if (signal !== 9 && signal !== 19) libc.signal(signal, 0)
  process.kill(process.pid, signal)
  // Still here: a signal that ends nobody, or one that comes a little later.
  await new Promise(resolve => setTimeout(resolve, 50))
  return exitWith(128 + signal)
}

/** Whoever read our standard output has gone: go as other programs do. */
export function endBySigpipe(): void {
  // Node ignores SIGPIPE; once nobody listens any more it has its old meaning.
  const nothing = (): void => {}
  process.on('SIGPIPE', nothing)
  process.off('SIGPIPE', nothing)
  process.kill(process.pid, 'SIGPIPE')
}
