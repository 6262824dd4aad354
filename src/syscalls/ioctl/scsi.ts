/** SCSI commands as a program gives them to a device (SG_IO): the older structure, and the newer one. */
import * as sets from '../../abi/sets.ts'
import {
  byte,
  bytes,
  either,
  field,
  flags,
  hex,
  hex32,
  inoutAlways,
  int,
  into,
  iovecs,
  isNot,
  oneOf,
  outAlways,
  peek,
  select,
  struct,
  uint,
  ushort,
} from '../../types/language.ts'

/** Data for a transfer: in one piece, or in as many as iovecs say. */
const transfer = (length: string, count: string) =>
  either(
    isNot(field(count), 0),
    inoutAlways(iovecs(field(count), field(length))),
    inoutAlways(bytes(field(length))),
  )

const status = { ...hex32, bits: 8 as const }
const shortStatus = { ...hex32, bits: 16 as const }

export const commandStruct = struct('sg_io_hdr', {
  interface_id: int,
  dxfer_direction: oneOf(sets.sg_io_dxfer_direction),
  cmd_len: byte,
  cmdp: into(bytes(field('cmd_len'))),
  mx_sb_len: byte,
  iovec_count: ushort,
  dxfer_len: uint,
  timeout: uint,
  flags: flags(sets.sg_io_flags),
  dxferp: transfer('dxfer_len', 'iovec_count'),
  status,
  masked_status: status,
  msg_status: status,
  sb_len_wr: byte,
  sbp: outAlways(bytes(field('sb_len_wr'))),
  host_status: shortStatus,
  driver_status: shortStatus,
  resid: int,
  duration: uint,
  info: flags(sets.sg_io_info),
})

export const requestStruct = struct('sg_io_v4', {
  guard: int,
  protocol: oneOf(sets.bsg_protocol),
  subprotocol: oneOf(sets.bsg_subprotocol),
  request_len: uint,
  request: into(bytes(field('request_len'))),
  request_tag: hex,
  request_attr: uint,
  request_priority: uint,
  request_extra: uint,
  max_response_len: uint,
  dout_iovec_count: uint,
  dout_xfer_len: uint,
  din_iovec_count: uint,
  din_xfer_len: uint,
  dout_xferp: transfer('dout_xfer_len', 'dout_iovec_count'),
  timeout: uint,
  flags: flags(sets.bsg_flags),
  usr_ptr: hex,
  response_len: uint,
  response: outAlways(bytes(field('response_len'))),
  din_xferp: transfer('din_xfer_len', 'din_iovec_count'),
  driver_status: hex32,
  transport_status: hex32,
  device_status: hex32,
  retry_delay: uint,
  info: flags(sets.sg_io_info),
  duration: uint,
  din_resid: int,
  dout_resid: int,
  generated_tag: hex,
})

export const scsiIoctls = {
  // Which of the two it is, its first byte says: S or Q.
  SG_IO: select(
    peek('argp'),
    { '83': inoutAlways(commandStruct), '81': inoutAlways(requestStruct) },
    into(uint),
  ),
}
