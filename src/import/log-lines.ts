/** The lines of a log, or of several as one: by the times that they begin with. Latin1: paths in a log are bytes. */
import { readSync } from 'node:fs'
import { parseStraceLine, type StraceClock } from './strace-line.ts'

export interface LogFile {
  readonly fd: number
  /** The thread that its lines do not name; null where nobody does. */
  readonly tid: number | null
}

export interface LogLine {
  readonly line: string
  readonly tid: number | null
}

const chunk = 1 << 16
const secondsOfDay = 86_400

/** Lines of one file come as they stand. Of several the one is next that was written first, where they have times; else file by file. */
export function* linesInOrder(files: readonly LogFile[]): Generator<LogLine> {
  const [only, ...others] = files
  if (only !== undefined && others.length === 0) {
    for (const line of linesOf(only.fd)) yield { line, tid: only.tid }
    return
  }
  const waiting = files.map(file => new WaitingLine(file)).filter(waiting => waiting.next())
  while (waiting.length > 1) {
    const first = waiting.reduce((a, b) => (b.time < a.time ? b : a))
    yield first
    if (!first.next()) waiting.splice(waiting.indexOf(first), 1)
  }
  for (const last of waiting)
    do yield last
    while (last.next())
}

/** A file's next line, and when it was written. */
class WaitingLine implements LogLine {
  readonly tid: number | null
  line = ''
  /** Seconds; a line without a time has that of the one before it. */
  time = 0
  readonly #lines: Iterator<string>

  constructor({ fd, tid }: LogFile) {
    this.tid = tid
    this.#lines = linesOf(fd)
  }

  /** Goes on to the next line; false where there is none. */
  next(): boolean {
    const { done, value } = this.#lines.next()
    if (done === true) return false
    this.line = value
    const clock = value.length > chunk ? null : (parseStraceLine(value)?.clock ?? null)
    if (clock !== null && clock.kind !== 'since') this.#tick(clock)
    return true
  }

  #tick({ kind, seconds, nanoseconds }: StraceClock): void {
    let time = seconds + nanoseconds / 1e9
    // Midnight: the time of day begins anew.
    if (kind === 'day') while (time < this.time - secondsOfDay / 2) time += secondsOfDay
    this.time = Math.max(this.time, time)
  }
}

function* linesOf(fd: number): Generator<string> {
  const bytes = Buffer.alloc(chunk)
  let rest = ''
  for (;;) {
    const length = readSync(fd, bytes, 0, chunk, null)
    if (length === 0) break
    const lines = (rest + bytes.toString('latin1', 0, length)).split('\n')
    rest = lines.pop()!
    // A line without an end is none of strace's.
    if (rest.length > 1 << 22) rest = rest.slice(0, 1 << 20)
    for (const line of lines) yield line
  }
  if (rest !== '') yield rest
}
