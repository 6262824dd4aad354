/**
 * Calls that only 32-bit programs have: what they call by other names, with halves of 64-bit numbers in two
 * registers, and what was there before calls as they are now. Calls of the same name are declared once, elsewhere.
 */
import { argumentBlock } from '../abi/argument-blocks.ts'
import * as sets from '../abi/sets.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import {
  absent,
  address,
  arg,
  bytes,
  type Call,
  call,
  chars,
  decimal,
  dirfd,
  either,
  fd,
  field,
  flags,
  hex,
  inout,
  int,
  into,
  is,
  isNot,
  long,
  offset,
  oneOf,
  oneOf64,
  out,
  path,
  peek,
  pid,
  pidOrGroup,
  plus,
  ret,
  seconds,
  signal,
  size,
  special,
  ssize,
  struct,
  syscalls,
  uint,
  ulong,
  ushort,
  when,
  withArgumentsInMemory,
  withTail,
} from '../types/language.ts'
import { stat64, statfs64 } from './attributes.ts'
import { fcntl64 } from './file-control.ts'
import { for32Bits } from './for-32-bits.ts'
import { partsOfIpc } from './ipc.ts'
import { memoryCalls } from './memory.ts'
import { messageCalls } from './messages.ts'
import { pollingCalls } from './polling.ts'
import { cloneCalls32 } from './process.ts'
import { oldSet, oldSignalCalls } from './signals.ts'
import { socketCalls } from './sockets.ts'

const name = chars()
const utsname = { sysname: name, nodename: name, release: name, version: name, machine: name }
const filesystem = either(is('sz', 84), out(statfs64), address)
const { offset: _, ...mapping } = memoryCalls.mmap.args
const none = call({}, int)
/** The name ends where its length says; `d_off` is where this entry is. */
const entry = out(
  withTail(
    'linux_dirent',
    { d_ino: ulong, d_off: ulong, d_reclen: ushort, d_name: bytes(field('d_reclen')) },
    plus(peek('dirp', 2, 8), 10),
  ),
)

/** What 64-bit programs do with sendto and recvfrom. */
const partsOfSocketcall = syscalls({
  send: call({ sockfd: fd, buf: into(bytes(arg('len'))), len: size, flags: flags(sets.msg_flags) }, ssize),
  recv: call({ sockfd: fd, buf: out(bytes(ret)), len: size, flags: flags(sets.msg_flags) }, ssize),
})

const partOfSocketcall = either(
  is('call', ...Object.keys(sets.socketcalls.values)),
  decimal(oneOf(sets.socketcalls)),
  int,
)

type Calls = { readonly [name: string]: Call }
const for32BitsAll = (calls: Calls): Calls =>
  Object.fromEntries(Object.entries(calls).map(([name, declaration]) => [name, for32Bits(name, declaration)]))

const inMemory = (name: keyof typeof syscallNumbers.i386, declaration: Call, calls: Calls): Call =>
  withArgumentsInMemory(declaration, argumentBlock('i386', syscallNumbers.i386[name])!, calls)

export const i386Calls = syscalls({
  waitpid: call(
    { pid: pidOrGroup, wstatus: out(special('waitstatus', 4)), options: flags(sets.wait4_options) },
    pid,
  ),
  nice: call({ inc: int }, int),
  ...oldSignalCalls,
  signal: call({ signum: signal, handler: oneOf64(sets.sa_handler_values) }, hex),
  sgetmask: call({}, hex),
  ssetmask: call({ newmask: oldSet }, hex),
  sigsuspend: call({ unused1: absent, unused2: absent, mask: oldSet }, int),
  sigpending: call({ set: out(oldSet) }, int),
  sigprocmask: call({ how: oneOf(sets.sigprocmaskcmds), set: into(oldSet), oldset: out(oldSet) }, int),
  stime: call({ t: into(seconds) }, int),
  umount: call({ target: path }, int),
  oldstat: call({ pathname: path, statbuf: address }, int),
  oldlstat: call({ pathname: path, statbuf: address }, int),
  oldfstat: call({ fd, statbuf: address }, int),
  olduname: call({ buf: out(struct('old_utsname', utsname)) }, int),
  oldolduname: call({ buf: out(struct('oldold_utsname', utsname)) }, int),
  sendfile: call({ out_fd: fd, in_fd: fd, offset: inout(uint), count: size }, ssize),
  // One entry at a time: how many there are is said, but not looked at.
  readdir: call({ fd, dirp: either(is(ret, 1), entry, address), count: when(isNot('count', 1), uint) }, int),
  socketcall: inMemory(
    'socketcall',
    call({ call: partOfSocketcall, args: address }, int),
    for32BitsAll({ ...socketCalls, ...messageCalls, ...partsOfSocketcall }),
  ),
  select: inMemory('select', call({ args: address }, int), for32BitsAll(pollingCalls)),
  mmap: inMemory('mmap', call({ args: address }, address), memoryCalls),
  ipc: inMemory(
    'ipc',
    call({ call: uint, first: hex, second: hex, third: hex, ptr: hex, fifth: hex }, int),
    for32BitsAll(partsOfIpc),
  ),
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

  ...cloneCalls32,
  fcntl64,
  mmap2: call({ ...mapping, pgoffset: uint }, address),
  _llseek: call(
    {
      fd,
      offset: { ...offset, halves: 'high' } as typeof offset,
      offset_low: absent,
      result: out(offset),
      whence: oneOf(sets.whence_codes),
    },
    int,
  ),

  stat64: call({ pathname: path, statbuf: out(stat64) }, int),
  lstat64: call({ pathname: path, statbuf: out(stat64) }, int),
  fstat64: call({ fd, statbuf: out(stat64) }, int),
  fstatat64: call({ dirfd, pathname: path, statbuf: out(stat64), flags: flags(sets.at_flags) }, int),
  statfs64: call({ path, sz: size, buf: filesystem }, int),
  fstatfs64: call({ fd, sz: size, buf: filesystem }, int),
})
