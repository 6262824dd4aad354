/**
 * Calls that only 32-bit programs have: what they call by other names, with halves of 64-bit numbers in two
 * registers, and what was there before calls as they are now. Calls of the same name are declared once, elsewhere.
 */
import * as sets from '../abi/sets.ts'
import {
  address,
  array,
  type Call,
  call,
  chars,
  dirfd,
  either,
  fd,
  flags,
  hex,
  hex32,
  int,
  into,
  is,
  long,
  mode,
  noReturn,
  oneOf,
  out,
  path,
  pid,
  pidOrGroup,
  seconds,
  signal,
  size,
  special,
  struct,
  syscalls,
  uint,
  ulong,
} from '../types/language.ts'

/** A set of signals in one word. */
const oldSet = special('sigset', 4)
const handler = address
const name = chars()
const utsname = { sysname: name, nodename: name, release: name, version: name, machine: name }
const stat64 = out(
  struct('stat64', {
    st_dev: ulong,
    st_ino: ulong,
    st_mode: mode,
    st_nlink: uint,
    st_uid: uint,
    st_gid: uint,
    st_rdev: ulong,
    st_size: long,
    st_blksize: ulong,
    st_blocks: ulong,
  }),
)
const statfs64 = either(
  is('sz', 84),
  out(
    struct('compat_statfs64', {
      f_type: hex32,
      f_bsize: uint,
      f_blocks: ulong,
      f_bfree: ulong,
      f_bavail: ulong,
      f_files: ulong,
      f_ffree: ulong,
      f_namelen: uint,
      f_frsize: uint,
      f_flags: hex32,
    }),
  ),
  address,
)
const none = call({}, int)

export const i386Calls = syscalls({
  waitpid: call(
    { pid: pidOrGroup, wstatus: out(special('waitstatus', 4)), options: flags(sets.wait4_options) },
    pid,
  ),
  nice: call({ inc: int }, int),
  signal: call({ signum: signal, handler }, hex),
  sgetmask: call({}, hex),
  ssetmask: call({ newmask: hex }, hex),
  sigaction: call({ signum: signal, act: address, oldact: address }, int),
  sigsuspend: call({ unused1: hex, unused2: hex, mask: hex }, int),
  sigpending: call({ set: out(oldSet) }, int),
  sigprocmask: call({ how: oneOf(sets.sigprocmaskcmds), set: into(oldSet), oldset: out(oldSet) }, int),
  sigreturn: noReturn({}),
  stime: call({ t: into(seconds) }, int),
  umount: call({ target: path }, int),
  oldstat: call({ pathname: path, statbuf: address }, int),
  oldlstat: call({ pathname: path, statbuf: address }, int),
  oldfstat: call({ fd, statbuf: address }, int),
  olduname: call({ buf: out(struct('old_utsname', utsname)) }, int),
  oldolduname: call({ buf: out(struct('oldold_utsname', utsname)) }, int),
  readdir: call({ fd, dirp: address, count: uint }, int),
  socketcall: call({ call: oneOf(sets.socketcalls), args: into(array(hex32, 6)) }, int),
  ipc: call({ call: uint, first: uint, second: ulong, third: ulong, ptr: address, fifth: long }, int),
  bdflush: call({ func: int, data: long }, int),
  vm86: call({ fn: ulong, v86: address }, int),
  vm86old: call({ info: address }, int),
  idle: none,
  break: none,
  stty: none,
  gtty: none,
  ftime: none,
  prof: none,
  lock: none,
  mpx: none,
  ulimit: none,
  profil: none,

  // Halves of a 64-bit number, the lower one first.
  _llseek: call(
    { fd, offset_high: ulong, offset_low: ulong, result: out(long), whence: oneOf(sets.whence_codes) },
    int,
  ),
  truncate64: call({ path, length_low: hex32, length_high: hex32 }, int),
  ftruncate64: call({ fd, length_low: hex32, length_high: hex32 }, int),
  fadvise64_64: call(
    {
      fd,
      offset_low: hex32,
      offset_high: hex32,
      len_low: hex32,
      len_high: hex32,
      advice: oneOf(sets.advise),
    },
    int,
  ),

  stat64: call({ pathname: path, statbuf: stat64 }, int),
  lstat64: call({ pathname: path, statbuf: stat64 }, int),
  fstat64: call({ fd, statbuf: stat64 }, int),
  fstatat64: call({ dirfd, pathname: path, statbuf: stat64, flags: flags(sets.at_flags) }, int),
  statfs64: call({ path, sz: size, buf: statfs64 }, int),
  fstatfs64: call({ fd, sz: size, buf: statfs64 }, int),
})

