/** Processes and threads: made, replaced, waited for, ended, and looked at from outside. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  argv,
  array,
  call,
  dirfd,
  either,
  envp,
  fd,
  flags,
  flags64,
  growing,
  has,
  hex,
  hex32,
  inout,
  int,
  into,
  iovecs,
  is,
  isNot,
  noReturn,
  oneOf,
  otherFd,
  out,
  outAlways,
  path,
  pgid,
  pid,
  pidOrGroup,
  reordered,
  ret,
  select,
  sid,
  signal,
  size,
  special,
  ssize,
  struct,
  syscalls,
  type Type,
  tid,
  uint,
  ulong,
  when,
} from '../types/language.ts'
import { advice } from './memory.ts'
import { userDesc } from './segments.ts'
import { rusage } from './usage.ts'

const field = (name: string): { readonly field: string } => ({ field: name })
/** Vectors whose content is another process's, or not looked at. */
const places = (count: string) => array(struct('iovec', { iov_base: address, iov_len: size }), arg(count))

/** A descriptor of the second of two processes. */
const second = otherFd({ process: arg('pid2'), slot: 2 })

/** The lowest byte of the flags is the signal that the parent gets. */
const clone = <const T extends Type<unknown>>(tls: T) =>
  call(
    {
      flags: flags64(sets.clone_flags),
      stack: address,
      parent_tid: either(
        has('flags', 'CLONE_PIDFD'),
        out(fd),
        when(has('flags', 'CLONE_PARENT_SETTID'), out(tid)),
      ),
      child_tid: when(has('flags', 'CLONE_CHILD_SETTID', 'CLONE_CHILD_CLEARTID'), address),
      tls: when(has('flags', 'CLONE_SETTLS'), tls),
    },
    tid,
  )

/** As many pid namespaces as the kernel lets stand within each other (MAX_PID_NS_LEVEL): no longer list of ids is looked at. */
const pidLevels = Array.from({ length: 32 }, (_, level) => level + 1)
const cloneArgs = <const T extends Type<unknown>>(tls: T) =>
  growing(
    'clone_args',
    {
      flags: flags64(sets.clone_flags, sets.clone3_flags),
      pidfd: when(has(field('flags'), 'CLONE_PIDFD'), out(fd)),
      child_tid: when(has(field('flags'), 'CLONE_CHILD_SETTID', 'CLONE_CHILD_CLEARTID'), address),
      parent_tid: when(has(field('flags'), 'CLONE_PARENT_SETTID'), out(tid)),
      exit_signal: ulong,
      stack: address,
      stack_size: hex,
      tls: when(has(field('flags'), 'CLONE_SETTLS'), tls),
      // Neither without the other is any use, but shown.
      set_tid: either(
        isNot(field('set_tid'), 0),
        either(is(field('set_tid_size'), ...pidLevels), into(array(tid, { field: 'set_tid_size' })), address),
        when(isNot(field('set_tid_size'), 0), address),
      ),
      set_tid_size: either(isNot(field('set_tid_size'), 0), ulong, when(isNot(field('set_tid'), 0), ulong)),
      cgroup: either(has(field('flags'), 'CLONE_INTO_CGROUP'), ulong, when(isNot(field('cgroup'), 0), ulong)),
    },
    arg('size'),
    64,
  )

const tlsBefore = ['flags', 'stack', 'parent_tid', 'tls', 'child_tid'] as const
/** Of 32-bit programs: where their thread-local memory is, a segment tells. */
export const cloneCalls32 = syscalls({
  clone: reordered(clone(into(userDesc)), { i386: tlsBefore }),
  clone3: call({ cl_args: inout(cloneArgs(into(userDesc))), size }, tid),
})

