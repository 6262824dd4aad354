/**
 * What every way to see calls has in common: the options, a running capture, and errors as values.
 *
 * A backend appends records (src/record) to a ring. Options are plain data that can be structured-cloned,
 * since the backend's loop may live in a worker.
 */
import type { ArchName } from '../record/layout.ts'
import type { RingReader } from '../record/ring.ts'
import type { Plan } from '../types/plan.ts'

/** A program to start. Strings are latin1: one char is one byte, so that every byte passes as it is. */
export interface Program {
  /** The resolved path, which execve gets. */
  readonly file: string
  readonly argv: readonly string[]
  readonly envp: readonly string[]
  /** Where it starts; by default where we are. */
  readonly cwd?: string
  /** Our descriptors that become its 0, 1 and 2; by default the same ones. */
  readonly stdio?: readonly [number, number, number]
  /** The process that is to become the program, and waits at the other end of our descriptor `gate`; by default a new child. */
  readonly waiting?: { readonly pid: number; readonly gate: number }
}

/** Which calls to record on one architecture: a byte for each number, the last for all that follow, 1 to record it; null: all. */
export type CallChoice = Uint8Array | null
export const isChosen = (choice: CallChoice, sysno: number): boolean =>
  choice === null || (choice[sysno] ?? choice.at(-1)) === 1

