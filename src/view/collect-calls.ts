/** Records to the store of calls that the page is fed from. */

import { type CallPlaces, callPlaces, descriptorOf, pathOf } from '../analysis/call-places.ts'
import { commandOf } from '../analysis/command-line.ts'
import type { TraceEvent } from '../calls/call.ts'
import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { type ArchName, archNames, Enter, Header, RecordKind, Status } from '../record/layout.ts'
import type { RecordBlock } from '../record/recording-blocks.ts'
import { executingCalls } from '../syscalls/executing-calls.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import { kindOf } from './call-kinds.ts'
import { CallLines } from './call-lines.ts'
import { CallStore, type NewCall, noFd, Outcome, ThreadLane } from './call-store.ts'
import { grown } from './grown.ts'

/** Where a call's records are that are not both in one block, under one number: see call-records.ts. */
export interface FarEnter {
  readonly block: number
  readonly offset: number
}

interface KnownCall {
  readonly name: number
  readonly places: CallPlaces
  readonly executes: boolean
}

interface ReadProcess {
  parent: number | null
  comm: string
  command: string
  readonly begin: number
  end: number | null
  code: number | null
  signal: string | null
}

interface LastEnter extends FarEnter {
  block: number
  offset: number
  tid: number
  /** The call has not come to its end. */
  open: boolean
  arch: ArchName
  sysno: number
  begin: number
}

/** What a thread was when it last made a call. */
interface Task {
  readonly pid: number
  readonly tid: number
  readonly comm: string
  readonly number: number
}

/** What a hostile recording may make us remember. */
const [mostNames, mostErrors, mostProcesses, mostLanes] = [4096, 8192, 1 << 20, 1 << 20]
/** The place of a call that no record ended. */
export const noRecord = 0xffff_ffff

/** Looks at what is collected as it comes: calls in the order of their ids, and what else is told of threads. */
export interface CallWatcher {
  call(thread: ReadThread): void
  event(event: TraceEvent): void
}

export class CallCollector {
  readonly store = new CallStore()
  watcher: CallWatcher | null = null
  /** Where in its block the record stands that ended a call, by id. */
  ends: Uint32Array = new Uint32Array(4096)
  /** The enters of calls that do not stand in the same block, by id. */
  readonly farEnters = new Map<number, FarEnter>()

