/** How a recording comes on: one line on a terminal, written over itself. */
import type { ByteSink } from '../sinks/byte-sink.ts'

/** Milliseconds between two looks. */
const every = 500

export class ProgressLine {
  /** Counted by whoever sees records. */
  calls = 0
  lost = 0
  readonly #stderr: ByteSink
  readonly #bytes: () => number
  readonly #timer: NodeJS.Timeout
  #calls = 0
  #time = performance.now()
  #shown = false

  /** @param bytes what has been written so far */
  constructor(stderr: ByteSink, bytes: () => number) {
    this.#stderr = stderr
    this.#bytes = bytes
    this.#timer = setInterval(() => this.#show(), every).unref()
  }

  #show(): void {
    const now = performance.now()
    const rate = Math.round(((this.calls - this.#calls) * 1000) / (now - this.#time))
    this.#calls = this.calls
    this.#time = now
    const lost = this.lost === 0 ? '' : `, ${this.lost} lost`
    this.#write(`\r${this.calls} calls, ${rate}/s, ${(this.#bytes() / 1e6).toFixed(1)} MB${lost}${clear}`)
    this.#shown = true
  }

  /** Leaves the terminal as it was. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#shown) this.#write(`\r${clear}`)
  }

  #write(text: string): void {
    try {
      this.#stderr.write(Buffer.from(text))
    } catch {
      // A terminal that has gone needs no progress.
      clearInterval(this.#timer)
    }
  }
}

/** Erases the rest of the line. */
const clear = '\x1b[K'
