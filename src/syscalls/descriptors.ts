/** Reading and writing descriptors, and having them: duplicates, pipes, descriptors of memory. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  array,
  bytes,
  call,
  fd,
  flags,
  int,
  into,
  iovecs,
  offset,
  oneOf,
  out,
  outAlways,
  ret,
  shortString,
  size,
  ssize,
  syscalls,
  uint,
  ulong,
  unused,
} from '../types/language.ts'

const iov = into(iovecs(arg('iovcnt')))
/** Looked at even when nothing was read: where it would have gone. */
const filledIov = outAlways(iovecs(arg('iovcnt'), ret))
/** The upper half of an offset on machines of 32 bits. */
const pos_h = unused
const rwf = flags(sets.rwf_flags)

export const descriptorCalls = syscalls({
  read: call({ fd, buf: out(bytes(ret)), count: size }, ssize),
  write: call({ fd, buf: into(bytes(arg('count'))), count: size }, ssize),
  pread64: call({ fd, buf: out(bytes(ret)), count: size, offset }, ssize),
  pwrite64: call({ fd, buf: into(bytes(arg('count'))), count: size, offset }, ssize),
  readv: call({ fd, iov: filledIov, iovcnt: ulong }, ssize),
  writev: call({ fd, iov, iovcnt: ulong }, ssize),
  preadv: call({ fd, iov: filledIov, iovcnt: ulong, offset }, ssize),
  pwritev: call({ fd, iov, iovcnt: ulong, offset }, ssize),
  preadv2: call({ fd, iov: filledIov, iovcnt: ulong, offset, pos_h, flags: rwf }, ssize),
  pwritev2: call({ fd, iov, iovcnt: ulong, offset, pos_h, flags: rwf }, ssize),
  lseek: call({ fd, offset, whence: oneOf(sets.whence_codes) }, offset),

  close: call({ fd }, int),
  close_range: call({ first: uint, last: uint, flags: flags(sets.close_range_flags) }, int),
  dup: call({ oldfd: fd }, fd),
  dup2: call({ oldfd: fd, newfd: fd }, fd),
  dup3: call({ oldfd: fd, newfd: fd, flags: flags(sets.open_mode_flags) }, fd),
  pipe: call({ pipefd: out(array(fd, 2)) }, int),
  pipe2: call({ pipefd: out(array(fd, 2)), flags: flags(sets.open_mode_flags) }, int),
  memfd_create: call({ name: into(shortString(250)), flags: flags(sets.memfd_create_flags) }, fd),
  memfd_secret: call({ flags: flags(sets.memfd_secret_flags) }, fd),
})
