/** Bytes that go from one descriptor to another without passing through the program. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  call,
  fd,
  flags,
  inout,
  into,
  iovecs,
  offset,
  size,
  ssize,
  syscalls,
  uint,
  ulong,
} from '../types/language.ts'

/** The kernel moves these offsets on, but what is looked at is where it began. */
const from = into(offset)
const spliceFlags = flags(sets.splice_flags)

export const transferCalls = syscalls({
  sendfile: call({ out_fd: fd, in_fd: fd, offset: inout(ulong), count: size }, ssize),
  splice: call({ fd_in: fd, off_in: from, fd_out: fd, off_out: from, len: size, flags: spliceFlags }, ssize),
  tee: call({ fd_in: fd, fd_out: fd, len: size, flags: spliceFlags }, ssize),
  vmsplice: call({ fd, iov: into(iovecs(arg('nr_segs'))), nr_segs: ulong, flags: spliceFlags }, ssize),
  copy_file_range: call(
    { fd_in: fd, off_in: from, fd_out: fd, off_out: from, len: size, flags: uint },
    ssize,
  ),
})
