/** Records made of what a log tells, as a capture would have made them. */

import {
  type ArchName,
  align8,
  archNames,
  Enter,
  EnterFlag,
  Exit,
  ExitFlag,
  formatVersion,
  Header,
  maxRecordBytes,
  Range,
  RangeKind,
  RecordKind,
  Signal,
  Start,
  Status,
  Thread,
} from '../record/layout.ts'
import type { TakeRecord } from '../record/record-runs.ts'

/** What a log tells of a call's arguments. */
export interface Arguments {
  readonly registers: readonly bigint[]
  /** Memory that is known: what stands where. */
  readonly memory: readonly KnownMemory[]
  /** What descriptors refer to; AT_FDCWD is -100. Texts are latin1. */
  readonly paths: readonly { readonly fd: number; readonly path: string }[]
}
export interface KnownMemory {
  readonly address: bigint
  readonly bytes: Uint8Array
  /** RangeFlag. */
  readonly flags?: number
  /** The zeros at its end stand for what the log does not tell. */
  readonly isPadded?: true
}

export interface ThreadNumbers {
  readonly pid: number
  readonly tid: number
}

export class RecordMaker {
  /** Nanoseconds since the stream's start: the time of the next record. */
  now = 0
  /** Of the calls that come next. */
  arch: ArchName
  readonly #take: TakeRecord
  readonly #bytes = new Uint8Array(maxRecordBytes)
  readonly #view = new DataView(this.#bytes.buffer)
  #at = 0
  #ranges = 0

  /** `take` gets each record; it is valid during the call. */
  constructor(arch: ArchName, take: TakeRecord) {
    this.arch = arch
    this.#take = take
  }

  /** @param wall nanoseconds since 1970 */
  start(wall: bigint): void {
    this.#begin(RecordKind.start, nobody, 0, Start.bytes)
    this.#view.setBigUint64(Start.wall, BigInt.asUintN(64, wall), true)
    this.#view.setUint32(Start.version, formatVersion, true)
    this.#view.setUint32(Start.version + 4, 0, true)
    this.#finish()
  }

  end(): void {
    this.status(RecordKind.end, nobody, 0)
  }

  /** A thread, and whose child it is (0: not known). `comm` is latin1. */
  thread(thread: ThreadNumbers, comm: string, parent: number, origin: number): void {
    this.#named(RecordKind.thread, thread, comm, parent, origin)
  }

  comm(thread: ThreadNumbers, comm: string): void {
    this.#named(RecordKind.comm, thread, comm, 0, 0)
  }

  /** @param timed false where a log does not tell how long the call took */
  enter(thread: ThreadNumbers, sysno: number, args: Arguments, timed = true): void {
    this.#begin(RecordKind.enter, thread, timed ? 0 : EnterFlag.partial, Enter.bytes)
    this.#view.setUint32(Enter.sysno, sysno, true)
    // Behind six registers stand the instruction and the stack pointer.
    for (let i = 0; i < 8; i++) this.#view.setBigUint64(Enter.args + i * 8, args.registers[i] ?? 0n, true)
    this.#putRanges(args)
    this.#view.setUint32(Enter.ranges, this.#ranges, true)
    this.#finish()
  }

  exit(
    thread: ThreadNumbers,
    sysno: number,
    { result, errno }: { readonly result: bigint; readonly errno: number },
    known: Pick<Arguments, 'memory' | 'paths'>,
  ): void {
    this.#begin(RecordKind.exit, thread, errno === 0 ? 0 : ExitFlag.failed, Exit.bytes)
    this.#view.setUint32(Exit.sysno, sysno, true)
    this.#view.setBigUint64(Exit.result, errno === 0 ? result : BigInt.asUintN(64, BigInt(-errno)), true)
    this.#view.setFloat64(Exit.systemTime, Number.NaN, true)
    this.#putRanges(known)
    this.#view.setUint32(Exit.ranges, this.#ranges, true)
    this.#finish()
  }

  signal(thread: ThreadNumbers, signo: number, siginfo: Uint8Array): void {
    this.#begin(RecordKind.signal, thread, 0, Signal.bytes)
    this.#view.setUint32(Signal.signo, signo, true)
    this.#view.setUint32(Signal.length, siginfo.length, true)
    this.#bytes.set(siginfo, Signal.siginfo)
    this.#at += align8(siginfo.length)
    this.#finish()
  }

  /** A record that has a number alone (and with `killed`, whether there is a core dump). */
  status(kind: RecordKind, thread: ThreadNumbers, value: number, core = 0): void {
    this.#begin(kind, thread, 0, Status.bytes)
    this.#view.setUint32(Status.value, value, true)
    this.#view.setUint32(Status.core, core, true)
    this.#finish()
  }

  #named(kind: RecordKind, thread: ThreadNumbers, comm: string, parent: number, origin: number): void {
    this.#begin(kind, thread, 0, Thread.bytes)
    this.#bytes.fill(0, Header.bytes, Thread.bytes)
    this.#view.setUint32(Thread.parent, parent, true)
    this.#view.setUint32(Thread.origin, origin, true)
    this.#bytes.set(Buffer.from(comm, 'latin1').subarray(0, 15), Thread.comm)
    this.#finish()
  }

  #begin(kind: number, { pid, tid }: ThreadNumbers, flags: number, bytes: number): void {
    this.#view.setUint32(Header.kind, kind | (archNames.indexOf(this.arch) << 8) | (flags << 16), true)
    this.#view.setUint32(Header.tid, tid, true)
    this.#view.setUint32(Header.pid, pid, true)
    this.#view.setFloat64(Header.time, Math.min(this.now, latest), true)
    this.#at = bytes
    this.#ranges = 0
  }

  #putRanges({ memory, paths }: Pick<Arguments, 'memory' | 'paths'>): void {
    for (const { address, bytes, flags } of memory) this.#range(RangeKind.memory, address, bytes, flags)
    for (const { fd, path } of paths) {
      const bytes = Buffer.from(path, 'latin1')
      if (fd === -100) this.#range(RangeKind.cwd, 0n, bytes)
      else this.#range(RangeKind.fdPath, BigInt(fd >>> 0), bytes)
    }
  }

  #range(kind: number, address: bigint, bytes: Uint8Array, flags = 0): void {
    if (this.#at + Range.bytes + align8(bytes.length) > maxRecordBytes) return
    this.#view.setBigUint64(this.#at, address, true)
    this.#view.setUint32(this.#at + Range.length, bytes.length, true)
    this.#view.setUint32(this.#at + Range.kind, kind | (flags << 8), true)
    this.#bytes.set(bytes, this.#at + Range.bytes)
    this.#at += Range.bytes + align8(bytes.length)
    this.#ranges++
  }

  #finish(): void {
    this.#view.setUint32(Header.size, align8(this.#at), true)
    this.#take(this.#bytes, this.#view, 0)
  }
}

/** Nanoseconds that a record's time counts exactly. */
const latest = 2 ** 52

/** Where memory is put whose address a log does not tell: where programs have none. */
export const unusedAddress = (arch: ArchName): bigint => (arch === 'i386' ? 0xf000_0000n : 1n << 52n)

const nobody: ThreadNumbers = { pid: 0, tid: 0 }
