/** What decoded values are, where they are more than numbers and strings. */
import type { ErrnoName } from '../abi/errno.ts'
import type * as sets from '../abi/sets.ts'
import type { SignalName as KernelSignalName } from '../abi/signals.ts'
import type { Data } from './data.ts'

export type { Data, ErrnoName }

/** A file descriptor, with what it refers to when the capture noted it. */
export interface Descriptor {
  readonly fd: number
  /**
   * The path of what was open there at the time of the call; the working directory for AT_FDCWD (-100). What has no
   * path has the kernel's name for it: `pipe:[1234]`, `socket:[5678]`, `anon_inode:[eventfd]`.
   */
  readonly path?: string
}

/** A set of flags: the names of the bits that have one, and what is left over. */
export interface FlagsValue<N extends string> {
  readonly value: bigint
  readonly names: readonly N[]
  readonly rest: bigint
}

/** A signal's name. Real-time signals are counted as the kernel does: 32 is SIGRTMIN, 33 SIGRT_1. */
export type SignalName = KernelSignalName | 'SIGIO' | 'SIGRTMIN' | `SIGRT_${number}`
/** A number stands for one that has no name. */
export type Signal = SignalName | number
export type Errno = ErrnoName | number
export type ClockId = keyof (typeof sets.clocknames)['values'] | number

/** One buffer of several. */
export interface IovecValue {
  readonly base: bigint
  readonly length: bigint
  /** What was moved; null when nothing was, or when it could not be read. */
  readonly data: Data | null
}

type AddressFamily = keyof (typeof sets.addrfams)['values']
interface InternetAddress {
  readonly family: 'AF_INET'
  readonly address: string
  readonly port: number
}
interface Internet6Address {
  readonly family: 'AF_INET6'
  readonly address: string
  readonly port: number
  readonly flowinfo: number
  readonly scopeId: number
}
interface UnixAddress {
  readonly family: 'AF_UNIX'
  /** Empty for an address without a name. */
  readonly path: string
  /** The name is one of Linux's own name space, not of a file. */
  readonly abstract: boolean
}
interface NetlinkAddress {
  readonly family: 'AF_NETLINK'
  readonly pid: number
  readonly groups: number
}
type DecodedFamily = 'AF_INET' | 'AF_INET6' | 'AF_UNIX' | 'AF_NETLINK'
interface OtherAddress {
  /** A number when it has no name, or when the address is too short to be one of its family. */
  readonly family: Exclude<AddressFamily, DecodedFamily> | number
  /** What follows the family. */
  readonly data: Data
}
/** A socket's address, told apart by `family`. */
export type SocketAddress = InternetAddress | Internet6Address | UnixAddress | NetlinkAddress | OtherAddress

/** A control message of sendmsg and recvmsg. */
export interface ControlMessage {
  readonly level: keyof (typeof sets.socketlayers)['values'] | number
  /** The name within SOL_SOCKET (SCM_RIGHTS), a number elsewhere. */
  readonly type: keyof (typeof sets.scmvals)['values'] | number
  readonly data: Data
  /** The descriptors of SCM_RIGHTS. */
  readonly fds?: readonly number[]
}

export interface DirectoryEntry {
  readonly ino: bigint
  readonly off: bigint
  readonly type: keyof (typeof sets.dirent_types)['values'] | number
  readonly name: string
}

/** What came with a signal. Which of the fields there are hangs on the signal and the code. */
export interface SignalInfo {
  readonly signo: Signal
  /** SI_USER, CLD_EXITED, SEGV_MAPERR …; a number when it has no name. */
  readonly code: string | number
  /** 0 for none. */
  readonly errno: Errno
  /** The sender, or the child. */
  readonly pid?: number
  readonly uid?: number
  /** SIGCHLD: the exit code, or the signal's number. */
  readonly status?: number
  /** The address of a fault; where the call was made of SIGSYS. */
  readonly addr?: bigint
  /** What sigqueue or a timer sent. */
  readonly value?: bigint
  /** SIGSYS: the call's number. */
  readonly syscall?: number
}

/** A wait status taken apart. */
export interface WaitStatus {
  readonly status: number
  /** Of a process that exited. */
  readonly exitCode?: number
  /** Of a process that a signal killed. */
  readonly signal?: Signal
  readonly coreDumped?: boolean
  /** The signal that stopped it. */
  readonly stopped?: Signal
  readonly continued?: true
}

export interface NetlinkMessage {
  readonly type: number
  readonly flags: number
  readonly seq: number
  readonly pid: number
  readonly payload: Data
}

/** What the kinds of `special` in the type language decode to. */
export interface SpecialValues {
  /** Signals in a kernel sigset. */
  sigset: readonly SignalName[]
  sockaddr: SocketAddress
  cmsgs: readonly ControlMessage[]
  /** Descriptors that are set. */
  fdset: readonly number[]
  dirents64: readonly DirectoryEntry[]
  dirents: readonly DirectoryEntry[]
  siginfo: SignalInfo
  /** CPUs by number. */
  cpuset: readonly number[]
  waitstatus: WaitStatus
  netlink: readonly NetlinkMessage[]
}
