/** Numbers of ptrace(2) and wait(2), with the kernel's names. */

export const Request = {
  PEEKDATA: 2,
  POKEDATA: 5,
  POKEUSER: 6,
  CONT: 7,
  DETACH: 17,
  SYSCALL: 24,
  SETOPTIONS: 0x4200,
  GETEVENTMSG: 0x4201,
  GETSIGINFO: 0x4202,
  GETREGSET: 0x4204,
  SETREGSET: 0x4205,
  SEIZE: 0x4206,
  INTERRUPT: 0x4207,
  LISTEN: 0x4208,
  GET_SYSCALL_INFO: 0x420e,
} as const

export const Option = {
  TRACESYSGOOD: 0x1,
  TRACEFORK: 0x2,
  TRACEVFORK: 0x4,
  TRACECLONE: 0x8,
  TRACEEXEC: 0x10,
  TRACEEXIT: 0x40,
  TRACESECCOMP: 0x80,
  EXITKILL: 0x100000,
} as const

export const Event = {
  FORK: 1,
  VFORK: 2,
  CLONE: 3,
  EXEC: 4,
  VFORK_DONE: 5,
  EXIT: 6,
  SECCOMP: 7,
  STOP: 128,
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

export const Wait = { WNOHANG: 1, WUNTRACED: 2, WNOTHREAD: 0x20000000, WALL: 0x40000000 } as const

export const Signal = {
  SIGKILL: 9,
  SIGTRAP: 5,
  SIGALRM: 14,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGSYS: 31,
} as const

export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENOEXEC: 8,
  ECHILD: 10,
  EACCES: 13,
  EFAULT: 14,
  EINVAL: 22,
  ENOSYS: 38,
} as const

/** Architectures as the kernel's audit and seccomp name them. */
export const AuditArch = { amd64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 } as const
