/** Clocks: what time it is, setting it, keeping it right, and sleeping by it. */
import * as sets from '../abi/sets.ts'
import {
  call,
  clock,
  flags,
  inout,
  int,
  into,
  long,
  out,
  outAlways,
  struct,
  syscalls,
  time,
} from '../types/language.ts'
import { timespec, timeval } from './time-structures.ts'

const timezone = struct('timezone', { tz_minuteswest: int, tz_dsttime: int })

const timex = struct('__kernel_timex', {
  modes: flags(sets.adjtimex_modes),
  offset: long,
  freq: long,
  maxerror: long,
  esterror: long,
  status: flags(sets.adjtimex_status),
  constant: long,
  precision: long,
  tolerance: long,
  time: struct('__kernel_timex_timeval', { tv_sec: long, tv_usec: long }),
  tick: long,
  ppsfreq: long,
  jitter: long,
  shift: int,
  stabil: long,
  jitcnt: long,
  calcnt: long,
  errcnt: long,
  stbcnt: long,
  tai: int,
})

export const timeCalls = syscalls({
  time: call({ tloc: out(time) }, time),
  gettimeofday: call({ tv: out(timeval), tz: out(timezone) }, int),
  settimeofday: call({ tv: into(timeval), tz: into(timezone) }, int),
  adjtimex: call({ buf: inout(timex) }, int),

  clock_gettime: call({ clockid: clock, tp: out(timespec) }, int),
  clock_settime: call({ clockid: clock, tp: into(timespec) }, int),
  clock_getres: call({ clockid: clock, res: out(timespec) }, int),
  clock_adjtime: call({ clockid: clock, buf: inout(timex) }, int),

  // What is left is written only by a sleep that a signal ends, which fails.
  nanosleep: call({ req: into(timespec), rem: outAlways(timespec) }, int),
  clock_nanosleep: call(
    { clockid: clock, flags: flags(sets.clockflags), request: into(timespec), remain: outAlways(timespec) },
    int,
  ),
})
