/** Resource usage, which several calls give back. */
import { struct, ulong } from '../types/language.ts'
import { timeval } from './time-structures.ts'

export const rusage = struct('rusage', {
  ru_utime: timeval,
  ru_stime: timeval,
  ru_maxrss: ulong,
  ru_ixrss: ulong,
  ru_idrss: ulong,
  ru_isrss: ulong,
  ru_minflt: ulong,
  ru_majflt: ulong,
  ru_nswap: ulong,
  ru_inblock: ulong,
  ru_oublock: ulong,
  ru_msgsnd: ulong,
  ru_msgrcv: ulong,
  ru_nsignals: ulong,
  ru_nvcsw: ulong,
  ru_nivcsw: ulong,
})
