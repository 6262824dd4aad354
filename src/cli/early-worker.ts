/** The capture thread, which the loader of the bundle starts before anything else is loaded: see scripts/code-cache.mjs. */
import type { Worker } from 'node:worker_threads'

/** Undefined where nothing is to be traced, and where there is no loader. */
export const earlyWorker = (globalThis as { [key: symbol]: unknown })[Symbol.for('sysglass.worker')] as
  | Worker
  | undefined
// With nothing to trace, it keeps nobody.
earlyWorker?.unref()
