/** Who runs already: the threads of a process, of a control group, of the whole system. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Threads of a process; none when it is gone. */
export const threadsOf = (pid: number): number[] => numbersIn(`/proc/${pid}/task`)

export function commOf(tid: number): string {
  try {
    return readFileSync(`/proc/${tid}/comm`, 'latin1').trimEnd()
  } catch {
    return ''
  }
}

/** PF_KTHREAD: a thread of the kernel's own, which makes no calls. */
const ofKernel = 0x0020_0000

/** All processes but ours, what we have started, and the kernel's. */
export function processesOfSystem(): number[] {
  return numbersIn('/proc').filter(pid => {
    if (pid === process.pid) return false
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // Behind the name, which may have any character: state, ppid, pgrp, session, tty, tpgid, flags.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(fields[1]) !== process.pid && (Number(fields[6]) & ofKernel) === 0
    } catch {
      return false
    }
  })
}

/** The processes in a control group and those below it. */
export function processesOfCgroup(path: string): number[] {
  let lines = ''
  try {
    lines = readFileSync(join(path, 'cgroup.procs'), 'latin1')
  } catch {
    // Gone, or one whose threads alone have it.
  }
  const below = foldersIn(path).flatMap(name => processesOfCgroup(join(path, name)))
  const own = lines.split('\n').map(Number)
  return [...own.filter(pid => pid > 0 && pid !== process.pid), ...below]
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap(entry =>
      entry.isDirectory() ? [entry.name] : [],
    )
  } catch {
    return []
  }
}

function numbersIn(path: string): number[] {
  try {
    return readdirSync(path).map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}
