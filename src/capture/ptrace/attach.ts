/** Seizing threads that run already, and finding out whose they are. */
import { readdirSync, readFileSync } from 'node:fs'
import { libc } from '../../libc/libc.ts'
import type { CaptureError } from '../backend.ts'
import { ownNumber, procNumber } from '../notes/process-numbers.ts'
import { Request } from './ptrace-constants.ts'

/** The process that a thread belongs to; the thread's own number when it cannot be found. */
export function processOf(tid: number): number {
  const found = statusField(tid, 'Tgid')
  return found === undefined ? tid : ownNumber(found) || tid
}

/** The process that started the one of `tid`; 0 when it cannot be found. */
export function parentOf(tid: number): number {
  return ownNumber(statusField(tid, 'PPid') ?? 0)
}

function statusField(tid: number, name: string): number | undefined {
  try {
    const line = new RegExp(`^${name}:\t(\\d+)$`, 'm').exec(
      readFileSync(`/proc/${procNumber(tid)}/status`, 'latin1'),
    )
    return line === null ? undefined : Number(line[1])
  } catch {
    return undefined
  }
}

/** Seizes one thread and makes it stop. */
export function seize(tid: number, options: number): CaptureError | null {
  if (libc.ptrace(Request.SEIZE, tid, 0, options) !== 0)
    return { error: 'attach', errno: libc.errno(), pid: tid, message: 'ptrace(PTRACE_SEIZE)' }
  libc.ptrace(Request.INTERRUPT, tid, 0, 0)
  return null
}

/**
 * Seizes a process with all its threads, and tells `found` of each. Threads started meanwhile by one that is not
 * seized yet are found by looking again until there are no new ones; those started by a seized one are ours anyway.
 */
export function seizeAll(pid: number, options: number, found: (tid: number) => void): CaptureError | null {
  const first = seize(pid, options)
  if (first !== null) return first
  found(pid)
  const seen = new Set([pid])
  for (let more = true; more; ) {
    more = false
    for (const tid of threadsOf(pid)) {
      if (seen.has(tid)) continue
      seen.add(tid)
      more = true
      // It may have ended since, or be ours already: a child of a seized thread.
      if (seize(tid, options) === null) found(tid)
    }
  }
  return null
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${procNumber(pid)}/task`).map(name => ownNumber(Number(name)))
  } catch {
    return []
  }
}
