/** For tests: programs compiled from test/programs/capture, and captures whose records are read into objects. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { syscallNumbers } from '../../abi/syscalls.ts'
import {
  align8,
  archNames,
  Enter,
  Exit,
  Header,
  Range,
  RecordKind,
  Signal,
  Status,
  Thread,
} from '../../record/layout.ts'
import type { RingReader } from '../../record/ring.ts'
import { callName } from '../../syscalls/index.ts'
import { type Capture, type CaptureEnd, type CaptureOptions, isCaptureError } from '../backend.ts'
import { startPtrace } from './start-ptrace.ts'

/** Options that record everything. */
export const everything: CaptureOptions = {
  attach: [],
  follow: true,
  calls: { amd64: null, arm64: null, i386: null },
  filterInKernel: false,
  signals: null,
  dataLimit: 33,
  environment: false,
  fdPaths: false,
  sockets: false,
  devices: false,
  threadNames: false,
  systemTime: false,
  pin: 'never',
}

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const compiled = new Map<string, string>()

/** A file in a folder that goes away with the process. */
export const temporary = (name: string): string => join(folder, name)

/** The path of a test program, compiled when first asked for. */
export function program(name: string): string {
  let file = compiled.get(name)
  if (file === undefined) {
    file = temporary(name)
    execFileSync('cc', [
      '-O1',
      '-pthread',
      '-o',
      file,
      new URL(`../../../test/programs/capture/${name}.c`, import.meta.url).pathname,
    ])
    compiled.set(name, file)
  }
  return file
}

export const run = (file: string, ...args: string[]): Partial<CaptureOptions> => ({
  program: { file, argv: [file, ...args], envp: ['PATH=/bin:/usr/bin', 'LC_ALL=C'] },
})

/** The choice of calls by name, on the machine's own architecture. */
export function onlyCalls(...names: string[]): CaptureOptions['calls'] {
  const choice = (numbers: { readonly [name: string]: number }) => {
    const bytes = new Uint8Array(512)
    for (const name of names) if (numbers[name] !== undefined) bytes[numbers[name]] = 1
    return bytes
  }
  return {
    amd64: choice(syscallNumbers.amd64),
    arm64: choice(syscallNumbers.arm64),
    i386: choice(syscallNumbers.i386),
  }
}

export interface TestRange {
  readonly address: bigint
  readonly bytes: Buffer
  readonly kind: number
  readonly flags: number
}
/** A record; `value` is the number of those that are one, the result of an exit. */
export interface TestRecord {
  readonly kind: keyof typeof RecordKind
  readonly tid: number
  readonly pid: number
  readonly time: number
  readonly arch: string
  readonly flags: number
  readonly call: string
  readonly sysno: number
  readonly args: readonly bigint[]
  readonly value: bigint
  readonly core: boolean
  readonly parent: number
  readonly origin: number
  readonly comm: string
  readonly siginfo: Buffer
  readonly systemTime: number
  readonly ranges: readonly TestRange[]
}

const kindNames = Object.fromEntries(Object.entries(RecordKind).map(([name, value]) => [value, name])) as {
  [kind: number]: TestRecord['kind']
}

export function readRecord(reader: RingReader, at: number): TestRecord {
  const { view } = reader
  const size = view.getUint32(at, true)
  const bytes = Buffer.from(reader.bytes.slice(at, at + size))
  const kind = kindNames[bytes[Header.kind]!]!
  const isCall = kind === 'enter' || kind === 'exit'
  const named = kind === 'thread' || kind === 'comm'
  const arch = archNames[bytes[Header.arch]!]!
  const sysno = isCall ? bytes.readUInt32LE(Enter.sysno) : -1
  return {
    kind,
    arch,
    sysno,
    call: isCall ? (callName(arch, sysno) ?? `syscall_${sysno}`) : '',
    flags: bytes.readUInt16LE(Header.flags),
    tid: bytes.readUInt32LE(Header.tid),
    pid: bytes.readUInt32LE(Header.pid),
    time: bytes.readDoubleLE(Header.time),
    args: kind === 'enter' ? [0, 1, 2, 3, 4, 5].map(i => bytes.readBigUInt64LE(Enter.args + 8 * i)) : [],
    value: kind === 'exit' ? bytes.readBigInt64LE(Exit.result) : BigInt(bytes.readUInt32LE(Status.value)),
    core: kind === 'killed' && bytes.readUInt32LE(Status.core) === 1,
    parent: kind === 'thread' ? bytes.readUInt32LE(Thread.parent) : 0,
    origin: kind === 'thread' ? bytes.readUInt32LE(Thread.origin) : 0,
    comm: named ? bytes.toString('latin1', Thread.comm, Thread.plain).replace(/\0.*/s, '') : '',
    siginfo:
      kind === 'signal'
        ? bytes.subarray(Signal.siginfo, Signal.siginfo + bytes.readUInt32LE(Signal.length))
        : Buffer.alloc(0),
    systemTime: kind === 'exit' ? bytes.readDoubleLE(Exit.systemTime) : 0,
    ranges: isCall ? readRanges(bytes, kind === 'enter' ? Enter.bytes : Exit.bytes) : [],
  }
}

