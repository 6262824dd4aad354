/** Descriptors of the kernel's own: namespaces, page faults, calls handed to user space, counters, randomness. */
import * as sets from '../../abi/sets.ts'
import {
  absent,
  address,
  array,
  bytes,
  fd,
  field,
  flags,
  flags64,
  growing,
  hex,
  hex32,
  inout,
  int,
  into,
  long,
  min,
  oneOf,
  out,
  peek,
  pid,
  plus,
  select,
  struct,
  sysno,
  text,
  times,
  uid,
  uint,
  ulong,
} from '../../types/language.ts'
import { attributes } from '../perf.ts'

const range = struct('uffdio_range', { start: hex, len: hex })

const notification = struct('seccomp_notif', {
  id: hex,
  pid,
  flags: hex32,
  data: struct('seccomp_data', {
    nr: select({ field: 'arch' }, { AUDIT_ARCH_X86_64: sysno, AUDIT_ARCH_AARCH64: sysno }, uint),
    arch: oneOf(sets.audit_arch),
    instruction_pointer: address,
    args: array(hex, 6),
  }),
})

export const kernelServiceIoctls = {
  NS_GET_USERNS: absent,
  NS_GET_PARENT: absent,
  NS_GET_NSTYPE: absent,
  NS_GET_OWNER_UID: out(uid),

  UFFDIO_API: inout(
    struct('uffdio_api', {
      api: hex,
      features: flags64(sets.uffd_api_features),
      ioctls: flags64(sets.uffd_api_flags),
    }),
  ),
  UFFDIO_REGISTER: inout(
    struct('uffdio_register', {
      range,
      mode: flags64(sets.uffd_register_mode_flags),
      ioctls: flags64(sets.uffd_register_ioctl_flags),
    }),
  ),
  UFFDIO_UNREGISTER: into(range),
  UFFDIO_WAKE: into(range),
  UFFDIO_COPY: inout(
    struct('uffdio_copy', { dst: hex, src: hex, len: hex, mode: flags64(sets.uffd_copy_flags), copy: hex }),
  ),
  UFFDIO_ZEROPAGE: inout(
    struct('uffdio_zeropage', { range, mode: flags64(sets.uffd_zeropage_flags), zeropage: hex }),
  ),
  UFFDIO_WRITEPROTECT: into(
    struct('uffdio_writeprotect', { range, mode: flags64(sets.uffd_writeprotect_mode_flags) }),
  ),
  UFFDIO_CONTINUE: inout(
    struct('uffdio_continue', { range, mode: flags64(sets.uffd_continue_mode_flags), mapped: hex }),
  ),
  UFFDIO_POISON: inout(
    struct('uffdio_poison', { range, mode: flags64(sets.uffd_poison_mode_flags), updated: hex }),
  ),

  SECCOMP_IOCTL_NOTIF_RECV: inout(notification),
  SECCOMP_IOCTL_NOTIF_SEND: into(
    struct('seccomp_notif_resp', {
      id: hex,
      val: long,
      error: int,
      flags: flags(sets.seccomp_ioctl_resp_flags),
    }),
  ),
  SECCOMP_IOCTL_NOTIF_ID_VALID: into(hex),
  // The same with the direction of the first kernels that had it.
  '0x80082102': into(hex),
  SECCOMP_IOCTL_NOTIF_ADDFD: into(
    struct('seccomp_notif_addfd', {
      id: hex,
      flags: flags(sets.seccomp_ioctl_addfd_flags),
      srcfd: fd,
      newfd: int,
      newfd_flags: flags(sets.open_mode_flags),
    }),
  ),

  PERF_EVENT_IOC_ENABLE: flags(sets.perf_ioctl_flags),
  PERF_EVENT_IOC_DISABLE: flags(sets.perf_ioctl_flags),
  PERF_EVENT_IOC_RESET: flags(sets.perf_ioctl_flags),
  PERF_EVENT_IOC_REFRESH: int,
  PERF_EVENT_IOC_PERIOD: into(ulong),
  PERF_EVENT_IOC_SET_OUTPUT: fd,
  PERF_EVENT_IOC_SET_FILTER: text,
  PERF_EVENT_IOC_ID: out(ulong),
  PERF_EVENT_IOC_SET_BPF: fd,
  PERF_EVENT_IOC_PAUSE_OUTPUT: ulong,
  PERF_EVENT_IOC_QUERY_BPF: inout(
    growing(
      'perf_event_query_bpf',
      {
        ids_len: uint,
        prog_cnt: uint,
        ids: array(uint, min(field('ids_len'), field('prog_cnt'))),
      },
      plus(times(peek('argp'), 4), 8),
      8,
    ),
  ),
  PERF_EVENT_IOC_MODIFY_ATTRIBUTES: into(attributes),

  RNDGETENTCNT: out(int),
  RNDADDTOENTCNT: into(int),
  RNDADDENTROPY: into(
    growing(
      'rand_pool_info',
      { entropy_count: int, buf_size: int, buf: bytes(field('buf_size')) },
      plus(peek('argp', 4, 4), 8),
      8,
    ),
  ),
  RNDZAPENTCNT: absent,
  RNDCLEARPOOL: absent,
  RNDRESEEDCRNG: absent,
}
