/**
 * One call laid out for decoding: its enter record, its exit record when there is one, and the memory ranges
 * of both, in one stretch of bytes. Interpreters address everything by offsets into it.
 */
import { argumentBlock, choiceOf, meantCall, meantNumber, wordsOf } from '../abi/argument-blocks.ts'
import {
  type ArchName,
  align8,
  archNames,
  Enter,
  EnterFlag,
  Exit,
  ExitFlag,
  Exiting,
  Header,
  Range,
  RangeFlag,
  RangeKind,
} from './layout.ts'

/** Memory as an interpreter sees it. A record's ranges implement it; so can a live address space. */
export interface Memory {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** Offset in `bytes` of `length` bytes at `address`, or -1. */
  find(address: number, length: number): number
  /** How many bytes are known from `address` on (0: none), and where they start: see `at`. */
  available(address: number): number
  /** Offset found by the last `available`. */
  at: number
  /** The last `available` ended where memory could not be read (rather than where copying stopped). */
  faulted: boolean
}

/** What the kernel takes for an error in a result (linux/err.h). */
const maxErrno = 4095n

const initialBytes = 4096
const initialRanges = 64
/** Up to so many bytes a loop copies faster. */
const shortRecord = 512

/** A reusable frame: `enter` copies an enter record in, `exit` appends the exit record. */
export class Frame implements Memory {
  bytes: Uint8Array = new Uint8Array(initialBytes)
  view: DataView = new DataView(this.bytes.buffer)
  at = 0
  /** Offset found by the last `findNote`. */
  noteAt = 0
  faulted = false
  tid = 0
  pid = 0
  arch: ArchName = 'amd64'
  /** The call's number, or that of the call which its memory says is meant (`meantNumber`). */
  sysno = 0
  enterTime = 0
  exitTime = 0
  /** Flags of the enter record. */
  enterFlags = 0
  /** Offset of the six 64-bit arguments. */
  readonly args: number = Enter.args
  /** Offset of the six registers that the call was made with: those of the arguments, unless these lay in memory. */
  registers: number = Enter.args
  /** Offset of the 64-bit result, or -1 while the call has not returned. */
  result = -1
  failed = false
  /** Flags of the exit record. */
  exitFlags = 0
  /** System CPU time that the thread spent in the call in ns, NaN when it was not recorded. */
  systemTime = Number.NaN
  /** Memory is seen as it was before the call: what an argument said then that the call changed. */
  asEntered = false
  /** Flags of the note found last. */
  noteFlags = 0
  /** How long the call took in ns; null when it has not returned, or was seen at its return alone. */
  get elapsed(): number | null {
    if (this.result < 0 || (this.enterFlags & EnterFlag.partial) !== 0) return null
    return Math.max(0, this.exitTime - this.enterTime)
  }
  /** The errno of a failed call, else 0. */
  errno = 0

  /** `bytes` as words, and what was copied from last. */
  #words = new Uint32Array(this.bytes.buffer)
  #source: Uint32Array = this.#words
  #used = 0
  /** Where the call writes what it returns, 0 for nowhere. */
  #resultAt = 0
  #ranges = 0
  #enterRanges = 0
  #addresses = new Float64Array(initialRanges)
  #lengths = new Uint32Array(initialRanges)
  #offsets = new Uint32Array(initialRanges)
  #kinds = new Uint8Array(initialRanges)
  #flags = new Uint8Array(initialRanges)

  /** Takes an enter record of `source` at `offset`. */
  enter(source: Uint8Array, view: DataView, offset: number): void {
    const size = view.getUint32(offset, true)
    this.#reserve(size)
    this.#copy(source, offset, size, 0)
    this.#used = size
    this.#ranges = 0
    this.tid = view.getUint32(offset + Header.tid, true)
    this.pid = view.getUint32(offset + Header.pid, true)
    this.arch = archNames[source[offset + Header.arch]!] ?? 'amd64'
    this.enterTime = view.getFloat64(offset + Header.time, true)
    this.enterFlags = view.getUint16(offset + Header.flags, true)
    this.sysno = view.getUint32(offset + Enter.sysno, true)
    this.result = -1
    this.failed = false
    this.errno = 0
    this.exitFlags = 0
    this.systemTime = Number.NaN
    this.#index(0, Enter.bytes, size, view.getUint32(offset + Enter.ranges, true))
    this.#enterRanges = this.#ranges
    this.#resultAt = 0
    this.registers = this.args
    if (this.arch === 'i386') this.#findArguments()
  }

