/**
 * A log of gVisor's strace as a stream of records: the same that a capture writes, so that everything that reads records reads
 * it too. Registers, paths, buffers, flags, structures and results come back, as far as the log shows them: of a call whose arguments
 * are plain numbers for gVisor (ioctl, fcntl) nothing else is known.
 */

import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import { maxRecordBytes, ThreadOrigin } from '../record/layout.ts'
import type { TakeRecord } from '../record/record-runs.ts'
import { lookup } from '../stracer/syscall-map.ts'
import { type Arguments, type KnownMemory, RecordMaker, type ThreadNumbers } from './record-maker.ts'
import { readArguments } from './runsc-arguments.ts'
import { parseRunscLine, type RunscClock, type RunscLine } from './runsc-line.ts'

export interface RunscLogOptions {
  readonly arch: GvisorArch
  /** The year of the log's days, which it does not tell. */
  readonly year: number
}

/** How much of a log was understood. */
export interface RunscLogCounts {
  /** Lines of strace. */
  lines: number
  /** Of those, whose arguments were not what the call's should be: registers are 0 there. */
  odd: number
  /** All other lines: other parts of gVisor write to the same log. */
  others: number
}

interface OpenCall {
  readonly line: RunscLine
  readonly args: Arguments
  readonly sysno: number
  /** When it began, as `#now`. */
  readonly time: number
}

/** What a call has named its thread, by the names in its two lines: memory that it read. */
const newName = ({ line: { call, comm }, args }: OpenCall, returned: RunscLine): readonly KnownMemory[] =>
  call !== 'prctl' || comm === returned.comm
    ? []
    : [{ address: args.registers[1] ?? 0n, bytes: Buffer.from(`${returned.comm}\0`, 'latin1') }]

const nothing: Arguments = { registers: [], memory: [], paths: [] }
/** What begins threads and processes. */
export const cloning: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork'])
/** An execve's line may have 2 MB of arguments: more than a record holds, which then has the first of them. */
const maxLine = 4 * maxRecordBytes

export class RunscLogReader {
  readonly counts: RunscLogCounts = { lines: 0, odd: 0, others: 0 }
  readonly #options: RunscLogOptions
  readonly #records: RecordMaker
  readonly #open = new Map<number, OpenCall>()
  readonly #names = new Map<number, string>()
  /** Threads that are about to have a child. */
  readonly #cloning = new Set<number>()
  #startWall: number | null = null

  /** `take` gets each record; it is valid during the call. */
  constructor(options: RunscLogOptions, take: TakeRecord) {
    this.#options = options
    this.#records = new RecordMaker(options.arch, take)
  }

  /** Takes a line, latin1, without its end. */
  line(text: string): void {
    const line = text.length > maxLine ? null : parseRunscLine(text)
    if (line === null) {
      if (text !== '') this.counts.others++
      return
    }
    this.counts.lines++
    this.#tick(line)
    this.#thread(line)
    if (line.letter === 'E') this.#enter(line)
    else this.#exit(line)
  }

  /** The log is over. */
  end(): void {
    if (this.#startWall === null) this.#start(0)
    this.#records.end()
  }

  #tick({ clock, outcome }: RunscLine): void {
    const wall = clock === null ? null : this.#wall(clock)
    if (this.#startWall === null) this.#start(wall ?? 0)
    const { now } = this.#records
    this.#records.now =
      wall !== null
        ? Math.max(now, (wall - this.#startWall!) * 1e6)
        : now + Math.max(1000, outcome?.nanoseconds ?? 0)
  }

  /** Milliseconds since 1970. The log's clock is the machine's own. */
  #wall(clock: RunscClock): number {
    if ('milliseconds' in clock) return clock.milliseconds
    const { day, microseconds } = clock
    return (
      new Date(this.#options.year, Number(day.slice(0, 2)) - 1, Number(day.slice(2))).getTime() +
      microseconds / 1e3
    )
  }

  #start(wall: number): void {
    this.#startWall = wall
    this.#records.start(BigInt(Math.max(0, Math.round(wall * 1e6))))
  }

  #thread(line: RunscLine): void {
    const known = this.#names.get(line.tid)
    if (known === line.comm) return
    if (known !== undefined) this.#records.comm(line, line.comm)
    else {
      // A child may be heard of before its parent's call returns.
      const [parent] = this.#cloning.size === 1 ? this.#cloning : []
      this.#newThread(line, line.comm, parent ?? 0)
    }
    this.#names.set(line.tid, line.comm)
  }

  #newThread(thread: ThreadNumbers, comm: string, parent: number): void {
    this.#names.set(thread.tid, comm)
    const isThread = thread.pid !== thread.tid
    const origin = parent === 0 ? ThreadOrigin.started : isThread ? ThreadOrigin.clone : ThreadOrigin.fork
    this.#records.thread(thread, comm, parent, origin)
  }

  #enter(line: RunscLine): void {
    const sysno = this.#sysno(line.call)
    if (sysno === undefined) return
    const args = this.#arguments(sysno, line)
    if (cloning.has(line.call)) this.#cloning.add(line.tid)
    this.#open.set(line.tid, { line, args, sysno, time: this.#records.now })
    this.#records.enter(line, sysno, args)
  }

  #exit(line: RunscLine): void {
    const open = this.#open.get(line.tid)
    // What began before the log did.
    if (open === undefined || open.line.call !== line.call) this.#enter({ ...line, letter: 'E' })
    const begun = this.#open.get(line.tid)
    if (begun === undefined) return
    const { sysno } = begun
    this.#open.delete(line.tid)
    this.#cloning.delete(line.tid)
    const { result, errno, nanoseconds } = line.outcome!
    const memory = [...this.#arguments(sysno, line).memory, ...newName(begun, line)]
    const { now } = this.#records
    // The log's clock is coarser than what it says of the call.
    this.#records.now = begun.time + nanoseconds
    this.#records.exit(line, sysno, { result, errno }, { memory, paths: [] })
    this.#records.now = now
    const child = Number(result)
    const begins = cloning.has(line.call) && errno === 0 && child > 0 && child < 2 ** 31
    // A thread's process is told by its own lines.
    if (begins && !this.#names.has(child) && !line.args.includes('CLONE_THREAD'))
      this.#newThread({ pid: child, tid: child }, line.comm, line.tid)
  }

  #sysno(call: string): number | undefined {
    const unnamed = /^sys_(\d{1,9})$/.exec(call)
    return unnamed === null ? lookup('linux', this.#options.arch)!.convertToSysno(call) : Number(unnamed[1])
  }

  #arguments(sysno: number, { args }: RunscLine): Arguments {
    const read = readArguments(this.#options.arch, sysno, args)
    if (read === null) this.counts.odd++
    return read ?? nothing
  }
}
