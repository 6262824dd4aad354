/** What a process has used so far: from /proc, and from the clock of its CPU time. */
import { readFileSync } from 'node:fs'
import { procNumber } from '../notes/process-numbers.ts'
import { clockTime } from './clocks.ts'

/** USER_HZ: the unit of times in /proc, the same on all architectures that we know. */
const tick = 1e9 / 100
/** Numbers of fields in /proc/PID/stat, from 1; what we look at is behind the name, which may hold anything. */
const Field = { state: 3, minflt: 10, majflt: 12, utime: 14, stime: 15 } as const
/** A process's CPU time, as in the kernel's posix-timers.h. */
const cpuClockOf = (pid: number): number => (~pid << 3) | 2

/** In the order of record/layout.ts's `Resources`; NaN where it cannot be told. */
export function resourcesOf(pid: number): number[] {
  const own = procNumber(pid)
  const stat = fileOf(own, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const field = (n: number): number => Number(fields[n - Field.state] ?? Number.NaN)
  const status = fileOf(own, 'status')
  const io = fileOf(own, 'io')
  return [
    clockTime(cpuClockOf(pid)),
    field(Field.utime) * tick,
    field(Field.stime) * tick,
    named(status, 'VmHWM') * 1024,
    field(Field.minflt),
    field(Field.majflt),
    named(io, 'rchar'),
    named(io, 'wchar'),
    named(io, 'read_bytes'),
    named(io, 'write_bytes'),
  ]
}

function fileOf(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}

const named = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
