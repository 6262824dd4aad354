/** The loop of a capture that stops nobody: programs in the kernel write events, and it reads them. */
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import { NativeMemory } from '../../libc/native-memory.ts'
import { type ArchName, RecordKind, ThreadOrigin } from '../../record/layout.ts'
import { Control as RingControl, type RingWriter } from '../../record/ring.ts'
import {
  type CaptureEnd,
  type CaptureError,
  type CaptureOptions,
  isChosen,
  type StopRequest,
} from '../backend.ts'
import { DescriptorNotes, describesDescriptors } from '../notes/descriptor-notes.ts'
import { noteNetlink } from '../notes/netlink-sockets.ts'
import { describesPids, PidNotes } from '../notes/pid-notes.ts'
import { innermostIds } from '../notes/process-numbers.ts'
import { type PlanOf, Plans } from '../plans/plans.ts'
import { processOf } from '../ptrace/attach.ts'
import { spawnLauncher } from '../ptrace/launcher.ts'
import { Errno, Signal, Wait } from '../ptrace/ptrace-constants.ts'
import { nativeArch, RecordWriter } from '../ptrace/record-writer.ts'
import { words } from '../ptrace/ring-doorbell.ts'
import { Launch } from '../ptrace/tracee.ts'
import { BpfRing } from './bpf-ring.ts'
import { Brake, isHeld } from './brake.ts'
import { Choice, Control, callNumbers, callPlace, otherCall } from './capture-layout.ts'
import { isCompat } from './compat-program.ts'
import { EventRecorder } from './event-recorder.ts'
import type { KernelSide } from './kernel-side.ts'
import type { LatePlans } from './late-memory.ts'
import type { PlanLoader } from './plan-loader.ts'
import type { ReaderPriority } from './reader-priority.ts'
import { commOf, processesOfCgroup, processesOfSystem, threadsOf } from './running-threads.ts'

/** Between two looks at the ring while events come, in ms. */
const nap = 1
/** The same after a look that found more events than this: each look takes a CPU from those who fill the ring. */
const busyNap = 4
const busyAbove = 50
/** Looks without an event before it sleeps. */
const idleLooks = 10
/** It sleeps so long at a time, in ms: nobody wakes it for a request, nor where the kernel's own look came an instant too soon. */
const sleep = 20
/** The part of the kernel's ring that may wait before this thread runs before others. */
const hurryAbove = 0.25
/** What was read is given back to the kernel when it is this much. */
const publishEvery = 1 << 18

export class EbpfTracer {
  readonly #options: CaptureOptions
  readonly #writer: RecordWriter
  readonly #kernel: KernelSide
  readonly #ring: BpfRing
  readonly #events: EventRecorder
  readonly #brake: Brake
  readonly #holds: boolean
  /** For when the ring fills; null from then on. */
  #priority: ReaderPriority | null
  readonly #asleep: Int32Array
  readonly #timer = new Int32Array(new SharedArrayBuffer(4))
  readonly #memory = new NativeMemory(64)
  readonly #control: Int32Array
  #program = 0
  #lostCalls = 0
  #lostEvents = 0
  #over = false

