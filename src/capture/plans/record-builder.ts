/** A record while it is put together: ranges of a tracee's memory, copied to where the record is going to stand, and notes. */
import { align8, maxRecordBytes, Range, RangeFlag, RangeKind } from '../../record/layout.ts'

/** The memory of a stopped tracee. */
export interface TraceeMemory {
  /**
   * Copies up to `length` bytes at `address` to `to`, an offset in the ring; returns how many there were
   * before one that could not be read.
   */
  read(address: number, length: number, to: number): number
  /**
   * The same for one of many short pieces that lie close together: pages are read whole, and kept until `forget`. Asking the
   * kernel for each piece would take longer.
   */
  readNear(address: number, length: number, to: number): number
  /** What was kept is old. */
  forget(): void
}

/** NULL is nothing to read. Neither is 2^53 and more: no program has memory there, and numbers are not exact. */
const isAddress = (address: number) => address > 0 && address < 2 ** 53

/** A record never grows past this, whatever a program claims; the rest of `maxRecordBytes` is for notes and fixed parts. */
export const rangesEnd: number = maxRecordBytes - 8192
const pageSize = 4096

/**
 * The record under construction: appends ranges behind its fixed part, reading the tracee's memory straight into
 * the ring. One object serves all records, and nothing is allocated per call.
 */
export class RecordBuilder {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly memory: TraceeMemory
  /** What is read is one of many pieces: see `readNear`. */
  near = false
  /** Told of a string that could be read in part. */
  onShortRead: ((address: number, read: number, asked: number) => void) | null = null
  /** Where the record starts, in `bytes`. */
  offset = 0
  /** Where the next range goes, in `bytes`. */
  at = 0
  ranges = 0
  /** Where the content of the last range starts, and how much of it there is. */
  start = 0
  copied = 0

  /** The six arguments of the call as pairs of 32-bit halves, low half first. */
  args: Uint32Array = new Uint32Array(12)
  resultLow = 0
  resultHigh = 0
  /** The stack pointer at the enter. */
  stack = 0

  /** What expressions count fields from: the innermost copied range or structure, and those around it. */
  base = 0
  limit = 0
  depth = 0
  readonly bases: Int32Array = new Int32Array(maxDepth)
  readonly limits: Int32Array = new Int32Array(maxDepth)

  /** The upper half of notes' keys: 0, or the slot of another process whose descriptors are noted. */
  slot = 0

  #end = 0

  constructor(bytes: Uint8Array, view: DataView, memory: TraceeMemory) {
    this.bytes = bytes
    this.view = view
    this.memory = memory
  }

  /** Begins the ranges of the record at `offset`, whose fixed part has `fixed` bytes. */
  begin(offset: number, fixed: number): void {
    this.offset = offset
    this.at = offset + fixed
    this.#end = offset + rangesEnd
    this.ranges = 0
    this.depth = 0
    this.base = 0
    this.limit = 0
  }

