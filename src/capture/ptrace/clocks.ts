/** Clocks in nanoseconds. Node's `performance` would do, but comes with a dozen of its modules: a start is felt. */
import { clocknames } from '../../abi/sets.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'

/** Since some moment in the past; never set back. */
export function monotonic(): number {
  // Not taken apart as a list would be: that takes longer than the clock.
  const time = process.hrtime()
  return time[0] * 1e9 + time[1]
}

let time: NativeMemory | undefined

/** What a clock of the kernel says; NaN where it says nothing. */
export function clockTime(clock: number): number {
  time ??= new NativeMemory(16)
  return libc.clock_gettime(clock, time.address) === 0
    ? time.getUint64(0) * 1e9 + time.getUint64(8)
    : Number.NaN
}

/** Since 1970, to the microsecond. */
export function realtime(): number {
  const now = clockTime(clocknames.values.CLOCK_REALTIME)
  return Number.isNaN(now) ? Date.now() * 1e6 : now
}
