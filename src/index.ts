/**
 * sysglass as a library: what a Linux program asks of its kernel, as typed values.
 *
 * ```ts
 * import { trace } from 'sysglass'
 *
 * const t = trace(['ls', '-l'], { filter: ['openat', 'connect'] })
 * for await (const call of t) {
 *   if (call.name === 'openat') console.log(call.args.pathname, call.args.flags.names, call.errno)
 * }
 * console.log(await t.exit) // { code: 0, signal: null }
 * ```
 */
import type { CallFilter } from './api/choose-calls.ts'
import { Trace, type Traced } from './api/trace.ts'
import type { TraceOptions, TraceTarget } from './api/trace-options.ts'

export type { CallFilter } from './api/choose-calls.ts'
export { type ReadOptions, readRecording } from './api/read-recording.ts'
export type { CallsOf, ProgramExit, Traced } from './api/trace.ts'
export { TraceError, type TraceErrorCode } from './api/trace-error.ts'
export type { Stdio, TraceOptions, TraceTarget } from './api/trace-options.ts'
export type {
  AnyCall,
  Args,
  CallName,
  CallsNamed,
  DetachEvent,
  ExitEvent,
  LostEvent,
  OtherCall,
  Returns,
  SignalEvent,
  StartEvent,
  StopEvent,
  ThreadEvent,
  TracedCall,
  TraceEvent,
} from './calls/call.ts'
export { RecordingError } from './record/recording-format.ts'
export { encodeText } from './types/text.ts'
export type {
  ControlMessage,
  Data,
  Descriptor,
  DirectoryEntry,
  Errno,
  ErrnoName,
  FlagsValue,
  IovecValue,
  NetlinkMessage,
  Signal,
  SignalInfo,
  SignalName,
  SocketAddress,
  WaitStatus,
} from './types/values.ts'
export type { Trace }

/** Beside the bundle of this file. */
const workers = {
  ptrace: new URL('./ptrace-worker.cjs', import.meta.url),
  ebpf: new URL('./ebpf-worker.cjs', import.meta.url),
}

/**
 * Starts a program (`['ls', '-l']`) or attaches to processes (`{ pid }`), and yields each system call when it has returned.
 *
 * The program starts at once. Nothing is thrown here: what goes wrong is thrown by the loop, as a TraceError.
 */
export function trace<
  const F extends readonly CallFilter[] = readonly CallFilter[],
  const E extends boolean = false,
>(target: TraceTarget, options: TraceOptions<F, E> = {}): Trace<Traced<F, E>> {
  const worker = options.backend === 'ebpf' ? workers.ebpf : workers.ptrace
  return new Trace<Traced<F, E>>(target, options, { worker })
}
