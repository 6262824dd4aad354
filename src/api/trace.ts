/** A running trace as an async iterable of calls. */
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import type { AnyCall, CallName, CallsNamed, TraceEvent } from '../calls/call.ts'
import { EventReader, type EventReaderOptions } from '../calls/event-reader.ts'
import { type Capture, type CaptureEnd, isCaptureError } from '../capture/backend.ts'
import { type StartPtrace, startPtrace } from '../capture/ptrace/start-ptrace.ts'
import { pump } from '../capture/pump.ts'
import { choosesCall, type SyscallFilter } from '../filters/syscall-filter.ts'
import { Header, RecordKind, Status } from '../record/layout.ts'
import { oneByOne } from '../record/record-runs.ts'
import { signalOf } from '../types/decode-numbers.ts'
import type { Signal } from '../types/values.ts'
import { type CallFilter, chooseCalls } from './choose-calls.ts'
import { traceError } from './trace-error.ts'
import {
  captureOptions,
  defaultDataLimit,
  isArgv,
  type TraceOptions,
  type TraceTarget,
} from './trace-options.ts'

/** Calls that a filter of type `F` lets through: those named, when there are only names in it. */
export type CallsOf<F extends readonly CallFilter[]> = [F[number]] extends [CallName]
  ? CallsNamed<F[number] & CallName>
  : AnyCall

/** What a trace with such options yields. */
export type Traced<F extends readonly CallFilter[], E extends boolean> =
  | CallsOf<F>
  | (true extends E ? TraceEvent : never)

/** How the program ended: both are null when that is not known (it runs on, or none was started). */
export interface ProgramExit {
  readonly code: number | null
  readonly signal: Signal | null
}

/** Records that are decoded before the consumer has taken what they gave. */
const batch = 256
/** After a busy stretch the reader looks again this often (ms) before it sleeps: a wake-up costs the tracer. */
const lookAgain = 1

/**
 * A trace: iterate over it once. While nobody reads, at most a few megabytes of calls wait, then the program does.
 *
 * Leaving the loop early ends the trace: see `whenLeft`.
 */
export class Trace<T> implements AsyncIterableIterator<T>, AsyncDisposable {
  /** Resolves when the program has been started, or the processes are traced; rejects with a TraceError when that fails. */
  readonly ready: Promise<void>
  readonly #start: Promise<Capture>
  readonly #what: string
  readonly #kills: boolean
  readonly #signal: AbortSignal | undefined
  readonly #reader: EventReader
  readonly #abort = (): void => this.#leave()
  #capture: Capture | undefined
  /** Decoded, and not yet taken. */
  #waiting: T[] = []
  #taken = 0
  #left = false
  #over = false
  #busy = false
  /** Somebody takes calls. */
  #reading = false
  /** They are read for who waits for the end. */
  #readingAhead = false
  readonly #exit: Promise<ProgramExit>
  /** Why the trace did not begin or broke off, until the loop has thrown it. */
  #error: { readonly error: unknown } | undefined
  #wake: (() => void) | undefined
  /** The process that was started. */
  #program = 0
  #resolveExit: (exit: ProgramExit) => void = () => {}
  #rejectExit: (error: unknown) => void = () => {}

