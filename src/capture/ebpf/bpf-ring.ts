/** The kernel's ring, mapped: events are read where the kernel put them. */
import { RingRecord } from './bpf-constants.ts'
import { type MappedMemory, mapMemory } from './bpf-syscall.ts'

/** Two pages of positions, the reader's and the kernel's; then the data, mapped twice so that no record is in two pieces. */
export class BpfRing {
  /** The data. */
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly words: Uint32Array
  readonly #size: number
  readonly #own: BigUint64Array
  readonly #theirs: BigUint64Array
  readonly #mapped: readonly MappedMemory[]
  /** Bytes read. */
  #read = 0
  #published = 0
  /** Bytes that the kernel has handed out, when last looked. */
  #written = 0

  /** Throws BpfError. */
  constructor(fd: number, size: number, pageSize: number) {
    this.#size = size
    const own = mapMemory(fd, pageSize, 0, true)
    const theirs = mapMemory(fd, pageSize + 2 * size, pageSize, false)
    this.#mapped = [own, theirs]
    this.#own = new BigUint64Array(own.buffer, 0, 1)
    this.#theirs = new BigUint64Array(theirs.buffer, 0, 1)
    this.bytes = new Uint8Array(theirs.buffer, pageSize, 2 * size)
    this.view = new DataView(theirs.buffer, pageSize, 2 * size)
    this.words = new Uint32Array(theirs.buffer, pageSize, (2 * size) >> 2)
  }

  /** Where the next event is in `bytes`, or -1: there is none, or the next is still being written. */
  next(): number {
    return this.#find(this.#read)
  }

  /** The bytes of the event at `offset`. */
  length(offset: number): number {
    return this.words[(offset - RingRecord.headerBytes) >> 2]! & ~(RingRecord.busy | RingRecord.discarded)
  }

  /** Steps over the event that `next` found. Its bytes stay until `publish`. */
  advance(): void {
    this.#read += this.#recordSize(this.#read)
  }

  /** Gives back to the kernel what was read. */
  publish(): void {
    if (this.#published === this.#read) return
    this.#published = this.#read
    Atomics.store(this.#own, 0, BigInt(this.#read))
  }

  /** Bytes that wait to be read. */
  get waiting(): number {
    this.#look()
    return this.#written - this.#read
  }

  /** Bytes read since `publish`. */
  get unpublished(): number {
    return this.#read - this.#published
  }

  /** The first of the events behind the next one for which `test` holds, as an offset; -1 when none of the first `most` is it. */
  ahead(test: (offset: number) => boolean, most: number): number {
    let at = this.#read + this.#recordSize(this.#read)
    for (let n = 0; n < most; n++) {
      const found = this.#find(at)
      if (found < 0) return -1
      if (test(found)) return found
      at += this.#recordSize(at)
    }
    return -1
  }

  /** What it was mapped to must not be looked at any more. */
  close(): void {
    for (const memory of this.#mapped) memory.unmap()
  }

  #find(position: number): number {
    for (let at = position; ; at += this.#recordSize(at)) {
      if (at >= this.#written) {
        this.#look()
        if (at >= this.#written) return -1
      }
      const place = at & (this.#size - 1)
      const header = Atomics.load(this.words, place >> 2)
      if (header >= RingRecord.busy) return -1
      // Nothing that we write is ever discarded; a record that is would only be stepped over.
      if ((header & RingRecord.discarded) === 0) return place + RingRecord.headerBytes
      if (at === this.#read) this.#read += this.#recordSize(at)
    }
  }

  #recordSize(position: number): number {
    const header = this.words[(position & (this.#size - 1)) >> 2]!
    const length = header & ~(RingRecord.busy | RingRecord.discarded)
    return (length + RingRecord.headerBytes + 7) & ~7
  }

  #look(): void {
    this.#written = Number(Atomics.load(this.#theirs, 0))
  }
}
