/** Numbers of ptrace(2) and wait(2), by the kernel's names without what all of them begin with. */
import { constants } from 'node:os'
import {
  audit_arch,
  ptrace_cmds,
  ptrace_events,
  ptrace_setoptions_flags,
  wait4_options,
} from '../../abi/sets.ts'

export const Request = {
  PEEKDATA: ptrace_cmds.values.PTRACE_PEEKDATA,
  POKEDATA: ptrace_cmds.values.PTRACE_POKEDATA,
  POKEUSER: ptrace_cmds.values.PTRACE_POKEUSER,
  CONT: ptrace_cmds.values.PTRACE_CONT,
  DETACH: ptrace_cmds.values.PTRACE_DETACH,
  SYSCALL: ptrace_cmds.values.PTRACE_SYSCALL,
  SETOPTIONS: ptrace_cmds.values.PTRACE_SETOPTIONS,
  GETEVENTMSG: ptrace_cmds.values.PTRACE_GETEVENTMSG,
  GETSIGINFO: ptrace_cmds.values.PTRACE_GETSIGINFO,
  GETREGSET: ptrace_cmds.values.PTRACE_GETREGSET,
  SETREGSET: ptrace_cmds.values.PTRACE_SETREGSET,
  SEIZE: ptrace_cmds.values.PTRACE_SEIZE,
  INTERRUPT: ptrace_cmds.values.PTRACE_INTERRUPT,
  LISTEN: ptrace_cmds.values.PTRACE_LISTEN,
  GET_SYSCALL_INFO: ptrace_cmds.values.PTRACE_GET_SYSCALL_INFO,
} as const

export const Option = {
  TRACESYSGOOD: ptrace_setoptions_flags.values.PTRACE_O_TRACESYSGOOD,
  TRACEFORK: ptrace_setoptions_flags.values.PTRACE_O_TRACEFORK,
  TRACEVFORK: ptrace_setoptions_flags.values.PTRACE_O_TRACEVFORK,
  TRACECLONE: ptrace_setoptions_flags.values.PTRACE_O_TRACECLONE,
  TRACEEXEC: ptrace_setoptions_flags.values.PTRACE_O_TRACEEXEC,
  TRACEEXIT: ptrace_setoptions_flags.values.PTRACE_O_TRACEEXIT,
  TRACESECCOMP: ptrace_setoptions_flags.values.PTRACE_O_TRACESECCOMP,
  EXITKILL: ptrace_setoptions_flags.values.PTRACE_O_EXITKILL,
} as const

export const Event = {
  FORK: ptrace_events.values.PTRACE_EVENT_FORK,
  VFORK: ptrace_events.values.PTRACE_EVENT_VFORK,
  CLONE: ptrace_events.values.PTRACE_EVENT_CLONE,
  EXEC: ptrace_events.values.PTRACE_EVENT_EXEC,
  VFORK_DONE: ptrace_events.values.PTRACE_EVENT_VFORK_DONE,
  EXIT: ptrace_events.values.PTRACE_EVENT_EXIT,
  SECCOMP: ptrace_events.values.PTRACE_EVENT_SECCOMP,
  STOP: ptrace_events.values.PTRACE_EVENT_STOP,
} as const

/** struct ptrace_syscall_info, and the values of its `op`. */
export const SyscallInfo = {
  op: 0,
  arch: 4,
  ip: 8,
  sp: 16,
  nr: 24,
  args: 32,
  rval: 24,
  isError: 32,
  bytes: 88,
  none: 0,
  entry: 1,
  exit: 2,
  seccomp: 3,
} as const

export const Wait = {
  WNOHANG: wait4_options.values.WNOHANG,
  /** wait4's name for WSTOPPED. */
  WUNTRACED: wait4_options.values.WSTOPPED,
  WNOTHREAD: wait4_options.values.__WNOTHREAD,
  WALL: wait4_options.values.__WALL,
} as const

/** By name; of the machine that we run on, which is the tracees'. */
export const Signal: typeof constants.signals = constants.signals
export const Errno: typeof constants.errno = constants.errno

/** Architectures as the kernel's audit and seccomp name them. */
export const AuditArch = {
  amd64: audit_arch.values.AUDIT_ARCH_X86_64,
  arm64: audit_arch.values.AUDIT_ARCH_AARCH64,
  i386: audit_arch.values.AUDIT_ARCH_I386,
} as const
