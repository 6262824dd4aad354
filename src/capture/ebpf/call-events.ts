/** Events of calls: copied as they are where they are records already; an enter whose memory was not there is held back for it. */

import { syscallNumbers } from '../../abi/syscalls.ts'
import { type ArchName, archNames, Enter, Exit, Header, RecordKind } from '../../record/layout.ts'
import { type CaptureOptions, isChosen } from '../backend.ts'
import { nativeArch } from '../ptrace/record-writer.ts'
import { Launch } from '../ptrace/tracee.ts'
import { callNumbers, EventFlag } from './capture-layout.ts'
import type { EventNotes } from './event-notes.ts'
import type { EventRecords } from './event-records.ts'
import { agrees, keepEarlier, LateMemory, type LatePlans } from './late-memory.ts'
import type { Half } from './seen-at-exit.ts'
import type { TracedThread } from './traced-thread.ts'

/** So long an enter is held back for memory that was not there, in ns. */
const longestHold = 20e6
const { execve } = syscallNumbers[nativeArch]

/** What is known of the programs in the kernel. */
export interface CallPrograms {
  /** Whether one copies the memory of a call: by architecture, number and phase. Else it is read after the fact. */
  readonly isCopied: (arch: ArchName, sysno: number, exit: boolean, failed: boolean) => boolean
  /** Which half of a call its memory belongs to, where it is seen at its exit alone. */
  readonly halfOf: (arch: ArchName, sysno: number) => Half | null
}

export class CallEvents {
  /** Loads the programs of 32-bit calls, which few traces see: when the first one comes. */
  onCompat: (() => void) | null = null
  /** Since when there are those programs. */
  #compatSince = Number.POSITIVE_INFINITY
  /** Threads with an enter that is held back. */
  readonly #held = new Set<TracedThread>()
  readonly #records: EventRecords
  readonly #memory: LateMemory
  readonly #calls: CaptureOptions['calls']
  readonly #programs: CallPrograms
  /** By number, + 1024 of 32-bit programs: what `halfOf` says. */
  readonly #halves: (Half | null)[] = []
  readonly #notes: EventNotes | null

  /** @param notes who makes notes of what descriptors refer to; null when that was not asked for */
  constructor(
    records: EventRecords,
    calls: CaptureOptions['calls'],
    plans: LatePlans,
    programs: CallPrograms,
    notes: EventNotes | null,
  ) {
    this.#records = records
    this.#notes = notes
    this.#memory = new LateMemory(records, plans)
    this.#calls = calls
    this.#programs = programs
  }

  enter(thread: TracedThread, offset: number): void {
    const { view } = this.#records.ring
    const sysno = view.getUint32(offset + Enter.sysno, true)
    const arch = archNames[view.getUint8(offset + Header.arch)] ?? nativeArch
    thread.sysno = sysno
    thread.arch = arch
    thread.inCall = false
    if (thread.launch !== Launch.none) {
      if (thread.launch !== Launch.steps || sysno !== execve) return
      thread.launch = Launch.exec
    }
    const choice = this.#calls[arch]
    if (!isChosen(choice, sysno)) return
    thread.inCall = true
    for (let i = 0; i < 12; i++) thread.args[i] = view.getUint32(offset + Enter.args + 4 * i, true)
    const flags = view.getUint16(offset + Header.flags, true)
    if ((flags & EventFlag.faulted) !== 0) {
      this.#hold(thread, offset)
      thread.heldAt = this.#records.writer.now()
      this.#held.add(thread)
      return
    }
    this.#record(thread, offset, Enter.bytes, this.#isCopied(offset, arch, sysno, false, false))
  }

  /** The end of a call that is recorded. */
  exit(thread: TracedThread, offset: number, failed: boolean): void {
    thread.inCall = false
    this.#record(thread, offset, Exit.bytes, this.#isCopied(offset, thread.arch, thread.sysno, true, failed))
  }

  halfOf(arch: ArchName, sysno: number): Half | null {
    const index = arch === nativeArch ? sysno : sysno + callNumbers
    const known = this.#halves[index]
    if (known !== undefined) return known
    const half = this.#programs.halfOf(arch, sysno)
    this.#halves[index] = half
    return half
  }

  /** A call that was seen at its exit alone: both its records. */
  whole(thread: TracedThread, offset: number, failed: boolean): void {
    const { view } = this.#records.ring
    const sysno = view.getUint32(offset + Enter.sysno, true)
    const arch = archNames[view.getUint8(offset + Header.arch)] ?? nativeArch
    const choice = this.#calls[arch]
    if (!isChosen(choice, sysno)) return
    thread.sysno = sysno
    thread.arch = arch
    const isEnters = this.halfOf(arch, sysno) === 'enter'
    const isMissing = !this.#isCopied(offset, arch, sysno, true, failed)
    const isFaulted = (view.getUint16(offset + Header.flags, true) & EventFlag.faulted) !== 0
    const readsEnter = isEnters && (isMissing || isFaulted)
    if (isMissing || isFaulted)
      for (let i = 0; i < 12; i++) thread.args[i] = view.getUint32(offset + Enter.args + 4 * i, true)
    this.#half(thread, offset, Enter.bytes, isEnters, readsEnter)
    this.#half(thread, offset, Exit.bytes, !isEnters, !isEnters && isMissing)
  }