/** Other names of calls that 64-bit programs have: with ids of 32 bits, with times of 64. */
export const otherNames: { readonly [name: string]: string } = {
  chown32: 'chown',
  lchown32: 'lchown',
  fchown32: 'fchown',
  getuid32: 'getuid',
  getgid32: 'getgid',
  geteuid32: 'geteuid',
  getegid32: 'getegid',
  setreuid32: 'setreuid',
  setregid32: 'setregid',
  getgroups32: 'getgroups',
  setgroups32: 'setgroups',
  setresuid32: 'setresuid',
  getresuid32: 'getresuid',
  setresgid32: 'setresgid',
  getresgid32: 'getresgid',
  setuid32: 'setuid',
  setgid32: 'setgid',
  setfsuid32: 'setfsuid',
  setfsgid32: 'setfsgid',
  fcntl64: 'fcntl',
  sendfile64: 'sendfile',
  mmap2: 'mmap',
  _newselect: 'select',
  ugetrlimit: 'getrlimit',
  clock_gettime64: 'clock_gettime',
  clock_settime64: 'clock_settime',
  clock_adjtime64: 'clock_adjtime',
  clock_getres_time64: 'clock_getres',
  clock_nanosleep_time64: 'clock_nanosleep',
  timer_gettime64: 'timer_gettime',
  timer_settime64: 'timer_settime',
  timerfd_gettime64: 'timerfd_gettime',
  timerfd_settime64: 'timerfd_settime',
  utimensat_time64: 'utimensat',
  pselect6_time64: 'pselect6',
  ppoll_time64: 'ppoll',
  io_pgetevents_time64: 'io_pgetevents',
  recvmmsg_time64: 'recvmmsg',
  mq_timedsend_time64: 'mq_timedsend',
  mq_timedreceive_time64: 'mq_timedreceive',
  semtimedop_time64: 'semtimedop',
  rt_sigtimedwait_time64: 'rt_sigtimedwait',
  futex_time64: 'futex',
  sched_rr_get_interval_time64: 'sched_rr_get_interval',
}

/** Structures that 32-bit programs had before their times and limits had 64 bits. */
const olderLayouts: { readonly [layout: string]: string } = {
  __kernel_timespec: 'timespec',
  __kernel_itimerspec: 'itimerspec',
  rlimit64: 'rlimit',
}
/** Calls that were there too late for those. */
const isNewer = (name: string): boolean => /64$/.test(name) || newer.has(name)
const newer: ReadonlySet<string> = new Set(['prlimit64', 'epoll_pwait2', 'io_uring_register', 'futex_waitv'])

const made = new Map<string, Call>()

/** A declaration as it is for 32-bit programs. */
export function for32Bits(name: string, declaration: Call): Call {
  if (isNewer(name)) return declaration
  let older = made.get(name)
  if (older === undefined) {
    older = renamed(declaration) as Call
    made.set(name, older)
  }
  return older
}

/** The same data with the older layouts in the place of the newer. */
function renamed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(renamed)
  if (typeof part !== 'object' || part === null) return part
  if (isNameSet(part)) return part
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, renamed(value)]))
  const layout = olderLayouts[String(copy.layout)]
  return Object.freeze(layout === undefined ? copy : { ...copy, layout })
}

/** Sets stay what they are: others know them by identity. */
const isNameSet = (part: object): boolean => 'values' in part && 'name' in part
