/**
 * Events of the kernel's ring to records: copied as they are where they are records already, and what a tracer that stops its
 * tracees would have been told in its order.
 */
import { syscallNumbers } from '../../abi/syscalls.ts'
import {
  type ArchName,
  align8,
  archNames,
  Enter,
  Exit,
  ExitFlag,
  Header,
  Range,
  RecordKind,
  Signal as SignalRecord,
  Thread,
  ThreadOrigin,
} from '../../record/layout.ts'
import type { CaptureEnd, CaptureOptions } from '../backend.ts'
import type { Plans } from '../ptrace/plans.ts'
import { Signal } from '../ptrace/ptrace-constants.ts'
import { RecordBuilder } from '../ptrace/record-builder.ts'
import type { RecordWriter } from '../ptrace/record-writer.ts'
import { nativeIndex } from '../ptrace/record-writer.ts'
import { dumpedCore, exitCode, hasExited, killSignal } from '../ptrace/stop.ts'
import { Launch } from '../ptrace/tracee.ts'
import { StoppedMemory } from '../ptrace/tracee-memory.ts'
import type { BpfRing } from './bpf-ring.ts'
import { Event, EventFlag, EventKind, kernelSiginfoBytes } from './capture-layout.ts'
import { TracedThread } from './traced-thread.ts'

const siginfoBytes = 128
const SI_KERNEL = 0x80
/** So long an enter is held back for memory that was not there, in ns. */
const longestHold = 20e6
/** Events that are looked at for an execve behind an enter. */
const lookAhead = 4096
const native: ArchName = process.arch === 'arm64' ? 'arm64' : 'amd64'
const { execve } = syscallNumbers[native]

/** Events that come after the enter is done for; others may come in the middle of a call. */
const endsHold = (kind: number): boolean =>
  kind === RecordKind.enter ||
  kind === RecordKind.exit ||
  kind === EventKind.exec ||
  kind === EventKind.exit ||
  kind === EventKind.signal

