/** Packs blocks of records, so that they become small: see packed-block.ts. */
import { ByteStream, bytesOf } from './byte-stream.ts'
import { Columns, firstPlaces, widened } from './columns.ts'
import { Enter, Header, RecordKind } from './layout.ts'
import {
  fixedWordsOf,
  isCall,
  lengthsBytes,
  MaskBit,
  maxStep,
  mostWords,
  OwnRecords,
  timeWord,
} from './packed-block.ts'
import { cleanRanges, RangePacker } from './packing-ranges.ts'
import { newThread, RecentThreads } from './recent-threads.ts'
import { forgetUnused } from './unused-arguments.ts'

const tidWord = Header.tid / 4
const zeros = new Uint32Array(mostWords + 2)

/** Packs blocks of records. The result is valid until the next call. */
export class Packer {
  readonly #recent = new RecentThreads()
  readonly #tids = new ByteStream()
  readonly #kinds = new ByteStream()
  readonly #instants = new ByteStream()
  readonly #words = new Columns()
  readonly #ranges = new RangePacker()
  readonly #numbers = new Map<number, number>()
  readonly #own = new OwnRecords()
  /** Of each record: what tells its thread, that thread, its shape, its mask, and its time. */
  #codes = new Uint32Array(0)
  #threads = new Uint32Array(0)
  #shapes = new Uint32Array(0)
  #masks = new Uint32Array(0)
  #high = new Uint32Array(0)
  #low = new Uint8Array(0)
  #lowEnd = 0
  #sorted = new Uint32Array(0)
  #sortedHigh = new Uint32Array(0)
  readonly #varints = [0, 1, 2, 3].map(() => new ByteStream())
  /** By shape: the word at which its last record begins, plus one. */
  #last = new Uint32Array(256)
  /** By thread: the word at which its last enter begins, plus one. */
  #enters = new Uint32Array(256)
  #time = 0
  #packed = new Uint8Array(0)

