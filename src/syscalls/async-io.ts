/** Asynchronous I/O by requests in a ring that the kernel keeps. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  bytes,
  call,
  decimal,
  fd,
  field,
  flags,
  flags64,
  hex,
  int,
  into,
  iovecs,
  is,
  long,
  offset,
  oneOf,
  out,
  ret,
  select,
  short,
  size,
  struct,
  syscalls,
  uint,
  ulong,
  when,
} from '../types/language.ts'
import { maskAndSize } from './polling.ts'
import { timespec } from './time-structures.ts'

const timeout = into(timespec)

const opcode = field('aio_lio_opcode')
/** Where a request's bytes are, by what it asks for: to be written, they are there already. */
const buffer = select(
  opcode,
  {
    IOCB_CMD_PREAD: hex,
    IOCB_CMD_PWRITE: into(bytes(field('aio_nbytes'))),
    IOCB_CMD_PREADV: into(array(struct('iovec', { iov_base: address, iov_len: size }), field('aio_nbytes'))),
    IOCB_CMD_PWRITEV: into(iovecs(field('aio_nbytes'))),
    IOCB_CMD_POLL: flags64(sets.pollflags),
  },
  absent,
)
const whole = ['IOCB_CMD_PREAD', 'IOCB_CMD_PWRITE']
const vectored = ['IOCB_CMD_PREADV', 'IOCB_CMD_PWRITEV']
const hasBuffer = is(opcode, ...whole, ...vectored, 'IOCB_CMD_POLL')
const request = struct('iocb', {
  aio_data: hex,
  aio_key: uint,
  aio_rw_flags: flags(sets.rwf_flags),
  aio_lio_opcode: decimal(oneOf(sets.aio_cmds)),
  aio_reqprio: short,
  aio_fildes: fd,
  aio_buf: when(hasBuffer, buffer),
  aio_nbytes: when(is(opcode, ...whole), ulong),
  aio_offset: when(is(opcode, ...whole, ...vectored), offset),
  aio_flags: flags(sets.aio_iocb_flags),
  aio_resfd: fd,
})
const event = struct('io_event', { data: hex, obj: hex, res: long, res2: long })
const happened = out(array(event, ret))

export const asyncIoCalls = syscalls({
  io_setup: call({ nr_events: uint, ctx_idp: out(address) }, int),
  io_destroy: call({ ctx_id: address }, int),
  io_submit: call({ ctx_id: address, nr: long, iocbpp: into(array(into(request), arg('nr'))) }, int),
  io_cancel: call({ ctx_id: address, iocb: into(request), result: out(event) }, int),
  io_getevents: call({ ctx_id: address, min_nr: long, nr: long, events: happened, timeout }, int),
  io_pgetevents: call(
    {
      ctx_id: address,
      min_nr: long,
      nr: long,
      events: happened,
      timeout,
      usig: into(maskAndSize),
    },
    int,
  ),
})
