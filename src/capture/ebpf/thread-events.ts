/** Threads as events tell of them: their births, changes of program and name, and ends, a leader's after those of its other threads. */
import { clone_flags } from '../../abi/sets.ts'
import { Header, RecordKind, ThreadOrigin } from '../../record/layout.ts'
import type { CaptureEnd } from '../backend.ts'
import { Errno, Signal } from '../ptrace/ptrace-constants.ts'
import { dumpedCore, exitCode, hasExited, killSignal } from '../ptrace/stop.ts'
import { Launch } from '../ptrace/tracee.ts'
import { Event, EventKind, Fork, lookAhead } from './capture-layout.ts'
import type { EventRecords } from './event-records.ts'
import { commOf } from './running-threads.ts'
import type { SignalEvents } from './signal-events.ts'
import type { TracedNames } from './traced-names.ts'
import { TracedThread } from './traced-thread.ts'

export class ThreadEvents {
  readonly all: Map<number, TracedThread> = new Map()
  /** How the program ended, as far as its events tell. */
  end: CaptureEnd = { status: null }
  /** The program, 0 for none. */
  program = 0
  /** The program has been started: its execve has succeeded. */
  onStarted: (() => void) | null = null
  readonly #records: EventRecords
  readonly #signals: SignalEvents
  readonly #names: TracedNames

  constructor(records: EventRecords, signals: SignalEvents, names: TracedNames) {
    this.#records = records
    this.#names = names
    this.#signals = signals
  }

  /** A thread that is traced from now on. */
  add(
    tid: number,
    pid: number,
    parent: number,
    origin: number,
    comm: string,
    time: number,
    inner?: { readonly innerPid: number; readonly innerTid: number },
  ): TracedThread {
    const thread = new TracedThread(tid, pid)
    if (inner !== undefined) Object.assign(thread, inner)
    thread.comm = comm
    this.all.set(tid, thread)
    this.#records.name(RecordKind.thread, thread, parent, origin, time)
    return thread
  }

