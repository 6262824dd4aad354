/** Calls on open descriptors: reading, writing, duplicating, controlling. */
import * as sets from '../abi/sets.ts'
import { arg, bytes, call, fd, int, into, iovecs, offset, oneOf, out, ret, size, ssize, syscalls } from '../types/language.ts'

export const descriptorCalls = syscalls({
  read: call({ fd, buf: out(bytes(ret)), count: size }, ssize),
  write: call({ fd, buf: into(bytes(arg('count'))), count: size }, ssize),
  close: call({ fd }, int),
  lseek: call({ fd, offset, whence: oneOf(sets.whence_codes) }, offset),
  pread64: call({ fd, buf: out(bytes(ret)), count: size, offset }, ssize),
  pwrite64: call({ fd, buf: into(bytes(arg('count'))), count: size, offset }, ssize),
  readv: call({ fd, iov: out(iovecs(arg('iovcnt'), ret)), iovcnt: int }, ssize),
  writev: call({ fd, iov: into(iovecs(arg('iovcnt'))), iovcnt: int }, ssize),
  dup: call({ oldfd: fd }, fd),
})
