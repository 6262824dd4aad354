/** prctl: what the arguments are hangs on the option, and options leave out those that they do not look at. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  byte,
  call,
  field,
  flags,
  flags64,
  hex,
  int,
  into,
  long,
  longArray,
  oneOf,
  oneOf64,
  out,
  part,
  pgid,
  pid,
  select,
  shortString,
  sid,
  signal,
  struct,
  syscalls,
  type Type,
  text,
  tid,
  uint,
  ulong,
  ushort,
} from '../types/language.ts'

/** Options without arguments. */
const alone = {
  PR_GET_DUMPABLE: absent,
  PR_GET_FP_MODE: absent,
  PR_GET_KEEPCAPS: absent,
  PR_GET_SECCOMP: absent,
  PR_GET_SECUREBITS: absent,
  PR_GET_TIMERSLACK: absent,
  PR_GET_TIMING: absent,
  PR_SVE_GET_VL: absent,
  PR_SME_GET_VL: absent,
  PR_TASK_PERF_EVENTS_DISABLE: absent,
  PR_TASK_PERF_EVENTS_ENABLE: absent,
}
/** Options with one argument. */
const single = {
  ...alone,
  PR_CAPBSET_DROP: absent,
  PR_CAPBSET_READ: absent,
  PR_GET_CHILD_SUBREAPER: absent,
  PR_GET_ENDIAN: absent,
  PR_GET_FPEMU: absent,
  PR_GET_FPEXC: absent,
  PR_GET_NAME: absent,
  PR_GET_PDEATHSIG: absent,
  PR_GET_SPECULATION_CTRL: absent,
  PR_GET_TID_ADDRESS: absent,
  PR_GET_TSC: absent,
  PR_GET_UNALIGN: absent,
  PR_SET_CHILD_SUBREAPER: absent,
  PR_SET_DUMPABLE: absent,
  PR_SET_ENDIAN: absent,
  PR_SET_FPEMU: absent,
  PR_SET_FPEXC: absent,
  PR_SET_FP_MODE: absent,
  PR_SET_KEEPCAPS: absent,
  PR_SET_NAME: absent,
  PR_SET_PDEATHSIG: absent,
  PR_SET_PTRACER: absent,
  PR_SET_SECUREBITS: absent,
  PR_SET_TIMERSLACK: absent,
  PR_SET_TIMING: absent,
  PR_SET_TSC: absent,
  PR_SET_UNALIGN: absent,
  PR_SVE_SET_VL: absent,
  PR_SME_SET_VL: absent,
}
/** Options with two. */
const double = { ...single, PR_SET_SPECULATION_CTRL: absent }

const name = shortString(15)
const number = out(uint)
const capability = oneOf64(sets.cap)
/** BPF_MAXINSNS: the kernel takes no longer program. */
const mostInstructions = 4096
export const filterProgram = struct('sock_fprog', {
  len: ushort,
  filter: into(
    longArray(
      struct('sock_filter', { code: ushort, jt: byte, jf: byte, k: uint }),
      field('len'),
      mostInstructions,
    ),
  ),
})