/** Who the program runs as, with the groups that user is in. */
export interface User {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** What a program would have got from whoever started us, had we not stood in between. */
export interface Inherited {
  /** Descriptors that were open and not close-on-exec. Of 0 to 2, those not listed are closed for the program. */
  readonly fds: readonly number[]
  /** Signals that were ignored: a decimal number whose bit N-1 stands for signal N, as SigIgn of /proc/PID/status. */
  readonly ignoredSignals: string
  /** Signals that were blocked, and those of them that had come, in the same form. */
  readonly blockedSignals?: string
  readonly pendingSignals?: string
  /** RLIMIT_NOFILE (node raises the soft limit), or null to leave it. */
  readonly nofile: { readonly soft: number; readonly hard: number } | null
}

/** Calls to tamper with, and how. */
export interface Tampering {
  /** A byte for each number, 1 for those that are meant; null: all. Only calls that are recorded are tampered with. */
  readonly calls: { readonly [arch in ArchName]: CallChoice }
  /** The errno to fail with; the call is not made. */
  readonly error: number | null
  /** The result to return; the call is not made. */
  readonly retval: bigint | null
  /** The number of the call to make instead, when one is not made. */
  readonly syscall: { readonly [arch in ArchName]?: number } | null
  /** A signal for the thread, at the enter. */
  readonly signal: number | null
  /** Nanoseconds to wait before the call is made, and after it. */
  readonly delayEnter: number | null
  readonly delayExit: number | null
  /** Bytes to write where an argument (from 1) points, before the call and after it. */
  readonly pokeEnter: readonly { readonly argument: number; readonly data: Uint8Array }[]
  readonly pokeExit: readonly { readonly argument: number; readonly data: Uint8Array }[]
  /** Which of a thread's calls of one number: first, first + step, … up to last. step 0: the first only. */
  readonly when: { readonly first: number; readonly last: number | null; readonly step: number }
}

/** Plans of a notation that reads other memory than the declarations say. */
export interface NotationPlans {
  readonly of: { readonly [arch in ArchName]?: { readonly [sysno: number]: Plan } }
  /** Nothing else is wanted: they replace the table's plans of the architectures that they are for. */
  readonly instead: boolean
}

export interface CaptureOptions {
  readonly program?: Program
  /** Processes (with `follow`, with all their threads) or threads that run already. */
  readonly attach: readonly number[]
  /** All processes but ours, whoever starts when. Only a backend that stops nobody can. */
  readonly system?: boolean
  /** All processes in a control group (its directory in cgroup v2) and those below it, also those that come into it. The same. */
  readonly cgroup?: string
  /**
   * Hold up threads while there is no room for their calls; else calls are lost, which `lost` records count. Default: a program that
   * we start is held up, where nobody else is watched. A backend that stops its tracees loses nothing.
   */
  readonly lossless?: boolean
  /** Also capture what the tracees start: threads and processes. */
  readonly follow: boolean
  readonly calls: { readonly [arch in ArchName]: CallChoice }
  /**
   * What is told of calls that are not chosen: that one was made, and its number; or only where it is the first in another mode (of a
   * 32-bit program). They have an enter record without ranges, and no exit. Default: nothing. eBPF tells nothing.
   */
  readonly otherCalls?: 'numbers' | 'modes'
  /** Note where a thread is after a call that moves it elsewhere. */
  readonly instructionPointers?: boolean
  /**
   * Let calls that are not chosen run without a stop, where that can be done: in a program that we start, and
   * only with `follow`, since a child outside the capture would inherit the filter and find nobody to answer it.
   */
  readonly filterInKernel: boolean
  /** Signals to record, a byte for each number; null: all. */
  readonly signals: Uint8Array | null
  /** Bytes to copy of strings and buffers that are not paths. strace's -s plus one, so that a reader sees whether more follows. */
  readonly dataLimit: number
  /** Copy the strings of envp too, not only their addresses. */
  readonly environment: boolean
  /** Also read what the program may write or execute but not read, as the kernel does where a call has it. strace does not. */
  readonly asKernel?: boolean
  /** Note what descriptors refer to. */
  readonly fdPaths: boolean
  /** Note the protocol and addresses of sockets. */
  readonly sockets: boolean
  /** Note type and number of devices. */
  readonly devices: boolean
  /** Note the processes behind pidfds. */
  readonly pidfds?: boolean
  /** Note what processes' numbers in other pid namespaces are in ours. */
  readonly pidNamespaces?: boolean
  /** Note why virtual CPUs of KVM stop. Only for ptrace. */
  readonly virtualCpus?: boolean
  /** Note the names of processes that calls are about. */
  readonly processNames?: boolean
  /** Look at every stop whether a thread has another name, which others can give it; else when it gives itself one. */
  readonly watchNames?: boolean
  /** Read the names of threads when they appear and change. */
  readonly threadNames: boolean
  /** Look up which numbers threads in other pid namespaces have there. */
  readonly innerIds?: boolean
  /** Let go of a tracee that calls execve (but for the program's own start). */
  readonly detachOnExec?: boolean
  /** Record what processes have used when they end. */
  readonly resources?: boolean
  /** Record the system CPU time of calls. */
  readonly systemTime: boolean
  /**
   * When calls began, and that they did before they return, need not be recorded: a backend may then see most of them at their return
   * alone, which is cheaper. Default: it is.
   */
  readonly entryTimes?: boolean
  /** Which calls are of interest by how they end; those that are not need not be recorded. Default: all. */
  readonly outcomes?: { readonly successful: boolean; readonly failed: boolean }
  /** Record the stack with each call and signal. */
  readonly stacks?: boolean
  readonly plans?: NotationPlans
  /** Of several that name a call the last counts. */
  readonly tampering?: readonly Tampering[]
  /** Only calls that touch these paths are tampered with: see ptrace/path-filter.ts. Needs `fdPaths`. Default: all. */
  readonly tamperingPaths?: readonly string[]
  readonly user?: User
  readonly inherited?: Inherited
  /** Keep tracer and tracees on one CPU: a stop then costs a sixth, but tracees run one at a time. auto: while it pays. */
  readonly pin: 'auto' | 'never' | 'always'
  /** This process does nothing but trace: its threads may be moved between CPUs too. */
  readonly dedicated?: boolean
}

/** An expected failure. `errno` is the kernel's, or 0 when it was not a system call that failed. */
export interface CaptureError {
  /** `unsupported`: this kernel or machine; `spawn`: nothing was started; `launch`: a step before exec; `exec`: execve itself. */
  readonly error: 'unsupported' | 'spawn' | 'launch' | 'exec' | 'attach' | 'internal'
  readonly errno: number
  /** The process that was meant, 0 for none. */
  readonly pid: number
  /** For people, without the text of errno. */
  readonly message: string
  /** What else went wrong before it. */
  readonly before?: readonly CaptureError[]
}

/**
 * What a capture comes across and has no record for. `syscall-info`: the kernel tells of calls (PTRACE_GET_SYSCALL_INFO).
 * The others are of processes that are the kernel's to give us, and not of the capture: one ended, or was let go.
 */
export type CaptureNote =
  | {
      readonly note: 'syscall-info' | 'unknown-ended' | 'unknown-detached'
      /** The process, 0 for none. */
      readonly pid: number
    }
  /** What the kernel is asked for: PTRACE_O_ bits. */
  | { readonly note: 'ptrace-options'; readonly pid: 0; readonly options: number }
  /** What could not be done to a call; a string of which a part alone could be read. As people read it. */
  | { readonly note: 'not-tampered' | 'short-read'; readonly pid: number; readonly message: string }

/** How a capture came to its end. */
export interface CaptureEnd {
  /** Wait status of the started program; null when none was started, or when we let it run on. */
  readonly status: number | null
  readonly error?: CaptureError
}

/** `detach`: let everything run on. A signal: send it to the started program (awake), then let all run on. */
export type StopRequest = 'detach' | { readonly signal: number }

/** A capture that runs, seen from the thread that reads. Whoever holds it must read until `reader.finished`. */
export interface Capture extends AsyncDisposable {
  readonly reader: RingReader
  /** Threads that could not be attached while others could. */
  readonly problems: readonly CaptureError[]
  /**
   * Called when the reader has announced sleep (`reader.sleep()` was true) and there is something to read,
   * or the stream has ended.
   */
  onReadable(callback: () => void): void
  /** Ends the capture; `done` resolves when that has happened. */
  stop(how: StopRequest): void
  /** After the last record has been written; never rejects. */
  readonly done: Promise<CaptureEnd>
}

export const isCaptureError = (value: Capture | CaptureError): value is CaptureError => 'error' in value

/** After `stop`, how long tracees in an uninterruptible sleep are waited for, in ms. */
export const patience = 2000

/** What is said of a capture that has nothing to trace. */
export function whyNothing(problems: readonly CaptureError[]): CaptureError {
  const last = problems.at(-1)
  return last === undefined ? nothingToTrace : { ...last, before: problems.slice(0, -1) }
}

const nothingToTrace: CaptureError = { error: 'spawn', errno: 0, pid: 0, message: 'nothing to trace' }
