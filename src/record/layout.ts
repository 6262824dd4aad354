/**
 * The record stream: what a capture backend appends, byte for byte, and what every reader reads.
 *
 * A record is a header, fixed fields by kind, and for system calls the memory ranges that the capture
 * plan copied. All numbers are little-endian, every record starts at a multiple of eight, and times are
 * nanoseconds since the stream's start (CLOCK_MONOTONIC) in a float64: exact for 104 days.
 */

/** Kinds of record. Values stand in recordings: never renumber, only append. */
export const RecordKind = {
  /** Begin of a stream: wall clock and machine. */
  start: 1,
  /** A system call is entered. */
  enter: 2,
  /** A system call returns. */
  exit: 3,
  /** A signal is about to be delivered, with its siginfo. */
  signal: 4,
  /** A group-stop. */
  stopped: 5,
  /** A thread ended by exit. */
  exited: 6,
  /** A thread ended by a signal. */
  killed: 7,
  /** A new tracee: started, attached or forked. */
  thread: 8,
  /** A thread's name changed (execve, PR_SET_NAME). */
  comm: 9,
  /** execve from a thread that is not the leader: this tid lives on under the leader's number. */
  superseded: 10,
  /** We let go of a tracee that lives on. */
  detached: 11,
  /** Records that the backend could not keep: how many, exactly. */
  lost: 12,
  /** The last record of a stream that ended orderly: the program's own wait status. */
  end: 13,
  /** A thread is on its way out (PTRACE_EVENT_EXIT): the call it is in will not return to it. Its `exited` or `killed` follows. */
  exiting: 14,
  /** A thread's registers and stack, after the record that they belong to. */
  stack: 15,
  /** The executable mappings of a process, when they have changed. */
  mappings: 16,
  /** What a process has used: when its last thread ends, or when we let it go. */
  resources: 17,
} as const
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind]

/** Header: u32 size (of all, a multiple of 8), u8 kind, u8 arch, u16 flags, u32 tid, u32 pid (tgid), f64 time. */
export const Header = { size: 0, kind: 4, arch: 5, flags: 6, tid: 8, pid: 12, time: 16, bytes: 24 } as const

/** enter: u32 sysno, u32 ranges, u64 args[6], u64 instruction pointer, u64 stack pointer; then ranges. */
export const Enter = { sysno: 24, ranges: 28, args: 32, ip: 80, sp: 88, bytes: 96 } as const

/** exit: u32 sysno, u32 ranges, i64 result (-errno when flag `failed`), f64 system CPU time that the thread spent in the call, in ns (NaN when not asked for); then ranges. */
export const Exit = { sysno: 24, ranges: 28, result: 32, systemTime: 40, bytes: 48 } as const

/** signal: u32 signo, u32 bytes of siginfo that follow (0 or 128); then, in records that are long enough, u64 instruction pointer, and then what a range of kind `pid` says of the sender: u32 bytes, u32 0, the bytes. */
export const Signal = { signo: 24, length: 28, siginfo: 32, bytes: 32 } as const

/** exiting: u32 exit code or signal, u32 0; with flag 1 an i64: what the call in flight came to, although it will not return. */
export const Exiting = { status: 24, result: 32, plain: 32, bytes: 40 } as const

/** stopped: u32 signo. exited: u32 exit code, u32 errno of the execve when the program that we start could not be executed, else 0. killed: u32 signo, u32 1 with a core dump. superseded: u32 the tid that execve was called from; in records that are long enough, u64 where the new program begins. lost: u32 count. end: u32 wait status. */
export const Status = { value: 24, core: 28, execError: 28, ip: 32, bytes: 32 } as const

/**
 * thread: u32 parent's tid (0: none), u32 ThreadOrigin, then comm, 16 bytes ended by NUL. comm has the same place.
 * In records that are long enough, u32 pid and u32 tid in the innermost pid name space, where that is not the tracer's; else 0.
 */
export const Thread = {
  parent: 24,
  origin: 28,
  comm: 32,
  innerPid: 48,
  innerTid: 52,
  plain: 48,
  bytes: 56,
} as const
export const ThreadOrigin = { started: 0, attached: 1, fork: 2, vfork: 3, clone: 4 } as const

/**
 * stack (flag 1: of a thread that is in a call that does not come back to it): u64 address of the stack's copy, u32 bytes of the registers (as PTRACE_GETREGSET gives
 * them), u32 bytes of the copy; then both. mappings: u32 bytes, u32 0, then lines of /proc/PID/maps.
 */