export const processCalls = syscalls({
  clone: reordered(clone(address), { arm64: tlsBefore }),
  clone3: call({ cl_args: inout(cloneArgs(address)), size }, tid),
  fork: call({}, pid),
  vfork: call({}, pid),
  execve: call({ pathname: path, argv, envp }, int),
  execveat: call(
    { dirfd, pathname: path, argv, envp, flags: flags(sets.at_flags, sets.execveat_flags) },
    int,
  ),
  exit: noReturn({ status: int }),
  exit_group: noReturn({ status: int }),
  wait4: call(
    {
      pid: pidOrGroup,
      wstatus: either(isNot(ret, 0), out(special('waitstatus', 4)), address),
      options: flags(sets.wait4_options),
      rusage: either(isNot(ret, 0), out(rusage), address),
    },
    pid,
  ),
  waitid: call(
    {
      idtype: oneOf(sets.waitid_types),
      id: select('idtype', { P_PID: pid, P_PGID: pgid, P_PIDFD: fd }, int),
      infop: out(special('siginfo', 128)),
      options: flags(sets.wait4_options),
      rusage: out(rusage),
    },
    int,
  ),

  getpid: call({}, pid),
  getppid: call({}, pid),
  gettid: call({}, tid),
  getpgrp: call({}, pgid),
  getpgid: call({ pid }, pgid),
  setpgid: call({ pid, pgid }, int),
  getsid: call({ pid }, sid),
  setsid: call({}, sid),
  set_tid_address: call({ tidptr: hex }, tid),
  set_robust_list: call({ head: address, len: size }, int),
  get_robust_list: call({ pid: tid, head_ptr: out(address), len_ptr: out(size) }, int),
  rseq: call({ rseq: hex, rseq_len: hex, flags: hex, sig: hex }, int),
  rseq_slice_yield: call({}, int),

  unshare: call({ flags: flags64(sets.unshare_flags) }, int),
  setns: call({ fd, nstype: flags(sets.setns_types) }, int),
  acct: call({ filename: path }, int),

  kcmp: call(
    {
      pid1: pid,
      pid2: pid,
      type: oneOf(sets.kcmp_types),
      idx1: select(
        'type',
        {
          KCMP_FILE: otherFd({ process: arg('pid1'), slot: 1 }),
          KCMP_EPOLL_TFD: otherFd({ process: arg('pid1'), slot: 1 }),
          KCMP_VM: absent,
          KCMP_FILES: absent,
          KCMP_FS: absent,
          KCMP_SIGHAND: absent,
          KCMP_IO: absent,
          KCMP_SYSVSEM: absent,
        },
        hex,
      ),
      idx2: select(
        'type',
        {
          KCMP_FILE: second,
          KCMP_EPOLL_TFD: into(struct('kcmp_epoll_slot', { efd: second, tfd: second, toff: uint })),
          KCMP_VM: absent,
          KCMP_FILES: absent,
          KCMP_FS: absent,
          KCMP_SIGHAND: absent,
          KCMP_IO: absent,
          KCMP_SYSVSEM: absent,
        },
        hex,
      ),
    },
    int,
  ),
  pidfd_open: call({ pid, flags: flags(sets.pidfd_open_flags) }, fd),
  pidfd_send_signal: call({ pidfd: fd, sig: signal, info: into(special('siginfo', 128)), flags: hex32 }, int),
  pidfd_getfd: call({ pidfd: fd, targetfd: otherFd({ pidfd: arg('pidfd'), slot: 1 }), flags: hex32 }, fd),
  process_vm_readv: call(
    {
      pid,
      local_iov: outAlways(iovecs(arg('liovcnt'), ret)),
      liovcnt: ulong,
      remote_iov: into(places('riovcnt')),
      riovcnt: ulong,
      flags: ulong,
    },
    ssize,
  ),
  process_vm_writev: call(
    {
      pid,
      local_iov: into(iovecs(arg('liovcnt'))),
      liovcnt: ulong,
      remote_iov: into(places('riovcnt')),
      riovcnt: ulong,
      flags: ulong,
    },
    ssize,
  ),
  process_madvise: call({ pidfd: fd, iovec: into(places('vlen')), vlen: size, advice, flags: hex32 }, ssize),
  process_mrelease: call({ pidfd: fd, flags: hex32 }, int),
})
