/** Files of every kind, and file systems: what is not the business of one driver. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  array,
  chars,
  fd,
  fd64,
  field,
  flags,
  growing,
  hex32,
  inout,
  int,
  into,
  out,
  peek,
  plus,
  struct,
  times,
  uint,
  ulong,
} from '../../types/language.ts'

const attributes = flags(sets.fs_ioc_flags)
const fsxattr = {
  fsx_xflags: flags(sets.fs_xflags),
  fsx_extsize: uint,
  fsx_nextents: uint,
  fsx_projid: hex32,
  fsx_cowextsize: uint,
}
const { fsx_nextents: _, ...fsxattrToSet } = fsxattr

const extent = struct('fiemap_extent', {
  fe_logical: ulong,
  fe_physical: ulong,
  fe_length: ulong,
  fe_flags: flags(sets.fiemap_extent_flags),
})
/** Extents follow the structure; the kernel tells how many there are. */
const fiemap = growing(
  'fiemap',
  {
    fm_start: ulong,
    fm_length: ulong,
    fm_flags: flags(sets.fiemap_flags),
    fm_mapped_extents: uint,
    fm_extent_count: uint,
    fm_extents: array(extent, field('fm_mapped_extents')),
  },
  plus(times(peek('argp', 4, 20), 56), 32),
  32,
)
const dedupe = growing(
  'file_dedupe_range',
  {
    src_offset: ulong,
    src_length: ulong,
    dest_count: uint,
    info: array(
      struct('file_dedupe_range_info', {
        dest_fd: fd64,
        dest_offset: ulong,
        bytes_deduped: ulong,
        status: int,
      }),
      field('dest_count'),
    ),
  },
  plus(times(peek('argp', 2, 16), 32), 24),
  24,
)

export const fileIoctls = {
  FIOCLEX: absent,
  FIONCLEX: absent,
  FIONREAD: out(int),
  FIONBIO: into(int),
  FIOASYNC: into(int),
  FIOQSIZE: out(ulong),

  FS_IOC_GETFLAGS: out(attributes),
  FS_IOC_SETFLAGS: into(attributes),
  FS_IOC32_GETFLAGS: out(attributes),
  FS_IOC32_SETFLAGS: into(attributes),
  FS_IOC_FSGETXATTR: out(struct('fsxattr', fsxattr)),
  FS_IOC_FSSETXATTR: into(struct('fsxattr', fsxattrToSet)),
  FS_IOC_GETFSLABEL: out(chars(256)),
  FS_IOC_SETFSLABEL: into(chars(256)),
  FS_IOC_FIEMAP: inout(fiemap),

  FICLONE: fd,
  FICLONERANGE: into(
    struct('file_clone_range', { src_fd: fd64, src_offset: ulong, src_length: ulong, dest_offset: ulong }),
  ),
  FIDEDUPERANGE: inout(dedupe),
  FITRIM: into(struct('fstrim_range', { start: hex32, len: ulong, minlen: ulong })),
  FIFREEZE: absent,
  FITHAW: absent,

  INOTIFY_IOC_SETNEXTWD: int,
}
