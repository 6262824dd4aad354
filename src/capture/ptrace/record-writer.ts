/** The records of a capture that are not about calls: threads, their names, signals, ends. */
import { libc } from '../../libc/libc.ts'
import type { NativeMemory } from '../../libc/native-memory.ts'
import {
  type ArchName,
  align8,
  archNames,
  Exiting,
  formatVersion,
  Header,
  RecordKind,
  Resources,
  Signal as SignalRecord,
  Start,
  Status,
  Thread,
} from '../../record/layout.ts'
import type { RingWriter } from '../../record/ring.ts'
import { threadName } from '../notes/process-numbers.ts'
import { senderOf } from '../plans/pids-in-memory.ts'
import { monotonic, realtime } from './clocks.ts'
import { Request, SyscallInfo } from './ptrace-constants.ts'
import type { Tracee } from './tracee.ts'

const siginfoBytes = 128
/** The machine's own architecture, for records that are not about a call. */
export const nativeArch: ArchName = process.arch === 'arm64' ? 'arm64' : 'amd64'
export const nativeIndex: number = archNames.indexOf(nativeArch)

/** Writes every record but those of calls. */
export class RecordWriter {
  readonly ring: RingWriter
  readonly memory: NativeMemory
  /** Nothing more is written: we only keep tracees going. */
  quiet = false
  readonly #started: number = monotonic()
  readonly #wall: number = realtime()

  /** Writes a note of a signal's sender, as it is known to a thread; its length. */
  readonly #noteSender: ((tid: number, sender: number, bytes: Uint8Array, at: number) => number) | null

  constructor(
    ring: RingWriter,
    memory: NativeMemory,
    noteSender: ((tid: number, sender: number, bytes: Uint8Array, at: number) => number) | null = null,
  ) {
    this.ring = ring
    this.memory = memory
    this.#noteSender = noteSender
  }

  /** Nanoseconds since the stream began. */
  now(): number {
    return monotonic() - this.#started
  }

  /** The header, but for its size. */
  header(
    at: number,
    kind: number,
    arch: number,
    flags: number,
    tid: number,
    pid: number,
    time: number,
  ): void {
    const { view } = this.ring
    view.setUint32(at + Header.kind, kind | (arch << 8) | (flags << 16), true)
    view.setUint32(at + Header.tid, tid, true)
    view.setUint32(at + Header.pid, pid, true)
    view.setFloat64(at + Header.time, time, true)
  }

  start(): void {
    const at = this.ring.begin()
    this.header(at, RecordKind.start, nativeIndex, 0, 0, 0, 0)
    this.memory.setUint64(at + Start.wall, this.#wall)
    this.memory.setUint64(at + Start.version, formatVersion)
    this.ring.commit(Start.bytes)
  }

  /** A record that is a number or two: stopped, exited, killed, detached, end; superseded, where nobody knows where the thread is. */
  status(kind: number, tid: number, pid: number, value: number, second = 0, time: number = this.now()): void {
    if (this.quiet && kind !== RecordKind.end) return
    const at = this.ring.begin()
    this.header(at, kind, nativeIndex, 0, tid, pid, time)
    this.ring.view.setUint32(at + Status.value, value, true)
    this.ring.view.setUint32(at + Status.core, second, true)
    this.ring.commit(Status.bytes)
  }

  /** A leader whose number another thread, `former`, has taken by execve. */
  superseded(leader: number, pid: number, former: number): void {
    if (this.quiet) return
    const at = this.ring.begin()
    this.header(at, RecordKind.superseded, nativeIndex, 0, leader, pid, this.now())
    this.ring.view.setUint32(at + Status.value, former, true)
    this.ring.view.setUint32(at + Status.core, 0, true)
    this.#instruction(leader, at + Status.ip)
    this.ring.commit(Status.bytes + 8)
  }

  /** Writes at `to` where a stopped thread is, 0 where that is not known. What is told of a stop at a call is told of any stop. */
  #instruction(tid: number, to: number): void {
    // It is written behind the record.
    const info = to + 8
    const told = libc.ptrace(Request.GET_SYSCALL_INFO, tid, SyscallInfo.bytes, this.memory.address + info)
    for (let i = 0; i < 8; i++)
      this.ring.bytes[to + i] = told < 0 ? 0 : this.ring.bytes[info + SyscallInfo.ip + i]!
  }

