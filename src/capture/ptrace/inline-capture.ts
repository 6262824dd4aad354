/**
 * A capture on the thread that reads it. A thread of its own takes node as long to start as node itself; for what is quickly
 * printed, and ends soon, that is most of the time. The thread waits in the kernel for what its tracees do next; a
 * timer ends that wait now and then, for the event loop: signals, timers and sockets are served in between.
 */
import { createRing, type RingMemory, RingReader, RingWriter } from '../../record/ring.ts'
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
import { monotonic } from './clocks.ts'
import { InterruptingTimer } from './interrupting-timer.ts'
import { makeTracer } from './make-tracer.ts'
import type { Tracer } from './tracer.ts'

/** Between two looks at the event loop, in ms: while tracees stop, and when they have not for a while. */
const busyTurn = 4
const idleTurn = 50
/** Bytes of records that are shown at once, rather than at the next look. */
const showAt = 1 << 17

/**
 * Starts a capture with ptrace on this thread. It runs once somebody reads: see `onReadable`.
 * @param inStep whether all is shown of a stop before its tracee goes on, so that it stands before what the tracee itself
 * writes to the same place; else what was recorded is shown now and then, which costs less
 */
export async function startInline(
  options: CaptureOptions,
  inStep: boolean,
  onNote: (note: CaptureNote) => void,
): Promise<Capture | CaptureError> {
  const memory = createRing(4 << 20)
  const capture = new InlineCapture(memory, inStep ? 0 : showAt)
  const tracer = await makeTracer(options, capture.writer, memory.data, null, note => {
    // What came before it is told before it.
    capture.show()
    onNote(note)
  })
  const fatal = capture.start(tracer)
  return fatal ?? capture
}

class InlineCapture implements Capture {
  readonly reader: RingReader
  readonly writer: RingWriter
  problems: readonly CaptureError[] = []
  readonly done: Promise<CaptureEnd>
  #resolveDone: (end: CaptureEnd) => void = () => {}
  #tracer: Tracer | undefined
  #timer: InterruptingTimer | undefined
  #callback: (() => void) | null = null
  #patience: NodeJS.Timeout | undefined
  /** Looks without anything to see. */
  #silent = 0
  /** Bytes of records that may wait to be shown. */
  readonly #mayWait: number
  readonly #leave = (): void => this.#tracer?.stop('leave')

  constructor(memory: RingMemory, mayWait: number) {
    this.#mayWait = mayWait
    this.reader = new RingReader(memory)
    // Nobody sleeps: what there is to read is shown by `drive`.
    this.writer = new RingWriter(
      memory,
      () => {},
      () => this.show(),
    )
    this.done = new Promise(resolve => {
      this.#resolveDone = resolve
    })
  }

  start(tracer: Tracer): CaptureError | null {
    this.#tracer = tracer
    if (this.#mayWait === 0) tracer.beforeResume = this.#showWaiting
    this.problems = tracer.start()
    if (tracer.size === 0) return whyNothing(this.problems)
    process.once('exit', this.#leave)
    return null
  }

  onReadable(callback: () => void): void {
    const first = this.#callback === null
    this.#callback = callback
    if (!first) return
    this.#timer = new InterruptingTimer()
    this.#timer.every(busyTurn)
    setImmediate(this.#drive)
  }

  stop(how: StopRequest): void {
    const tracer = this.#tracer
    if (tracer === undefined) return
    tracer.stop(how)
    this.#patience = setTimeout(() => tracer.stop('abandon'), patience)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.onReadable(() => {
      for (let at = this.reader.next(); at >= 0; at = this.reader.next()) this.reader.release(at)
    })
    this.stop('detach')
    await this.done
  }

  readonly #drive = (): void => {
    const tracer = this.#tracer!
    const until = monotonic() + busyTurn * 1e6
    let silent = true
    do {
      if (!tracer.turn()) return this.#finish()
      if (tracer.interrupted) break
      silent = false
      this.#showWaiting()
    } while (monotonic() < until)
    this.show()
    this.#silent = silent ? this.#silent + 1 : 0
    if (this.#silent > 1) tracer.silent()
    this.#timer!.every(this.#silent > 2 ? idleTurn : busyTurn)
    setImmediate(this.#drive)
  }

  readonly #showWaiting = (): void => {
    if (this.writer.unread > this.#mayWait) this.show()
  }

  /** Has what was recorded read. */
  show(): void {
    this.#callback?.()
  }

  #finish(): void {
    this.#timer!.close()
    clearTimeout(this.#patience)
    process.off('exit', this.#leave)
    const end = this.#tracer!.finish()
    this.#tracer = undefined
    this.writer.close()
    this.show()
    this.#resolveDone(end)
  }
}
