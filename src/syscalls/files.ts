/** Opening files, and what is done to a file's extent: lengths, allocation, advice, writing it out. */
import * as sets from '../abi/sets.ts'
import {
  arg,
  call,
  dirfd,
  fd,
  flags,
  flags64,
  growing,
  has,
  hex,
  hex32,
  type Int,
  inoutAlways,
  int,
  into,
  mixed,
  offset,
  oneOf,
  out,
  path,
  permissions,
  size,
  ssize,
  struct,
  syscalls,
  type Type,
  uint,
  ulong,
  when,
} from '../types/language.ts'

const openFlags = mixed(3, sets.open_access_modes, sets.open_mode_flags)
/** Only where a file may be made. */
const openMode = when(has('flags', 'O_CREAT', '__O_TMPFILE'), permissions)
const wideMode: Int & Type<bigint> = { ...ulong, role: 'umask' }
const openHow = growing(
  'open_how',
  {
    flags: mixed(3, sets.open_access_modes, sets.open_mode_flags, 64),
    mode: wideMode,
    resolve: flags64(sets.open_resolve_flags),
  },
  arg('size'),
  24,
)

/** Bytes of the largest handle (MAX_HANDLE_SZ) and of what stands before it. */
const handleBytes = 8 + 128
const fileHandle = growing('file_handle', { handle_bytes: uint, handle_type: int }, handleBytes, 4)

export const fileCalls = syscalls({
  open: call({ pathname: path, flags: openFlags, mode: openMode }, fd),
  openat: call({ dirfd, pathname: path, flags: openFlags, mode: openMode }, fd),
  openat2: call({ dirfd, pathname: path, how: into(openHow), size }, fd),
  creat: call({ pathname: path, mode: permissions }, fd),
  name_to_handle_at: call(
    {
      dirfd,
      pathname: path,
      handle: inoutAlways(fileHandle),
      mount_id: out(int),
      flags: flags(sets.name_to_handle_at_flags),
    },
    int,
  ),
  open_by_handle_at: call({ mount_fd: fd, handle: into(fileHandle), flags: openFlags }, fd),

  truncate: call({ path, length: size }, int),
  ftruncate: call({ fd, length: size }, int),
  fallocate: call({ fd, mode: flags(sets.falloc_flags), offset, len: offset }, int),
  fadvise64: call({ fd, offset, len: size, advice: oneOf(sets.advise) }, int),
  readahead: call({ fd, offset, count: size }, ssize),
  sync: call({}, int),
  syncfs: call({ fd }, int),
  fsync: call({ fd }, int),
  fdatasync: call({ fd }, int),
  sync_file_range: call({ fd, offset, nbytes: offset, flags: flags(sets.sync_file_range_flags) }, int),
  cachestat: call(
    {
      fd,
      cstat_range: into(struct('cachestat_range', { off: hex, len: ulong })),
      cstat: out(
        struct('cachestat', {
          nr_cache: ulong,
          nr_dirty: ulong,
          nr_writeback: ulong,
          nr_evicted: ulong,
          nr_recently_evicted: ulong,
        }),
      ),
      flags: hex32,
    },
    int,
  ),
})
