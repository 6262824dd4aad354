/** Calls that have a number and nothing behind it: removed, reserved for others, or never made. */
import {
  address,
  call,
  hex,
  int,
  into,
  long,
  out,
  path,
  pathBytes,
  ret,
  size,
  struct,
  syscalls,
  ulong,
} from '../types/language.ts'

const sysctl = struct('__sysctl_args', {
  name: address,
  nlen: int,
  oldval: address,
  oldlenp: address,
  newval: address,
  newlen: ulong,
})
/** What nobody says the meaning of. */
const one = { arg1: hex }
const two = { ...one, arg2: hex }
const three = { ...two, arg3: hex }
const four = { ...three, arg4: hex }
const five = { ...four, arg5: hex }

export const obsoleteCalls = syscalls({
  uselib: call({ library: path }, int),
  _sysctl: call({ args: into(sysctl) }, int),
  lookup_dcookie: call({ cookie: ulong, buffer: out(pathBytes(ret)), len: size }, int),

  create_module: call(two, int),
  get_kernel_syms: call(one, int),
  query_module: call(five, int),
  nfsservctl: call(three, int),
  getpmsg: call(five, int),
  putpmsg: call(five, int),
  afs_syscall: call(five, int),
  tuxcall: call(three, long),
  security: call(three, long),
  vserver: call(five, long),
  epoll_ctl_old: call(four, int),
  epoll_wait_old: call(four, int),
})
