import { Worker } from 'node:worker_threads'

/**
 * Starts a capture thread, which waits for what to do. A command line starts it before anything else: its start takes as long
 * as all that the main thread does until it knows what to trace.
 *
 * @param file worker.ts, or what it was bundled to
 * @param execArgv node's options for the worker; tests give tsx here
 */
export function startWorker(file: string | URL, execArgv: readonly string[] = []): Worker {
  return new Worker(file, {
    // Else node joins the worker's output to ours, and for that makes the program's own pipe or socket non-blocking.
    stdout: true,
    stderr: true,
    // Not our own process's, which may tell it what to run (--input-type) or load (--import).
    execArgv: [...execArgv],
  })
}
