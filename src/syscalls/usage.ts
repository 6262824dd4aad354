/** Resource usage, which several calls give back. */
import { long, struct, ulong } from '../types/language.ts'

const timeval = struct('timeval', { tv_sec: long, tv_usec: long })
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