  /**
   * `bytes` begins with `count` whole records of `length` bytes together, at a multiple of eight. Their padding becomes zero,
   * and so do registers that calls do not take.
   */
  pack(bytes: Uint8Array, length: number, count: number): Uint8Array {
    this.#clear(count)
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, length >> 2)
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    for (let at = 0, n = 0; n < count; n++, at += words[at]! >> 2) this.#record(words, bytes, view, at, n)
    const byThread = this.#varintsOf(1, this.#byThread(count))
    this.#sortByShape(count)
    return this.#join([
      this.#varintsOf(0, this.#codes.subarray(0, count)),
      this.#tids.bytes,
      this.#kinds.bytes,
      byThread,
      this.#varintsOf(2, this.#sorted.subarray(0, count)),
      this.#varintsOf(3, this.#sortedHigh.subarray(0, count)),
      this.#low.subarray(0, this.#lowEnd),
      this.#instants.bytes,
      bytesOf(this.#words.sorted()),
      ...this.#ranges.finish(),
    ])
  }

  #record(words: Uint32Array, bytes: Uint8Array, view: DataView, at: number, n: number): void {
    const size = words[at]! >> 2
    const kind = words[at + Header.kind / 4]! & 0xff
    const fixed = fixedWordsOf(kind)
    const thread = this.#thread(words[at + tidWord]!, n)
    const shape = this.#shape(words, at, kind)
    this.#threads[n] = thread
    this.#shapes[n] = shape
    const last = this.#last[shape]! - 1
    this.#last[shape] = at + 1
    const before = this.#own.exchange(shape, thread, at, last)
    if (kind === RecordKind.enter) {
      this.#enters[thread] = at + 1
      forgetUnused(words, at)
    }
    this.#high[n] = this.#putTime(view.getFloat64((at << 2) + Header.time, true))

    const asRanges = isCall(kind) && cleanRanges(words, bytes, at, size, fixed)
    let mask = 0
    if (!sameTail(words, at, before, size, fixed))
      mask = asRanges ? MaskBit.tail | MaskBit.ranges : MaskBit.tail
    const byRanges = (mask & MaskBit.ranges) !== 0
    // A new shape is told as differing from zeros.
    const others = before < 0 ? zeros : words
    const other = Math.max(before, 0)
    let column = shape * mostWords
    let bit: number = MaskBit.words
    // Around the time, which has two words.
    for (let i = 0; i < timeWord; i++, bit <<= 1, column++) {
      const word = words[at + i]!
      if (word !== others[other + i] && i !== tidWord && !(byRanges && i === Header.size / 4)) {
        mask |= bit
        this.#words.add(column, word)
      }
    }
    for (let i = timeWord + 2; i < fixed; i++, bit <<= 1, column++) {
      const word = words[at + i]!
      if (word !== others[other + i] && !(byRanges && i === Enter.ranges / 4)) {
        mask |= bit
        this.#words.add(column, word)
      }
    }
    this.#masks[n] = mask
    if (byRanges) this.#ranges.ranges(words, bytes, at, fixed, shape, this.#enters[thread]! - 1)
    else if (mask & MaskBit.tail) this.#ranges.tail(bytes, (at + fixed) << 2, (at + size) << 2)
  }

  /** The number of the record's thread. */
  #thread(tid: number, n: number): number {
    const code = this.#recent.codeOf(tid)
    this.#codes[n] = code
    const thread = this.#recent.latest
    if (code === newThread) {
      this.#tids.uint32(tid)
      if (thread === this.#enters.length) this.#enters = widened(this.#enters, 0)
      this.#enters[thread] = 0
    }
    return thread
  }

  /** The number of the record's shape. */
  #shape(words: Uint32Array, at: number, kind: number): number {
    const kindAndArch = words[at + Header.kind / 4]! & 0xffff
    const key = isCall(kind) ? kindAndArch + words[at + Enter.sysno / 4]! * 0x1_0000 : kindAndArch
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const shape = this.#numbers.size
    this.#numbers.set(key, shape)
    this.#kinds.byte(kind)
    if (shape === this.#last.length) this.#last = widened(this.#last, 0)
    this.#last[shape] = 0
    return shape
  }

  /** What stands in `high` for a time; the rest of it is written. */
  #putTime(time: number): number {
    const step = time - this.#time
    const isStep =
      step > -maxStep && step < maxStep && Number.isInteger(step) && Object.is(this.#time + step, time)
    this.#time = time
    if (isStep) {
      const zigzag = (step << 1) ^ (step >> 31)
      this.#low[this.#lowEnd++] = zigzag
      return (zigzag >>> 8) + 1
    }
    this.#instants.float64(time)
    return 0
  }

  /** Shapes of records by thread. Valid until the next sorting. */
  #byThread(count: number): Uint32Array {
    const [threads, shapes, sorted] = [this.#threads, this.#shapes, this.#sorted]
    const next = placesOf(threads, this.#recent.tids.length, count)
    if (next.length <= 1) return shapes.subarray(0, count)
    for (let i = 0; i < count; i++) sorted[next[threads[i]!]!++] = shapes[i]!
    return sorted.subarray(0, count)
  }

  /** Sorts masks and times by shape. */
  #sortByShape(count: number): void {
    const [shapes, masks, high] = [this.#shapes, this.#masks, this.#high]
    const [sortedMasks, sortedHigh] = [this.#sorted, this.#sortedHigh]
    const next = placesOf(shapes, this.#numbers.size, count)
    for (let i = 0; i < count; i++) {
      const place = next[shapes[i]!]!++
      sortedMasks[place] = masks[i]!
      sortedHigh[place] = high[i]!
    }
  }

  #varintsOf(stream: number, numbers: Uint32Array): Uint8Array {
    const varints = this.#varints[stream]!
    varints.clear()
    varints.varints(numbers)
    return varints.bytes
  }

  #clear(count: number): void {
    this.#recent.clear()
    this.#numbers.clear()
    this.#own.clear()
    this.#ranges.clear()
    this.#time = this.#lowEnd = 0
    for (const stream of [this.#tids, this.#kinds, this.#instants]) stream.clear()
    if (this.#codes.length >= count) return
    this.#codes = new Uint32Array(count)
    this.#threads = new Uint32Array(count)
    this.#shapes = new Uint32Array(count)
    this.#masks = new Uint32Array(count)
    this.#high = new Uint32Array(count)
    this.#sorted = new Uint32Array(count)
    this.#sortedHigh = new Uint32Array(count)
    this.#low = new Uint8Array(count)
  }

  #join(parts: readonly Uint8Array[]): Uint8Array {
    const size = lengthsBytes + parts.reduce((sum, part) => sum + part.length, 0)
    if (this.#packed.length < size) this.#packed = new Uint8Array(size * 2)
    const packed = this.#packed
    const view = new DataView(packed.buffer)
    let at = lengthsBytes
    for (const [i, part] of parts.entries()) {
      view.setUint32(i * 4, part.length, true)
      packed.set(part, at)
      at += part.length
    }
    return packed.subarray(0, size)
  }
}

/** Where the records of each column begin, if those of the first come first. */
function placesOf(columnOf: Uint32Array, columns: number, count: number): Uint32Array {
  const next = new Uint32Array(columns)
  if (columns > 1) for (let i = 0; i < count; i++) next[columnOf[i]!]!++
  firstPlaces(next, columns, 0)
  return next
}

function sameTail(words: Uint32Array, at: number, before: number, size: number, fixed: number): boolean {
  if (before < 0) return size === fixed
  if (words[before]! >> 2 !== size) return false
  for (let i = fixed; i < size; i++) if (words[at + i] !== words[before + i]) return false
  return true
}
