/** Threads' numbers in pid name spaces other than ours (pid_namespaces(7)). */
import { readFileSync, readlinkSync } from 'node:fs'
import type { Tracee } from './tracee.ts'

let own: string | undefined

/** Looks up the numbers that a new tracee has for itself, if it has others than for us. */
export function noteInnerIds(tracee: Tracee): void {
  const { tid } = tracee
  try {
    own ??= readlinkSync('/proc/self/ns/pid')
    // Most are in ours: the link is quickly read.
    if (readlinkSync(`/proc/${tid}/ns/pid`) === own) return
    const status = readFileSync(`/proc/${tid}/status`, 'latin1')
    tracee.innerPid = innermost(status, 'NStgid')
    tracee.innerTid = innermost(status, 'NSpid')
  } catch {
    // It is gone, or not ours to look at: its numbers are those that we know.
  }
}

/** The lines list a thread's numbers from the name space of /proc's mount inwards. */
const innermost = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:.*\\t(\\d+)$`, 'm').exec(status)?.[1] ?? 0)