  /** @param priority given to this thread when the ring fills */
  constructor(
    options: CaptureOptions,
    ring: RingWriter,
    ringMemory: SharedArrayBuffer,
    planOf: PlanOf,
    kernel: KernelSide,
    programs: PlanLoader,
    priority: ReaderPriority | null,
  ) {
    this.#priority = priority
    this.#options = options
    this.#kernel = kernel
    this.#control = ring.control
    this.#ring = new BpfRing(kernel.maps.ring, kernel.ringBytes, libc.getpagesize())
    this.#writer = new RecordWriter(ring, new NativeMemory(ringMemory))
    const started = process.hrtime.bigint() - BigInt(this.#writer.now())
    this.#events = new EventRecorder(
      this.#writer,
      this.#ring,
      options,
      latePlans(planOf, options),
      started,
      {
        isCopied: programs.isCopied,
        halfOf: (arch, sysno) => programs.halfOf(planOf, arch, sysno),
      },
      kernel.facts.notes,
    )
    this.#events.calls.onCompat = () => programs.load(planOf, 'i386')
    this.#brake = new Brake(
      kernel.ringBytes,
      () => kernel.threads(),
      () => this.#program,
    )
    this.#holds = isHeld(options)
    // The reader may be slower than the kernel: then its ring is full, and the kernel's fills.
    ring.whileFull = () => this.#look()
    this.#asleep = new Int32Array(kernel.control.buffer, Control.asleep, 1)
  }

  /** Starts the program, and follows whoever is to be; what of it failed. */
  start(): CaptureError[] {
    this.#writer.start()
    const problems: CaptureError[] = []
    if (this.watches) this.#watch()
    for (const pid of this.#options.attach) {
      const problem = this.#follow(pid)
      if (problem !== null) problems.push(problem)
    }
    const problem = this.#options.program === undefined ? null : this.#launch()
    if (problem !== null) problems.push(problem)
    return problems
  }

  /** Whether those are traced who are found, not named: then there is no end of them. */
  get watches(): boolean {
    return this.#options.system === true || this.#options.cgroup !== undefined
  }

  /** How many threads are traced. */
  get size(): number {
    return this.#events.threads.all.size
  }

  /** Runs until no traced thread is left. */
  run(): CaptureEnd {
    let idle = 0
    while (this.#goesOn()) {
      const read = this.#drain()
      this.#events.calls.releaseOld()
      this.#countLost()
      this.#answer()
      if (!this.#goesOn()) break
      idle = read > 0 ? 0 : idle + 1
      if (idle < idleLooks) Atomics.wait(this.#timer, 0, 0, read > busyAbove ? busyNap : nap)
      else this.#sleep()
    }
    this.#brake.end()
    this.#drain()
    this.#countLost()
    if (!this.#over) this.#events.threads.detachAll()
    const status = this.#reap()
    const { end } = this.#events.threads
    // The event of the program's end may have been lost; what it is waited for tells is not.
    const isKnown = status !== null && (end.status !== null || !this.#over)
    const result = end.error === undefined && isKnown ? { status } : end
    this.#writer.status(RecordKind.end, this.#program, this.#program, result.status ?? 0)
    this.#ring.close()
    this.#kernel.close()
    return result
  }

  #goesOn(): boolean {
    if (this.#over) return false
    if (!this.watches) return this.size > 0
    return this.#program === 0 || this.#events.threads.all.has(this.#program)
  }

  // ---- beginnings

  /**
   * Tells the programs which calls are wanted; the launcher's own execve is, until it has succeeded. Whether any is to be seen at
   * its enter.
   */
  choose(): boolean {
    const { calls } = this.#options
    let enters = false
    const set = (number: number, choice: number): void => {
      if (choice === Choice.entered) enters = true
      this.#kernel.setChoice(number, 'how', choice)
    }
    const fill = (arch: ArchName): void => {
      const choice = calls[arch]
      for (let n = 0; n < callNumbers; n++) {
        const chosen = isChosen(choice, n)
        const half = chosen ? this.#events.calls.halfOf(arch, n) : null
        set(callPlace(arch, n), !chosen ? 0 : half === null ? Choice.entered : Choice.returned)
      }
    }
    fill(nativeArch)
    if (nativeArch === 'amd64') fill('i386')
    const others = this.#options.entryTimes === false ? Choice.returned : Choice.entered
    set(otherCall, (calls[nativeArch]?.at(-1) ?? 1) === 1 ? others : 0)
    if (this.#options.program === undefined) return enters
    const { execve } = syscallNumbers[nativeArch]
    // Where it is not wanted, all that it takes is to hear that it failed.
    if (!isChosen(calls[nativeArch], execve)) {
      this.#kernel.setChoice(execve, 'how', Choice.returned)
      this.#events.threads.onStarted = () => this.#kernel.setChoice(execve, 'how', 0)
    }
    return enters
  }

  #launch(): CaptureError | null {
    const program = this.#options.program!
    if (isCompat(program.file)) this.#events.calls.expectCompat()
    const pid = spawnLauncher(program, this.#options, null)
    if (typeof pid !== 'number') return pid
    this.#program = pid
    this.#events.threads.program = pid
    // It stops itself.
    while (libc.wait4(pid, this.#memory.address, Wait.WUNTRACED, 0) < 0 && libc.errno() === Errno.EINTR) {}
    this.#kernel.add(pid)
    const comm = commOf(pid)
    const thread = this.#events.threads.add(
      pid,
      pid,
      0,
      ThreadOrigin.started,
      comm,
      this.#writer.now(),
      innermostIds(pid),
    )
    thread.launch = Launch.steps
    libc.kill(pid, Signal.SIGCONT)
    return null
  }

  /** Follows all who are there. Who is started meanwhile is found by another look, or was started by one that is followed. */
  #watch(): void {
    const { system, cgroup } = this.#options
    for (let before = -1; before !== this.size; ) {
      before = this.size
      const pids = system === true ? processesOfSystem() : processesOfCgroup(cgroup!)
      for (const pid of pids) this.#follow(pid)
    }
  }

  /** Follows a thread that runs already; with `follow` all those of its process. */
  #follow(pid: number): CaptureError | null {
    const group = processOf(pid)
    const tids = this.#options.follow ? threadsOf(pid) : [pid]
    if (tids.length === 0 || libc.kill(pid, 0) !== 0)
      return { error: 'attach', errno: Errno.ESRCH, pid, message: 'attach' }
    if (isCompat(`/proc/${group}/exe`)) this.#events.calls.expectCompat()
    for (const tid of tids) {
      if (this.#events.threads.all.has(tid)) continue
      if (!this.#kernel.isTraced(tid)) this.#kernel.add(tid)
      this.#events.threads.add(
        tid,
        group,
        0,
        ThreadOrigin.attached,
        commOf(tid),
        this.#writer.now(),
        innermostIds(tid),
      )
    }
    return null
  }

  // ---- reading

  /** Reads all that is there; how many events that was. */
  #drain(): number {
    const ring = this.#ring
    let count = 0
    // It may be long since this thread had a CPU.
    this.#look()
    for (let at = ring.next(); at >= 0; at = ring.next()) {
      this.#events.event(at)
      ring.advance()
      if (ring.unpublished > publishEvery) {
        ring.publish()
        this.#look()
      }
      count++
    }
    ring.publish()
    if (this.#brake.isOn) this.#look()
    return count
  }

  #look(): void {
    const { waiting } = this.#ring
    if (this.#priority !== null && waiting > hurryAbove * this.#kernel.ringBytes) this.#hurry(this.#priority)
    if (this.#holds) this.#brake.look(waiting)
  }

  /** From now on this thread runs before others. Before it is needed the program would only be slower for it. */
  #hurry(priority: ReaderPriority): void {
    this.#priority = null
    if (priority.raise()) this.#brake.actsAtOnce()
  }

  #countLost(): void {
    const calls = this.#kernel.lost('calls')
    if (calls !== this.#lostCalls) {
      this.#events.lost(calls - this.#lostCalls)
      this.#lostCalls = calls
    }
    const events = this.#kernel.lost('events')
    if (events === this.#lostEvents) return
    this.#lostEvents = events
    // Ends may be among them.
    for (const tid of [...this.#events.threads.all.keys()])
      if (!this.#kernel.isTraced(tid)) this.#events.threads.forget(tid)
  }

  #sleep(): void {
    Atomics.store(this.#asleep, 0, 1)
    if (this.#ring.waiting > 0) {
      Atomics.store(this.#asleep, 0, 0)
      return
    }
    const { view, address } = this.#memory
    view.setInt32(0, this.#kernel.maps.ring, true)
    view.setInt16(4, POLLIN, true)
    libc.poll(address, 1, sleep)
    Atomics.store(this.#asleep, 0, 0)
  }

  // ---- ends

  #answer(): void {
    const word = Atomics.exchange(this.#control, RingControl.command, 0)
    if (word === 0) return
    const request: StopRequest | 'abandon' =
      word < words.detach ? { signal: word } : word === words.detach ? 'detach' : 'abandon'
    if (typeof request === 'object' && this.#program !== 0 && this.#events.threads.all.has(this.#program)) {
      libc.kill(this.#program, Signal.SIGCONT)
      libc.kill(this.#program, request.signal)
      // What SIGKILL ends is waited for.
      if (request.signal === Signal.SIGKILL) return
    }
    this.#drain()
    this.#events.threads.detachAll()
    this.#over = true
  }

  /** The program's own wait status, when it has ended. */
  #reap(): number | null {
    if (this.#program === 0) return null
    if (this.#brake.status !== null) return this.#brake.status
    const { address, view } = this.#memory
    for (;;) {
      const got = libc.wait4(this.#program, address, this.#over ? Wait.WNOHANG : 0, 0)
      if (got === this.#program) return view.getInt32(0, true)
      if (got === 0 || libc.errno() !== Errno.EINTR) return null
    }
  }
}

/** Plans for what is read after the fact. */
function latePlans(planOf: PlanOf, options: CaptureOptions): LatePlans {
  const { dataLimit, environment } = options
  const copying = new Plans(planOf, { dataLimit, environment, noteDescriptor: null, noteNetlink })
  const descriptors = describesDescriptors(options) ? new DescriptorNotes(options) : null
  if (descriptors === null && !describesPids(options)) return { copying, noting: copying }
  const noting = new Plans(planOf, {
    dataLimit,
    environment,
    noteDescriptor: descriptors === null ? null : descriptors.note,
    ...(descriptors === null ? {} : { noteForeign: descriptors.noteForeign }),
    notePid: describesPids(options) ? new PidNotes(options).note : null,
    noteNetlink,
  })
  return { copying, noting }
}

const POLLIN = 1
