/** Times as most calls have them. Seconds may lie before the epoch; a fraction is never below zero. */
import { long, struct, ulong } from '../types/language.ts'

export const timespec = struct('__kernel_timespec', { tv_sec: long, tv_nsec: ulong })
export const timeval = struct('timeval', { tv_sec: long, tv_usec: ulong })
