/** Flash memory: MTD devices and UBI volumes. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  address,
  array,
  chars,
  flags,
  hex,
  hex32,
  inout,
  int,
  into,
  long,
  oneOf,
  oneOf64,
  out,
  short,
  struct,
  uint,
  ulong,
} from '../../types/language.ts'

const erased = struct('erase_info_user', { start: hex32, length: hex32 })
const protectedRegion = struct('otp_info', { start: hex32, length: hex32, locked: uint })
const outOfBand = struct('mtd_oob_buf', { start: hex32, length: hex32, ptr: address })
const outOfBand64 = struct('mtd_oob_buf64', { start: hex, length: hex32, usr_ptr: address })
const dataType = oneOf(sets.ubi_data_types)

export const flashIoctls = {
  MEMGETINFO: out(
    struct('mtd_info_user', {
      type: oneOf(sets.mtd_type_options),
      flags: flags(sets.mtd_flags_options),
      size: hex32,
      erasesize: hex32,
      writesize: hex32,
      oobsize: hex32,
      padding: hex,
    }),
  ),
  MEMERASE: into(erased),
  MEMLOCK: into(erased),
  MEMUNLOCK: into(erased),
  MEMISLOCKED: into(erased),
  MEMERASE64: into(struct('erase_info_user64', { start: hex, length: hex })),
  MEMREADOOB: into(outOfBand),
  MEMWRITEOOB: into(outOfBand),
  MEMREADOOB64: into(outOfBand64),
  MEMWRITEOOB64: into(outOfBand64),
  MEMWRITE: into(
    struct('mtd_write_req', {
      start: hex,
      len: hex,
      ooblen: hex,
      usr_data: address,
      usr_oob: address,
      mode: oneOf(sets.mtd_mode_options),
    }),
  ),
  MEMGETREGIONCOUNT: out(int),
  MEMGETREGIONINFO: inout(
    struct('region_info_user', { regionindex: hex32, offset: hex32, erasesize: hex32, numblocks: hex32 }),
  ),
  MEMGETBADBLOCK: into(ulong),
  MEMSETBADBLOCK: into(ulong),
  MEMGETOOBSEL: out(
    struct('nand_oobinfo', {
      useecc: oneOf(sets.mtd_nandecc_options),
      eccbytes: hex32,
      oobfree: array(array(hex32, 2), 8),
      eccpos: array(hex32, 32),
    }),
  ),
  OTPSELECT: into(oneOf(sets.mtd_otp_options)),
  OTPGETREGIONCOUNT: out(uint),
  OTPGETREGIONINFO: out(protectedRegion),
  OTPLOCK: into(protectedRegion),
  MTDFILEMODE: oneOf64(sets.mtd_file_mode_options),
  ECCGETLAYOUT: out(
    struct('nand_ecclayout_user', {
      eccbytes: hex32,
      eccpos: array(hex32, 64),
      oobavail: hex32,
      oobfree: array(struct('nand_oobfree', { offset: hex32, length: hex32 }), 8),
    }),
  ),
  ECCGETSTATS: out(
    struct('mtd_ecc_stats', { corrected: hex32, failed: hex32, badblocks: hex32, bbtblocks: hex32 }),
  ),

  UBI_IOCATT: inout(
    struct('ubi_attach_req', { ubi_num: int, mtd_num: int, vid_hdr_offset: int, max_beb_per1024: short }),
  ),
  UBI_IOCDET: into(int),
  UBI_IOCMKVOL: inout(
    struct('ubi_mkvol_req', {
      vol_id: int,
      alignment: int,
      bytes: long,
      vol_type: oneOf(sets.ubi_volume_types),
      flags: flags(sets.ubi_volume_flags),
      name_len: short,
      name: chars(),
    }),
  ),
  UBI_IOCRMVOL: into(int),
  UBI_IOCRNVOL: into(struct('ubi_rnvol_req', { count: int })),
  UBI_IOCRSVOL: into(struct('ubi_rsvol_req', { bytes: long, vol_id: int })),
  UBI_IOCRPEB: into(int),
  UBI_IOCSPEB: into(int),
  UBI_IOCVOLUP: into(long),
  UBI_IOCEBER: into(int),
  UBI_IOCEBCH: into(struct('ubi_leb_change_req', { lnum: int, bytes: int, dtype: dataType })),
  UBI_IOCEBMAP: into(struct('ubi_map_req', { lnum: int, dtype: dataType })),
  UBI_IOCEBUNMAP: into(int),
  UBI_IOCEBISMAP: into(int),
  UBI_IOCSETVOLPROP: into(
    struct('ubi_set_vol_prop_req', { property: oneOf(sets.ubi_volume_props), value: hex }),
  ),
  UBI_IOCVOLCRBLK: absent,
  UBI_IOCVOLRMBLK: absent,
}
