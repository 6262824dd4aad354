/** Threads' numbers in pid name spaces other than ours (pid_namespaces(7)). */
import { innermostIds } from './process-numbers.ts'
import type { Tracee } from './tracee.ts'

/** Looks up the numbers that a new tracee has for itself, if it has others than for us. */
export function noteInnerIds(tracee: Tracee): void {
  // It may be gone, or not ours to look at: its numbers are those that we know.
  const ids = innermostIds(tracee.tid)
  if (ids !== undefined) Object.assign(tracee, ids)
}