  /** Puts arguments that lie in memory in the place of those that lead there, where all of them were copied. */
  #findArguments(): void {
    const block = argumentBlock(this.arch, this.sysno)
    if (block === undefined) return
    const word = (index: number) => this.view.getUint32(this.args + index * 8, true)
    const choice = block.chosenBy === null ? 0 : choiceOf(block, word(block.chosenBy))
    const number = meantNumber(this.sysno, choice)
    const meant = meantCall(this.arch, number)
    if (meant === undefined) return
    const words = wordsOf(meant)
    const at = words === 0 ? 0 : this.find(word(block.at), words * 4)
    if (at < 0) return
    const values = meant.args.map(place =>
      typeof place === 'number' ? word(place) : this.view.getUint32(at + place.word * 4, true),
    )
    this.registers = this.padded(this.args, 48, 48)
    this.#used = this.registers + 48
    if (meant.resultAt !== undefined) this.#resultAt = word(meant.resultAt)
    for (let i = 0; i < 6; i++) this.view.setBigUint64(this.args + i * 8, BigInt(values[i] ?? 0), true)
    this.sysno = number
  }

  /** How many bytes of memory stand from `offset` of `bytes` on: to the end of what was copied with them. */
  copiedFrom(offset: number): number {
    for (let i = 0; i < this.#ranges; i++) {
      const end = this.#offsets[i]! + this.#lengths[i]!
      if (this.#kinds[i] === RangeKind.memory && offset >= this.#offsets[i]! && offset <= end)
        return end - offset
    }
    return 0
  }

  /** Appends the exit record that belongs to the frame's enter record. */
  exit(source: Uint8Array, view: DataView, offset: number): void {
    const size = view.getUint32(offset, true)
    const start = align8(this.#used)
    this.#reserve(start + size)
    this.#copy(source, offset, size, start)
    this.#used = start + size
    this.exitTime = view.getFloat64(offset + Header.time, true)
    this.result = start + Exit.result
    this.exitFlags = view.getUint16(offset + Header.flags, true)
    this.failed = (this.exitFlags & ExitFlag.failed) !== 0
    this.errno = this.failed ? -view.getInt32(offset + Exit.result, true) : 0
    this.systemTime = view.getFloat64(offset + Exit.systemTime, true)
    this.#index(start, Exit.bytes, size, view.getUint32(offset + Exit.ranges, true))
    if (this.#resultAt !== 0 && !this.failed) this.#findResult()
  }

  /** Puts a result that the kernel has written to memory in the place of that in the register. */
  #findResult(): void {
    const at = this.find(this.#resultAt, 4)
    if (at >= 0) this.view.setBigUint64(this.result, BigInt(this.view.getUint32(at, true)), true)
  }

  /** As `exit`, from an `exiting` record: what the call came to that its thread will not see. False when that is not known. */
  exiting(view: DataView, offset: number): boolean {
    if ((view.getUint16(offset + Header.flags, true) & 1) === 0) return false
    const start = align8(this.#used)
    this.#reserve(start + Exit.bytes)
    this.#used = start + Exit.bytes
    this.exitTime = view.getFloat64(offset + Header.time, true)
    this.result = start + Exit.result
    const result = view.getBigInt64(offset + Exiting.result, true)
    this.view.setBigInt64(this.result, result, true)
    this.failed = result < 0n && result >= -maxErrno
    this.errno = this.failed ? Number(-result) : 0
    return true
  }

  find(address: number, length: number): number {
    const from = (this.asEntered ? this.#enterRanges : this.#ranges) - 1
    return this.#search(address, from, 0, length) >= length ? this.at : -1
  }

  available(address: number): number {
    return this.#search(address, (this.asEntered ? this.#enterRanges : this.#ranges) - 1, 0)
  }

  /** Whether the capture found that nothing can be read at an address: where it has not come to it, nobody knows. */
  isUnreadable(address: number): boolean {
    for (let i = 0; i < this.#ranges; i++)
      if (
        this.#addresses[i] === address &&
        this.#lengths[i] === 0 &&
        this.#kinds[i] === RangeKind.memory &&
        (this.#flags[i]! & RangeFlag.fault) !== 0
      )
        return true
    return false
  }

  /** As `available`, but only in what was copied at enter: what an inout argument was before the call. */
  availableAtEnter(address: number): number {
    return this.#search(address, this.#enterRanges - 1, 0)
  }

  /** Where the thread went on after a call that moved it; undefined where it did not, or that was not noted. */
  get movedTo(): bigint | undefined {
    for (let i = this.#ranges - 1; i >= this.#enterRanges; i--)
      if (this.#kinds[i] === RangeKind.instruction)
        return this.view.getBigUint64(this.#offsets[i]! - Range.bytes, true)
    return undefined
  }

  /** What was captured beside memory for `key` (a descriptor): its bytes, or undefined when there is none. */
  note(kind: number, key: number): Uint8Array | undefined {
    const length = this.findNote(kind, key)
    return length < 0 ? undefined : this.bytes.subarray(this.noteAt, this.noteAt + length)
  }

  /** The same with nothing made: its length, -1 when there is none, and where it starts: see `noteAt`. */
  findNote(kind: number, key: number): number {
    for (let i = this.#ranges - 1; i >= 0; i--)
      if (this.#kinds[i] === kind && this.#addresses[i] === key) {
        this.noteAt = this.#offsets[i]!
        this.noteFlags = this.#flags[i]!
        return this.#lengths[i]!
      }
    this.noteFlags = 0
    return -1
  }

  /** Whether `test` holds for something that was captured beside memory, at the enter. */
  someNote(kind: number, test: (bytes: Uint8Array, key: number) => boolean): boolean {
    for (let i = 0; i < this.#enterRanges; i++) {
      const at = this.#offsets[i]!
      const bytes = this.bytes.subarray(at, at + this.#lengths[i]!)
      if (this.#kinds[i] === kind && test(bytes, this.#addresses[i]!)) return true
    }
    return false
  }

  /**
   * A copy of the `length` bytes at `offset`, with zeros behind up to `size`: a structure of which the program has
   * only the beginning. It stands until the next one is made.
   */
  padded(offset: number, length: number, size: number): number {
    const start = align8(this.#used)
    this.#reserve(start + size)
    this.bytes.copyWithin(start, offset, offset + length)
    this.bytes.fill(0, start + length, start + size)
    return start
  }

  #search(address: number, from: number, to: number, least = 1): number {
    // Newest first: what stood there at the exit hides what stood there at the enter. Of what was copied at the same
    // moment the longest counts: the same bytes may have been copied for several reasons, to different lengths (a
    // program's path, which is its argv[0] too).
    let longest = 0
    for (let i = from; i >= to; i--) {
      if (longest >= least && i === this.#enterRanges - 1) break
      if (this.#kinds[i] !== RangeKind.memory) continue
      const skip = address - this.#addresses[i]!
      const length = this.#lengths[i]! - skip
      if (skip < 0 || length <= longest) continue
      longest = length
      this.at = this.#offsets[i]! + skip
      this.faulted = (this.#flags[i]! & RangeFlag.fault) !== 0
    }
    if (longest >= least) return longest
    this.faulted = true
    return 0
  }

  /** Lists the ranges of the record that stands at `start`; stops at the first that does not fit. */
  #index(start: number, from: number, size: number, count: number): void {
    let at = start + from
    const end = start + size
    for (let n = 0; n < count && at + Range.bytes <= end; n++) {
      const length = this.view.getUint32(at + Range.length, true)
      if (at + Range.bytes + length > end) return
      const i = this.#ranges
      if (i === this.#addresses.length) this.#grow()
      this.#addresses[i] = this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000
      this.#lengths[i] = length
      this.#offsets[i] = at + Range.bytes
      this.#kinds[i] = this.bytes[at + Range.kind]!
      this.#flags[i] = this.bytes[at + Range.flags]!
      this.#ranges = i + 1
      at += Range.bytes + align8(length)
    }
  }

  /** Copies `size` bytes, a multiple of eight as all sizes and offsets are. Most records are too short for `set` to pay. */
  #copy(source: Uint8Array, from: number, size: number, to: number): void {
    if (size > shortRecord || (source.byteOffset & 3) !== 0) {
      this.bytes.set(source.subarray(from, from + size), to)
      return
    }
    if (this.#source.buffer !== source.buffer)
      this.#source = new Uint32Array(source.buffer, 0, source.buffer.byteLength >> 2)
    const words = this.#source
    const own = this.#words
    const first = (source.byteOffset + from) >> 2
    const end = first + (size >> 2)
    for (let i = first, j = to >> 2; i < end; i++, j++) own[j] = words[i]!
  }

  #reserve(bytes: number): void {
    if (bytes <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(bytes, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.#used))
    this.bytes = larger
    this.view = new DataView(larger.buffer)
    this.#words = new Uint32Array(larger.buffer)
  }

  #grow(): void {
    const n = this.#addresses.length * 2
    const addresses = new Float64Array(n)
    addresses.set(this.#addresses)
    this.#addresses = addresses
    const widen = (old: Uint32Array) => {
      const wide = new Uint32Array(n)
      wide.set(old)
      return wide
    }
    this.#lengths = widen(this.#lengths)
    this.#offsets = widen(this.#offsets)
    const kinds = new Uint8Array(n)
    kinds.set(this.#kinds)
    this.#kinds = kinds
    const marks = new Uint8Array(n)
    marks.set(this.#flags)
    this.#flags = marks
  }
}
