/** Starts a worker that captures by ptrace, and speaks with it: what it notes, what it is asked, how it ends. */
import { Worker } from 'node:worker_threads'
import { Control, createRing, RingReader } from '../../record/ring.ts'
import {
  type Capture,
  type CaptureEnd,
  type CaptureError,
  type CaptureNote,
  type CaptureOptions,
  patience,
  type StopRequest,
  whyNothing,
} from '../backend.ts'
import type { DoorbellRequest } from './doorbell.ts'
import { ring, wake } from './ring-doorbell.ts'
import { startWorker } from './start-worker.ts'
import type { WorkerInput, WorkerMessage } from './worker.ts'

export interface StartPtrace {
  /** The worker's file (worker.ts, or what it was bundled to), or a worker that waits. */
  readonly worker: string | URL | Worker
  /** Node's options for the worker; tests give tsx here. */
  readonly execArgv?: readonly string[]
  /** Bytes between capture and reader, a power of two. */
  readonly ringBytes?: number
  /** Told, before the capture's end, what it comes across. */
  readonly onNote?: (note: CaptureNote) => void
}

/** How often it is looked whether tracees that share a CPU still stop, in ms. */
const lookAfter = 50

/** Starts a capture with ptrace, in a worker. An error when nothing is traced; with partial success see `problems`. */
export async function startPtrace(
  options: CaptureOptions,
  start: StartPtrace,
): Promise<Capture | CaptureError> {
  const memory = createRing(start.ringBytes)
  const worker = start.worker instanceof Worker ? start.worker : startWorker(start.worker, start.execArgv)
  worker.ref()
  worker.postMessage({ options, ring: memory } satisfies WorkerInput)
  const capture = new PtraceCapture(worker, new RingReader(memory), start.onNote)
  const fatal = await capture.started
  return fatal ?? capture
}

class PtraceCapture implements Capture {
  readonly reader: RingReader
  problems: readonly CaptureError[] = []
  readonly started: Promise<CaptureError | null>
  readonly done: Promise<CaptureEnd>
  #callback: (() => void) | null = null
  #readable = false
  #over = false
  #timer: NodeJS.Timeout | undefined
  readonly #watchdog: NodeJS.Timeout

  constructor(worker: Worker, reader: RingReader, onNote: StartPtrace['onNote']) {
    this.reader = reader
    // process.exit waits for the worker, and the worker for tracees: let it go.
    const leave = () => this.#ring('leave')
    process.once('exit', leave)

    let written = 0
    this.#watchdog = setInterval(() => {
      const now = Atomics.load(reader.control, Control.written)
      // The worker waits, and cannot see that they compute side by side no more.
      if (now === written && Atomics.load(reader.control, Control.narrowed) > 1) wake(reader.control)
      written = now
    }, lookAfter).unref()

    let resolveStarted: (error: CaptureError | null) => void
    let resolveDone: (end: CaptureEnd) => void
    this.started = new Promise(resolve => {
      resolveStarted = resolve
    })
    this.done = new Promise(resolve => {
      resolveDone = resolve
    })
    const finish = (end: CaptureEnd) => {
      this.#over = true
      clearTimeout(this.#timer)
      clearInterval(this.#watchdog)
      process.off('exit', leave)
      resolveDone(end)
    }
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'readable') this.#wake()
      else if (message.kind === 'note') onNote?.(message.note)
      else if (message.kind === 'ended') finish(message.end)
      else {
        this.problems = message.problems
        resolveStarted(message.traced === 0 ? whyNothing(message.problems) : null)
      }
    })
    const crash = (error: CaptureError) => {
      if (this.#over) return
      Atomics.store(reader.control, Control.done, 1)
      resolveStarted(error)
      finish({ status: null, error })
      this.#wake()
    }
    worker.on('error', error =>
      crash({ error: 'internal', errno: 0, pid: 0, message: error.stack ?? String(error) }),
    )
    worker.on('exit', code =>
      crash({ error: 'internal', errno: 0, pid: 0, message: `the capture thread ended with ${code}` }),
    )
  }

  onReadable(callback: () => void): void {
    this.#callback = callback
    if (this.#readable) this.#wake()
  }

  stop(how: StopRequest): void {
    if (this.#over) return
    this.#ring(how)
    this.#timer = setTimeout(() => this.#ring('abandon'), patience)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const drain = () => {
      do for (let at = this.reader.next(); at >= 0; at = this.reader.next()) this.reader.release(at)
      while (!this.reader.sleep() && !this.reader.finished)
    }
    this.onReadable(drain)
    this.stop('detach')
    drain()
    await this.done
  }

  #wake(): void {
    this.#readable = this.#callback === null
    this.#callback?.()
  }

  #ring(request: DoorbellRequest): void {
    ring(this.reader.control, request)
  }
}
