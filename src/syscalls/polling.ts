/** Waiting for descriptors: poll, select, epoll, and descriptors that count events. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  call,
  either,
  fd,
  field,
  flags,
  inout,
  int,
  into,
  is,
  longArray,
  oneOf,
  out,
  ret,
  select,
  size,
  special,
  struct,
  syscalls,
  uint,
  ulong,
} from '../types/language.ts'
import { timespec, timeval } from './time-structures.ts'

/** A set of signals: other sizes than the kernel's are refused. */
const sigmask = either(is('sigsetsize', 8), into(special('sigset', 8)), address)

const events = flags(sets.pollflags)
/** As many descriptors as a server may have; who waits for more is shown these. */
const mostDescriptors = 16384
const fds = inout(longArray(struct('pollfd', { fd, events, revents: events }), arg('nfds'), mostDescriptors))
const fdset = inout(special('fdset', arg('nfds')))
/** What pselect6 has no register for. */
export const maskAndSize = struct('sigset_argpack', { p: into(special('sigset', field('size'))), size })

const epollEvent = struct('epoll_event', { events: flags(sets.epollevents), data: ulong })
const happened = out(longArray(epollEvent, ret, mostDescriptors))
const epfd = fd

export const pollingCalls = syscalls({
  poll: call({ fds, nfds: uint, timeout: int }, int),
  ppoll: call({ fds, nfds: uint, tmo_p: inout(timespec), sigmask, sigsetsize: size }, int),
  select: call(
    { nfds: int, readfds: fdset, writefds: fdset, exceptfds: fdset, timeout: inout(timeval) },
    int,
  ),
  pselect6: call(
    {
      nfds: int,
      readfds: fdset,
      writefds: fdset,
      exceptfds: fdset,
      timeout: inout(timespec),
      sigmask: into(maskAndSize),
    },
    int,
  ),

  epoll_create: call({ size: int }, fd),
  epoll_create1: call({ flags: flags(sets.epollflags) }, fd),
  epoll_ctl: call(
    {
      epfd,
      op: oneOf(sets.epollctls),
      fd,
      event: select('op', { EPOLL_CTL_DEL: address }, into(epollEvent)),
    },
    int,
  ),
  epoll_wait: call({ epfd, events: happened, maxevents: int, timeout: int }, int),
  epoll_pwait: call({ epfd, events: happened, maxevents: int, timeout: int, sigmask, sigsetsize: size }, int),
  epoll_pwait2: call(
    { epfd, events: happened, maxevents: int, timeout: into(timespec), sigmask, sigsetsize: size },
    int,
  ),

  eventfd: call({ initval: uint }, fd),
  eventfd2: call({ initval: uint, flags: flags(sets.efd_flags) }, fd),
})