const arg2 = select(
  'option',
  {
    ...alone,
    PR_CAPBSET_DROP: capability,
    PR_CAPBSET_READ: capability,
    PR_CAP_AMBIENT: oneOf64(sets.pr_cap_ambient),
    PR_GET_CHILD_SUBREAPER: number,
    PR_GET_ENDIAN: number,
    PR_GET_FPEMU: number,
    PR_GET_FPEXC: number,
    PR_GET_NAME: out(shortString(16)),
    PR_GET_PDEATHSIG: out(signal),
    PR_GET_SPECULATION_CTRL: oneOf64(sets.pr_spec_cmds),
    PR_GET_TID_ADDRESS: out(address),
    PR_GET_TSC: out(oneOf(sets.pr_tsc)),
    PR_GET_UNALIGN: out(flags(sets.pr_unalign_flags)),
    PR_MCE_KILL: oneOf64(sets.pr_mce_kill),
    PR_PAC_RESET_KEYS: flags64(sets.pr_pac_enabled_keys, sets.pr_pac_keys),
    PR_PAC_SET_ENABLED_KEYS: flags64(sets.pr_pac_enabled_keys),
    PR_SCHED_CORE: oneOf(sets.pr_sched_core_cmds),
    PR_SET_CHILD_SUBREAPER: ulong,
    PR_SET_DUMPABLE: oneOf64(sets.pr_dumpable),
    PR_SET_ENDIAN: ulong,
    PR_SET_FPEMU: ulong,
    PR_SET_FPEXC: ulong,
    PR_SET_FP_MODE: flags(sets.pr_fp_mode),
    PR_SET_IO_FLUSHER: ulong,
    PR_SET_KEEPCAPS: ulong,
    PR_SET_MM: oneOf64(sets.pr_set_mm),
    PR_SET_NAME: into(name),
    PR_SET_NO_NEW_PRIVS: ulong,
    PR_SET_PDEATHSIG: signal,
    PR_SET_PTRACER: pid,
    PR_SET_SECCOMP: oneOf64(sets.seccomp_mode),
    PR_SET_SECUREBITS: flags64(sets.secbits),
    PR_SET_SPECULATION_CTRL: oneOf64(sets.pr_spec_cmds),
    PR_SET_SYSCALL_USER_DISPATCH: oneOf64(sets.pr_sud_cmds),
    PR_SET_TAGGED_ADDR_CTRL: hex,
    PR_SET_THP_DISABLE: ulong,
    PR_SET_TIMERSLACK: long,
    PR_SET_TIMING: ulong,
    PR_SET_TSC: oneOf(sets.pr_tsc),
    PR_SET_UNALIGN: flags(sets.pr_unalign_flags),
    PR_SET_VMA: oneOf64(sets.pr_set_vma),
    PR_SVE_SET_VL: flags64(sets.pr_sve_vl_flags),
    PR_SME_SET_VL: flags64(sets.pr_sme_vl_flags),
  },
  hex,
)

/** PR_SET_SECCOMP's modes: the strict one has no argument, a filter is one. */
const inFilterMode = <F extends Type<unknown>>(filter: F) => select('arg2', { 1: absent, 2: filter }, hex)
const byPart = select(
  'arg2',
  {
    0: oneOf64(sets.pr_spec_set_store_bypass_flags),
    1: oneOf64(sets.pr_spec_set_store_bypass_flags),
    2: oneOf64(sets.pr_spec_set_store_bypass_flags),
  },
  hex,
)

const arg3 = select(
  'option',
  {
    ...single,
    PR_CAP_AMBIENT: select('arg2', { 1: capability, 2: capability, 3: capability }, hex),
    PR_MCE_KILL: select('arg2', { 1: oneOf64(sets.pr_mce_kill_policy) }, hex),
    PR_PAC_SET_ENABLED_KEYS: flags64(sets.pr_pac_enabled_keys),
    PR_SCHED_CORE: select(part('arg4', 0xffffffff), { 0: tid, 1: pid, 2: pgid, 3: sid }, int),
    PR_SET_SECCOMP: inFilterMode(into(filterProgram)),
    PR_SET_SPECULATION_CTRL: byPart,
    PR_SET_VMA: select('arg2', { 0: address }, hex),
  },
  hex,
)
const arg4 = select(
  'option',
  {
    ...double,
    PR_SCHED_CORE: oneOf(sets.pr_sched_core_pidtypes),
    PR_SET_SECCOMP: inFilterMode(absent),
    PR_SET_VMA: select('arg2', { 0: ulong }, hex),
  },
  hex,
)
const arg5 = select(
  'option',
  {
    ...double,
    PR_SCHED_CORE: select(part('arg2', 0xffffffff), { 0: out(hex) }, address),
    PR_SET_SECCOMP: inFilterMode(absent),
    PR_SET_SYSCALL_USER_DISPATCH: address,
    PR_SET_VMA: select('arg2', { 0: text }, hex),
  },
  hex,
)

const archAddress = out(address)
const features = out(flags64(sets.x86_xfeatures))
export const prctlCalls = syscalls({
  prctl: call({ option: oneOf(sets.prctl_options), arg2, arg3, arg4, arg5 }, long),
  arch_prctl: call(
    {
      code: oneOf(sets.archvals),
      addr: select(
        'code',
        {
          ARCH_GET_FS: archAddress,
          ARCH_GET_GS: archAddress,
          ARCH_GET_CPUID: absent,
          ARCH_GET_XCOMP_SUPP: features,
          ARCH_GET_XCOMP_PERM: features,
          ARCH_GET_XCOMP_GUEST_PERM: features,
          ARCH_REQ_XCOMP_PERM: oneOf64(sets.x86_xfeature_bits),
          ARCH_REQ_XCOMP_GUEST_PERM: oneOf64(sets.x86_xfeature_bits),
        },
        hex,
      ),
    },
    long,
  ),
})
