/** POSIX message queues. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  bytes,
  call,
  fd,
  flags64,
  has,
  int,
  into,
  long,
  mixed,
  oneOf,
  out,
  permissions,
  ret,
  signal,
  size,
  ssize,
  struct,
  syscalls,
  uint,
  unfollowedPath,
  when,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const abs_timeout = into(timespec)

const attributes = struct('mq_attr', {
  mq_flags: flags64(sets.mq_attr_flags),
  mq_maxmsg: long,
  mq_msgsize: long,
  mq_curmsgs: long,
})
const creates = has('oflag', 'O_CREAT')
const mqdes = fd
/** How to tell that a message has come. */
export const notification = struct(
  'sigevent',
  {
    sigev_value: address,
    sigev_signo: signal,
    sigev_notify: oneOf(sets.sigev_value),
  },
  32,
)

export const messageQueueCalls = syscalls({
  mq_open: call(
    {
      name: unfollowedPath,
      oflag: mixed(3, sets.open_access_modes, sets.open_mode_flags),
      mode: when(creates, permissions),
      attr: when(creates, into(attributes)),
    },
    fd,
  ),
  mq_unlink: call({ name: unfollowedPath }, int),
  mq_timedsend: call(
    { mqdes, msg_ptr: into(bytes(arg('msg_len'))), msg_len: size, msg_prio: uint, abs_timeout },
    int,
  ),
  mq_timedreceive: call(
    { mqdes, msg_ptr: out(bytes(ret)), msg_len: size, msg_prio: out(uint), abs_timeout },
    ssize,
  ),
  mq_notify: call({ mqdes, sevp: into(notification) }, int),
  mq_getsetattr: call({ mqdes, newattr: into(attributes), oldattr: out(attributes) }, int),
})
