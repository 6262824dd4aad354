import type { Worker } from 'node:worker_threads'
import type { Capture, CaptureError, CaptureOptions } from '../backend.ts'
import { type StartPtrace, startPtrace } from '../ptrace/start-ptrace.ts'

export interface StartEbpf extends Omit<StartPtrace, 'worker'> {
  /** The worker's file (worker.ts in this folder, or what it was bundled to), or a worker that waits. */
  readonly worker: string | URL | Worker
}

/** Nobody waits for whoever shows the trace while this has room; it takes memory only as far as it was ever filled. */
const ringBytes = 64 << 20

/**
 * Starts a capture with eBPF, in a worker. An error when nothing is traced: of the kind `unsupported` when this machine or the
 * caller's rights do not allow it, and ptrace may.
 */
export function startEbpf(options: CaptureOptions, start: StartEbpf): Promise<Capture | CaptureError> {
  // Between this thread and the worker nothing else is different: the worker is another.
  return startPtrace(options, { ringBytes, ...start })
}