  readonly #known = new Map<number, KnownCall>()
  readonly #lanes = new Map<number, number>()
  readonly #tasks = new Map<ReadThread, Task>()
  readonly #processes = new Map<number, ReadProcess>()
  /** The last enter of each thread. */
  readonly #enters = new Map<number, LastEnter>()
  readonly #lines = new CallLines()
  readonly #text = new TextBuffer(1024)
  readonly #decoders = new CallDecoders(1024)
  readonly #call: NewCall = {
    begin: 0,
    took: 0,
    result: 0,
    name: 0,
    error: 0,
    task: 0,
    fd: 0,
    path: 0,
    line: 0,
  }
  #reader = this.#newReader()
  /** Nanoseconds from the recording's begin to that of the segment being read. */
  #base = 0
  #block = 0
  #offset = noRecord

  /** Calls after which nothing more is taken. */
  enough: number = Number.POSITIVE_INFINITY

  /** Takes up to `most` records of the block with this number from `offset` on; where to go on. */
  block(number: number, { bytes, view, length }: RecordBlock, offset: number, most: number): number {
    this.#block = number
    let at = offset
    for (let n = 0; n < most && at < length && this.store.count < this.enough; n++) {
      const size = view.getUint32(at, true)
      this.#record(bytes, view, at)
      at += size
    }
    return at
  }

  /** No more comes. Calls that are still under way have not returned, unless there was more, which nobody has looked at. */
  end(cut: boolean): void {
    this.#offset = noRecord
    if (!cut) this.#reader.end()
    this.store.complete = true
    this.update()
  }

  /** Has the store tell what of processes is known by now, and what threads are in. */
  update(): void {
    for (const lane of this.store.lanes) lane.inCall = null
    for (const [tid, { open, arch, sysno, begin }] of this.#enters) {
      const place = this.#lanes.get(tid)
      if (!open || place === undefined) continue
      // The frame knows which call was meant, where that stands in memory.
      const meant = this.#reader.frameOf(tid)?.sysno ?? sysno
      this.store.lanes[place]!.inCall = { name: this.#knownCall(arch, meant).name, begin }
    }
    const pidOf = (tid: number | null): number | null => {
      const lane = tid === null ? undefined : this.#lanes.get(tid)
      return lane === undefined ? tid : this.store.lanes[lane]!.pid
    }
    this.store.processes = [...this.#processes].map(([pid, { parent, begin, end, ...rest }]) => ({
      pid,
      parent: pidOf(parent),
      ...rest,
      begin: begin / 1e6,
      end: end === null ? null : end / 1e6,
    }))
  }

  #record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.#offset = offset
    const kind = bytes[offset + Header.kind]
    const tid = view.getUint32(offset + Header.tid, true)
    if (kind === RecordKind.start) {
      // Another capture of the same file: nothing of the one before goes on.
      this.#offset = noRecord
      this.#reader.end()
      this.#reader = this.#newReader()
      this.#tasks.clear()
      this.#enters.clear()
      this.#reader.record(bytes, view, offset)
      if (this.store.began === 0) this.store.began = this.#reader.startTime
      this.#base = Math.max(0, (this.#reader.startTime - this.store.began) * 1e6)
      return
    }
    if (kind === RecordKind.enter) this.#entered(tid, bytes, view, offset)
    this.#reader.record(bytes, view, offset)
    if (kind === RecordKind.superseded) {
      const old = view.getUint32(offset + Status.value, true)
      const enter = this.#enters.get(old)
      this.#enters.delete(old)
      if (enter !== undefined) this.#enters.set(tid, enter)
    }
  }

  #entered(tid: number, bytes: Uint8Array, view: DataView, offset: number): void {
    let enter = this.#enters.get(tid)
    if (enter === undefined) {
      enter = { block: 0, offset, tid, open: true, arch: 'amd64', sysno: 0, begin: 0 }
      this.#enters.set(tid, enter)
    }
    enter.block = this.#block
    enter.offset = offset
    enter.tid = tid
    enter.open = true
    enter.arch = archNames[bytes[offset + Header.arch]!] ?? 'amd64'
    enter.sysno = view.getUint32(offset + Enter.sysno, true)
    enter.begin = this.#base + view.getFloat64(offset + Header.time, true)
  }

  #newReader(): RecordReader {
    return new RecordReader({
      call: thread => this.#returned(thread),
      other: (kind, thread, _, view, offset) => {
        const event = otherEvent(kind, thread, view, offset, 0)
        if (event === undefined) return
        this.watcher?.event(event)
        const { pid, tid, comm } = event
        const time = this.#base + event.time * 1e6
        if (time > this.store.span) this.store.span = time
        if (event.kind === 'start') {
          this.#lane(tid, pid, comm, time)
          const process = this.#process(pid, event.parent, time)
          if (process.comm === '') process.comm = comm
        } else if (event.kind === 'exit') {
          const lane = this.#lane(tid, pid, comm, time)
          this.#rename(lane, comm)
          lane.end = time
          this.#tasks.delete(thread)
          this.#enters.delete(tid)
          if (tid !== pid) return
          const process = this.#process(pid, null, time)
          process.end = time
          process.code = event.code
          process.signal = event.signal === null ? null : String(event.signal)
        }
      },
    })
  }

  #returned(thread: ReadThread): void {
    const { frame } = thread
    const { name, places, executes } = this.#knownCall(frame.arch, frame.sysno)
    const call = this.#call
    const { store } = this
    const returned = frame.result >= 0
    call.begin = this.#base + frame.enterTime
    call.took = returned ? Math.max(0, frame.exitTime - frame.enterTime) : Number.NaN
    call.result = returned ? Number(frame.view.getBigInt64(frame.result, true)) : Number.NaN
    call.name = name
    call.error = returned ? (frame.failed ? this.#error(frame.errno) : Outcome.returned) : Outcome.unfinished
    call.task = this.#task(thread, call.begin)
    call.fd = descriptorOf(frame, places) ?? noFd
    call.path = store.paths.numberOf(pathOf(frame, places) ?? '')
    this.#text.clear()
    this.#lines.put(this.#text, frame)
    call.line = store.lines.numberOf(this.#text.bytes, 0, this.#text.length)
    const id = store.add(call)
    this.#place(id, thread.tid)
    this.watcher?.call(thread)
    if (executes && returned && !frame.failed) {
      const process = this.#process(thread.pid, null, call.begin)
      process.comm = thread.comm
      process.command = commandOf(this.#decoders.get(frame.arch, frame.sysno).args(frame).argv) ?? ''
      store.laneOf(id).comm = thread.comm
    }
  }

  /** Notes where a call's records stand. */
  #place(id: number, tid: number): void {
    if (id === this.ends.length) this.ends = grown(this.ends, id * 2)
    this.ends[id] = this.#offset
    const enter = this.#enters.get(tid)
    if (enter === undefined) return
    enter.open = false
    if (this.#offset === noRecord || enter.block !== this.#block || enter.tid !== tid)
      this.farEnters.set(id, { block: enter.block, offset: enter.offset })
  }

  #error(errno: number): number {
    const { errors } = this.store
    return errors.numberOf(errors.list.length < mostErrors ? String(errnoOf(errno)) : '?')
  }

  #task(thread: ReadThread, time: number): number {
    const { pid, tid, comm } = thread
    const known = this.#tasks.get(thread)
    if (known !== undefined && known.comm === comm && known.pid === pid && known.tid === tid)
      return known.number
    const lane = this.#lane(tid, pid, comm, time)
    this.#rename(lane, comm)
    const number = this.store.addTask(lane.place, comm)
    this.#tasks.set(thread, { pid, tid, comm, number })
    return number
  }

  /** A thread has the name that it gave itself last; the first of a process that of its program, where we have seen it started. */
  #rename(lane: ThreadLane, comm: string): void {
    if (comm === '') return
    const process = lane.tid === lane.pid ? this.#processes.get(lane.pid) : undefined
    if (process !== undefined && process.command !== '') return
    lane.comm = comm
    if (process !== undefined) process.comm = comm
  }

  #lane(tid: number, pid: number, comm: string, time: number): ThreadLane {
    const { lanes } = this.store
    let place = this.#lanes.get(tid)
    if (place === undefined) {
      if (lanes.length >= mostLanes) return lanes.at(-1)!
      place = lanes.push(new ThreadLane(lanes.length, tid, pid, comm, time)) - 1
      this.#lanes.set(tid, place)
    }
    const lane = lanes[place]!
    lane.pid = pid
    return lane
  }

  #process(pid: number, parent: number | null, time: number): ReadProcess {
    let process = this.#processes.get(pid)
    if (process === undefined) {
      process = { parent, comm: '', command: '', begin: time, end: null, code: null, signal: null }
      if (this.#processes.size < mostProcesses) this.#processes.set(pid, process)
    }
    return process
  }

  #knownCall(arch: ArchName, sysno: number): KnownCall {
    const key = sysno * archNames.length + archNames.indexOf(arch)
    let known = this.#known.get(key)
    if (known === undefined) {
      const { names } = this.store
      const { name } = this.#decoders.get(arch, sysno)
      const there = names.findIndex(other => other.name === name)
      // Numbers beyond the table are a hostile recording's to choose.
      const room = names.length < mostNames
      const place = there >= 0 ? there : room ? names.push({ name, kind: kindOf(name), calls: 0 }) - 1 : 0
      known = { name: place, places: callPlaces(arch, sysno), executes: executingCalls.has(name) }
      if (this.#known.size < mostNames) this.#known.set(key, known)
    }
    return known
  }
}
