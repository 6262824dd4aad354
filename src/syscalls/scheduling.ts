/** Limits, usage, priorities, and who runs when and where. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  call,
  flags64,
  inoutAlways,
  int,
  into,
  jiffies,
  long,
  oneOf,
  out,
  pgid,
  pid,
  ret,
  select,
  special,
  struct,
  syscalls,
  uint,
  ulong,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'
import { rusage } from './usage.ts'

const rlimit = struct('rlimit64', { rlim_cur: ulong, rlim_max: ulong })
const attributes = struct('sched_attr', {
  size: uint,
  sched_policy: oneOf(sets.schedulers),
  sched_flags: flags64(sets.sched_flags),
  sched_nice: int,
  sched_priority: uint,
  sched_runtime: ulong,
  sched_deadline: ulong,
  sched_period: ulong,
  sched_util_min: uint,
  sched_util_max: uint,
})
const policy = oneOf(sets.schedulers)
const resource = oneOf(sets.resources)

const whose = select('which', { PRIO_PROCESS: pid, PRIO_PGRP: pgid }, int)
const ioWhose = select('which', { IOPRIO_WHO_PROCESS: pid, IOPRIO_WHO_PGRP: pgid }, int)

export const schedulingCalls = syscalls({
  getrlimit: call({ resource, rlim: out(rlimit) }, int),
  setrlimit: call({ resource, rlim: into(rlimit) }, int),
  prlimit64: call({ pid, resource, new_limit: into(rlimit), old_limit: out(rlimit) }, int),
  getrusage: call({ who: oneOf(sets.usagewho), usage: out(rusage) }, int),
  times: call(
    {
      buf: out(
        struct('tms', { tms_utime: jiffies, tms_stime: jiffies, tms_cutime: jiffies, tms_cstime: jiffies }),
      ),
    },
    long,
  ),

  getpriority: call({ which: oneOf(sets.priorities), who: whose }, int),
  setpriority: call({ which: oneOf(sets.priorities), who: whose, prio: int }, int),
  /** The class is in bits 13 to 15, the level below them. */
  ioprio_get: call({ which: oneOf(sets.ioprio_who), who: ioWhose }, int),
  ioprio_set: call({ which: oneOf(sets.ioprio_who), who: ioWhose, ioprio: uint }, int),

  sched_yield: call({}, int),
  sched_setscheduler: call({ pid, policy, param: into(int) }, int),
  sched_getscheduler: call({ pid }, int),
  sched_setparam: call({ pid, param: into(int) }, int),
  sched_getparam: call({ pid, param: out(int) }, int),
  sched_get_priority_max: call({ policy }, int),
  sched_get_priority_min: call({ policy }, int),
  sched_rr_get_interval: call({ pid, tp: out(timespec) }, int),
  /** A size that the kernel does not take is answered with the one that it does. */
  sched_setattr: call({ pid, attr: inoutAlways(attributes), flags: uint }, int),
  sched_getattr: call({ pid, attr: out(attributes), size: uint, flags: uint }, int),
  sched_setaffinity: call({ pid, cpusetsize: uint, mask: into(special('cpuset', arg('cpusetsize'))) }, int),
  sched_getaffinity: call({ pid, cpusetsize: uint, mask: out(special('cpuset', ret)) }, int),
  getcpu: call({ cpu: out(uint), node: out(uint), tcache: address }, int),
})
