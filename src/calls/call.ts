/** What a traced call is as a value, and what else a trace tells of. */
import type { syscallNumbers } from '../abi/syscalls.ts'
import type { ArchName } from '../record/layout.ts'
import type { Table } from '../syscalls/index.ts'
import type { Value } from '../types/language.ts'
import type { Errno, Signal, SignalInfo } from '../types/values.ts'

/** What is told of everything that a thread does. */
export interface ThreadEvent {
  /** The process. */
  readonly pid: number
  /** The thread; the first one of a process has its number. */
  readonly tid: number
  /** The thread's name at that time: the program's, cut to 15 bytes, unless it has set another. Empty when unknown. */
  readonly comm: string
  /** When it happened (of a call: when it was entered), in milliseconds since 1970, as Date.now() counts. */
  readonly time: number
}

interface CallEvent extends ThreadEvent {
  readonly kind: 'call'
  /** The call's number on `arch`. */
  readonly sysno: number
  readonly arch: ArchName
  /**
   * `returned`, `failed` (see `errno`), or `unfinished`: the thread ended within the call, as it does in exit_group, or
   * the trace did.
   */
  readonly outcome: 'returned' | 'failed' | 'unfinished'
  /** The number that came back: -errno when the call failed; null when it did not return. */
  readonly result: bigint | null
  /**
   * The error, null when there was none. ERESTARTSYS and its like are seen by a tracer alone: a signal interrupts the call,
   * and it is made again, or the program gets EINTR.
   */
  readonly errno: Errno | null
  /** Milliseconds between enter and return, the tracer's own time included; null when the call did not return. */
  readonly duration: number | null
  /** A string, buffer or list in `args` is not all there: longer than the limit, or than what was captured. */
  readonly truncated: boolean
  /** The call was not made, or its arguments or result were changed on request. */
  readonly tampered: boolean
}

/** The decoded arguments of a call. */
export type Args<N extends keyof Table> = {
  readonly [A in keyof Table[N]['args']]: Value<Table[N]['args'][A]>
}
/** What a call returns when it succeeds. */
export type Returns<N extends keyof Table> = Value<Table[N]['returns']>

/** A system call, when it has returned or when its thread ended in it. `TracedCall<'openat'>` is one of that name. */
export interface TracedCall<N extends CallName = CallName> extends CallEvent {
  readonly name: N
  /**
   * Arguments by the names of the manual pages. Pointers are what they lead to: null when they are NULL, lead nowhere, or
   * nothing was written there since the call failed. An argument that a variant of the call does not have is undefined.
   */
  readonly args: Args<N>
  /** The result by its meaning (a descriptor, a size); null when the call failed or did not return. */
  readonly returns: Returns<N> | null
}

/** A call that is not in the table: one of 32-bit programs alone, or newer than the table. */
export interface OtherCall extends CallEvent {
  readonly name: OtherCallName
  /** Registers in their order. */
  readonly args: { readonly [register in 'a' | 'b' | 'c' | 'd' | 'e' | 'f']: bigint }
  readonly returns: bigint | null
}

/** Calls that the table knows. */
export type CallName = keyof Table & string
/** Calls of 32-bit programs that have no declaration, and `syscall_0x…` where there is no name either. */
export type OtherCallName = Exclude<keyof (typeof syscallNumbers)['i386'], CallName> | `syscall_0x${string}`

type ByName = { readonly [N in CallName]: TracedCall<N> }
/** Any call; `name` tells which, and with it what `args` and `returns` are. */
export type AnyCall = ByName[CallName] | OtherCall
/** The calls of these names. */
export type CallsNamed<N extends CallName> = ByName[N]

/** A signal is about to be delivered. */
export interface SignalEvent extends ThreadEvent {
  readonly kind: 'signal'
  readonly signal: Signal
  /** null when the kernel had none to give. */
  readonly info: SignalInfo | null
}

/** A signal has stopped the process, as ^Z does. */
export interface StopEvent extends ThreadEvent {
  readonly kind: 'stop'
  readonly signal: Signal
}

/** A thread, and with its first one the process, is traced from now on. */
export interface StartEvent extends ThreadEvent {
  readonly kind: 'start'
  readonly origin: 'started' | 'attached' | 'fork' | 'vfork' | 'clone'
  /** The thread that made it; null for the first one and those that were attached. */
  readonly parent: number | null
}

/** A thread ended, by itself or by a signal. */
export interface ExitEvent extends ThreadEvent {
  readonly kind: 'exit'
  /** The exit code, null when a signal ended it. */
  readonly code: number | null
  readonly signal: Signal | null
  readonly coreDumped: boolean
}

/** A thread runs on without being traced. */
export interface DetachEvent extends ThreadEvent {
  readonly kind: 'detach'
}

/** Calls that the capture could not keep. Capture by ptrace loses none. */
export interface LostEvent extends ThreadEvent {
  readonly kind: 'lost'
  readonly count: number
}

/** What a trace tells beside calls, told apart by `kind`. */
export type TraceEvent = SignalEvent | StopEvent | StartEvent | ExitEvent | DetachEvent | LostEvent
