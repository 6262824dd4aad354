/**
 * A log of gVisor's strace as a stream of records: the same that a capture writes, so that everything that reads records reads
 * it too. Registers, paths, buffers, flags and results come back; of other structures the log's text is not taken apart, and only
 * their address is known.
 */
import type { GvisorArch } from '../dialects/gvisor/eras.ts'
import {
  align8,
  archNames,
  Enter,
  Exit,
  ExitFlag,
  formatVersion,
  Header,
  maxRecordBytes,
  Range,
  RangeKind,
  RecordKind,
  Start,
  Status,
  Thread,
  ThreadOrigin,
} from '../record/layout.ts'
import { lookup } from '../stracer/syscall-map.ts'
import { type Arguments, readArguments } from './runsc-arguments.ts'
import { parseRunscLine, type RunscLine } from './runsc-line.ts'

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

const nothing: Arguments = { registers: [], memory: [], paths: [] }
/** A line may not be longer than a record can hold. */
const maxLine = maxRecordBytes / 4

export class RunscLogReader {
  readonly counts: RunscLogCounts = { lines: 0, odd: 0, others: 0 }
  readonly #options: RunscLogOptions
  readonly #take: (bytes: Uint8Array, view: DataView, offset: number) => void
  readonly #bytes = new Uint8Array(maxRecordBytes)
  readonly #view = new DataView(this.#bytes.buffer)
  readonly #open = new Map<number, OpenCall>()
  readonly #names = new Map<number, string>()
  #at = 0
  #ranges = 0
  #startWall: number | null = null
  /** Nanoseconds since the stream's start. */
  #now = 0

  /** `take` gets each record; it is valid during the call. */
  constructor(options: RunscLogOptions, take: (bytes: Uint8Array, view: DataView, offset: number) => void) {
    this.#options = options
    this.#take = take
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
    this.#begin(RecordKind.end, { pid: 0, tid: 0 }, 0, Status.bytes)
    this.#view.setUint32(Status.value, 0, true)
    this.#finish()
  }

  #tick({ clock, outcome }: RunscLine): void {
    const wall = clock === null ? null : this.#wall(clock)
    if (this.#startWall === null) this.#start(wall ?? 0)
    if (wall !== null) this.#now = Math.max(this.#now, (wall - this.#startWall!) * 1e6)
    else this.#now += Math.max(1000, outcome?.nanoseconds ?? 0)
  }

  /** Milliseconds since 1970. The log's clock is the machine's own. */
  #wall({ day, microseconds }: NonNullable<RunscLine['clock']>): number {
    return (
      new Date(this.#options.year, Number(day.slice(0, 2)) - 1, Number(day.slice(2))).getTime() +
      microseconds / 1e3
    )
  }

  #start(wall: number): void {
    this.#startWall = wall
    this.#begin(RecordKind.start, { pid: 0, tid: 0 }, 0, Start.bytes)
    this.#view.setBigUint64(Start.wall, BigInt(Math.max(0, Math.round(wall * 1e6))), true)
    this.#view.setUint32(Start.version, formatVersion, true)
    this.#view.setUint32(Start.version + 4, 0, true)
    this.#finish()
  }

  #thread(line: RunscLine): void {
    const known = this.#names.get(line.tid)
    if (known === line.comm) return
    this.#names.set(line.tid, line.comm)
    this.#begin(known === undefined ? RecordKind.thread : RecordKind.comm, line, 0, Thread.bytes)
    this.#bytes.fill(0, Header.bytes, Thread.bytes)
    this.#view.setUint32(Thread.origin, ThreadOrigin.started, true)
    this.#bytes.set(Buffer.from(line.comm, 'latin1').subarray(0, 15), Thread.comm)
    this.#finish()
  }

  #enter(line: RunscLine): void {
    const sysno = this.#sysno(line.call)
    if (sysno === undefined) return
    const args = this.#arguments(sysno, line)
    this.#open.set(line.tid, { line, args, sysno, time: this.#now })
    this.#begin(RecordKind.enter, line, 0, Enter.bytes)
    this.#view.setUint32(Enter.sysno, sysno, true)
    for (let i = 0; i < 8; i++) this.#view.setBigUint64(Enter.args + i * 8, args.registers[i] ?? 0n, true)
    this.#putRanges(args)
    this.#view.setUint32(Enter.ranges, this.#ranges, true)
    this.#finish()
  }

  #exit(line: RunscLine): void {
    const open = this.#open.get(line.tid)
    // What began before the log did.
    if (open === undefined || open.line.call !== line.call) this.#enter({ ...line, letter: 'E' })
    const begun = this.#open.get(line.tid)
    if (begun === undefined) return
    const { sysno } = begun
    this.#open.delete(line.tid)
    const { result, errno, nanoseconds } = line.outcome!
    const args = this.#arguments(sysno, line)
    this.#begin(RecordKind.exit, line, errno === 0 ? 0 : ExitFlag.failed, Exit.bytes)
    // The log's clock is coarser than what it says of the call.
    this.#view.setFloat64(Header.time, begun.time + nanoseconds, true)
    this.#view.setUint32(Exit.sysno, sysno, true)
    this.#view.setBigUint64(Exit.result, errno === 0 ? result : BigInt.asUintN(64, BigInt(-errno)), true)
    this.#view.setFloat64(Exit.systemTime, Number.NaN, true)
    this.#putRanges({ ...args, paths: [] })
    this.#view.setUint32(Exit.ranges, this.#ranges, true)
    this.#finish()
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

  // ---- records

  #begin(kind: number, { pid, tid }: { pid: number; tid: number }, flags: number, bytes: number): void {
    const arch = archNames.indexOf(this.#options.arch)
    this.#view.setUint32(Header.kind, kind | (arch << 8) | (flags << 16), true)
    this.#view.setUint32(Header.tid, tid, true)
    this.#view.setUint32(Header.pid, pid, true)
    this.#view.setFloat64(Header.time, this.#now, true)
    this.#at = bytes
    this.#ranges = 0
  }

  #putRanges({ memory, paths }: Arguments): void {
    for (const { address, bytes } of memory) this.#range(RangeKind.memory, address, bytes)
    for (const { fd, path } of paths) {
      const bytes = Buffer.from(path, 'latin1')
      if (fd === -100) this.#range(RangeKind.cwd, 0n, bytes)
      else this.#range(RangeKind.fdPath, BigInt(fd >>> 0), bytes)
    }
  }

  #range(kind: number, address: bigint, bytes: Uint8Array): void {
    if (this.#at + Range.bytes + align8(bytes.length) > maxRecordBytes) return
    this.#view.setBigUint64(this.#at, address, true)
    this.#view.setUint32(this.#at + Range.length, bytes.length, true)
    this.#view.setUint32(this.#at + Range.kind, kind, true)
    this.#bytes.set(bytes, this.#at + Range.bytes)
    this.#at += Range.bytes + align8(bytes.length)
    this.#ranges++
  }

  #finish(): void {
    this.#view.setUint32(Header.size, align8(this.#at), true)
    this.#take(this.#bytes, this.#view, 0)
  }
}