  /** A thread whose beginning was lost. */
  stranger(kind: number, tid: number, offset: number): TracedThread | undefined {
    const { view } = this.#records.ring
    if (kind === EventKind.exec) {
      const former = this.all.get(view.getUint32(offset + Event.first, true))
      if (former !== undefined) return former
    }
    if (kind !== RecordKind.enter && kind !== EventKind.call && kind !== EventKind.fork) return undefined
    const pid = view.getUint32(offset + Header.pid, true)
    return this.add(tid, pid, 0, ThreadOrigin.attached, commOf(tid), this.#records.time(offset))
  }

  fork(parent: TracedThread, offset: number): void {
    const { view } = this.#records.ring
    const tid = view.getUint32(offset + Event.first, true)
    // Found already when we looked who is there.
    if (this.all.has(tid)) return
    const pid = view.getUint32(offset + Event.second, true)
    const innerTid = view.getUint32(offset + Fork.innerTid, true)
    const inner = { innerTid, innerPid: innerTid === 0 || tid === pid ? innerTid : parent.innerPid }
    const comm = this.#records.comm(offset)
    this.add(tid, pid, parent.tid, this.#originOf(offset), comm, this.#records.time(offset), inner)
  }

  /** What a tracer that stops its tracees would have been told. */
  #originOf(offset: number): number {
    const { view } = this.#records.ring
    if ((view.getUint32(offset + Fork.flags, true) & clone_flags.values.CLONE_VFORK) !== 0)
      return ThreadOrigin.vfork
    return view.getInt32(offset + Fork.signal, true) === Signal.SIGCHLD
      ? ThreadOrigin.fork
      : ThreadOrigin.clone
  }

  /** The thread that an exec event is of: it may have had another number until now. */
  executing(reported: TracedThread, offset: number): TracedThread {
    return this.all.get(this.#records.ring.view.getUint32(offset + Event.first, true)) ?? reported
  }

  exec(thread: TracedThread, offset: number): void {
    const { view } = this.#records.ring
    const former = view.getUint32(offset + Event.first, true)
    const tid = view.getUint32(offset + Header.tid, true)
    const time = this.#records.time(offset)
    if (former !== tid) {
      this.#records.status(RecordKind.superseded, tid, thread.pid, former, 0, time)
      this.all.delete(former)
      thread.tid = tid
      this.all.set(tid, thread)
    }
    if (thread.launch !== Launch.none) {
      thread.launch = Launch.none
      this.end = { status: null }
      this.onStarted?.()
    }
    thread.comm = this.#records.comm(offset)
    this.#renamed(thread, time)
  }

  /** The launcher's execve of the program has failed. */
  launchFailed(thread: TracedThread, errno: number): void {
    this.end = { status: 1 << 8, error: { error: 'exec', errno, pid: thread.tid, message: 'execve' } }
    thread.launch = Launch.failed
  }

  renamed(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    const { ring } = this.#records
    const comm = this.#records.comm(offset)
    const next = ring.ahead(later => ring.view.getUint32(later + Header.tid, true) === thread.tid, lookAhead)
    const kind = next < 0 ? undefined : ring.bytes[next + Header.kind]
    // Within an execve: the event of that says it too.
    if (kind === EventKind.exec) return
    thread.comm = comm
    // Within a call whose enter is still to come: that is of a thread with the old name.
    thread.holdsName = thread.held !== null || kind === EventKind.call
    if (!thread.holdsName) this.#renamed(thread, this.#records.time(offset))
  }

  /** Tells a name that waited for the call that gave it; `offset`: the event after which it does. */
  nameHeld(thread: TracedThread, offset: number): void {
    thread.holdsName = false
    this.#renamed(thread, this.#records.time(offset))
  }

  #renamed(thread: TracedThread, time: number): void {
    if (this.#records.names) this.#records.name(RecordKind.comm, thread, 0, 0, time)
  }

  exiting(thread: TracedThread, offset: number): void {
    const status = this.#records.ring.view.getUint32(offset + Event.first, true)
    const time = this.#records.time(offset)
    const { tid, pid } = thread
    if (thread.inCall)
      this.#records.exiting(thread, status, resultOf(this.#records.ring.view, offset, status), time)
    thread.inCall = false
    thread.ignored.length = 0
    if (!hasExited(status)) this.#signals.fatal(thread, killSignal(status), time)
    if (tid === pid) {
      thread.ended = status
      if (this.#hasOthers(pid)) return
      this.#ended(thread, status, time)
      return
    }
    this.#ended(thread, status, time)
    const leader = this.all.get(pid)
    if (leader !== undefined && leader.ended !== null && !this.#hasOthers(pid))
      this.#ended(leader, leader.ended, time)
  }

  /** Whether a process has threads beside the leader. */
  #hasOthers(pid: number): boolean {
    for (const thread of this.all.values()) if (thread.pid === pid && thread.tid !== pid) return true
    return false
  }

  #ended(thread: TracedThread, status: number, time: number): void {
    const { tid, pid, launch } = thread
    this.all.delete(tid)
    this.#names.ended(thread)
    if (tid === pid) this.#signals.forget(pid)
    if (tid === this.program && launch !== Launch.none && this.end.error === undefined) {
      // It ends with the error of what it could not do.
      const errno = hasExited(status) ? exitCode(status) : 0
      this.end = { status: 1 << 8, error: { error: 'launch', errno, pid: tid, message: 'the launcher' } }
    }
    const launchError = this.end.error !== undefined && launch !== Launch.none
    if (hasExited(status)) {
      const execError = launchError && launch === Launch.failed ? this.end.error!.errno : 0
      this.#records.status(RecordKind.exited, tid, pid, launchError ? 1 : exitCode(status), execError, time)
    } else {
      const core = dumpedCore(status) ? 1 : 0
      this.#records.status(RecordKind.killed, tid, pid, killSignal(status), core, time)
    }
    if (tid === this.program && !launchError) this.end = { status }
  }

  /** Everything is let go of. */
  detachAll(): void {
    for (const { tid, pid, ended } of this.all.values())
      if (ended === null)
        this.#records.status(RecordKind.detached, tid, pid, 0, 0, this.#records.writer.now())
    this.all.clear()
  }

  /** A thread is gone, and its end was lost. */
  forget(tid: number): void {
    this.all.delete(tid)
  }
}

/** What the call came to in which a thread ends; undefined when it came to nothing: its register says so until it does. */
function resultOf(view: DataView, offset: number, status: number): bigint | undefined {
  // seccomp has ended it: the call was never made.
  if ((status & 0x7f) === Signal.SIGSYS) return undefined
  const result = view.getBigInt64(offset + Event.result, true)
  return result === BigInt(-Errno.ENOSYS) ? undefined : result
}
