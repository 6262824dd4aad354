/** The capture thread, which the loader of the bundle starts before anything else is loaded: see scripts/code-cache.mjs. */
import type { Worker } from 'node:worker_threads'

export interface EarlyWorker {
  /** Whose it is: it can be no other's. */
  readonly backend: 'ptrace' | 'ebpf'
  readonly worker: Worker
}

/** Undefined where nothing is to be traced, and where there is no loader. */
export const earlyWorker = (globalThis as { [key: symbol]: unknown })[Symbol.for('sysglass.worker')] as
  | EarlyWorker
  | undefined
// With nothing to trace, it keeps nobody.
earlyWorker?.worker.unref()
