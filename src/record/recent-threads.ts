/**
 * Which thread a record is of, in few bits: by how many other threads had a record since the last of its own. Packing and
 * unpacking keep the same list.
 */

/** Threads that the list holds. One that has left it is told by its number. */
const listed = 64

export class RecentThreads {
  /** Thread ids, by number: threads are numbered as they come. */
  readonly tids: number[] = []
  readonly #numbers = new Map<number, number>()
  /** Numbers of threads, the latest first. */
  readonly #recent = new Int32Array(listed)
  #length = 0

  clear(): void {
    this.tids.length = 0
    this.#numbers.clear()
    this.#length = 0
  }

  /** The number of the thread that the last record was of. */
  get latest(): number {
    return this.#recent[0]!
  }

  /** What tells that the next record is of this thread, which becomes the latest. `newThread`: that it has no record yet. */
  codeOf(tid: number): number {
    const recent = this.#recent
    for (let i = 0; i < this.#length; i++)
      if (this.tids[recent[i]!] === tid) {
        this.#toFront(i, recent[i]!)
        return i
      }
    const known = this.#numbers.get(tid)
    if (known === undefined) {
      this.add(tid)
      return newThread
    }
    this.#enlist(known)
    return newThread + 1 + known
  }

  /** Makes the thread that `code` tells the latest; false when there is none. Not for `newThread`. */
  take(code: number): boolean {
    if (code < this.#length) {
      if (code > 0) this.#toFront(code, this.#recent[code]!)
      return true
    }
    const known = code - newThread - 1
    if (known < 0 || known >= this.tids.length) return false
    this.#enlist(known)
    return true
  }

  /** A new thread is the latest. */
  add(tid: number): void {
    const number = this.tids.length
    this.tids.push(tid)
    this.#numbers.set(tid, number)
    this.#enlist(number)
  }

  #enlist(number: number): void {
    if (this.#length < listed) this.#length++
    this.#toFront(this.#length - 1, number)
  }

  #toFront(from: number, number: number): void {
    const recent = this.#recent
    for (let i = from; i > 0; i--) recent[i] = recent[i - 1]!
    recent[0] = number
  }
}
/** The code of a thread that had no record yet. */
export const newThread: number = listed
