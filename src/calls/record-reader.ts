/** Records put together: a call's two records to one frame, by thread, and whose name is what. */
import { Frame } from '../record/frame.ts'
import { Header, RecordKind, Start, Status, threadName } from '../record/layout.ts'

/** What is told of each record that means something for the reader's user. */
export interface RecordListener {
  /** A call has returned, or (`frame.result` below 0) will not. The frame is used again afterwards. */
  call(thread: ReadThread): void
  /** Any other record, after its effect on threads. */
  other(kind: RecordKind, thread: ReadThread, bytes: Uint8Array, view: DataView, offset: number): void
}

/** A thread as the records tell of it. */
export interface ReadThread {
  tid: number
  pid: number
  comm: string
  readonly frame: Frame
  inCall: boolean
}

/** Threads that are remembered at once; a damaged recording may name any number of them. */
const mostThreads = 65536

/** Takes records in their order. */
export class RecordReader {
  /** The wall clock at the stream's start in ms since 1970, 0 while it is unknown. */
  startTime = 0
  readonly #threads = new Map<number, ReadThread>()
  readonly #listener: RecordListener

  constructor(listener: RecordListener) {
    this.#listener = listener
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const kind = bytes[offset + Header.kind] as RecordKind
    const tid = view.getUint32(offset + Header.tid, true)
    switch (kind) {
      case RecordKind.start:
        this.startTime = Number(view.getBigUint64(offset + Start.wall, true)) / 1e6
        return
      case RecordKind.end:
      case RecordKind.stack:
      case RecordKind.mappings:
        return
      case RecordKind.enter: {
        const thread = this.#thread(tid, view, offset)
        thread.frame.enter(bytes, view, offset)
        thread.inCall = true
        return
      }
      case RecordKind.exit: {
        const thread = this.#thread(tid, view, offset)
        if (!thread.inCall) return
        thread.frame.exit(bytes, view, offset)
        thread.inCall = false
        return this.#listener.call(thread)
      }
      case RecordKind.superseded:
        return this.#superseded(tid, view, offset)
    }
    const thread = this.#thread(tid, view, offset)
    if (kind === RecordKind.thread || kind === RecordKind.comm)
      thread.comm = Buffer.from(threadName(bytes, offset)).toString()
    const over = kind === RecordKind.exited || kind === RecordKind.killed || kind === RecordKind.detached
    if (over || kind === RecordKind.exiting) this.#unfinished(thread)
    if (kind !== RecordKind.exiting && kind !== RecordKind.comm)
      this.#listener.other(kind, thread, bytes, view, offset)
    if (over) this.#threads.delete(tid)
  }

  /** The stream is over: calls that have not returned are told of. */
  end(): void {
    for (const thread of this.#threads.values()) this.#unfinished(thread)
    this.#threads.clear()
  }

  /** The call that a thread is in, or was in last. */
  frameOf(tid: number): Frame | undefined {
    return this.#threads.get(tid)?.frame
  }

  #thread(tid: number, view: DataView, offset: number): ReadThread {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      if (this.#threads.size >= mostThreads) this.#threads.clear()
      thread = { tid, pid: tid, comm: '', frame: new Frame(), inCall: false }
      this.#threads.set(tid, thread)
    }
    const pid = view.getUint32(offset + Header.pid, true)
    if (pid !== 0) thread.pid = pid
    return thread
  }

  #unfinished(thread: ReadThread): void {
    if (!thread.inCall) return
    thread.inCall = false
    this.#listener.call(thread)
  }

  /** execve from a thread that is not the leader: its call returns under the leader's number `tid`. */
  #superseded(tid: number, view: DataView, offset: number): void {
    const old = view.getUint32(offset + Status.value, true)
    const caller = this.#threads.get(old)
    if (caller === undefined || old === tid) return
    const leader = this.#threads.get(tid)
    if (leader !== undefined) this.#unfinished(leader)
    this.#threads.delete(old)
    caller.tid = tid
    this.#threads.set(tid, caller)
  }
}
