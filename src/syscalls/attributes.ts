/** What is known of a file beside its content: stat and its kin, access, modes, owners, times. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  call,
  dev,
  dirfd,
  fd,
  field,
  flags,
  flags64,
  gid,
  growing,
  has,
  hex,
  hex32,
  type Int,
  int,
  into,
  long,
  mixed,
  mode,
  oneOf64,
  out,
  path,
  permissions,
  size,
  struct,
  syscalls,
  type Type,
  time,
  uid,
  uint,
  ulong,
  when,
} from '../types/language.ts'
import { timespec } from './time-structures.ts'

const fileStat = {
  st_dev: dev,
  st_ino: ulong,
  st_mode: mode,
  st_nlink: ulong,
  st_uid: uint,
  st_gid: uint,
  st_blksize: ulong,
  st_blocks: ulong,
  st_size: ulong,
  st_rdev: dev,
  st_atime: time,
  st_atime_nsec: ulong,
  st_mtime: time,
  st_mtime_nsec: ulong,
  st_ctime: time,
  st_ctime_nsec: ulong,
}
const stat = struct('stat', fileStat)
/** As 32-bit programs have had it since files may be larger than 2 GB. */
export const stat64 = struct('stat64', fileStat)

const stamp = struct('statx_timestamp', { tv_sec: long, tv_nsec: uint })
const got = (...names: string[]) => has(field('stx_mask'), ...names)
const statx = struct('statx', {
  stx_mask: flags(sets.statx_masks),
  stx_blksize: uint,
  stx_attributes: flags64(sets.statx_attrs),
  stx_nlink: when(got('STATX_NLINK'), uint),
  stx_uid: when(got('STATX_UID'), uid),
  stx_gid: when(got('STATX_GID'), gid),
  stx_mode: when(got('STATX_TYPE', 'STATX_MODE'), mode),
  stx_ino: when(got('STATX_INO'), ulong),
  stx_size: when(got('STATX_SIZE'), ulong),
  stx_blocks: when(got('STATX_BLOCKS'), ulong),
  stx_attributes_mask: flags64(sets.statx_attrs),
  stx_atime: when(got('STATX_ATIME'), stamp),
  stx_btime: when(got('STATX_BTIME'), stamp),
  stx_ctime: when(got('STATX_CTIME'), stamp),
  stx_mtime: when(got('STATX_MTIME'), stamp),
  stx_rdev_major: uint,
  stx_rdev_minor: uint,
  stx_dev_major: uint,
  stx_dev_minor: uint,
  stx_mnt_id: when(got('STATX_MNT_ID', 'STATX_MNT_ID_UNIQUE'), hex),
  stx_dio_mem_align: when(got('STATX_DIOALIGN'), uint),
  stx_dio_offset_align: when(got('STATX_DIOALIGN'), uint),
  stx_subvol: when(got('STATX_SUBVOL'), hex),
  stx_atomic_write_unit_min: when(got('STATX_WRITE_ATOMIC'), uint),
  stx_atomic_write_unit_max: when(got('STATX_WRITE_ATOMIC'), uint),
  stx_atomic_write_segments_max: when(got('STATX_WRITE_ATOMIC'), uint),
  stx_dio_read_offset_align: when(got('STATX_DIO_READ_ALIGN'), uint),
  stx_atomic_write_unit_max_opt: when(got('STATX_WRITE_ATOMIC'), uint),
})

const filesystem = {
  f_type: oneOf64(sets.fsmagic),
  f_bsize: ulong,
  f_blocks: ulong,
  f_bfree: ulong,
  f_bavail: ulong,
  f_files: ulong,
  f_ffree: ulong,
  f_fsid: struct('__kernel_fsid_t', { val: array(hex32, 2) }),
  f_namelen: ulong,
  f_frsize: ulong,
  f_flags: flags64(sets.statfs_flags),
}
const statfs = struct('statfs', filesystem)
export const statfs64 = struct('compat_statfs64', filesystem)

const access = flags(sets.access_modes)
const at = flags(sets.at_flags)
const dev32: Int & Type<bigint> = { ...dev, bits: 32 }
const statxFlags = mixed(0x6000, sets.at_statx_sync_types, sets.at_flags)
const twoTimes = into(array(timespec, 2))
const twoTimevals = into(array(struct('__kernel_old_timeval', { tv_sec: long, tv_usec: ulong }), 2))
const fileAttr = growing(
  'file_attr',
  {
    fa_xflags: flags64(sets.fs_xflags),
    fa_extsize: uint,
    fa_nextents: uint,
    fa_projid: uint,
    fa_cowextsize: uint,
  },
  arg('usize'),
  24,
)

export const attributeCalls = syscalls({
  stat: call({ pathname: path, statbuf: out(stat) }, int),
  lstat: call({ pathname: path, statbuf: out(stat) }, int),
  fstat: call({ fd, statbuf: out(stat) }, int),
  newfstatat: call({ dirfd, pathname: path, statbuf: out(stat), flags: at }, int),
  statx: call(
    { dirfd, pathname: path, flags: statxFlags, mask: flags(sets.statx_masks), statxbuf: out(statx) },
    int,
  ),
  statfs: call({ path, buf: out(statfs) }, int),
  fstatfs: call({ fd, buf: out(statfs) }, int),
  ustat: call({ dev: dev32, ubuf: address }, int),
  sysfs: call({ option: hex, arg1: hex, arg2: hex }, int),

  access: call({ pathname: path, mode: access }, int),
  faccessat: call({ dirfd, pathname: path, mode: access }, int),
  faccessat2: call({ dirfd, pathname: path, mode: access, flags: flags(sets.faccessat_flags) }, int),

  chmod: call({ pathname: path, mode: permissions }, int),
  fchmod: call({ fd, mode: permissions }, int),
  fchmodat: call({ dirfd, pathname: path, mode: permissions }, int),
  fchmodat2: call({ dirfd, pathname: path, mode: permissions, flags: flags(sets.fchmodat_flags) }, int),
  chown: call({ pathname: path, owner: uid, group: gid }, int),
  lchown: call({ pathname: path, owner: uid, group: gid }, int),
  fchown: call({ fd, owner: uid, group: gid }, int),
  fchownat: call({ dirfd, pathname: path, owner: uid, group: gid, flags: at }, int),

  utime: call({ filename: path, times: into(struct('utimbuf', { actime: time, modtime: time })) }, int),
  utimes: call({ filename: path, times: twoTimevals }, int),
  futimesat: call({ dirfd, pathname: path, times: twoTimevals }, int),
  utimensat: call({ dirfd, pathname: path, times: twoTimes, flags: at }, int),

  file_getattr: call(
    { dfd: dirfd, filename: path, ufattr: out(fileAttr), usize: size, at_flags: flags(sets.file_attr_flags) },
    int,
  ),
  file_setattr: call(
    {
      dfd: dirfd,
      filename: path,
      ufattr: into(fileAttr),
      usize: size,
      at_flags: flags(sets.file_attr_flags),
    },
    int,
  ),
})
