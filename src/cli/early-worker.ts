/** The capture thread, started before anything else is loaded. */
import { join } from 'node:path'
import { startWorker } from '../capture/ptrace/start-worker.ts'

export const earlyWorker = startWorker(join(__dirname, 'ptrace-worker.cjs'))
// With nothing to trace, it keeps nobody.
earlyWorker.unref()
