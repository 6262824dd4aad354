/** Another kernel to go on with. */
import * as sets from '../abi/sets.ts'
import {
  address,
  arg,
  array,
  bytes,
  call,
  fd,
  flags64,
  int,
  into,
  mixed,
  size,
  struct,
  syscalls,
  ulong,
} from '../types/language.ts'

const segment = struct('kexec_segment', { buf: address, bufsz: size, mem: address, memsz: size })
/** The architecture stands in the upper half of 32 bits. */
const architectureMask = 0xffff0000

export const kexecCalls = syscalls({
  kexec_load: call(
    {
      entry: address,
      nr_segments: ulong,
      segments: into(array(segment, arg('nr_segments'))),
      flags: mixed(architectureMask, sets.kexec_arch_values, sets.kexec_load_flags, 64),
    },
    int,
  ),
  kexec_file_load: call(
    {
      kernel_fd: fd,
      initrd_fd: fd,
      cmdline_len: ulong,
      cmdline: into(bytes(arg('cmdline_len'))),
      flags: flags64(sets.kexec_file_load_flags),
    },
    int,
  ),
})
