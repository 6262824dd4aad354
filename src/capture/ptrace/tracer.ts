/**
 * The ptrace loop: waits for tracees to stop, has the stop recorded, and lets them go on.
 *
 * All of it must happen on the thread that attached; which thread that is, is the caller's choice. It waits for this
 * thread's children and tracees only (__WNOTHREAD): those of other threads are libuv's to wait for.
 */

import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { RecordKind, ThreadOrigin } from '../../record/layout.ts'
import { Control, type RingWriter } from '../../record/ring.ts'
import type { CaptureEnd, CaptureError, CaptureNote, CaptureOptions } from '../backend.ts'
import { describesPids, writePidNote } from '../notes/pid-notes.ts'
import { innermostIds } from '../notes/process-numbers.ts'
import type { PlanOf } from '../plans/plans.ts'
import { Affinity } from './affinity.ts'
import { parentOf, processOf, seize, seizeAll } from './attach.ts'
import { CallStops, makeCallRecorder } from './call-stops.ts'
import type { Doorbell, DoorbellRequest } from './doorbell.ts'
import { EventMessages } from './event-messages.ts'
import { HoldUps } from './hold-ups.ts'
import { LastResult } from './last-result.ts'
import { Orphans } from './orphans.ts'
import { resourcesOf } from './process-resources.ts'
import { Errno, Event, Option, Request, Signal } from './ptrace-constants.ts'
import { RecordWriter } from './record-writer.ts'
import { programFilter } from './seccomp-filter.ts'
import { StackRecorder } from './stack-recorder.ts'
import { startProgram } from './start-program.ts'
import {
  dumpedCore,
  exitCode,
  hasExited,
  isGroupStop,
  killSignal,
  stopEvent,
  stopSignal,
  syscallStop,
  wasKilled,
} from './stop.ts'
import type { Tamperer } from './tampering.ts'
import { Launch, Tracee } from './tracee.ts'
import { WaitQueue } from './wait-queue.ts'

export class Tracer {
  readonly #options: CaptureOptions
  readonly #writer: RecordWriter
  readonly #calls: CallStops
  readonly #doorbell: Doorbell | null
  readonly #note: (note: CaptureNote) => void
  /** That the kernel tells of calls has been noted. */
  #notedInfo = false
  readonly #stacks: StackRecorder | null
  readonly #lastResult = new LastResult()
  /** Tracees that tampering holds up. */
  readonly #heldUp = new HoldUps()
  readonly #waits: WaitQueue
  readonly #affinity: Affinity
  readonly #orphans = new Orphans()
  readonly #messages = new EventMessages()
  readonly #tracees = new Map<number, Tracee>()
  /** Stops and ends of children whose parent's event has not come yet, in order. */
  readonly #strangers = new Map<number, number[]>()
  /** The started program's pid, 0 for none. */
  #program = 0
  #end: CaptureEnd = { status: null }
  #abandoned = false
  /** The last execve was the one that our program started by. */
  #hasStarted = false
  /** Called before a tracee goes on: what it does next comes after all that is recorded by now. */
  beforeResume: (() => void) | null = null

