/**
 * Events of the kernel's ring to records: copied as they are where they are records already, and what a tracer that stops its
 * tracees would have been told in its order.
 */
import { syscallNumbers } from '../../abi/syscalls.ts'
import { type ArchName, Enter, Exit, ExitFlag, Header, RecordKind } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import { describesPids, writePidNote } from '../notes/pid-notes.ts'
import type { RecordWriter } from '../ptrace/record-writer.ts'
import { Launch } from '../ptrace/tracee.ts'
import type { BpfRing } from './bpf-ring.ts'
import { CallEvents, type CallPrograms } from './call-events.ts'
import { EventKind, WholeCall } from './capture-layout.ts'
import { EventNotes } from './event-notes.ts'
import { EventRecords } from './event-records.ts'
import type { NotePlaces } from './file-places.ts'
import type { LatePlans } from './late-memory.ts'
import { type NoteSender, SignalEvents } from './signal-events.ts'
import { ThreadEvents } from './thread-events.ts'
import { TracedNames } from './traced-names.ts'
import type { TracedThread } from './traced-thread.ts'

const { execve } = syscallNumbers[process.arch === 'arm64' ? 'arm64' : 'amd64']

/** Whether the result of a call's event is an errno. */
const hasFailed = (view: DataView, offset: number): boolean =>
  (view.getUint16(offset + Header.flags, true) & ExitFlag.failed) !== 0

/** Events that come after the enter is done for; others may come in the middle of a call. */
const endsHold = (kind: number): boolean =>
  kind === RecordKind.enter ||
  kind === RecordKind.exit ||
  kind === EventKind.call ||
  kind === EventKind.exec ||
  kind === EventKind.exit ||
  kind === EventKind.signal

const waiting: { readonly [arch in ArchName]: number } = {
  amd64: syscallNumbers.amd64.wait4,
  arm64: syscallNumbers.arm64.wait4,
  i386: syscallNumbers.i386.wait4,
}

export class EventRecorder {
  readonly threads: ThreadEvents
  readonly calls: CallEvents
  readonly #signals: SignalEvents
  readonly #records: EventRecords
  readonly #ring: BpfRing
  readonly #names: TracedNames

  /**
   * @param started the stream's start on the kernel's clock
   * @param places where the kernel has what notes are made of; null for none
   */
  constructor(
    writer: RecordWriter,
    ring: BpfRing,
    options: CaptureOptions,
    plans: LatePlans,
    started: bigint,
    programs: CallPrograms,
    places: NotePlaces | null,
  ) {
    this.#ring = ring
    this.#records = new EventRecords(writer, ring, options, started)
    this.#names = new TracedNames(() => this.threads.all)
    const noteSender: NoteSender | null = describesPids(options)
      ? (tid, sender, bytes, at) => writePidNote(options, tid, sender, 'pid', bytes, at, this.#names)
      : null
    this.#signals = new SignalEvents(this.#records, options.signals, noteSender)
    this.threads = new ThreadEvents(this.#records, this.#signals, this.#names)
    const notes = places === null ? null : new EventNotes(this.#records, options, places, this.#names)
    this.calls = new CallEvents(this.#records, options.calls, plans, programs, notes)
  }

  /** Takes an event of the ring. */
  event(offset: number): void {
    const { view, bytes } = this.#ring
    const kind = bytes[offset + Header.kind]!
    const tid = view.getUint32(offset + Header.tid, true)
    const { threads, calls } = this
    const thread = threads.all.get(tid) ?? threads.stranger(kind, tid, offset)
    if (thread === undefined) return
    if (thread.held !== null && endsHold(kind)) calls.release(thread, false)
    this.#take(kind, thread, offset)
    if (thread.holdsName && thread.held === null && kind !== EventKind.comm) threads.nameHeld(thread, offset)
  }

  #take(kind: number, thread: TracedThread, offset: number): void {
    const { threads, calls } = this
    switch (kind) {
      case RecordKind.enter:
        return calls.enter(thread, offset)
      case RecordKind.exit:
        return this.#exit(thread, offset)
      case EventKind.call:
        return this.#call(thread, offset)
      case EventKind.again:
        return calls.again(thread, offset)
      case EventKind.fork:
        return threads.fork(thread, offset)
      case EventKind.exec:
        return this.#exec(thread, offset)
      case EventKind.exit:
        return threads.exiting(thread, offset)
      case EventKind.signal:
        return this.#signals.delivered(thread, offset)
      case EventKind.sent:
        return this.#signals.sent(thread, offset)
      case EventKind.comm:
        return threads.renamed(thread, offset)
    }
  }

  /** Records that had no room in the kernel's ring. */
  lost(count: number): void {
    this.#records.status(RecordKind.lost, 0, 0, count, 0, this.#records.writer.now())
  }

  #exit(thread: TracedThread, offset: number): void {
    const failed = hasFailed(this.#ring.view, offset)
    if (thread.launch === Launch.exec && failed)
      this.threads.launchFailed(thread, -this.#ring.view.getInt32(offset + Exit.result, true))
    if (!failed) this.#reaped(thread, offset + Exit.result)
    if (thread.inCall) this.calls.exit(thread, offset, failed)
    this.#signals.flushIgnored(thread)
  }

  #call(thread: TracedThread, offset: number): void {
    const { view } = this.#ring
    const failed = hasFailed(view, offset)
    if (thread.launch === Launch.none) {
      this.calls.whole(thread, offset, failed)
      if (!failed) this.#reaped(thread, offset + WholeCall.result)
    } else if (failed && view.getUint32(offset + Enter.sysno, true) === execve)
      this.threads.launchFailed(thread, -view.getInt32(offset + WholeCall.result, true))
    this.#signals.flushIgnored(thread)
  }

  /** Who is waited for is gone, as far as its name in /proc goes. */
  #reaped({ arch, sysno }: TracedThread, result: number): void {
    if (sysno === waiting[arch]) this.#names.reaped(this.#ring.view.getUint32(result, true))
  }

  #exec(reported: TracedThread, offset: number): void {
    const thread = this.threads.executing(reported, offset)
    if (thread.held !== null) this.calls.release(thread, false)
    this.threads.exec(thread, offset)
  }
}
