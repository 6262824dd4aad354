/** Memory: mapped, protected, locked, advised about. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  byte,
  call,
  fd,
  flags,
  flags64,
  has,
  hex,
  int,
  mixed,
  oneOf,
  out,
  size,
  syscalls,
  times,
  ulong,
  when,
} from '../types/language.ts'

const prot = flags64(sets.mmap_prot)
/** The lowest four bits are one of several values; the six highest, a logarithm of the size of huge pages. */
const mapping = mixed(15, sets.mmap_flags, sets.mmap_flags)
export const advice = oneOf(sets.madvise_cmds, sets.madvise_hppa_generic_cmds)
/** MREMAP_MAYMOVE and MREMAP_FIXED together. */
const mayMoveTo = 3
const pages = times(arg('length'), 1 / 4096)

export const memoryCalls = syscalls({
  mmap: call({ addr: address, length: size, prot, flags: mapping, fd, offset: hex }, address),
  munmap: call({ addr: address, length: size }, int),
  mprotect: call({ addr: address, len: size, prot }, int),
  mremap: call(
    {
      old_address: address,
      old_size: size,
      new_size: size,
      flags: flags64(sets.mremap_flags),
      new_address: when(has('flags', mayMoveTo), address),
    },
    address,
  ),
  remap_file_pages: call({ addr: address, size, prot, pgoff: ulong, flags: mapping }, int),
  brk: call({ addr: address }, address),
  msync: call({ addr: address, length: size, flags: flags(sets.mctl_sync) }, int),
  mincore: call({ addr: address, length: size, vec: out(array(byte, pages)) }, int),
  madvise: call({ addr: address, length: size, advice }, int),
  mlock: call({ addr: address, len: size }, int),
  mlock2: call({ addr: address, len: size, flags: flags(sets.mlock_flags) }, int),
  munlock: call({ addr: address, len: size }, int),
  mlockall: call({ flags: flags(sets.mlockall_flags) }, int),
  munlockall: call({}, int),
  mseal: call({ addr: address, len: size, flags: hex }, int),
  map_shadow_stack: call({ addr: address, size, flags: flags(sets.shadow_stack_flags) }, address),

  pkey_mprotect: call({ addr: address, len: size, prot, pkey: int }, int),
  pkey_alloc: call({ flags: hex, access_rights: flags64(sets.pkey_access) }, int),
  pkey_free: call({ pkey: int }, int),

  membarrier: call(
    {
      cmd: oneOf(sets.membarrier_cmds),
      flags: flags(sets.membarrier_flags),
      cpu_id: when(has('flags', 'MEMBARRIER_CMD_FLAG_CPU'), int),
    },
    int,
  ),
  userfaultfd: call({ flags: flags(sets.uffd_flags) }, fd),
  memfd_secret: call({ flags: flags(sets.memfd_secret_flags) }, fd),
})