export const Stack = { address: 24, registerBytes: 32, stackBytes: 36, content: 40 } as const
export const Mappings = { length: 24, text: 32 } as const

/**
 * resources: ten float64, NaN where unknown. CPU time in ns; of it in user space and in the kernel, in ticks of the clock; the most memory
 * that it ever had, in bytes; page faults without and with input; bytes through read and write and their like; bytes from and to storage.
 * The kernel adds to a process's bytes those of children that it has waited for.
 */
export const Resources = {
  cpu: 24,
  user: 32,
  system: 40,
  maxMemory: 48,
  minorFaults: 56,
  majorFaults: 64,
  read: 72,
  written: 80,
  fromStorage: 88,
  toStorage: 96,
  bytes: 104,
} as const

/** start: u64 wall clock in ns, u32 format version, u32 reserved. */
export const Start = { wall: 24, version: 32, bytes: 40 } as const
export const formatVersion = 1

/** Flags in a header, by kind. */
export const ExitFlag = {
  failed: 1,
  /** The call was not made; the result is one that we were told to give. */
  injected: 2,
  /** We changed the memory of an argument. */
  poked: 4,
  /** We held up the call. */
  delayed: 8,
} as const
export const EnterFlag = {
  /** The call was seen at its exit only, or in the middle (attach): arguments may be those at the exit. */
  partial: 1,
} as const

/** A range: u64 address (or descriptor), u32 bytes that follow (padded to 8), u8 RangeKind, u8 RangeFlag, u16 0. */
export const Range = { address: 0, length: 8, kind: 12, flags: 13, bytes: 16 } as const
/** What stands for the working directory in a descriptor's place (fcntl.h). */
export const AT_FDCWD = -100

export const RangeKind = {
  /** Bytes of the tracee's memory at `address`. */
  memory: 0,
  /** What /proc/PID/fd/N links to; `address` is N. Empty: not open. */
  fdPath: 1,
  /** The working directory. */
  cwd: 2,
  /**
   * A socket's protocol and addresses, as text (`TCP:[127.0.0.1:80]`, `UNIX:[1234->1235]`: inode, peer's inode); `address` is N.
   * The name of a Unix socket follows as it is after a NUL; one of the abstract kind begins with a NUL itself.
   */
  socket: 3,
  /** A device's type and number: u32 mode, u32 rdev major, u32 minor; `address` is N. */
  device: 4,
  /** The protocol of a netlink socket (NETLINK_ROUTE …), u32; `address` is N. Other sockets have none. */
  netlink: 5,
  /** The process behind a pidfd, u32; `address` is N. */
  process: 6,
  /** A process, thread or group that the tracee knows as `address`: u32 its number in our pid namespace, then its name. */
  pid: 7,
  /** The interfaces of the network namespace of netlink socket N: lines of number, space and name; `address` is N. */
  interfaces: 8,
  /** The families that the kernel's generic netlink has, in a message of such a socket: lines likewise. */
  families: 9,
  /** Where the thread goes on after a call that moves it elsewhere (execve, rt_sigreturn): `address` is that instruction. */
  instruction: 10,
  /** Why the virtual CPU behind a descriptor stopped (KVM_EXIT_…), u32; `address` is N. */
  virtualCpu: 11,
} as const
export const RangeFlag = {
  /** The byte after the last one copied could not be read. */
  fault: 1,
  /** More could have been copied; the plan's bound was reached. */
  cut: 2,
  /** Of a path that ends as the kernel marks files that were removed: this one is there, and has that name. */
  exists: 4,
} as const

/** Architectures as stored in a header. i386 is what 32-bit calls of 64-bit programs use. */
export const archNames = ['amd64', 'arm64', 'i386'] as const
export type ArchName = (typeof archNames)[number]

/** The largest record a backend may write: readers may rely on it, and refuse what claims to be larger. */
export const maxRecordBytes = 1 << 20

/** Rounds up to the alignment of records and ranges. */
export const align8 = (n: number): number => (n + 7) & ~7
/** Where the next netlink message or attribute begins. Not by bit operators: a length may have all 32 bits. */
export const align4 = (n: number): number => Math.ceil(n / 4) * 4

/** The name in a record of kind thread or comm: bytes, without what follows a NUL. A view, valid as long as the record is. */
export function threadName(bytes: Uint8Array, offset: number): Uint8Array {
  const name = bytes.subarray(offset + Thread.comm, offset + Thread.plain)
  const end = name.indexOf(0)
  return end < 0 ? name : name.subarray(0, end)
}
