/** Which process a number is, and how it is called: traced ones as they were at this point of the stream, others as /proc has them now. */
import type { PidLookup } from '../notes/pid-notes.ts'
import { type IdKind, threadName, translate } from '../notes/process-numbers.ts'
import type { TracedThread } from './traced-thread.ts'

export class TracedNames implements PidLookup {
  readonly #threads: () => ReadonlyMap<number, TracedThread>
  /** Of processes that have ended and that nobody has waited for: /proc has their names still. */
  readonly #ended = new Map<number, string>()

  constructor(threads: () => ReadonlyMap<number, TracedThread>) {
    this.#threads = threads
  }

  translate(tid: number, id: number, kind: IdKind): number {
    // In our own pid namespace, its numbers are ours.
    return this.#threads().get(tid)?.innerTid === 0 ? id : translate(tid, id, kind)
  }

  threadName(tid: number): Uint8Array {
    const name = this.#threads().get(tid)?.comm ?? this.#ended.get(tid)
    return name === undefined ? threadName(tid) : Buffer.from(name, 'latin1')
  }

  /** A thread has ended. */
  ended({ tid, pid, comm }: TracedThread): void {
    // Threads are waited for by nobody.
    if (tid === pid) this.#ended.set(tid, comm)
  }

  /** Somebody has waited for it. */
  reaped(tid: number): void {
    this.#ended.delete(tid)
  }
}