/** Whether an enter that was made later has all that an earlier one of the same call has, unchanged. */
function agrees(earlier: Uint8Array, later: Uint8Array): boolean {
  const [a, b] = [earlier, later].map(bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const ends = [earlier.length, later.length]
  let at: number = Enter.bytes
  for (let i = Enter.bytes; i < ends[0]!; i += Range.bytes + align8(a!.getUint32(i + Range.length, true))) {
    const length = a!.getUint32(i + Range.length, true)
    const isThat = (j: number): boolean =>
      a!.getBigUint64(i, true) === b!.getBigUint64(j, true) &&
      earlier[i + Range.kind] === later[j + Range.kind]
    while (at < ends[1]! && !isThat(at)) at += Range.bytes + align8(b!.getUint32(at + Range.length, true))
    if (at >= ends[1]! || b!.getUint32(at + Range.length, true) < length) return false
    for (let n = Range.bytes; n < Range.bytes + length; n++)
      if (earlier[i + n] !== later[at + n]) return false
    at += Range.bytes + align8(b!.getUint32(at + Range.length, true))
  }
  return true
}

export class EventRecorder {
  readonly threads: Map<number, TracedThread> = new Map()
  /** How the program ended, as far as its events tell. */
  end: CaptureEnd = { status: null }
  /** The program, 0 for none. */
  program = 0
  /** The program has been started: its execve has succeeded. */
  onStarted: (() => void) | null = null
  /** Loads the programs of 32-bit calls, which few traces see: when the first one comes. */
  onCompat: (() => void) | null = null
  /** Since when there are those programs. */
  #compatSince = Number.POSITIVE_INFINITY
  /** Whether a program copies the memory of a call: by architecture, number and phase. Else it is read after the fact. */
  readonly #hasProgram: (arch: ArchName, sysno: number, exit: boolean, failed: boolean) => boolean

  /** By process and number: signals that were sent and have not been delivered. */
  readonly #sentSignals = new Map<number, Map<number, Uint8Array>>()
  /** Threads with an enter that is held back. */
  readonly #held = new Set<TracedThread>()
  readonly #writer: RecordWriter
  readonly #ring: BpfRing
  readonly #options: CaptureOptions
  readonly #plans: Plans
  readonly #builder: RecordBuilder
  readonly #memory: StoppedMemory
  /** The stream's start on the kernel's clock. */
  readonly #startHigh: number
  readonly #startLow: number

  constructor(
    writer: RecordWriter,
    ring: BpfRing,
    options: CaptureOptions,
    plans: Plans,
    started: bigint,
    hasProgram: (arch: ArchName, sysno: number, exit: boolean, failed: boolean) => boolean,
  ) {
    this.#writer = writer
    this.#ring = ring
    this.#options = options
    this.#plans = plans
    this.#hasProgram = hasProgram
    this.#memory = new StoppedMemory(writer.memory)
    this.#builder = new RecordBuilder(writer.ring.bytes, writer.ring.view, this.#memory)
    this.#startHigh = Number(started >> 32n)
    this.#startLow = Number(started & 0xffff_ffffn)
  }

  /** A thread that is traced from now on. */
  add(tid: number, pid: number, parent: number, origin: number, comm: string, time: number): TracedThread {
    const thread = new TracedThread(tid, pid)
    thread.comm = comm
    this.threads.set(tid, thread)
    this.#name(RecordKind.thread, thread, parent, origin, time)
    return thread
  }

  /** Takes an event of the ring. */
  event(offset: number): void {
    const { view, bytes } = this.#ring
    const kind = bytes[offset + Header.kind]!
    const tid = view.getUint32(offset + Header.tid, true)
    const thread = this.threads.get(tid) ?? this.#stranger(kind, tid, offset)
    if (thread === undefined) return
    if (thread.held !== null && endsHold(kind)) this.#release(thread, false)
    switch (kind) {
      case RecordKind.enter:
        return this.#enter(thread, offset)
      case RecordKind.exit:
        return this.#exit(thread, offset)
      case EventKind.again:
        return this.#again(thread, offset)
      case EventKind.fork:
        return this.#fork(thread, offset)
      case EventKind.exec:
        return this.#exec(thread, offset)
      case EventKind.exit:
        return this.#exiting(thread, offset)
      case EventKind.signal:
        return this.#signal(thread, offset)
      case EventKind.sent:
        return this.#sent(thread, offset)
      case EventKind.comm:
        return this.#renamed(thread, offset)
    }
  }

  /** Everything is let go of. */
  detachAll(): void {
    for (const { tid, pid, ended } of this.threads.values())
      if (ended === null) this.#status(RecordKind.detached, tid, pid, 0, 0, this.#writer.now())
    this.threads.clear()
  }

  /** Records that had no room in the kernel's ring. */
  lost(count: number): void {
    this.#status(RecordKind.lost, 0, 0, count, 0, this.#writer.now())
  }

  /** A thread is gone, and its end was lost. */
  forget(tid: number): void {
    this.threads.delete(tid)
  }

  // ---- calls

  #enter(thread: TracedThread, offset: number): void {
    const { view } = this.#ring
    const sysno = view.getUint32(offset + Enter.sysno, true)
    const arch = archNames[view.getUint8(offset + Header.arch)] ?? native
    thread.sysno = sysno
    thread.arch = arch
    thread.inCall = false
    if (thread.launch !== Launch.none) {
      if (thread.launch !== Launch.steps || sysno !== execve) return
      thread.launch = Launch.exec
    }
    const choice = this.#options.calls[arch]
    if (choice !== null && (choice[sysno] ?? choice.at(-1)) !== 1) return
    thread.inCall = true
    for (let i = 0; i < 12; i++) thread.args[i] = view.getUint32(offset + Enter.args + 4 * i, true)
    const flags = view.getUint16(offset + Header.flags, true)
    if ((flags & EventFlag.faulted) !== 0) {
      thread.held = this.#ring.bytes.slice(offset, offset + this.#ring.length(offset))
      thread.heldAt = this.#writer.now()
      this.#held.add(thread)
      return
    }
    if (
      this.#isCopied(offset, arch, sysno, false, false) ||
      !this.#readAfterwards(thread, offset, Enter.bytes)
    )
      this.#copy(offset)
  }

  #isCopied(offset: number, arch: ArchName, sysno: number, exit: boolean, failed: boolean): boolean {
    if (arch !== native) {
      if (this.#compatSince === Number.POSITIVE_INFINITY) {
        this.onCompat?.()
        this.#compatSince = this.#writer.now()
      }
      if (this.#time(offset) < this.#compatSince) return false
    }
    return this.#hasProgram(arch, sysno, exit, failed)
  }

  /** An enter once more, with memory that was not there before. */
  #again(thread: TracedThread, offset: number): void {
    const { held } = thread
    if (held === null) return
    const event = this.#ring.bytes.slice(offset, offset + this.#ring.length(offset))
    event.set(held.subarray(Header.time, Header.time + 8), Header.time)
    thread.held = event
    // A call that failed early has touched nothing.
    const faulted = (this.#ring.view.getUint16(offset + Header.flags, true) & EventFlag.faulted) !== 0
    this.#release(thread, faulted)
  }

  /** An enter that was held back, as it is; or with what can be read of its memory now, if that is more. */
  #release(thread: TracedThread, looksAgain: boolean): void {
    const held = thread.held!
    thread.held = null
    this.#held.delete(thread)
    const { ring } = this.#writer
    const at = ring.begin()
    ring.bytes.set(held, at)
    this.#finishEnter(at)
    let length = looksAgain ? this.#readNow(thread, at, Enter.bytes, held.length) : 0
    // What the program did copy is as it was then: what has changed since is another call's.
    if (length > 0 && !agrees(held, ring.bytes.subarray(at, at + length))) length = 0
    if (length === 0) ring.bytes.set(held.subarray(Enter.ranges), at + Enter.ranges)
    ring.commit(length === 0 ? held.length : length)
  }

  /** Makes an event that was kept an enter record. */
  #finishEnter(at: number): void {
    const { bytes, view } = this.#writer.ring
    bytes[at + Header.kind] = RecordKind.enter
    view.setUint16(at + Header.flags, 0, true)
    view.setFloat64(at + Header.time, this.#sinceStart(view, at), true)
  }

  /** Looks after enters that were held back: calls that block are shown while they block. */
  releaseOld(): void {
    if (this.#held.size === 0) return
    const now = this.#writer.now()
    for (const thread of this.#held) if (now - thread.heldAt > longestHold) this.#release(thread, true)
  }

  #exit(thread: TracedThread, offset: number): void {
    const { view } = this.#ring
    const flags = view.getUint16(offset + Header.flags, true)
    const failed = (flags & ExitFlag.failed) !== 0
    if (thread.launch === Launch.exec && failed) {
      const errno = -view.getInt32(offset + Exit.result, true)
      this.end = { status: 1 << 8, error: { error: 'exec', errno, pid: thread.tid, message: 'execve' } }
      thread.launch = Launch.failed
    }
    if (!thread.inCall) return this.#flushIgnored(thread)
    thread.inCall = false
    const copied = this.#isCopied(offset, thread.arch, thread.sysno, true, failed)
    if (copied || !this.#readAfterwards(thread, offset, Exit.bytes)) this.#copy(offset)
    this.#flushIgnored(thread)
  }

  /** Hands an event on as the record that it is. */
  #copy(offset: number): void {
    const { ring } = this.#writer
    const at = ring.begin()
    const length = this.#ring.length(offset)
    this.#copyBytes(offset, length, at)
    ring.commit(length)
  }

  #copyBytes(offset: number, length: number, at: number): void {
    const { words } = this.#writer.memory
    const from = this.#ring.words
    const [first, target] = [offset >> 2, at >> 2]
    if (length > 512) this.#writer.ring.bytes.set(this.#ring.bytes.subarray(offset, offset + length), at)
    else for (let i = 0; i < length >> 2; i++) words[target + i] = from[first + i]!
    this.#writer.ring.view.setFloat64(at + Header.time, this.#time(offset), true)
    this.#writer.ring.bytes[at + Header.flags + 1] = 0
  }

  /**
   * Copies the memory of a call here and now: of calls that no program is for, and where a page was not there when the program
   * looked. The thread runs on meanwhile, so this is not done behind an execve, when its memory is another.
   */
  #readAfterwards(thread: TracedThread, offset: number, fixed: number): boolean {
    const { ring } = this.#writer
    const at = ring.begin()
    this.#copyBytes(offset, fixed, at)
    const length = this.#readNow(thread, at, fixed, this.#ring.length(offset))
    if (length > 0) ring.commit(length)
    return length > 0
  }

  /** Copies memory to the record at `at`, by the call's plan. The record's bytes; 0 when they are not more than `least`. */
  #readNow(thread: TracedThread, at: number, fixed: number, least: number): number {
    const { view } = this.#writer.ring
    const failed = (view.getUint8(at + Header.flags) & ExitFlag.failed) !== 0
    const plan = this.#plans.get(thread.arch, thread.sysno)
    const step = fixed === Enter.bytes ? plan.enter : failed ? plan.exitFailed : plan.exit
    if (step === null) return 0
    const builder = this.#builder
    builder.begin(at, fixed)
    builder.args = thread.args
    if (fixed === Enter.bytes) {
      builder.stack =
        view.getUint32(at + Enter.sp, true) + view.getUint32(at + Enter.sp + 4, true) * 0x1_0000_0000
    } else {
      builder.resultLow = view.getUint32(at + Exit.result, true)
      builder.resultHigh = view.getUint32(at + Exit.result + 4, true)
    }
    this.#memory.tid = thread.tid
    step(builder)
    // Less than the program got: the thread is gone, or another program.
    if (builder.at - at <= least) return 0
    const { tid } = thread
    const executed = this.#ring.ahead(
      next =>
        this.#ring.bytes[next + Header.kind] === EventKind.exec &&
        this.#ring.view.getUint32(next + Event.first, true) === tid,
      lookAhead,
    )
    if (executed >= 0) return 0
    view.setUint32(at + Enter.ranges, builder.ranges, true)
    return builder.at - at
  }

  // ---- threads

  /** A thread whose beginning was lost. */
  #stranger(kind: number, tid: number, offset: number): TracedThread | undefined {
    if (kind === EventKind.exec) {
      const former = this.threads.get(this.#ring.view.getUint32(offset + Event.first, true))
      if (former !== undefined) return former
    }
    if (kind !== RecordKind.enter && kind !== EventKind.fork) return undefined
    const pid = this.#ring.view.getUint32(offset + Header.pid, true)
    return this.add(tid, pid, 0, ThreadOrigin.attached, '', this.#time(offset))
  }

  #fork(parent: TracedThread, offset: number): void {
    const { view } = this.#ring
    const tid = view.getUint32(offset + Event.first, true)
    const pid = view.getUint32(offset + Event.second, true)
    const origin = pid === parent.pid ? ThreadOrigin.clone : this.#originOf(parent)
    this.add(tid, pid, parent.tid, origin, this.#comm(offset), this.#time(offset))
  }

  #originOf({ arch, sysno, inCall }: TracedThread): number {
    const { vfork } = syscallNumbers[arch] as { readonly vfork?: number }
    return inCall && sysno === vfork ? ThreadOrigin.vfork : ThreadOrigin.fork
  }

  #exec(reported: TracedThread, offset: number): void {
    const former = this.#ring.view.getUint32(offset + Event.first, true)
    const tid = this.#ring.view.getUint32(offset + Header.tid, true)
    const thread = this.threads.get(former) ?? reported
    if (thread.held !== null) this.#release(thread, false)
    if (former !== tid) {
      this.#status(RecordKind.superseded, tid, thread.pid, former, 0, this.#time(offset))
      this.threads.delete(former)
      thread.tid = tid
      this.threads.set(tid, thread)
    }
    if (thread.launch !== Launch.none) {
      thread.launch = Launch.none
      this.end = { status: null }
      this.onStarted?.()
    }
    thread.comm = this.#comm(offset)
    if (this.#options.threadNames) this.#name(RecordKind.comm, thread, 0, 0, this.#time(offset))
  }

  #renamed(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    const comm = this.#comm(offset)
    // Within an execve: the event of that says it too.
    const executes = this.#ring.ahead(
      next => this.#ring.view.getUint32(next + Header.tid, true) === thread.tid,
      lookAhead,
    )
    if (executes >= 0 && this.#ring.bytes[executes + Header.kind] === EventKind.exec) return
    thread.comm = comm
    if (this.#options.threadNames) this.#name(RecordKind.comm, thread, 0, 0, this.#time(offset))
  }

  #exiting(thread: TracedThread, offset: number): void {
    const status = this.#ring.view.getUint32(offset + Event.first, true)
    const time = this.#time(offset)
    const { tid, pid } = thread
    if (thread.inCall) this.#status(RecordKind.exiting, tid, pid, status, 0, time)
    thread.inCall = false
    thread.ignored.length = 0
    if (!hasExited(status)) this.#fatal(thread, killSignal(status), time)
    if (tid === pid) {
      thread.ended = status
      if (this.#others(pid) > 0) return
      this.#ended(thread, status, time)
      return
    }
    this.#ended(thread, status, time)
    const leader = this.threads.get(pid)
    if (leader !== undefined && leader.ended !== null && this.#others(pid) === 0)
      this.#ended(leader, leader.ended, time)
  }

  /** The signal that ends a process is not delivered where it has no handler: every thread just ends. */
  #fatal({ tid, pid, launch }: TracedThread, signo: number, time: number): void {
    const event = this.#sentSignals.get(pid)?.get(signo)
    if (event === undefined || launch !== Launch.none) return
    this.#sentSignals.delete(pid)
    new DataView(event.buffer).setUint32(Header.tid, tid, true)
    this.#writeSignal(event, time)
  }

  /** How many threads beside the leader a process has. */
  #others(pid: number): number {
    let count = 0
    if (this.threads.size > 1)
      for (const thread of this.threads.values()) if (thread.pid === pid && thread.tid !== pid) count++
    return count
  }

  #ended(thread: TracedThread, status: number, time: number): void {
    const { tid, pid, launch } = thread
    this.threads.delete(tid)
    if (tid === pid) this.#sentSignals.delete(pid)
    if (tid === this.program && launch !== Launch.none && this.end.error === undefined) {
      // It ends with the error of what it could not do.
      const errno = hasExited(status) ? exitCode(status) : 0
      this.end = { status: 1 << 8, error: { error: 'launch', errno, pid: tid, message: 'the launcher' } }
    }
    const launchError = this.end.error !== undefined && launch !== Launch.none
    if (hasExited(status)) {
      const execError = launchError && launch === Launch.failed ? this.end.error!.errno : 0
      this.#status(RecordKind.exited, tid, pid, launchError ? 1 : exitCode(status), execError, time)
    } else {
      const core = dumpedCore(status) ? 1 : 0
      this.#status(RecordKind.killed, tid, pid, killSignal(status), core, time)
    }
    if (tid === this.program && !launchError) this.end = { status }
  }

  // ---- signals

  #signal(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    this.#flushIgnored(thread)
    const { view } = this.#ring
    const signo = view.getUint32(offset + Event.first, true)
    this.#sentSignals.get(thread.pid)?.delete(signo)
    this.#writeSignal(
      this.#ring.bytes.subarray(offset, offset + this.#ring.length(offset)),
      this.#time(offset),
    )
    const isStop =
      signo === Signal.SIGSTOP ||
      signo === Signal.SIGTSTP ||
      signo === Signal.SIGTTIN ||
      signo === Signal.SIGTTOU
    if (isStop && view.getUint32(offset + Event.second, true) === 1)
      this.#status(RecordKind.stopped, thread.tid, thread.pid, signo, 0, this.#time(offset))
  }

  /** A signal was sent: one that is ignored is told of here alone, and so is one that ends the process at once. */
  #sent(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    const { view } = this.#ring
    const event = this.#ring.bytes.slice(offset, offset + this.#ring.length(offset))
    if (view.getUint32(offset + Event.second, true) === 0) {
      const sent = this.#sentSignals.get(thread.pid)
      const signo = view.getUint32(offset + Event.first, true)
      if (sent === undefined) this.#sentSignals.set(thread.pid, new Map([[signo, event]]))
      else sent.set(signo, event)
    } else if (thread.inCall) thread.ignored.push(event)
    else this.#writeSignal(event, this.#time(offset))
  }

  #flushIgnored(thread: TracedThread): void {
    if (thread.ignored.length === 0) return
    for (const event of thread.ignored.splice(0)) this.#writeSignal(event, this.#writer.now())
  }

  #writeSignal(event: Uint8Array, time: number): void {
    const source = new DataView(event.buffer, event.byteOffset, event.byteLength)
    const signo = source.getUint32(Event.first, true)
    const { signals } = this.#options
    if (signals !== null && signals[signo] !== 1) return
    const { ring } = this.#writer
    const at = ring.begin()
    const { view, bytes } = ring
    this.#writer.header(
      at,
      RecordKind.signal,
      nativeIndex,
      0,
      source.getUint32(Header.tid, true),
      source.getUint32(Header.pid, true),
      time,
    )
    view.setUint32(at + SignalRecord.signo, signo, true)
    view.setUint32(at + SignalRecord.length, siginfoBytes, true)
    const info = at + SignalRecord.siginfo
    bytes.fill(0, info, info + siginfoBytes)
    bytes.set(event.subarray(Event.siginfo, Event.siginfo + kernelSiginfoBytes), info)
    if (view.getUint32(info, true) === 0) {
      // The kernel's own, which it says in place of all information.
      view.setUint32(info, signo, true)
      view.setUint32(info + 8, SI_KERNEL, true)
    }
    bytes.set(event.subarray(Event.ip, Event.ip + 8), info + siginfoBytes)
    ring.commit(SignalRecord.bytes + siginfoBytes + 8)
  }

  // ---- records

  #status(kind: number, tid: number, pid: number, value: number, second: number, time: number): void {
    this.#writer.status(kind, tid, pid, value, second, time)
  }

  #name(
    kind: typeof RecordKind.thread | typeof RecordKind.comm,
    thread: TracedThread,
    parent: number,
    origin: number,
    time: number,
  ): void {
    const { ring } = this.#writer
    const at = ring.begin()
    this.#writer.header(at, kind, nativeIndex, 0, thread.tid, thread.pid, time)
    ring.view.setUint32(at + Thread.parent, parent, true)
    ring.view.setUint32(at + Thread.origin, origin, true)
    ring.bytes.fill(0, at + Thread.comm, at + Thread.bytes)
    if (this.#options.threadNames)
      for (let i = 0; i < thread.comm.length && i < 15; i++)
        ring.bytes[at + Thread.comm + i] = thread.comm.charCodeAt(i)
    ring.commit(Thread.bytes)
  }

  #comm(offset: number): string {
    const bytes = this.#ring.bytes.subarray(offset + Event.comm, offset + Event.comm + 16)
    const end = bytes.indexOf(0)
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1')
  }

  /** When an event happened, in nanoseconds since the stream's start. */
  #time(offset: number): number {
    return this.#sinceStart(this.#ring.view, offset)
  }

  #sinceStart(view: DataView, at: number): number {
    const high = view.getUint32(at + Header.time + 4, true) - this.#startHigh
    return high * 0x1_0000_0000 + (view.getUint32(at + Header.time, true) - this.#startLow)
  }
}
