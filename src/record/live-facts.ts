/** What a stream has told so far of those who still live: without it, what follows cannot be read. */
import { Header, RecordKind, Status, Thread } from './layout.ts'

/** Threads that are remembered at once; a damaged recording may name any number of them. */
const mostThreads = 65536

interface LiveThread {
  /** The record that told of it, with the name that it has now. */
  record: Uint8Array | null
  /** Of the call that it is in. */
  enter: Uint8Array | null
}

export class LiveFacts {
  #start: Uint8Array | null = null
  readonly #threads = new Map<number, LiveThread>()
  /** By process. */
  readonly #mappings = new Map<number, Uint8Array>()

  /** Takes note of the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const kind = bytes[offset + Header.kind]
    const tid = view.getUint32(offset + Header.tid, true)
    const copy = (): Uint8Array => bytes.slice(offset, offset + view.getUint32(offset, true))
    switch (kind) {
      case RecordKind.start:
        this.#start = copy()
        this.#threads.clear()
        this.#mappings.clear()
        return
      case RecordKind.thread:
        this.#thread(tid).record = copy()
        return
      case RecordKind.comm: {
        const { record } = this.#thread(tid)
        record?.set(bytes.subarray(offset + Thread.comm, offset + Thread.plain), Thread.comm)
        return
      }
      case RecordKind.enter:
        this.#thread(tid).enter = copy()
        return
      case RecordKind.exit:
      case RecordKind.exiting:
        this.#thread(tid).enter = null
        return
      case RecordKind.superseded:
        return this.#supersede(view.getUint32(offset + Status.value, true), tid)
      case RecordKind.mappings:
        this.#mappings.set(view.getUint32(offset + Header.pid, true), copy())
        return
      case RecordKind.exited:
      case RecordKind.killed:
      case RecordKind.detached: {
        this.#threads.delete(tid)
        const pid = view.getUint32(offset + Header.pid, true)
        if (tid === pid) this.#mappings.delete(pid)
      }
    }
  }

  /** Records that say the same, in an order that can be read. */
  *records(): IterableIterator<Uint8Array> {
    if (this.#start !== null) yield this.#start
    for (const { record } of this.#threads.values()) if (record !== null) yield record
    yield* this.#mappings.values()
    const timeOf = (record: Uint8Array): number => new DataView(record.buffer).getFloat64(Header.time, true)
    const enters = [...this.#threads.values()].flatMap(({ enter }) => (enter === null ? [] : [enter]))
    yield* enters.sort((a, b) => timeOf(a) - timeOf(b))
  }

  #thread(tid: number): LiveThread {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      if (this.#threads.size >= mostThreads) this.#threads.clear()
      thread = { record: null, enter: null }
      this.#threads.set(tid, thread)
    }
    return thread
  }

  /** The thread `from` lives on under the number `to`, with the call it is in. */
  #supersede(from: number, to: number): void {
    const caller = this.#threads.get(from)
    if (caller === undefined || from === to) return
    const leader = this.#threads.get(to)
    this.#threads.delete(from)
    this.#threads.set(to, { ...caller, record: leader?.record ?? null })
  }
}
