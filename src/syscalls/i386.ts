/**
 * Calls that only 32-bit programs have: what they call by other names, with halves of 64-bit numbers in two
 * registers, and what was there before calls as they are now. Calls of the same name are declared once, elsewhere.
 */
import * as sets from '../abi/sets.ts'
import {
  address,
  array,
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