  constructor(
    options: CaptureOptions,
    ring: RingWriter,
    ringMemory: SharedArrayBuffer,
    planOf: PlanOf,
    doorbell: Doorbell | null,
    note: (note: CaptureNote) => void = () => {},
    tamperer: Tamperer | null = null,
  ) {
    this.#options = options
    const pids = describesPids(options)
    this.#writer = new RecordWriter(
      ring,
      new NativeMemory(ringMemory),
      pids ? (tid, sender, bytes, at) => writePidNote(options, tid, sender, 'pid', bytes, at) : null,
    )
    const recorder = makeCallRecorder(options, this.#writer, planOf, note)
    this.#doorbell = doorbell
    this.#note = note
    this.#stacks = options.stacks ? new StackRecorder(this.#writer) : null
    this.#affinity = new Affinity(
      options,
      count => Atomics.store(ring.control, Control.narrowed, count),
      (tracee, argument, text) => recorder.argumentBegins(tracee, argument, text),
    )
    this.#waits = new WaitQueue(() => this.#writer.now(), options.systemTime)
    this.#calls = new CallStops({
      options,
      writer: this.#writer,
      recorder,
      affinity: this.#affinity,
      stacks: this.#stacks,
      tamperer,
      systemTime: () => this.#waits.systemTime,
      launchFailed: error => {
        this.#end = { status: 1 << 8, error }
      },
    })
  }

  /** Starts and attaches; what of it failed. Nothing is traced when there is as much of that as was asked for. */
  start(): CaptureError[] {
    this.#writer.start()
    this.#note({ note: 'ptrace-options', pid: 0, options: this.#ptraceOptions(false) })
    const problems: CaptureError[] = []
    for (const pid of this.#options.attach) {
      const problem = this.#attach(pid)
      if (problem !== null) problems.push(problem)
    }
    const problem = this.#options.program === undefined ? null : this.#launch()
    if (problem !== null) problems.push(problem)
    return problems
  }

  /** How many threads are traced. */
  get size(): number {
    return this.#tracees.size
  }

  /** Runs until no tracee is left. */
  run(): CaptureEnd {
    while (this.turn()) {}
    return this.finish()
  }

  /**
   * Handles what the kernel reports next, and waits for it; false when no tracee is left. Where there is no doorbell, it may
   * also have been a signal that ended the wait: see `interrupted`.
   */
  turn(): boolean {
    if (this.#tracees.size + this.#strangers.size === 0 || this.#abandoned) return false
    // With more than one tracee, take all that wait before one is let go: the kernel looks in the same order
    // every time, and a busy tracee at the front would starve the others.
    if (!this.#waits.fill(this.#tracees.size > 1, this.#heldUp.nextDue)) return false
    if (this.#heldUp.nextDue !== null)
      this.#heldUp.takeDue(this.#writer.now(), (tracee, signal) => this.#resume(tracee, signal))
    while (this.#waits.next() && !this.#abandoned) this.#waited(this.#waits.tid, this.#waits.status)
    return true
  }

  /** The last turn had nothing to handle: a signal of our own came first. */
  get interrupted(): boolean {
    return this.#waits.interrupted
  }

  /** Nothing has been reported for a while. */
  silent(): void {
    this.#affinity.silent(this.#writer.now())
  }

  /** After the last turn: how it ended. */
  finish(): CaptureEnd {
    this.#affinity.releaseAll()
    this.#doorbell?.remove()
    this.#writer.status(RecordKind.end, this.#program, this.#program, this.#end.status ?? 0)
    return this.#end
  }

  #ptraceOptions(filtered: boolean): number {
    return (
      Option.TRACESYSGOOD |
      Option.TRACEEXEC |
      Option.TRACEEXIT |
      (this.#options.follow ? Option.TRACEFORK | Option.TRACEVFORK | Option.TRACECLONE : 0) |
      // A filtered program's calls fail with ENOSYS when no tracer answers: it must not outlive us.
      (filtered ? Option.TRACESECCOMP | Option.EXITKILL : 0)
    )
  }

  // ---- beginnings

  #launch(): CaptureError | null {
    const filter = programFilter(this.#options)
    const pid = startProgram(this.#options, filter, this.#ptraceOptions(filter !== null), pid => {
      this.#program = pid
      this.#waits.waitFor(pid)
    })
    if (typeof pid !== 'number') return pid
    this.#program = pid
    this.#add(pid, pid, filter !== null, 0, ThreadOrigin.started).launch = Launch.steps
    return null
  }

  #attach(pid: number): CaptureError | null {
    const options = this.#ptraceOptions(false)
    const group = processOf(pid)
    if (parentOf(pid) === libc.getpid()) {
      // libuv would take our tracee's stops for its end.
      return {
        error: 'attach',
        errno: Errno.EPERM,
        pid,
        message: 'a child of this very process, which node waits for',
      }
    }
    const found = (tid: number) => {
      this.#add(tid, group, false, 0, ThreadOrigin.attached).attached = true
    }
    if (this.#options.follow) return seizeAll(pid, options, found)
    const problem = seize(pid, options)
    if (problem === null) found(pid)
    return problem
  }

  #add(tid: number, pid: number, filtered: boolean, parent: number, origin: number): Tracee {
    const tracee = new Tracee(tid, pid, filtered)
    this.#tracees.set(tid, tracee)
    if (this.#options.innerIds) Object.assign(tracee, innermostIds(tid))
    this.#writer.thread(RecordKind.thread, tracee, parent, origin, this.#options.threadNames)
    return tracee
  }

  // ---- what the kernel reports

  #waited(tid: number, status: number): void {
    if (tid === this.#doorbell?.pid) {
      const request = this.#doorbell.answer()
      if (request !== null) this.stop(request)
      else this.silent()
      return
    }
    const tracee = this.#tracees.get(tid)
    if (tracee === undefined) this.#stranger(tid, status)
    else if (hasExited(status) || wasKilled(status)) this.#ended(tracee, status)
    else this.#stopped(tracee, status)
  }

  #stopped(tracee: Tracee, status: number): void {
    const signal = stopSignal(status)
    const event = stopEvent(status)
    if (tracee.leaving) this.#detach(tracee, signal === syscallStop || event !== 0 ? 0 : signal)
    else if (signal === syscallStop || event === Event.SECCOMP) this.#atCall(tracee)
    else if (event !== 0) this.#event(tracee, signal, event)
    else {
      const { signals } = this.#options
      if (tracee.launch === Launch.none && (signals === null || signals[signal] === 1))
        this.#signalled(tracee, signal)
      this.#resume(tracee, signal)
    }
  }

  #signalled(tracee: Tracee, signal: number): void {
    this.#writer.signal(tracee, signal)
    this.#stacks?.record(tracee)
  }

  #event(tracee: Tracee, signal: number, event: number): void {
    switch (event) {
      case Event.FORK:
      case Event.VFORK:
      case Event.CLONE:
        this.#born(tracee, event)
        break
      case Event.EXEC:
        this.#afterExec(this.#executed(tracee))
        return
      case Event.EXIT:
        if (tracee.inCall && tracee.recorded) {
          const status = this.#messages.of(tracee.tid, event)
          this.#writer.exiting(tracee, status, this.#lastResult.of(tracee, status))
        }
        tracee.exiting = true
        this.#used(tracee)
        break
      case Event.STOP:
        if (!isGroupStop(signal, event)) break
        if (tracee.launch === Launch.none)
          this.#writer.status(RecordKind.stopped, tracee.tid, tracee.pid, signal)
        // It stays stopped with its group, and tells us when SIGCONT ends that.
        libc.ptrace(Request.LISTEN, tracee.tid, 0, 0)
        return
    }
    this.#resume(tracee, 0)
  }

  #resume(tracee: Tracee, signal: number): void {
    const free = tracee.filtered && !tracee.inCall && !tracee.stopsNext && tracee.launch === Launch.none
    this.beforeResume?.()
    // It may fail: a tracee can be killed at any time, also while it is stopped. Its end is reported by a wait.
    libc.ptrace(free ? Request.CONT : Request.SYSCALL, tracee.tid, 0, signal)
  }

  // ---- calls

  #atCall(tracee: Tracee): void {
    const { time } = this.#waits
    this.#affinity.stopped(tracee, time)
    const seen = this.#calls.at(tracee, time)
    if (seen === 'unsupported') this.#unsupported()
    if (seen !== 'told') return
    if (!this.#notedInfo) {
      this.#notedInfo = true
      this.#note({ note: 'syscall-info', pid: 0 })
    }
    if (tracee.tampered === null) this.#resume(tracee, 0)
    else this.#resumeTampered(tracee)
  }

  /** What tampering does to a call as it is let go on: a signal at its enter, delays at both ends. */
  #resumeTampered(tracee: Tracee): void {
    const { by } = tracee.tampered!
    const signal = tracee.inCall ? (by.signal ?? 0) : 0
    const delay = tracee.inCall ? by.delayEnter : by.delayExit
    if (!tracee.inCall) tracee.tampered = null
    if (delay === null) this.#resume(tracee, signal)
    else this.#heldUp.add(tracee, this.#writer.now() + delay, signal)
  }

  // ---- births, changes, ends

  #born(parent: Tracee, event: number): void {
    const tid = this.#messages.of(parent.tid, event)
    if (tid === 0 || this.#tracees.has(tid)) return
    const origin =
      event === Event.FORK
        ? ThreadOrigin.fork
        : event === Event.VFORK
          ? ThreadOrigin.vfork
          : ThreadOrigin.clone
    const isThread = event === Event.CLONE && libc.tgkill(parent.pid, tid, 0) === 0
    const statuses = this.#strangers.get(tid)
    this.#strangers.delete(tid)
    const child = this.#add(tid, isThread ? parent.pid : tid, parent.filtered, parent.tid, origin)
    child.attached = parent.attached
    child.mode = parent.mode
    this.#affinity.born(child, parent)
    for (const status of statuses ?? []) this.#waited(tid, status)
  }

  /** A tracee that we have not heard of: a child that was quicker than its parent, a thread that changed its number, or none of ours. */
  #stranger(tid: number, status: number): void {
    const ended = hasExited(status) || wasKilled(status)
    // Our own child, which we have let go, is still ours to wait for.
    if (ended && (tid === this.#program || this.#orphans.isKnown(tid))) return
    if (!ended && stopEvent(status) === Event.EXEC) {
      const former = this.#tracees.get(this.#messages.of(tid, Event.EXEC))
      if (former !== undefined) {
        this.#afterExec(this.#executed(former, tid))
        return
      }
    }
    if (!this.#options.follow) {
      // Started with CLONE_PARENT, which makes it our child, or CLONE_PTRACE, which makes it a tracee.
      const signal = stopSignal(status)
      const delivered = stopEvent(status) === 0 && signal !== syscallStop
      if (!ended) libc.ptrace(Request.DETACH, tid, 0, delivered ? signal : 0)
      this.#note({ note: ended ? 'unknown-ended' : 'unknown-detached', pid: tid })
      return
    }
    const statuses = this.#strangers.get(tid)
    if (statuses === undefined) this.#strangers.set(tid, [status])
    else statuses.push(status)
  }

  /** A tracee died. Had it just started a stranger, nobody will tell us: take in all that wait. */
  #adoptStrangers(): void {
    for (const [tid, statuses] of [...this.#strangers]) {
      // The end of one has the others adopted too.
      if (!this.#strangers.delete(tid)) continue
      const parent = parentOf(tid)
      const known = this.#tracees.get(parent)
      const child = this.#add(tid, processOf(tid), known?.filtered ?? false, parent, ThreadOrigin.clone)
      child.attached = known?.attached ?? true
      this.#affinity.born(child, known)
      for (const status of statuses) this.#waited(tid, status)
    }
  }

  /** The execve that `executed` took note of goes on; or we let go of who made it, unless that is how it started. */
  #afterExec(tracee: Tracee): void {
    if (this.#options.detachOnExec && !this.#hasStarted) this.#detach(tracee, 0)
    else this.#resume(tracee, 0)
  }

  /** execve succeeded, reported under the number `tid`; the tracee that it was. */
  #executed(reported: Tracee, tid: number = reported.tid): Tracee {
    const caller = this.#tracees.get(this.#messages.of(tid, Event.EXEC)) ?? reported
    if (caller.tid !== tid) this.#supersede(caller, tid)
    this.#hasStarted = caller.launch !== Launch.none
    caller.stopsNext = this.#options.otherCalls !== undefined
    if (this.#hasStarted) {
      caller.launch = Launch.none
      this.#end = { status: null }
    }
    if (this.#options.threadNames) this.#writer.thread(RecordKind.comm, caller, 0, 0, true)
    return caller
  }

  /**
   * execve in a thread that does not lead its process: the kernel ends all others, reports the ends of those but the
   * leader's, and gives the leader's number to the thread.
   */
  #supersede(thread: Tracee, leader: number): void {
    this.#writer.superseded(leader, thread.pid, thread.tid)
    this.#tracees.delete(thread.tid)
    thread.tid = leader
    this.#tracees.set(leader, thread)
  }

  #ended(tracee: Tracee, status: number): void {
    const { tid, pid } = tracee
    const launchError = this.#end.error !== undefined && tracee.launch !== Launch.none
    this.#tracees.delete(tid)
    this.#affinity.ended(tracee)
    if (tid === pid) this.#stacks?.forget(pid)
    if (hasExited(status))
      this.#writer.status(
        RecordKind.exited,
        tid,
        pid,
        launchError ? 1 : exitCode(status),
        launchError && tracee.launch === Launch.failed ? this.#end.error!.errno : 0,
      )
    else this.#writer.status(RecordKind.killed, tid, pid, killSignal(status), dumpedCore(status) ? 1 : 0)
    if (tid === this.#program) this.#end = launchError ? this.#end : { status }
    this.#orphans.ended(tid, other => this.#tracees.has(other))
    if (this.#strangers.size > 0) this.#adoptStrangers()
  }

  // ---- letting go

  /** Does what somebody else wants. From the tracer's own thread only. */
  stop(request: DoorbellRequest): void {
    if (request === 'abandon' || request === 'leave') {
      // The kernel detaches whatever is left when this thread ends, and kills what is filtered.
      this.#abandoned = request === 'leave' || !this.#writer.quiet
      return
    }
    if (request !== 'detach' && this.#tracees.has(this.#program)) {
      libc.kill(this.#program, Signal.SIGCONT)
      libc.kill(this.#program, request.signal)
    }
    this.#adoptStrangers()
    // What SIGKILL ends needs no letting go: we stay for its end, which tells how it was, and leaves no zombie.
    const killsProgram = typeof request === 'object' && request.signal === Signal.SIGKILL
    for (const tracee of this.#tracees.values()) {
      if (killsProgram && tracee.pid === this.#program) continue
      // Without a tracer its calls would fail: we stay, and say no more.
      if (tracee.filtered) {
        this.#writer.quiet = true
        continue
      }
      tracee.leaving = true
      libc.ptrace(Request.INTERRUPT, tracee.tid, 0, 0)
    }
  }

  /** Records what a process has used when the last of its threads ends that we trace. */
  #used(tracee: Tracee): void {
    if (this.#options.resources !== true || tracee.launch !== Launch.none) return
    const { pid } = tracee
    for (const other of this.#tracees.values()) if (other.pid === pid && !other.exiting) return
    this.#writer.resources(tracee, resourcesOf(pid))
  }

  #detach(tracee: Tracee, signal: number): void {
    tracee.exiting = true
    this.#used(tracee)
    this.#affinity.release(tracee)
    libc.ptrace(Request.DETACH, tracee.tid, 0, signal)
    this.#tracees.delete(tracee.tid)
    this.#writer.status(RecordKind.detached, tracee.tid, tracee.pid, 0)
  }

  #unsupported(): void {
    const message = 'PTRACE_GET_SYSCALL_INFO: Linux 5.3 or newer is needed'
    this.#end = { status: null, error: { error: 'unsupported', errno: Errno.EIO, pid: 0, message } }
    this.#abandoned = true
  }
}
