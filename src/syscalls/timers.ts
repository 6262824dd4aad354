/** Timers: those of a process, POSIX timers, and timers that are descriptors. */
import * as sets from '../abi/sets.ts'
import { call, clock, fd, flags, int, into, oneOf, out, struct, syscalls, uint } from '../types/language.ts'
import { notification } from './message-queues.ts'
import { timespec, timeval } from './time-structures.ts'

const itimerval = struct('itimerval', { it_interval: timeval, it_value: timeval })
const itimerspec = struct('__kernel_itimerspec', { it_interval: timespec, it_value: timespec })
const which = oneOf(sets.itimer_which)

export const timerCalls = syscalls({
  alarm: call({ seconds: uint }, uint),
  getitimer: call({ which, curr_value: out(itimerval) }, int),
  setitimer: call({ which, new_value: into(itimerval), old_value: out(itimerval) }, int),

  timer_create: call({ clockid: clock, sevp: into(notification), timerid: out(int) }, int),
  timer_settime: call(
    {
      timerid: int,
      flags: flags(sets.clockflags),
      new_value: into(itimerspec),
      old_value: out(itimerspec),
    },
    int,
  ),
  timer_gettime: call({ timerid: int, curr_value: out(itimerspec) }, int),
  timer_getoverrun: call({ timerid: int }, int),
  timer_delete: call({ timerid: int }, int),

  timerfd_create: call({ clockid: clock, flags: flags(sets.timerfdflags) }, fd),
  timerfd_settime: call(
    { fd, flags: flags(sets.timerfdflags), new_value: into(itimerspec), old_value: out(itimerspec) },
    int,
  ),
  timerfd_gettime: call({ fd, curr_value: out(itimerspec) }, int),
})