  /** Copies `length` bytes at `address`, at most `max`; whether there is anything at `start`. */
  copy(address: number, length: number, max: number): boolean {
    if (!isAddress(address) || !(length > 0)) return false
    const start = this.at + Range.bytes
    const wanted = Math.min(length, max, this.#end - start)
    if (wanted <= 0) return false
    const copied = this.#read(address, wanted, start)
    this.#finish(address, copied, copied < wanted ? RangeFlag.fault : wanted < length ? RangeFlag.cut : 0)
    return copied > 0
  }

  /** Copies up to and with the NUL, at most `max` bytes. */
  copyString(address: number, max: number): void {
    if (!isAddress(address)) return
    const start = this.at + Range.bytes
    const wanted = Math.min(max, this.#end - start)
    if (wanted <= 0) return
    let copied = 0
    let flag: number = RangeFlag.cut
    // Page by page: the page behind the string's last may be unreadable.
    while (copied < wanted) {
      const chunk = Math.min(wanted - copied, pageSize - ((address + copied) % pageSize))
      const got = this.#read(address + copied, chunk, start + copied)
      this.bytes[start + copied + got] = 0 // An end for the search.
      const nul = this.bytes.indexOf(0, start + copied)
      copied += got
      if (nul < start + copied) {
        copied = nul + 1 - start
        flag = 0
        break
      }
      if (got < chunk) {
        flag = RangeFlag.fault
        break
      }
    }
    if (flag === RangeFlag.fault && copied > 0) this.onShortRead?.(address, copied, wanted)
    this.#finish(address, copied, flag)
  }

  /** Copies words up to and with a zero one, at most `max` words; whether there is anything at `start`. */
  copyWords(address: number, word: number, max: number): boolean {
    if (!isAddress(address)) return false
    const start = this.at + Range.bytes
    const wanted = Math.min(max * word, this.#end - start)
    if (wanted <= 0) return false
    let copied = 0
    let flag: number = RangeFlag.cut
    while (copied < wanted) {
      const chunk = Math.min(wanted - copied, pageSize - ((address + copied) % pageSize))
      const got = this.memory.read(address + copied, chunk, start + copied)
      const end = this.#zeroWord(start, copied, copied + got, word)
      copied += got
      if (end > 0) {
        copied = end
        flag = 0
        break
      }
      if (got < chunk) {
        flag = RangeFlag.fault
        break
      }
    }
    this.#finish(address, copied, flag)
    return copied > 0
  }

  /** Appends what is not memory: `length` bytes that already stand behind the header, at `at + Range.bytes`. */
  note(kind: number, key: number, length: number, flags = 0): void {
    this.#note(kind, key, this.slot, length, flags)
  }

  /** Appends a note that is nothing but its key. */
  noteKey(kind: number, low: number, high: number): void {
    if (this.hasRoom(0)) this.#note(kind, low, high, 0, 0)
  }

  #note(kind: number, key: number, high: number, length: number, flags: number): void {
    const { view, at } = this
    // A descriptor may be negative (AT_FDCWD): readers compare it as unsigned 32 bits.
    view.setUint32(at, key, true)
    view.setUint32(at + 4, high, true)
    view.setUint32(at + Range.length, length, true)
    view.setUint32(at + Range.kind, kind | (flags << 8), true)
    this.at = at + Range.bytes + align8(length)
    this.ranges++
  }

  /** Whether `bytes` more (of a note) fit. */
  hasRoom(bytes: number): boolean {
    return this.at + Range.bytes + bytes <= this.#end + (maxRecordBytes - rangesEnd) / 2
  }

  /** The number of 2, 4 or 8 bytes at `address`, read now; 0 when it cannot be read. */
  peek(address: number, size: number): number {
    const scratch = this.at + Range.bytes
    if (!isAddress(address) || this.memory.read(address, size, scratch) < size) return 0
    return this.number(scratch, size)
  }

  /** An unsigned number of `size` bytes at `offset` of the structure `up` levels out; 0 where it was not copied. */
  field(up: number, offset: number, size: number): number {
    const level = this.depth - 1 - up
    const at = this.bases[level]! + offset
    if (level < 0 || at + size > this.limits[level]!) return 0
    return this.number(at, size)
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes at an offset in `bytes`. */
  number(at: number, size: number): number {
    if (size === 8) return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000
    if (size === 4) return this.view.getUint32(at, true)
    return size === 2 ? this.view.getUint16(at, true) : this.view.getUint8(at)
  }

  #read(address: number, length: number, to: number): number {
    return this.near ? this.memory.readNear(address, length, to) : this.memory.read(address, length, to)
  }

  /** From here to `endNear` many pieces of memory are copied, as those of a vector, that lie close together. */
  beginNear(): void {
    this.near = true
  }

  endNear(): void {
    this.near = false
    this.memory.forget()
  }

  #finish(address: number, copied: number, flag: number): void {
    const { view, at } = this
    view.setUint32(at, address % 0x1_0000_0000, true)
    view.setUint32(at + 4, Math.floor(address / 0x1_0000_0000), true)
    view.setUint32(at + Range.length, copied, true)
    view.setUint32(at + Range.kind, RangeKind.memory | (flag << 8), true)
    this.start = at + Range.bytes
    this.copied = copied
    this.at = this.start + align8(copied)
    this.ranges++
  }

  /** Where the first zero word ends, counted from `start`; 0 when none of those that end after `from` is zero. */
  #zeroWord(start: number, from: number, to: number, word: number): number {
    // An unaligned vector has words that straddle two chunks: begin with the first that was not whole before.
    for (let i = from - (from % word); i + word <= to; i += word)
      if (this.number(start + i, word) === 0) return i + word
    return 0
  }
}

/** Structures inside structures: no declaration comes near. */
const maxDepth = 16
