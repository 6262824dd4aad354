/** What all events of the kernel's ring have in common when they become records: their time, names of threads, copies. */
import { Enter, EnterFlag, Exit, Exiting, Header, RecordKind, Thread } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import type { RecordWriter } from '../ptrace/record-writer.ts'
import { nativeIndex } from '../ptrace/record-writer.ts'
import type { BpfRing } from './bpf-ring.ts'
import { Event, WholeCall } from './capture-layout.ts'
import { NetlinkNames } from './netlink-names.ts'
import type { TracedThread } from './traced-thread.ts'

export class EventRecords {
  readonly writer: RecordWriter
  readonly ring: BpfRing
  /** Whether names of threads are wanted. */
  readonly names: boolean
  /** Whether their numbers in other pid namespaces are. */
  readonly innerIds: boolean
  readonly #systemTime: boolean
  readonly #netlink: NetlinkNames
  /** The stream's start on the kernel's clock, as halves whose lower one has 2^32 of the upper. */
  readonly #startHigh: number
  readonly #startLow: number

  constructor(writer: RecordWriter, ring: BpfRing, options: CaptureOptions, started: bigint) {
    this.writer = writer
    this.ring = ring
    this.names = options.threadNames
    this.innerIds = options.innerIds === true
    this.#systemTime = options.systemTime
    this.#netlink = new NetlinkNames(writer)
    // Products that are small integers in the first seconds of a trace would have V8 compile for those, and all of it anew later.
    this.#startHigh = Number(started >> 32n) - 1
    this.#startLow = Number(started & 0xffff_ffffn) + 0x1_0000_0000
  }

  /** When an event happened, in nanoseconds since the stream's start. */
  time(offset: number): number {
    return this.sinceStart(this.ring.view, offset)
  }

  /** The same of an event that was kept. */
  sinceStart(view: DataView, at: number): number {
    const high = view.getUint32(at + Header.time + 4, true) - this.#startHigh
    return high * 0x1_0000_0000 + view.getUint32(at + Header.time, true) - this.#startLow
  }

  /** The name in an event. */
  comm(offset: number): string {
    const bytes = this.ring.bytes.subarray(offset + Event.comm, offset + Event.comm + 16)
    const end = bytes.indexOf(0)
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1')
  }

  status(kind: number, tid: number, pid: number, value: number, second: number, time: number): void {
    this.writer.status(kind, tid, pid, value, second, time)
  }

  /** A thread is on its way out of a call that it will not return from; `result`: what that came to. */
  exiting({ tid, pid }: TracedThread, status: number, result: bigint | undefined, time: number): void {
    const { ring } = this.writer
    const at = ring.begin()
    this.writer.header(at, RecordKind.exiting, nativeIndex, result === undefined ? 0 : 1, tid, pid, time)
    ring.view.setUint32(at + Exiting.status, status, true)
    ring.view.setUint32(at + Exiting.status + 4, 0, true)
    if (result !== undefined) ring.view.setBigInt64(at + Exiting.result, result, true)
    ring.commit(result === undefined ? Exiting.plain : Exiting.bytes)
  }

  /** A record with a thread's name. */
  name(
    kind: typeof RecordKind.thread | typeof RecordKind.comm,
    thread: TracedThread,
    parent: number,
    origin: number,
    time: number,
  ): void {
    const { ring } = this.writer
    const at = ring.begin()
    this.writer.header(at, kind, nativeIndex, 0, thread.tid, thread.pid, time)
    ring.view.setUint32(at + Thread.parent, parent, true)
    ring.view.setUint32(at + Thread.origin, origin, true)
    ring.bytes.fill(0, at + Thread.comm, at + Thread.bytes)
    if (this.innerIds) {
      ring.view.setUint32(at + Thread.innerPid, thread.innerPid, true)
      ring.view.setUint32(at + Thread.innerTid, thread.innerTid, true)
    }
    if (this.names)
      for (let i = 0; i < thread.comm.length && i < 15; i++)
        ring.bytes[at + Thread.comm + i] = thread.comm.charCodeAt(i)
    ring.commit(Thread.bytes)
  }

  /** An event's bytes, for later. */
  kept(offset: number): Uint8Array {
    return this.ring.bytes.slice(offset, offset + this.ring.length(offset))
  }

  /** Hands an event on as the record that it is. */
  copy(offset: number): void {
    const { ring } = this.writer
    const at = ring.begin()
    const length = this.ring.length(offset)
    this.copyBytes(offset, length, at)
    this.commit(at, length)
  }

  /** Hands over a call's record that programs have made, with what they cannot know of netlink. */
  commit(at: number, length: number): void {
    const { ring } = this.writer
    const fixed = ring.bytes[at + Header.kind] === RecordKind.enter ? Enter.bytes : Exit.bytes
    const hasMore = length > fixed
    const pid = ring.view.getUint32(at + Header.pid, true)
    ring.commit(hasMore ? this.#netlink.complete(at, fixed, length, pid) : length)
  }

  /** Writes half of a call that was seen whole, its enter or (by `fixed`) its exit; the record's bytes. */
  half(offset: number, at: number, fixed: number, hasRanges: boolean): number {
    const { bytes, view } = this.writer.ring
    if (fixed === Enter.bytes) {
      this.copyBytes(offset, Enter.bytes, at)
      bytes[at + Header.kind] = RecordKind.enter
      // That it began before it ended is all that is known.
      bytes[at + Header.flags] = EnterFlag.partial
    } else {
      this.copyBytes(offset, Enter.args, at)
      bytes[at + Header.kind] = RecordKind.exit
      this.copyWords(offset + WholeCall.result, 8, at + Exit.result)
      // Not asked for.
      view.setFloat64(at + Exit.systemTime, Number.NaN, true)
    }
    if (!hasRanges) {
      view.setUint32(at + Enter.ranges, 0, true)
      return fixed
    }
    const ranges = this.ring.length(offset) - WholeCall.bytes
    this.copyWords(offset + WholeCall.bytes, ranges, at + fixed)
    return fixed + ranges
  }

  /** Begins a record with the first bytes of an event. */
  copyBytes(offset: number, length: number, at: number): void {
    this.copyWords(offset, length, at)
    this.writer.ring.view.setFloat64(at + Header.time, this.time(offset), true)
    this.writer.ring.bytes[at + Header.flags + 1] = 0
    if (this.#systemTime && this.writer.ring.bytes[at + Header.kind] === RecordKind.exit) this.#ran(at)
  }

  /** Programs tell how long a thread has run as a whole number. */
  #ran(at: number): void {
    const { view } = this.writer.ring
    const place = at + Exit.systemTime
    const ran = view.getInt32(place + 4, true) * 0x1_0000_0000 + view.getUint32(place, true)
    view.setFloat64(place, Math.max(0, ran), true)
  }

  /** Copies bytes of events; all three are of whole words. */
  copyWords(offset: number, length: number, at: number): void {
    const { words } = this.writer.memory
    const from = this.ring.words
    const [first, target] = [offset >> 2, at >> 2]
    if (length > 512) this.writer.ring.bytes.set(this.ring.bytes.subarray(offset, offset + length), at)
    else for (let i = 0; i < length >> 2; i++) words[target + i] = from[first + i]!
  }
}
