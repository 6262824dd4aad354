/** Disks of the older kinds: ATA and SCSI. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  address,
  array,
  byte,
  bytes,
  flags64,
  hex32,
  inout,
  int,
  into,
  oneOf,
  oneOf64,
  out,
  part,
  peek,
  plus,
  short,
  struct,
  times,
  uint,
  ulong,
  ushort,
} from '../../types/language.ts'
import { all } from '../same-type.ts'

const settings = [
  'UNMASKINTR',
  'MULTCOUNT',
  'KEEPSETTINGS',
  '32BIT',
  'NOWERR',
  'DMA',
  'WCACHE',
  'ACOUSTIC',
  'ADDRESS',
] as const
type Setting = (typeof settings)[number]
const each = <const P extends string, T>(prefix: P, type: T): { readonly [K in `${P}${Setting}`]: T } =>
  Object.fromEntries(settings.map(name => [prefix + name, type])) as { readonly [K in `${P}${Setting}`]: T }

const numbersGot = [
  'SG_EMULATED_HOST',
  'SG_GET_TRANSFORM',
  'SG_GET_COMMAND_Q',
  'SG_GET_RESERVED_SIZE',
  'SG_GET_LOW_DMA',
  'SG_GET_PACK_ID',
  'SG_GET_NUM_WAITING',
  'SG_GET_SG_TABLESIZE',
  'SG_GET_VERSION_NUM',
  'SG_GET_KEEP_ORPHAN',
  'SG_GET_ACCESS_COUNT',
] as const
const numbersSet = [
  'SG_SET_TIMEOUT',
  'SG_SET_COMMAND_Q',
  'SG_SET_RESERVED_SIZE',
  'SG_SET_FORCE_LOW_DMA',
  'SG_SET_FORCE_PACK_ID',
  'SG_SET_DEBUG',
  'SG_NEXT_CMD_LEN',
  'SG_SET_KEEP_ORPHAN',
] as const

const signedByte = { ...byte, signed: true }

export const diskIoctls = {
  ...each('HDIO_GET_', out(ulong)),
  ...each('HDIO_SET_', ulong),
  HDIO_GETGEO: out(struct('hd_geometry', { heads: byte, sectors: byte, cylinders: ushort, start: ulong })),
  HDIO_OBSOLETE_IDENTITY: out(bytes(142)),
  HDIO_GET_IDENTITY: out(bytes(512)),
  HDIO_GET_NICE: out(flags64(sets.hdio_ide_nice)),
  HDIO_SET_NICE: flags64(sets.hdio_ide_nice),
  HDIO_GET_BUSSTATE: out(oneOf64(sets.hdio_busstates)),
  HDIO_SET_BUSSTATE: oneOf64(sets.hdio_busstates),
  HDIO_SET_PIO_MODE: ulong,
  HDIO_UNREGISTER_HWIF: ulong,
  /** Four bytes, and as many sectors as the last of them says. */
  HDIO_DRIVE_CMD: inout(array(byte, plus(times(part(peek('argp', 2, 2), 0xff00, 8), 512), 4))),
  HDIO_DRIVE_RESET: into(array(hex32, 3)),
  HDIO_SCAN_HWIF: into(array(hex32, 3)),

  ...all(numbersGot, out(int)),
  ...all(numbersSet, into(int)),
  SG_SET_TRANSFORM: hex32,
  SG_GET_TIMEOUT: absent,
  SG_SCSI_RESET: into(oneOf(sets.sg_scsi_reset)),
  SG_GET_SCSI_ID: out(
    struct('sg_scsi_id', {
      host_no: int,
      channel: int,
      scsi_id: hex32,
      lun: int,
      scsi_type: hex32,
      h_cmd_per_lun: short,
      d_queue_depth: short,
    }),
  ),
  SG_GET_REQUEST_TABLE: out(
    struct('sg_req_info', {
      req_state: signedByte,
      orphan: signedByte,
      sg_io_owned: signedByte,
      problem: signedByte,
      pack_id: int,
      usr_ptr: address,
      duration: uint,
    }),
  ),
}
