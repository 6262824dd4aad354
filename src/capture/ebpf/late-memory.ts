/**
 * Memory that is read after the fact, while the thread runs on: of calls that no program is for, and of pages that were not there when the
 * program looked.
 */
import { align8, Enter, Exit, ExitFlag, Header, Range } from '../../record/layout.ts'
import type { Plans } from '../plans/plans.ts'
import { RecordBuilder } from '../plans/record-builder.ts'
import { StoppedMemory } from '../ptrace/tracee-memory.ts'
import { Event, EventKind, lookAhead } from './capture-layout.ts'
import type { EventRecords } from './event-records.ts'
import type { TracedThread } from './traced-thread.ts'

/** Plans that copy memory, and those that note what descriptors refer to as well. */
export interface LatePlans {
  readonly copying: Plans
  readonly noting: Plans
}

export class LateMemory {
  readonly #records: EventRecords
  readonly #plans: LatePlans
  readonly #builder: RecordBuilder
  readonly #memory: StoppedMemory

  constructor(records: EventRecords, plans: LatePlans) {
    const { writer } = records
    this.#records = records
    this.#plans = plans
    this.#memory = new StoppedMemory(writer.memory)
    this.#builder = new RecordBuilder(writer.ring.bytes, writer.ring.view, this.#memory)
  }

  /** Makes a record of an event whose memory no program has copied; false when nothing could be read, or it is another program's by now. */
  record(thread: TracedThread, offset: number, fixed: number): boolean {
    const { writer, ring } = this.#records
    const at = writer.ring.begin()
    this.#records.copyBytes(offset, fixed, at)
    const length = this.#read(this.#plans.noting, thread, at, fixed, ring.length(offset))
    if (length > 0) writer.ring.commit(length)
    return length > 0
  }

  /** Copies memory to the record at `at`, by the call's plan. The record's bytes; 0 when they are not more than `least`. */
  read(thread: TracedThread, at: number, fixed: number, least: number): number {
    return this.#read(this.#plans.copying, thread, at, fixed, least)
  }

  #read(plans: Plans, thread: TracedThread, at: number, fixed: number, least: number): number {
    const { view } = this.#records.writer.ring
    const failed = (view.getUint8(at + Header.flags) & ExitFlag.failed) !== 0
    const plan = plans.get(thread.arch, thread.sysno)
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
    if (builder.at - at <= least || this.#executes(thread.tid)) return 0
    view.setUint32(at + Enter.ranges, builder.ranges, true)
    return builder.at - at
  }

  /** Whether the thread has called execve since: then its memory is another. */
  #executes(tid: number): boolean {
    const { ring } = this.#records
    const executed = ring.ahead(
      next =>
        ring.bytes[next + Header.kind] === EventKind.exec &&
        ring.view.getUint32(next + Event.first, true) === tid,
      lookAhead,
    )
    return executed >= 0
  }
}

/** Whether an enter that was made later has all that an earlier one of the same call has, unchanged. */
export const agrees = (earlier: Uint8Array, later: Uint8Array): boolean =>
  eachCommonRange(
    earlier,
    later,
    (from, to, length) =>
      laterLength(later, to) >= length &&
      Buffer.compare(earlier.subarray(from, from + length), later.subarray(to, to + length)) === 0,
  )

/** What an earlier enter of the same call could copy stands in the later one too: the call may have changed it meanwhile. */
export function keepEarlier(earlier: Uint8Array, later: Uint8Array): void {
  eachCommonRange(earlier, later, (from, to, length) => {
    later.set(earlier.subarray(from, from + Math.min(length, laterLength(later, to))), to)
    return true
  })
}

/** How many bytes the range has whose content stands at `at`. */
const laterLength = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - Range.bytes + Range.length, true)

/**
 * Looks at the ranges of an earlier enter beside those of a later one, which have the same order: `compare` gets where the content
 * of both stands, and how long the earlier one is. False when one is missing there, or `compare` says so.
 */
function eachCommonRange(
  earlier: Uint8Array,
  later: Uint8Array,
  compare: (from: number, to: number, length: number) => boolean,
): boolean {
  const [a, b] = [earlier, later].map(bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const ends = [earlier.length, later.length]
  let at: number = Enter.bytes
  for (let i = Enter.bytes; i < ends[0]!; i += Range.bytes + align8(a!.getUint32(i + Range.length, true))) {
    const length = a!.getUint32(i + Range.length, true)
    const isThat = (j: number): boolean =>
      a!.getBigUint64(i, true) === b!.getBigUint64(j, true) &&
      earlier[i + Range.kind] === later[j + Range.kind]
    while (at < ends[1]! && !isThat(at)) at += Range.bytes + align8(b!.getUint32(at + Range.length, true))
    if (at >= ends[1]! || !compare(i + Range.bytes, at + Range.bytes, length)) return false
    at += Range.bytes + align8(b!.getUint32(at + Range.length, true))
  }
  return true
}
