/** Calls on files by path, and on what a directory holds. */
import * as sets from '../abi/sets.ts'
import { call, dirfd, fd, flags, has, mixed, out, path, permissions, struct, syscalls, when, mode, dev, ulong, uid, gid, offset, long, int } from '../types/language.ts'

const openFlags = mixed(3, sets.open_access_modes, sets.open_mode_flags)
const stat = struct('stat', {
  st_dev: dev, st_ino: ulong, st_mode: mode, st_nlink: ulong, st_uid: uid, st_gid: gid, st_rdev: dev, st_blksize: long, st_blocks: long, st_size: offset,
})

export const fileCalls = syscalls({
  open: call({ pathname: path, flags: openFlags, mode: when(has('flags', 'O_CREAT', '__O_TMPFILE'), permissions) }, fd),
  openat: call({ dirfd, pathname: path, flags: openFlags, mode: when(has('flags', 'O_CREAT', '__O_TMPFILE'), permissions) }, fd),
  fstat: call({ fd, statbuf: out(stat) }, int),
  newfstatat: call({ dirfd, pathname: path, statbuf: out(stat), flags: flags(sets.at_flags) }, int),
})
