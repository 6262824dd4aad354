/** The lines of a log, or of several as one: by the times that they begin with. Latin1: paths in a log are bytes. */
import { readSync } from 'node:fs'
import { parseStraceLine, type StraceClock, type StraceLine } from './strace-line.ts'

export interface LogFile {
  readonly fd: number
  /** The thread that its lines do not name; null where nobody does. */
  readonly tid: number | null
}

export interface LogLine {
  readonly line: string
  readonly tid: number | null
  /** What the line says, where somebody looked: null where it is none of strace's. */
  readonly parsed?: StraceLine | null | undefined
}

const chunk = 1 << 16
const secondsOfDay = 86_400
/** What was read becomes text before anybody reads more. */
const bytes = Buffer.alloc(chunk)

/** Lines of one file come as they stand. Of several the one is next that was written first, where they have times; else file by file. */
export function* linesInOrder(files: readonly LogFile[]): Generator<LogLine> {
  const [only, ...others] = files
  if (only !== undefined && others.length === 0) {
    for (const line of linesOf(only.fd)) yield { line, tid: only.tid }
    return
  }
  const waiting = files
    .map((file, i) => new WaitingLine(file, i))
    .filter(line => line.next())
    .sort(inOrder)
  while (waiting.length > 1) {
    const first = waiting[0]!
    yield first
    if (!first.next()) {
      waiting.shift()
      continue
    }
    // To its new place: mostly it is not far.
    let at = 1
    for (; at < waiting.length && inOrder(waiting[at]!, first) < 0; at++) waiting[at - 1] = waiting[at]!
    waiting[at - 1] = first
  }
  for (const last of waiting)
    do yield last
    while (last.next())
}

const inOrder = (a: WaitingLine, b: WaitingLine): number => a.time - b.time || a.place - b.place

/** A file's next line, and when it was written. */
class WaitingLine implements LogLine {
  readonly tid: number | null
  line = ''
  parsed: StraceLine | null | undefined
  /** Among the files. */
  readonly place: number
  /** Seconds; a line without a time has that of the one before it. */
  time = 0
  readonly #lines: Iterator<string>

  constructor({ fd, tid }: LogFile, place: number) {
    this.tid = tid
    this.place = place
    this.#lines = linesOf(fd)
  }

  /** Goes on to the next line; false where there is none. */
  next(): boolean {
    const { done, value } = this.#lines.next()
    if (done === true) return false
    this.line = value
    this.parsed = value.length > chunk ? undefined : parseStraceLine(value)
    const clock = this.parsed?.clock ?? null
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