  /** @internal */
  constructor(target: TraceTarget, options: TraceOptions, start: StartPtrace) {
    this.#what = isArgv(target) ? target[0] : `process ${target?.pid}`
    this.#kills = isArgv(target) && options.whenLeft !== 'detach'
    this.#signal = options.signal
    const { dataLimit: limit = defaultDataLimit, events = false, filter } = options
    let chosen: SyscallFilter | undefined
    // The capture cannot tell calls that are made through one other, as those of sockets of 32-bit programs are.
    const chooses: EventReaderOptions['chooses'] =
      filter && ((name, known, bits) => choosesCall((chosen ??= chooseCalls(filter)), name, known, bits))
    this.#reader = new EventReader({ limit, events, chooses }, event => this.#waiting.push(event as T))
    this.#exit = new Promise((resolve, reject) => {
      this.#resolveExit = resolve
      this.#rejectExit = reject
    })
    this.#start = begin(target, options, start)
    this.ready = this.#start.then(
      capture => this.#begun(capture),
      error => this.#failed(error),
    )
    // Whoever iterates gets the error there.
    this.ready.catch(() => {})
    this.#exit.catch(() => {})
    if (this.#signal?.aborted) this.#leave()
    else this.#signal?.addEventListener('abort', this.#abort)
  }

  /**
   * How the program ended, once the trace has been read that far or was left. Rejects with the TraceError that the loop throws,
   * too. Who asks for it before anything was read gets it all the same: the calls are then kept in memory, for a loop that
   * may follow.
   */
  get exit(): Promise<ProgramExit> {
    if (!this.#reading && !this.#readingAhead) void this.#readAhead()
    return this.#exit
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next call, or event. */
  next(): Promise<IteratorResult<T, undefined>> {
    this.#reading = true
    if (this.#taken < this.#waiting.length) return Promise.resolve(this.#take())
    return this.#fetch()
  }

  /** Ends the trace early, as `break` does. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#leave()
    // So that after the loop the program is gone, when it is to be.
    if (this.#kills) await this.#exit.catch(() => {})
    else await this.ready.catch(() => {})
    return { done: true, value: undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** All that is left, to the end. */
  async toArray(): Promise<T[]> {
    const all: T[] = []
    for await (const one of this) all.push(one)
    return all
  }

  #take(): IteratorResult<T, undefined> {
    const value = this.#waiting[this.#taken++]!
    if (this.#taken === this.#waiting.length) {
      this.#waiting = []
      this.#taken = 0
    }
    return { done: false, value }
  }

  async #fetch(): Promise<IteratorResult<T, undefined>> {
    // Other work gets its turn between two batches, however fast calls come.
    await new Promise(setImmediate)
    if (!this.#left) await this.ready.catch(() => {})
    while (!this.#left && !this.#over) {
      const n = this.#read()
      if (this.#waiting.length > 0) return this.#take()
      await this.#pause(n)
    }
    if (this.#taken < this.#waiting.length) return this.#take()
    if (this.#error !== undefined) {
      const { error } = this.#error
      this.#error = undefined
      throw error
    }
    if (this.#signal?.aborted) throw this.#signal.reason
    return { done: true, value: undefined }
  }

  /** Decodes all that comes until somebody takes it. */
  async #readAhead(): Promise<void> {
    this.#readingAhead = true
    await this.ready.catch(() => {})
    while (!this.#reading && !this.#left && !this.#over) await this.#pause(this.#read())
  }

  /** Until there may be more, or the stream is over; `n` records were read at last. */
  async #pause(n: number): Promise<void> {
    if (this.#capture!.reader.finished) await this.#ended()
    else if (n === batch) await new Promise(setImmediate)
    else await this.#sleep(n > 0)
  }

  /** Decodes what there is, up to a batch; how many records that were. */
  #read(): number {
    const { reader } = this.#capture!
    let n = 0
    for (; n < batch; n++) {
      const at = reader.next()
      if (at < 0) break
      this.#noteProgram(reader.bytes, reader.view, at)
      this.#reader.record(reader.bytes, reader.view, at)
      reader.release(at)
    }
    return n
  }

  async #sleep(busy: boolean): Promise<void> {
    const again = busy || this.#busy
    this.#busy = busy
    await new Promise<void>(resolve => {
      this.#wake = resolve
      if (again) setTimeout(resolve, lookAgain)
      else if (!this.#capture!.reader.sleep()) resolve()
    })
  }

  /** The stream is over. */
  async #ended(): Promise<void> {
    const end = await this.#capture!.done
    if (this.#over) return
    this.#over = true
    this.#reader.end()
    if (end.error !== undefined) this.#error = { error: traceError(end.error, this.#what) }
    this.#finish(end)
  }

  #finish({ status, error }: CaptureEnd): void {
    this.#signal?.removeEventListener('abort', this.#abort)
    if (error !== undefined) this.#rejectExit(this.#error?.error ?? traceError(error, this.#what))
    else if (status === null) this.#resolveExit({ code: null, signal: null })
    else if ((status & 0x7f) === 0) this.#resolveExit({ code: (status >> 8) & 0xff, signal: null })
    else this.#resolveExit({ code: null, signal: signalOf(status & 0x7f) })
  }

  #begun(capture: Capture): void {
    this.#capture = capture
    capture.onReadable(() => this.#wake?.())
    if (this.#left) this.#abandon()
  }

  #failed(error: unknown): never {
    this.#over = true
    this.#error = { error }
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#rejectExit(error)
    throw error
  }

  #leave(): void {
    if (this.#left || this.#over) return
    this.#left = true
    this.#waiting = []
    this.#taken = 0
    this.#signal?.removeEventListener('abort', this.#abort)
    if (this.#capture !== undefined) this.#abandon()
  }

  /** Lets go, and reads on without decoding: the tracer must not wait for room. */
  #abandon(): void {
    const capture = this.#capture!
    capture.stop(this.#kills ? { signal: constants.signals.SIGKILL } : 'detach')
    const records = oneByOne((bytes, view, at) => this.#watchEnd(bytes, view, at))
    void pump(capture, { records, idle: () => {} })
    void capture.done.then(end => this.#finish(end))
    this.#wake?.()
  }

  /** Notes the killed program's end: what it has started may go on for long. */
  #watchEnd(bytes: Uint8Array, view: DataView, at: number): void {
    this.#noteProgram(bytes, view, at)
    const kind = bytes[at + Header.kind]
    if (!this.#kills || view.getUint32(at + Header.tid, true) !== this.#program) return
    const value = view.getUint32(at + Status.value, true)
    if (kind === RecordKind.killed) this.#resolveExit({ code: null, signal: signalOf(value) })
    else if (kind === RecordKind.exited) this.#resolveExit({ code: value, signal: null })
  }

  /** The first thread of a stream is the program's. */
  #noteProgram(bytes: Uint8Array, view: DataView, at: number): void {
    if (this.#program === 0 && bytes[at + Header.kind] === RecordKind.thread)
      this.#program = view.getUint32(at + Header.tid, true)
  }
}

async function begin(target: TraceTarget, options: TraceOptions, start: StartPtrace): Promise<Capture> {
  let nullDevice = -1
  try {
    const wishes = captureOptions(target, options, () => {
      if (nullDevice < 0) nullDevice = openSync('/dev/null', 'r+')
      return nullDevice
    })
    const capture = await startPtrace(wishes, start)
    if (isCaptureError(capture)) throw traceError(capture, isArgv(target) ? target[0] : `${target.pid}`)
    return capture
  } finally {
    if (nullDevice >= 0) closeSync(nullDevice)
  }
}