  /** Writes one of the two records of a call that was seen whole; `late`: reads its memory first, if it can. */
  #half(thread: TracedThread, offset: number, fixed: number, hasRanges: boolean, late: boolean): void {
    const { ring } = this.#records.writer
    const at = ring.begin()
    let length = this.#records.half(offset, at, fixed, hasRanges)
    if (late) {
      const read = this.#memory.read(thread, at, fixed, length)
      length = read > 0 ? read : this.#records.half(offset, at, fixed, hasRanges)
    }
    this.#records.commit(at, length)
  }

  /** An enter once more, with memory that was not there before. */
  again(thread: TracedThread, offset: number): void {
    const { held, heldNotes } = thread
    if (held === null) return
    this.#hold(thread, offset)
    thread.held!.set(held.subarray(Header.time, Header.time + 8), Header.time)
    keepEarlier(held, thread.held!)
    // Of two notes of one thing the last counts: that which was made before the call.
    if (heldNotes !== null) thread.heldNotes = joined(thread.heldNotes, heldNotes)
    // A call that failed early has touched nothing.
    const faulted = (this.#records.ring.view.getUint16(offset + Header.flags, true) & EventFlag.faulted) !== 0
    this.release(thread, faulted)
  }

  /** An enter that was held back, as it is; or with what can be read of its memory now, if that is more. */
  release(thread: TracedThread, looksAgain: boolean): void {
    const { heldNotes } = thread
    const held = thread.held!
    thread.held = null
    thread.heldNotes = null
    this.#held.delete(thread)
    const { ring } = this.#records.writer
    const at = ring.begin()
    ring.bytes.set(held, at)
    this.#finishEnter(at)
    let length = looksAgain ? this.#memory.read(thread, at, Enter.bytes, held.length) : 0
    // What the program did copy is as it was then: what has changed since is another call's.
    if (length > 0 && !agrees(held, ring.bytes.subarray(at, at + length))) length = 0
    if (length === 0) {
      ring.bytes.set(held.subarray(Enter.ranges), at + Enter.ranges)
      length = held.length
    }
    if (heldNotes !== null) {
      ring.bytes.set(heldNotes.bytes, at + length)
      length += heldNotes.bytes.length
      const ranges = ring.view.getUint32(at + Enter.ranges, true) + heldNotes.count
      ring.view.setUint32(at + Enter.ranges, ranges, true)
    }
    this.#records.commit(at, length)
  }

  #hold(thread: TracedThread, offset: number): void {
    if (this.#notes === null) {
      thread.held = this.#records.kept(offset)
      return
    }
    const { event, notes } = this.#notes.hold(thread, offset)
    thread.held = event
    thread.heldNotes = notes
  }

  /** Looks after enters that were held back: calls that block are shown while they block. */
  releaseOld(): void {
    if (this.#held.size === 0) return
    const now = this.#records.writer.now()
    for (const thread of this.#held) if (now - thread.heldAt > longestHold) this.release(thread, true)
  }

  #record(thread: TracedThread, offset: number, fixed: number, isCopied: boolean): void {
    if (!isCopied && this.#memory.record(thread, offset, fixed)) return
    if (this.#notes === null) this.#records.copy(offset)
    else this.#notes.copy(thread, offset, fixed)
  }

  /** Calls of 32-bit programs come, or will: has their programs loaded. */
  expectCompat(): void {
    if (this.#compatSince !== Number.POSITIVE_INFINITY) return
    this.onCompat?.()
    this.#compatSince = this.#records.writer.now()
  }

  #isCopied(offset: number, arch: ArchName, sysno: number, exit: boolean, failed: boolean): boolean {
    if (arch !== nativeArch) {
      this.expectCompat()
      if (this.#records.time(offset) < this.#compatSince) return false
    }
    return this.#programs.isCopied(arch, sysno, exit, failed)
  }

  /** Makes an event that was kept an enter record. */
  #finishEnter(at: number): void {
    const { bytes, view } = this.#records.writer.ring
    bytes[at + Header.kind] = RecordKind.enter
    view.setUint16(at + Header.flags, 0, true)
    view.setFloat64(at + Header.time, this.#records.sinceStart(view, at), true)
  }
}

type Notes = NonNullable<TracedThread['heldNotes']>
const joined = (first: Notes | null, second: Notes): Notes =>
  first === null
    ? second
    : { bytes: Buffer.concat([first.bytes, second.bytes]), count: first.count + second.count }