function readRanges(bytes: Buffer, from: number): TestRange[] {
  const count = bytes.readUInt32LE(Enter.ranges)
  const ranges: TestRange[] = []
  for (let n = 0, at = from; n < count; n++) {
    const length = bytes.readUInt32LE(at + Range.length)
    const start = at + Range.bytes
    ranges.push({
      address: bytes.readBigUInt64LE(at),
      bytes: bytes.subarray(start, start + length),
      kind: bytes[at + Range.kind]!,
      flags: bytes[at + Range.flags]!,
    })
    at = start + align8(length)
  }
  return ranges
}

/** A capture whose records pile up in `records`, until its end or for `limit` ms. */
export class TestCapture {
  readonly capture: Capture
  readonly records: TestRecord[] = []
  readonly done: Promise<CaptureEnd>
  #watchers: (() => void)[] = []

  constructor(capture: Capture, limit: number, keep: (record: TestRecord) => boolean) {
    this.capture = capture
    const { reader } = capture
    const read = () => {
      do
        for (let at = reader.next(); at >= 0; at = reader.next()) {
          const record = readRecord(reader, at)
          reader.release(at)
          if (keep(record)) this.records.push(record)
        }
      while (!reader.sleep() && !reader.finished)
      for (const watcher of this.#watchers) watcher()
    }
    capture.onReadable(read)
    read()
    const timer = setTimeout(() => {
      for (const record of this.records) if (record.kind === 'thread') tryKill(record.tid)
      capture.stop('detach')
    }, limit)
    this.done = capture.done.then(end => {
      clearTimeout(timer)
      read()
      return end
    })
  }

  /** Resolves when a record fits, or at the end. */
  until(fits: (record: TestRecord) => boolean): Promise<void> {
    return new Promise(resolve => {
      const look = () => {
        if (!this.records.some(fits)) return
        this.#watchers = this.#watchers.filter(w => w !== look)
        resolve()
      }
      this.#watchers.push(look)
      this.done.then(() => resolve())
      look()
    })
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

/** The worker as users get it: one file. (tsx would also take its time anew in each worker.) */
export function bundledWorker(source: URL = new URL('./worker.ts', import.meta.url)): string {
  const entry = source.pathname
  const file = temporary(`${entry.split('/').at(-2)}-worker.cjs`)
  if (existsSync(file)) return file
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Packages are looked for from here.
    banner: { js: `__filename = ${JSON.stringify(entry)}` },
    logOverride: { 'empty-import-meta': 'silent' },
    write: false,
  })
  writeFileSync(file, outputFiles[0]!.text)
  return file
}

/** Starts a capture in a worker; throws when it cannot. */
export async function startCapture(
  options: Partial<CaptureOptions>,
  limit = 50_000,
  keep: (record: TestRecord) => boolean = () => true,
): Promise<TestCapture> {
  const capture = await startPtrace({ ...everything, ...options }, { worker: bundledWorker() })
  if (isCaptureError(capture)) throw new Error(JSON.stringify(capture))
  return new TestCapture(capture, limit, keep)
}

/** Captures to the end. */
export async function captureAll(
  options: Partial<CaptureOptions>,
  limit?: number,
): Promise<{ records: readonly TestRecord[]; end: CaptureEnd }> {
  const capture = await startCapture(options, limit)
  const end = await capture.done
  return { records: capture.records, end }
}

/** Records in short, for comparing: `enter getpid`, `exited 0`. */
export const brief = (records: readonly TestRecord[]): string[] =>
  records.map(r =>
    r.kind === 'enter'
      ? `enter ${r.call}`
      : r.kind === 'exit'
        ? `exit ${r.call} ${r.value}`
        : `${r.kind} ${r.value}`,
  )
