/** How long work comes on: one line on a terminal, written over itself. */
import type { ByteSink } from '../sinks/byte-sink.ts'

/** Milliseconds between two looks. */
const every = 500

/** A line that tells every half second what `tell` says, null for nothing. */
export class OverwrittenLine {
  readonly #stderr: ByteSink
  readonly #tell: () => string | null
  readonly #timer: NodeJS.Timeout
  #time = performance.now()
  #shown = false

  constructor(stderr: ByteSink, tell: () => string | null) {
    this.#stderr = stderr
    this.#tell = tell
    this.#timer = setInterval(() => this.#show(), every).unref()
  }

  /** For work that leaves timers no turn: shows the line when it is time. */
  look(): void {
    if (performance.now() - this.#time >= every) this.#show()
  }

  /** Leaves the terminal as it was. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#shown) this.#write(`\r${clear}`)
  }

  #show(): void {
    this.#time = performance.now()
    const text = this.#tell()
    if (text === null) return
    this.#write(`\r${text}${clear}`)
    this.#shown = true
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

/** How a recording comes on. */
export class ProgressLine {
  #seen = 0
  #lost = 0
  readonly #line: OverwrittenLine
  readonly #bytes: () => number
  #calls = 0
  #time = performance.now()

  /** @param bytes what has been written so far */
  constructor(stderr: ByteSink, bytes: () => number) {
    this.#bytes = bytes
    this.#line = new OverwrittenLine(stderr, () => this.#text())
  }

  /** How many calls there were, and how many of them were lost. */
  tell(calls: number, lost: number): void {
    this.#seen = calls
    this.#lost = lost
  }

  end(): void {
    this.#line.end()
  }

  #text(): string {
    const now = performance.now()
    const rate = Math.round(((this.#seen - this.#calls) * 1000) / (now - this.#time))
    this.#calls = this.#seen
    this.#time = now
    const lost = this.#lost === 0 ? '' : `, ${this.#lost} lost`
    return `${this.#seen} calls, ${rate}/s, ${(this.#bytes() / 1e6).toFixed(1)} MB${lost}`
  }
}

/** Erases the rest of the line. */
const clear = '\x1b[K'
