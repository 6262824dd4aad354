/** io_uring: rings that the program shares with the kernel. What it puts into a ring is no system call, and not seen. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  call,
  clock,
  decimal,
  either,
  fd,
  field,
  flags,
  flags64,
  growing,
  has,
  hex,
  hex32,
  inoutAlways,
  int,
  into,
  is,
  longArray,
  oneOf,
  plus,
  select,
  size,
  special,
  struct,
  syscalls,
  times,
  uint,
  ushort,
  when,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const submissionRing = struct('io_sqring_offsets', {
  head: uint,
  tail: uint,
  ring_mask: uint,
  ring_entries: uint,
  flags: uint,
  dropped: uint,
  array: uint,
  resv1: hex32,
  user_addr: hex,
})
const completionRing = struct('io_cqring_offsets', {
  head: uint,
  tail: uint,
  ring_mask: uint,
  ring_entries: uint,
  overflow: uint,
  cqes: uint,
  flags: uint,
  resv1: hex32,
  user_addr: hex,
})
const params = struct('io_uring_params', {
  flags: flags(sets.uring_setup_flags),
  sq_thread_cpu: hex32,
  sq_thread_idle: uint,
  wq_fd: when(has(field('flags'), 'IORING_SETUP_ATTACH_WQ'), fd),
  resv: array(hex32, 3),
  sq_entries: uint,
  cq_entries: uint,
  features: flags(sets.uring_setup_features),
  sq_off: submissionRing,
  cq_off: completionRing,
})

// ---- what is registered with a ring --------------------------------------------------------------

const count = arg('nr_args')
/** Buffers whose content is nobody's business yet. */
const buffer = struct('iovec', { iov_base: address, iov_len: size })
/** What a ring may have registered. */
const mostFiles = 32768
const descriptors = into(longArray(fd, count, mostFiles))
const operation = decimal(oneOf(sets.uring_ops))

const filesUpdate = struct('io_uring_files_update', {
  offset: uint,
  resv: hex32,
  fds: into(array(fd, count)),
})
/** The operations follow, as many as the caller has room for. */
const probeBytes = 16
const probe = growing(
  'io_uring_probe',
  { last_op: operation, ops_len: uint, resv: hex32, resv2: array(hex32, 3) },
  plus(times(count, 8), probeBytes),
  probeBytes,
)
const restriction = struct('io_uring_restriction', {
  opcode: oneOf(sets.uring_restriction_opcodes),
  register_op: when(
    is(field('opcode'), 'IORING_RESTRICTION_REGISTER_OP'),
    oneOf(sets.uring_register_opcodes),
  ),
  sqe_op: when(is(field('opcode'), 'IORING_RESTRICTION_SQE_OP'), oneOf(sets.uring_ops)),
  sqe_flags: when(
    is(field('opcode'), 'IORING_RESTRICTION_SQE_FLAGS_ALLOWED', 'IORING_RESTRICTION_SQE_FLAGS_REQUIRED'),
    flags(sets.uring_sqe_flags),
  ),
  resv: hex32,
  resv2: array(hex32, 3),
})

/** Files or buffers, by the operation. */
const resources = select(
  'opcode',
  {
    IORING_REGISTER_FILES2: into(array(fd, field('nr'))),
    IORING_REGISTER_FILES_UPDATE2: into(array(fd, field('nr'))),
    IORING_REGISTER_BUFFERS2: into(array(buffer, field('nr'))),
    IORING_REGISTER_BUFFERS_UPDATE: into(array(buffer, field('nr'))),
  },
  address,
)
const tags = into(array(hex, field('nr')))
const resourceBytes = 32
const registered = growing(
  'io_uring_rsrc_register',
  { nr: uint, flags: flags(sets.uring_register_rsrc_flags), resv2: hex, data: resources, tags },
  count,
  resourceBytes,
)
const updated = growing(
  'io_uring_rsrc_update2',
  { offset: uint, resv: hex32, data: resources, tags, nr: uint, resv2: hex32 },
  count,
  resourceBytes,
)
const ring = struct('io_uring_rsrc_update', {
  offset: uint,
  resv: hex32,
  data: either(is('opcode', 'IORING_REGISTER_RING_FDS'), fd, hex),
})
const bufferRing = struct('io_uring_buf_reg', {
  ring_addr: address,
  ring_entries: uint,
  bgid: ushort,
  flags: hex32,
  min_left: uint,
  resv: array(hex32, 5),
})
const cancel = struct('io_uring_sync_cancel_reg', {
  addr: hex,
  fd,
  flags: flags(sets.uring_async_cancel_flags),
  timeout: timespec,
  opcode: oneOf(sets.uring_ops),
})
const range = struct('io_uring_file_index_range', { off: uint, len: uint, resv: hex })
const bufferStatus = struct('io_uring_buf_status', { buf_group: uint, head: uint })
const ringClock = struct('io_uring_clock_register', { clockid: clock })
const clone = struct('io_uring_clone_buffers', {
  src_fd: fd,
  flags: flags(sets.uring_clone_buffers_flags),
  src_off: uint,
  dst_off: uint,
  nr: uint,
})
const region = struct('io_uring_mem_region_reg', {
  region_uptr: address,
  flags: flags64(sets.uring_mem_region_reg_flags),
})

const registration = select(
  'opcode',
  {
    IORING_REGISTER_BUFFERS: into(array(buffer, count)),
    IORING_REGISTER_FILES: descriptors,
    IORING_REGISTER_EVENTFD: descriptors,
    IORING_REGISTER_EVENTFD_ASYNC: descriptors,
    IORING_REGISTER_FILES_UPDATE: into(filesUpdate),
    IORING_REGISTER_PROBE: inoutAlways(probe),
    IORING_REGISTER_RESTRICTIONS: into(array(restriction, count)),
    IORING_REGISTER_FILES2: into(registered),
    IORING_REGISTER_FILES_UPDATE2: into(updated),
    IORING_REGISTER_BUFFERS2: into(registered),
    IORING_REGISTER_BUFFERS_UPDATE: into(updated),
    IORING_REGISTER_IOWQ_AFF: into(special('cpuset', count)),
    IORING_REGISTER_IOWQ_MAX_WORKERS: inoutAlways(array(uint, count)),
    IORING_REGISTER_RING_FDS: into(array(ring, count)),
    IORING_UNREGISTER_RING_FDS: into(array(ring, count)),
    IORING_REGISTER_PBUF_RING: into(bufferRing),
    IORING_UNREGISTER_PBUF_RING: into(bufferRing),
    IORING_REGISTER_SYNC_CANCEL: into(cancel),
    IORING_REGISTER_FILE_ALLOC_RANGE: into(range),
    IORING_REGISTER_PBUF_STATUS: inoutAlways(bufferStatus),
    IORING_REGISTER_CLOCK: into(ringClock),
    IORING_REGISTER_CLONE_BUFFERS: into(clone),
    IORING_REGISTER_MEM_REGION: into(region),
  },
  address,
)

export const ioUringCalls = syscalls({
  io_uring_setup: call({ entries: uint, params: inoutAlways(params) }, fd),
  io_uring_enter: call(
    {
      fd,
      to_submit: uint,
      min_complete: uint,
      flags: flags(sets.uring_enter_flags),
      sig: either(is('sigsetsize', 8), into(special('sigset', 8)), address),
      sigsetsize: size,
    },
    int,
  ),
  io_uring_register: call(
    { fd, opcode: oneOf(sets.uring_register_opcodes), arg: registration, nr_args: uint },
    int,
  ),
})