  /** A thread that is in a call is on its way out, with the number that its wait status will have. */
  exiting({ tid, pid }: Tracee, status: number, result: number | undefined): void {
    if (this.quiet) return
    const at = this.ring.begin()
    this.header(at, RecordKind.exiting, nativeIndex, result === undefined ? 0 : 1, tid, pid, this.now())
    this.memory.setUint64(at + Exiting.status, status)
    if (result === undefined) return this.ring.commit(Exiting.plain)
    this.ring.view.setInt32(at + Exiting.result, result, true)
    this.ring.view.setInt32(at + Exiting.result + 4, Math.floor(result / 2 ** 32), true)
    this.ring.commit(Exiting.bytes)
  }

  /** A signal is about to be delivered to a stopped tracee. */
  signal(tracee: Tracee, signal: number): void {
    if (this.quiet) return
    const at = this.ring.begin()
    const got = libc.ptrace(
      Request.GETSIGINFO,
      tracee.tid,
      0,
      this.memory.address + at + SignalRecord.siginfo,
    )
    // A tracee that was killed since has left this stop, and its siginfo is that of another.
    const length =
      got === 0 && this.ring.view.getUint32(at + SignalRecord.siginfo, true) === signal ? siginfoBytes : 0
    this.header(at, RecordKind.signal, nativeIndex, 0, tracee.tid, tracee.pid, this.now())
    this.ring.view.setUint32(at + SignalRecord.signo, signal, true)
    this.ring.view.setUint32(at + SignalRecord.length, length, true)
    const end = at + SignalRecord.bytes + length
    this.#instruction(tracee.tid, end)
    this.ring.commit(SignalRecord.bytes + length + 8 + this.#sender(tracee.tid, at, length, end + 8))
  }

  /** What is noted of the sender in the siginfo of the record at `at`; the bytes that it takes. */
  #sender(tid: number, at: number, length: number, to: number): number {
    if (this.#noteSender === null || length === 0) return 0
    const { view, bytes } = this.ring
    const info = at + SignalRecord.siginfo
    const noted = this.#noteSender(tid, senderOf(view, info, info + length, 8), bytes, to + 8)
    if (noted <= 0) return 0
    view.setUint32(to, noted, true)
    view.setUint32(to + 4, 0, true)
    return 8 + align8(noted)
  }

  /** What a process has used, as process-resources.ts has it. */
  resources({ tid, pid }: Tracee, figures: readonly number[]): void {
    if (this.quiet) return
    const at = this.ring.begin()
    this.header(at, RecordKind.resources, nativeIndex, 0, tid, pid, this.now())
    for (const [i, figure] of figures.entries())
      this.ring.view.setFloat64(at + Resources.cpu + i * 8, figure, true)
    this.ring.commit(Resources.bytes)
  }

  /** A name may change without a call of the thread itself: it is looked at again. */
  renamed(tracee: Tracee): void {
    if (Buffer.from(threadName(tracee.tid)).toString('latin1') !== tracee.name)
      this.thread(RecordKind.comm, tracee, 0, 0, true)
  }

  /** A new tracee, or (`comm`) the new name of one; `named`: look the name up. */
  thread(
    kind: typeof RecordKind.thread | typeof RecordKind.comm,
    tracee: Tracee,
    parent: number,
    origin: number,
    named: boolean,
  ): void {
    if (this.quiet) return
    const at = this.ring.begin()
    this.header(at, kind, nativeIndex, 0, tracee.tid, tracee.pid, this.now())
    this.ring.view.setUint32(at + Thread.parent, parent, true)
    this.ring.view.setUint32(at + Thread.origin, origin, true)
    this.ring.view.setUint32(at + Thread.innerPid, tracee.innerPid, true)
    this.ring.view.setUint32(at + Thread.innerTid, tracee.innerTid, true)
    this.ring.bytes.fill(0, at + Thread.comm, at + Thread.plain)
    tracee.name = ''
    if (named) {
      const name = threadName(tracee.tid)
      tracee.name = Buffer.from(name).toString('latin1')
      for (let i = 0; i < name.length && i < 15; i++) this.ring.bytes[at + Thread.comm + i] = name[i]!
    }
    this.ring.commit(Thread.bytes)
  }
}
