import { align8, maxRecordBytes } from './layout.ts'

/**
 * A ring of records in shared memory: one thread writes, another reads, neither copies.
 *
 * The writer always has `maxRecordBytes` in one piece before it; what is left at the end of the buffer is
 * skipped by a mark. A full ring makes the writer wait: that is the back-pressure that holds the tracee.
 *
 * Control words (Int32): 0 bytes written, 1 bytes read (both modulo 2^32, as record bytes including skips),
 * 2 reader asleep, 3 command for the writer's thread, 4 writer done, 5 writer waits for room,
 * 6 what the backend needs to be woken by (a pid), 0 for nothing, 7 tracees that share a CPU on the backend's behalf.
 */
export const Control = {
  written: 0,
  read: 1,
  asleep: 2,
  command: 3,
  done: 4,
  waiting: 5,
  doorbell: 6,
  narrowed: 7,
  words: 16,
} as const
const skipMark = 0xffffffff

export interface RingMemory {
  readonly control: SharedArrayBuffer
  readonly data: SharedArrayBuffer
}

/** Shared memory for a ring; `bytes` must be a power of two and hold at least two of the largest records. */
export function createRing(bytes: number = 8 << 20): RingMemory {
  if (bytes < 2 * maxRecordBytes || (bytes & (bytes - 1)) !== 0)
    throw new RangeError(`ring of ${bytes} bytes`)
  return {
    control: new SharedArrayBuffer(Control.words * 4),
    data: new SharedArrayBuffer(bytes),
  }
}

/** The writing end. `begin()` gives the place for the next record, `commit(size)` hands it to the reader. */
export class RingWriter {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly control: Int32Array
  /** Where the record under construction starts, in `bytes`. */
  offset = 0
  /** Called again and again while a record waits for room: for writers whose own source goes on meanwhile. */
  whileFull: (() => void) | null = null
  #written = 0
  readonly #size: number
  readonly #wake: () => void
  readonly #drain: (() => void) | null

  /**
   * @param wake called when the reader sleeps and there is something to read; must not throw
   * @param drain where the reader is this very thread: makes it read, when there is no room
   */
  constructor(memory: RingMemory, wake: () => void, drain: (() => void) | null = null) {
    this.bytes = new Uint8Array(memory.data)
    this.view = new DataView(memory.data)
    this.control = new Int32Array(memory.control)
    this.#size = memory.data.byteLength
    this.#wake = wake
    this.#drain = drain
  }

  /** Bytes that have not been read. */
  get unread(): number {
    return (this.#written - Atomics.load(this.control, Control.read)) >>> 0
  }

  /** Waits until the largest record fits, and returns where it starts. */
  begin(): number {
    let at = this.#written & (this.#size - 1)
    if (this.#size - at < maxRecordBytes) {
      this.#room(this.#size - at)
      this.view.setUint32(at, skipMark, true)
      this.#advance(this.#size - at)
      at = 0
    }
    this.#room(maxRecordBytes)
    this.offset = at
    return at
  }

  /** Publishes the record begun last; `size` counts from its start. */
  commit(size: number): void {
    const whole = align8(size)
    this.view.setUint32(this.offset, whole, true)
    this.#advance(whole)
    if (
      Atomics.load(this.control, Control.asleep) === 1 &&
      Atomics.compareExchange(this.control, Control.asleep, 1, 0) === 1
    )
      this.#wake()
  }

  /** Tells the reader that nothing more comes. */
  close(): void {
    Atomics.store(this.control, Control.done, 1)
    Atomics.store(this.control, Control.asleep, 0)
    this.#wake()
  }

  #advance(bytes: number): void {
    this.#written = (this.#written + bytes) | 0
    Atomics.store(this.control, Control.written, this.#written)
  }

  #room(bytes: number): void {
    for (;;) {
      const read = Atomics.load(this.control, Control.read)
      if (this.#size - ((this.#written - read) >>> 0) >= bytes) return
      if (this.#drain !== null) {
        this.#drain()
        continue
      }
      Atomics.store(this.control, Control.waiting, 1)
      if (Atomics.compareExchange(this.control, Control.asleep, 1, 0) === 1) this.#wake()
      this.whileFull?.()
      // The time limit mends a wake-up lost between the store above and the wait.
      Atomics.wait(this.control, Control.read, read, this.whileFull === null ? 50 : 2)
      Atomics.store(this.control, Control.waiting, 0)
    }
  }
}

/** The reading end: `next()` gives a record's offset in `bytes`, valid until it is released; `run` how many follow it. */
export class RingReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly control: Int32Array
  #read = 0
  readonly #size: number

  constructor(memory: RingMemory) {
    this.bytes = new Uint8Array(memory.data)
    this.view = new DataView(memory.data)
    this.control = new Int32Array(memory.control)
    this.#size = memory.data.byteLength
  }

  /** The offset of the next record, or -1 when there is none now. The record is freed by `release`. */
  next(): number {
    for (;;) {
      if (Atomics.load(this.control, Control.written) === this.#read) return -1
      const at = this.#read & (this.#size - 1)
      const size = this.view.getUint32(at, true)
      if (size !== skipMark) return at
      this.#read = (this.#read + this.#size - at) | 0
      this.#publish()
    }
  }

  /** Where the records end that follow the one at `offset`, which `next` gave: no more than `most` bytes, but one at least. */
  run(offset: number, most: number): number {
    const there = Atomics.load(this.control, Control.written) - this.#read
    const end = offset + Math.min(there >>> 0, most, this.#size - offset)
    let at = offset + this.view.getUint32(offset, true)
    while (at < end) {
      const size = this.view.getUint32(at, true)
      if (size === skipMark || at + size > end) break
      at += size
    }
    return at
  }

  /** Steps over the record at `offset`; its bytes may be overwritten from now on. */
  release(offset: number): void {
    this.releaseBytes(this.view.getUint32(offset, true))
  }

  /** Steps over records of so many bytes. */
  releaseBytes(bytes: number): void {
    this.#read = (this.#read + bytes) | 0
    this.#publish()
  }

  /** True once the writer has closed and everything has been read. */
  get finished(): boolean {
    return (
      Atomics.load(this.control, Control.done) === 1 &&
      Atomics.load(this.control, Control.written) === this.#read
    )
  }

  /** Announces that the reader goes to sleep; false when there is something to read after all. */
  sleep(): boolean {
    Atomics.store(this.control, Control.asleep, 1)
    if (
      Atomics.load(this.control, Control.written) === this.#read &&
      Atomics.load(this.control, Control.done) === 0
    )
      return true
    Atomics.store(this.control, Control.asleep, 0)
    return false
  }

  #publish(): void {
    Atomics.store(this.control, Control.read, this.#read)
    if (Atomics.load(this.control, Control.waiting) === 0) return
    // Woken for the room of one record, the writer would wait again at the next: half of the ring is more than it ever waits for.
    const unread = (Atomics.load(this.control, Control.written) - this.#read) >>> 0
    if (unread <= this.#size / 2 && Atomics.compareExchange(this.control, Control.waiting, 1, 0) === 1)
      Atomics.notify(this.control, Control.read)
  }
}
