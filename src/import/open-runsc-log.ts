/** A log of gVisor's strace, opened as if it were a recording. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import type { RecordingReader, RecordPlace } from '../record/recording-reader.ts'
import { parseRunscLine } from './runsc-line.ts'
import { type RunscLogCounts, RunscLogReader } from './runsc-log.ts'

export interface RunscLog extends RecordingReader {
  /** How much was understood, so far. */
  readonly counts: RunscLogCounts
}

const chunk = 1 << 16

/** A sandbox has much to say before its program's first call (its specification, every mount): so far a line is looked for. */
const furthest = 32 << 20

/** Whether there is a line of gVisor's strace in the beginning of a file. Throws node's error when it cannot be read. */
export function isRunscLog(path: string | Buffer): boolean {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(chunk)
    let begun = ''
    for (let at = 0; at < furthest; ) {
      const length = readSync(fd, bytes, 0, chunk, at)
      at += length
      const lines = (begun + bytes.toString('latin1', 0, length)).split('\n')
      begun = length === 0 ? '' : lines.pop()!
      if (lines.some(line => parseRunscLine(line) !== null)) return true
      // Logs are text, of lines that are not that long.
      if (length === 0 || begun.length > 16 * chunk || bytes.includes(0)) return false
    }
    return false
  } catch (error) {
    // A pipe has no beginning to go back to.
    if ((error as NodeJS.ErrnoException).code === 'ESPIPE') return false
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Opens a log. The days in it are those of the file's own year. */
export function openRunscLog(
  path: string | Buffer,
  arch: GvisorArch = process.arch === 'arm64' ? 'arm64' : 'amd64',
): RunscLog {
  const fd = openSync(path, 'r')
  const { mtime } = fstatSync(fd)
  const places: RecordPlace[] = []
  const reader = new RunscLogReader({ arch, year: mtime.getFullYear() }, (bytes, view, offset) => {
    const copy = bytes.slice(offset, offset + view.getUint32(offset, true))
    places.push({ bytes: copy, view: new DataView(copy.buffer), offset: 0 })
  })
  let open = true
  const close = (): void => {
    if (open) closeSync(fd)
    open = false
  }
  function* records(): Generator<RecordPlace> {
    try {
      for (const line of linesOf(fd)) {
        reader.line(line)
        yield* places.splice(0)
      }
      reader.end()
      yield* places.splice(0)
    } finally {
      close()
    }
  }
  return { counts: reader.counts, metadata: metadata(arch, mtime), records, close }
}

/** Latin1: paths in a log are bytes. */
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

const metadata = (arch: GvisorArch, began: Date): RecordingMetadata => ({
  sysglass: '',
  argv0: 'runsc',
  options: ['-f'],
  program: ['runsc'],
  attached: [],
  arch,
  kernel: 'gVisor',
  began: began.toISOString(),
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
  },
})
