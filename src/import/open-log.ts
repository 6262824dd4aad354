/** A log of gVisor's strace, or strace's own text, opened as if it were a recording. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import type { RecordingReader, RecordPlace } from '../record/recording-reader.ts'
import { type LogFile, linesInOrder } from './log-lines.ts'
import { parseRunscLine } from './runsc-line.ts'
import { RunscLogReader } from './runsc-log.ts'
import { parseStraceLine } from './strace-line.ts'
import { isSystemCall, StraceLogReader } from './strace-log.ts'
import { readString, splitList } from './strace-text.ts'

export type LogKind = 'runsc' | 'strace'

/** How much was understood, so far. */
export interface LogCounts {
  readonly lines: number
  readonly odd: number
}
export interface OpenLog extends RecordingReader {
  readonly counts: LogCounts
}

const chunk = 1 << 16

/** A sandbox has much to say before its program's first call (its specification, every mount): so far a line is looked for. */
const furthest = 32 << 20

/** Which log a file is, from its beginning; null when it is none. Throws node's error when it cannot be read. */
export function logKind(path: string | Buffer): LogKind | null {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(chunk)
    let begun = ''
    for (let at = 0; at < furthest; ) {
      const length = readSync(fd, bytes, 0, chunk, at)
      at += length
      const lines = (begun + bytes.toString('latin1', 0, length)).split('\n')
      begun = length === 0 ? '' : lines.pop()!
      if (lines.some(line => parseRunscLine(line) !== null)) return 'runsc'
      if (lines.some(isStraceCall)) return 'strace'
      // Logs are text, of lines that are not that long.
      if (length === 0 || begun.length > 16 * chunk || bytes.includes(0)) return null
    }
    return null
  } catch (error) {
    // A pipe has no beginning to go back to.
    if ((error as NodeJS.ErrnoException).code === 'ESPIPE') return null
    throw error
  } finally {
    closeSync(fd)
  }
}

const isStraceCall = (line: string): boolean => {
  const what = line.length > chunk ? undefined : parseStraceLine(line)?.what
  return what !== undefined && 'call' in what && isSystemCall(what.call)
}

/** Opens a log, or the several that `strace -ff` writes, as one. What their times lack (a year, a day) is that of the file. */
export function openLog(
  paths: string | Buffer | readonly (string | Buffer)[],
  kind: LogKind,
  arch: GvisorArch = process.arch === 'arm64' ? 'arm64' : 'amd64',
): OpenLog {
  const files = typeof paths === 'string' || Buffer.isBuffer(paths) ? [paths] : paths
  const logs: LogFile[] = []
  const close = (): void => {
    for (const { fd } of logs.splice(0)) closeSync(fd)
  }
  try {
    for (const path of files) logs.push({ fd: openSync(path, 'r'), tid: threadOf(path) })
  } catch (error) {
    close()
    throw error
  }
  const mtime = new Date(Math.max(...logs.map(({ fd }) => fstatSync(fd).mtimeMs)))
  const places: RecordPlace[] = []
  const take = (bytes: Uint8Array, view: DataView, offset: number): void => {
    const copy = bytes.slice(offset, offset + view.getUint32(offset, true))
    places.push({ bytes: copy, view: new DataView(copy.buffer), offset: 0 })
  }
  const reader =
    kind === 'runsc'
      ? new RunscLogReader({ arch, year: mtime.getFullYear() }, take)
      : new StraceLogReader({ arch, written: mtime.getTime() }, take)
  function* records(): Generator<RecordPlace> {
    try {
      for (const { line, tid, parsed } of linesInOrder(logs)) {
        reader.line(line, tid, parsed)
        yield* places.splice(0)
      }
      reader.end()
      yield* places.splice(0)
    } finally {
      close()
    }
  }
  const described = kind === 'runsc' ? ofRunsc : ofStrace(logs)
  const metadata: RecordingMetadata = { ...described, arch, began: mtime.toISOString() }
  return { counts: reader.counts, metadata, records, close }
}

/** Linux has no higher numbers of threads. */
const mostThreads = 1 << 22

/** With -ff a thread's lines do not name it, but their file does. */
function threadOf(path: string | Buffer): number | null {
  const [, digits] = /\.([1-9]\d{0,8})$/.exec(String(path)) ?? []
  return digits === undefined || Number(digits) > mostThreads ? null : Number(digits)
}

type Described = Omit<RecordingMetadata, 'arch' | 'began'>

const ofRunsc: Described = {
  sysglass: '',
  argv0: 'runsc',
  options: ['-f'],
  program: ['runsc'],
  attached: [],
  kernel: 'gVisor',
  capture: {
    follow: true,
    dataLimit: 1025,
    environment: false,
    fdPaths: true,
    sockets: false,
    devices: false,
    threadNames: true,
    systemTime: false,
    stacks: false,
    structures: 'none',
  },
}

/** What the beginning of strace's text tells of the options that it was made with. */
function ofStrace(logs: readonly LogFile[]): Described {
  const bytes = Buffer.alloc(16 * chunk)
  const [{ fd }] = logs as [LogFile]
  const length = fstatSync(fd).isFile() ? readSync(fd, bytes, 0, bytes.length, 0) : 0
  const lines = bytes
    .toString('latin1', 0, length)
    .split('\n')
    .map(line => (line.length > chunk ? null : parseStraceLine(line)))
  const calls = lines.flatMap(line => (line?.what.kind === 'call' ? [line.what] : []))
  const cut = calls.flatMap(({ args }) => args.flatMap(cutLengths))
  const threads = new Set(lines.map(line => line?.tid ?? null))
  const clock = lines.find(line => line !== null)?.clock?.kind
  const limit = Math.min(maxStringLimit, cut[0] ?? 1024)
  const options = [
    ...(logs.length > 1 || threads.size > 1 || !threads.has(null) ? ['-f'] : []),
    ...(clock === 'unix' ? ['-ttt'] : clock === 'day' ? ['-tt'] : clock === 'since' ? ['-r'] : []),
    ...(calls.some(({ duration }) => duration !== null) ? ['-T'] : []),
    ...(calls.some(({ args }) => args.some(arg => /^(?:\d+|AT_FDCWD)</.test(arg))) ? ['-y'] : []),
    ...(cut.length > 0 ? ['-s', String(limit)] : []),
  ]
  const { capture } = ofRunsc
  return {
    ...ofRunsc,
    argv0: 'strace',
    options,
    program: ['strace'],
    kernel: '',
    capture: {
      ...capture,
      follow: options.includes('-f'),
      dataLimit: limit + 1,
      fdPaths: options.includes('-y'),
      threadNames: false,
      structures: 'addresses',
    },
  }
}

/** strace cuts strings all at the same length. */
const maxStringLimit = 1 << 20

/** The lengths of strings in an argument of which there is more. */
function cutLengths(arg: string): readonly number[] {
  const parts = arg.startsWith('[') ? splitList(arg, 1).parts : [arg]
  return parts.flatMap(part => {
    const string = readString(part)
    return string?.cut === true && string.bytes.length > 0 ? [string.bytes.length] : []
  })
}
