/** Watching and confining processes: ptrace, seccomp, landlock. */
import * as sets from '../abi/sets.ts'
import {
  absent,
  address,
  arg,
  array,
  byte,
  call,
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
  oneOf64,
  out,
  part,
  pid,
  ret,
  select,
  signal,
  size,
  special,
  struct,
  syscalls,
  times,
  uint,
  ulong,
  ushort,
} from '../types/language.ts'
import { filterProgram } from './prctl.ts'

const siginfo = special('siginfo', 128)
/** A signal to go on with: strace looks at all of the register. */
const resumption = { addr: address, data: signal }

/** Requests with nothing but a process, and PTRACE_TRACEME without it. */
const alone = {
  PTRACE_TRACEME: absent,
  PTRACE_KILL: absent,
  PTRACE_ATTACH: absent,
  PTRACE_INTERRUPT: absent,
  PTRACE_LISTEN: absent,
}
const options = flags64(sets.ptrace_setoptions_flags)
const peekArguments = struct('ptrace_peeksiginfo_args', {
  off: ulong,
  flags: flags(sets.ptrace_peeksiginfo_flags),
  nr: uint,
})
/** x86's registers, as words: their names are those of struct user_regs_struct. */
const registers = array(hex, 27)
/** x86's struct user_fpregs_struct, as words. */
const floatRegisters = array(hex, 64)
/** As many of them as the caller has room for; the kernel writes how many there are. */
const someRegisters = array(hex, times(field('iov_len'), 1 / 8))
const readSet = struct('iovec', {
  iov_base: select(
    arg('addr'),
    { NT_PRSTATUS: out(someRegisters), NT_FPREGSET: out(someRegisters) },
    address,
  ),
  iov_len: size,
})
const writtenSet = struct('iovec', {
  iov_base: select(
    arg('addr'),
    { NT_PRSTATUS: into(someRegisters), NT_FPREGSET: into(someRegisters) },
    address,
  ),
  iov_len: size,
})
const filterCode = struct('sock_filter', { code: ushort, jt: byte, jf: byte, k: uint })

/** Which filter is asked for. */
const metadata = into(growing('seccomp_metadata', { filter_off: ulong }, min(arg('addr'), 8), 8))

const ptrace = call(
  {
    request: oneOf64(sets.ptrace_cmds),
    pid: select('request', { PTRACE_TRACEME: absent }, pid),
    addr: select(
      'request',
      {
        ...alone,
        PTRACE_GETREGS: absent,
        PTRACE_SETREGS: absent,
        PTRACE_GETFPREGS: absent,
        PTRACE_SETFPREGS: absent,
        PTRACE_GETREGSET: oneOf(sets.nt_descriptor_types),
        PTRACE_SETREGSET: oneOf(sets.nt_descriptor_types),
        PTRACE_GETSIGMASK: ulong,
        PTRACE_SETSIGMASK: ulong,
        PTRACE_SECCOMP_GET_FILTER: ulong,
        PTRACE_SECCOMP_GET_METADATA: ulong,
        PTRACE_GET_SYSCALL_INFO: ulong,
        PTRACE_GET_RSEQ_CONFIGURATION: address,
        PTRACE_PEEKSIGINFO: into(peekArguments),
      },
      address,
    ),
    data: select(
      'request',
      {
        ...alone,
        PTRACE_CONT: resumption.data,
        PTRACE_SINGLESTEP: resumption.data,
        PTRACE_SINGLEBLOCK: resumption.data,
        PTRACE_DETACH: resumption.data,
        PTRACE_SYSCALL: resumption.data,
        PTRACE_SYSEMU: resumption.data,
        PTRACE_SYSEMU_SINGLESTEP: resumption.data,
        PTRACE_SETOPTIONS: options,
        PTRACE_OLDSETOPTIONS: options,
        PTRACE_SEIZE: options,
        PTRACE_PEEKTEXT: out(address),
        PTRACE_PEEKDATA: out(address),
        PTRACE_PEEKUSER: out(address),
        PTRACE_GETEVENTMSG: out(ulong),
        PTRACE_GETSIGINFO: out(siginfo),
        PTRACE_SETSIGINFO: into(siginfo),
        PTRACE_GETSIGMASK: out(special('sigset', arg('addr'))),
        PTRACE_SETSIGMASK: into(special('sigset', arg('addr'))),
        PTRACE_GETREGSET: inout(readSet),
        PTRACE_SETREGSET: inout(writtenSet),
        PTRACE_GETREGS: out(registers),
        PTRACE_SETREGS: into(registers),
        PTRACE_GETFPREGS: out(floatRegisters),
        PTRACE_SETFPREGS: into(floatRegisters),
        PTRACE_PEEKSIGINFO: out(array(siginfo, ret, 128)),
        PTRACE_GET_SYSCALL_INFO: out(
          struct('ptrace_syscall_info', { op: oneOf(sets.ptrace_syscall_info_op) }, arg('addr')),
        ),
        PTRACE_SECCOMP_GET_FILTER: out(array(filterCode, ret)),
        PTRACE_SECCOMP_GET_METADATA: metadata,
      },
      address,
    ),
  },
  long,
)

/** Older kernels know the first fields alone. */
const ruleset = struct(
  'landlock_ruleset_attr',
  { handled_access_fs: flags64(sets.landlock_ruleset_access_fs) },
  arg('size'),
)

export const tracingCalls = syscalls({
  ptrace,
  seccomp: call(
    {
      operation: oneOf(sets.seccomp_ops),
      flags: select('operation', { SECCOMP_SET_MODE_FILTER: flags(sets.seccomp_filter_flags) }, hex32),
      args: select(
        'operation',
        {
          SECCOMP_SET_MODE_FILTER: into(filterProgram),
          SECCOMP_GET_ACTION_AVAIL: into(oneOf(sets.seccomp_ret_action)),
          SECCOMP_GET_NOTIF_SIZES: out(
            struct('seccomp_notif_sizes', {
              seccomp_notif: ushort,
              seccomp_notif_resp: ushort,
              seccomp_data: ushort,
            }),
          ),
        },
        address,
      ),
    },
    int,
  ),
  landlock_create_ruleset: call(
    { attr: into(ruleset), size, flags: flags(sets.landlock_create_ruleset_flags) },
    // With LANDLOCK_CREATE_RULESET_VERSION it makes no set, but tells a number.
    select(part('flags', 1), { 0: fd }, int),
  ),
  landlock_add_rule: call(
    {
      ruleset_fd: fd,
      rule_type: oneOf(sets.landlock_rule_types),
      rule_attr: select(
        'rule_type',
        {
          LANDLOCK_RULE_PATH_BENEATH: into(
            struct('landlock_path_beneath_attr', {
              allowed_access: flags64(sets.landlock_ruleset_access_fs),
              parent_fd: fd,
            }),
          ),
          LANDLOCK_RULE_NET_PORT: into(
            struct('landlock_net_port_attr', {
              allowed_access: flags64(sets.landlock_ruleset_access_net),
              port: ulong,
            }),
          ),
        },
        address,
      ),
      flags: hex32,
    },
    int,
  ),
  landlock_restrict_self: call({ ruleset_fd: fd, flags: hex32 }, int),
})
