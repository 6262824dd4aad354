/** Resource usage, which several calls give back. */
import { long, struct } from '../types/language.ts'

const timeval = struct('timeval', { tv_sec: long, tv_usec: long })
export const rusage = struct('rusage', {
  ru_utime: timeval,
  ru_stime: timeval,
  ru_maxrss: long,
  ru_ixrss: long,
  ru_idrss: long,
  ru_isrss: long,
  ru_minflt: long,
  ru_majflt: long,
  ru_nswap: long,
  ru_inblock: long,
  ru_oublock: long,
  ru_msgsnd: long,
  ru_msgrcv: long,
  ru_nsignals: long,
  ru_nvcsw: long,
  ru_nivcsw: long,
})
