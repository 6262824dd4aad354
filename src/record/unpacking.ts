/** The way back from packing.ts. Everything is checked: what is unpacked may come from anywhere. */
import { firstPlaces } from './columns.ts'
import { Cursor } from './cursor.ts'
import { Header, maxRecordBytes, RecordKind } from './layout.ts'
import {
  fixedWordsOf,
  isCall,
  lengthsBytes,
  MaskBit,
  mostWords,
  OwnRecords,
  streams,
  timeWord,
} from './packed-block.ts'
import { newThread, RecentThreads } from './recent-threads.ts'
import { isSound } from './sound-records.ts'
import { RangeUnpacker } from './unpacking-ranges.ts'

/** Unpacks blocks of records. */
export class Unpacker {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  #words = new Uint32Array(0)
  readonly #recent = new RecentThreads()
  readonly #own = new OwnRecords()
  readonly #ranges = new RangeUnpacker()
  readonly #cursor = new Cursor()
  readonly #low = new Cursor()
  readonly #instants = new Cursor()
  #kinds: readonly number[] = []
  /** Of each record its thread and its shape; by shape, masks, high parts of times and layouts. */
  #threads = new Uint32Array(0)
  #shapes = new Uint32Array(0)
  #masks = new Uint32Array(0)
  #high = new Uint32Array(0)
  #laid = new Uint32Array(0)
  #sorted = new Uint32Array(0)

  /** Fills `bytes` with `count` records of `length` bytes together; false when `packed` is not that. */
  unpack(packed: Uint8Array, length: number, count: number): boolean {
    if (packed.length < lengthsBytes || length % 8 !== 0 || count * Header.bytes > length) return false
    this.#reserve(length, count)
    const input = new DataView(packed.buffer, packed.byteOffset, packed.length)
    const ends: number[] = []
    let end = lengthsBytes
    for (let i = 0; i < streams; i++) ends.push((end += input.getUint32(i * 4, true)))
    if (end !== packed.length) return false
    const over = (cursor: Cursor, stream: number): Cursor =>
      cursor.over(input, stream === 0 ? lengthsBytes : ends[stream - 1]!, ends[stream]!)
    if (!this.#readThreads(over(this.#cursor, 0), over(this.#low, 1), count)) return false
    if (!this.#readShapes(over(this.#cursor, 3), over(this.#low, 2), count)) return false
    const firsts = this.#byShape(count)
    over(this.#cursor, 4).varints(this.#masks, count)
    over(this.#cursor, 5).varints(this.#high, count)
    if (this.#cursor.exhausted) return false
    const columns = this.#columns(firsts, count, ends[7]!)
    if (columns === null || columns.end !== ends[8]) return false
    const laid = this.#readLaid(over(this.#cursor, 10), count)
    const ranges = this.#ranges
    if (laid < 0 || !ranges.begin(packed, input, ends, this.#sorted.subarray(0, laid), length)) return false
    over(this.#low, 6)
    over(this.#instants, 7)
    return this.#records(input, count, length, firsts, columns.next)
  }

  #records(input: DataView, count: number, length: number, nextOf: Uint32Array, next: Uint32Array): boolean {
    const { view } = this
    const words = this.#words
    const low = this.#low
    const ranges = this.#ranges
    const kinds = this.#kinds
    const { tids } = this.#recent
    const last = new Int32Array(kinds.length).fill(-1)
    const enters = new Int32Array(tids.length).fill(-1)
    const own = this.#own
    own.clear()
    const end = length >> 2
    let time = 0
    let at = 0
    for (let n = 0; n < count; n++) {
      const thread = this.#threads[n]!
      const shape = this.#shapes[n]!
      const place = nextOf[shape]!++
      const mask = this.#masks[place]!
      const kind = kinds[shape]!
      const before = own.exchange(shape, thread, at, last[shape]!)
      last[shape] = at
      const fixed = fixedWordsOf(kind)
      if (at + fixed > end) return false
      if (before < 0) words.fill(0, at, at + fixed)
      else for (let i = 0; i < fixed; i++) words[at + i] = words[before + i]!
      for (let bits = mask >>> 2; bits !== 0; bits &= bits - 1) {
        const bit = 31 - Math.clz32(bits & -bits)
        const column = shape * mostWords + bit
        // The time's two words have no column.
        words[at + (bit < timeWord ? bit : bit + 2)] = input.getUint32(next[column]!, true)
        next[column]! += 4
      }
      words[at + Header.tid / 4] = tids[thread]!
      const high = this.#high[place]!
      if (high === 0) time = this.#instants.float64()
      else {
        const zigzag = ((high - 1) << 8) | low.byte()
        time += (zigzag >>> 1) ^ -(zigzag & 1)
      }
      view.setFloat64((at << 2) + Header.time, time, true)

      if (kind === RecordKind.enter) enters[thread] = at
      let to: number
      if ((mask & MaskBit.ranges) !== 0) {
        to = ranges.ranges(words, this.bytes, at, fixed, end, this.#laid[place]!, enters[thread]!)
        if (to < 0) return false
        words[at] = (to - at) << 2
      } else {
        const size = words[at]!
        to = at + (size >> 2)
        if (size % 8 !== 0 || size > maxRecordBytes || to < at + fixed || to > end) return false
        if ((mask & MaskBit.tail) !== 0) {
          if (!ranges.tail(this.bytes, (at + fixed) << 2, to << 2)) return false
        } else if (before < 0 ? to !== at + fixed : words[before] !== size) return false
        else for (let i = fixed; i < to - at; i++) words[at + i] = words[before + i]!
      }
      if (!isSound(view, at << 2)) return false
      at = to
    }
    return at === end && !low.exhausted && !this.#instants.exhausted
  }

  #readThreads(threads: Cursor, tids: Cursor, count: number): boolean {
    const recent = this.#recent
    recent.clear()
    const codes = this.#sorted
    threads.varints(codes, count)
    for (let n = 0; n < count; n++) {
      const code = codes[n]!
      if (code === newThread) recent.add(tids.uint32())
      else if (!recent.take(code)) return false
      this.#threads[n] = recent.latest
    }
    return !threads.exhausted && !tids.exhausted
  }

  #readShapes(shapes: Cursor, kindOf: Cursor, count: number): boolean {
    const kinds: number[] = []
    const sorted = this.#sorted
    shapes.varints(sorted, count)
    const next = new Uint32Array(this.#recent.tids.length)
    for (let n = 0; n < count; n++) next[this.#threads[n]!]!++
    firstPlaces(next, next.length, 0)
    for (let n = 0; n < count; n++) {
      const shape = sorted[next[this.#threads[n]!]!++]!
      if (shape > kinds.length) return false
      if (shape === kinds.length) kinds.push(kindOf.byte())
      this.#shapes[n] = shape
    }
    this.#kinds = kinds
    return !shapes.exhausted && !kindOf.exhausted
  }

  /** Where, by shape, what is told of the first record of each stands. */
  #byShape(count: number): Uint32Array {
    const firsts = new Uint32Array(this.#kinds.length)
    for (let n = 0; n < count; n++) firsts[this.#shapes[n]!]!++
    firstPlaces(firsts, firsts.length, 0)
    return firsts
  }

  /** By column: where its words begin, when the first one does `from` there; and where they end. Null where masks are none. */
  #columns(firsts: Uint32Array, count: number, from: number): { next: Uint32Array; end: number } | null {
    const next = new Uint32Array(firsts.length * mostWords)
    for (let shape = 0; shape < firsts.length; shape++) {
      const kind = this.#kinds[shape]!
      const to = shape + 1 < firsts.length ? firsts[shape + 1]! : count
      // Of the words, the time's two have no bit; what is told otherwise has none either.
      const bits = fixedWordsOf(kind) - 2
      for (let i = firsts[shape]!; i < to; i++) {
        const mask = this.#masks[i]!
        if (mask >>> bits >= MaskBit.words || ((mask & MaskBit.ranges) !== 0 && !isCall(kind))) return null
        for (let rest = mask >>> 2; rest !== 0; rest &= rest - 1)
          next[shape * mostWords + 31 - Math.clz32(rest & -rest)]! += 4
      }
    }
    return { next, end: firstPlaces(next, next.length, from) }
  }

  /** Reads the layouts of records that have one; how many those are, whose layouts then stand in `#sorted`. -1 where they are none. */
  #readLaid(cursor: Cursor, count: number): number {
    let laid = 0
    for (let i = 0; i < count; i++) if ((this.#masks[i]! & MaskBit.ranges) !== 0) laid++
    cursor.varints(this.#sorted, laid)
    for (let i = 0, n = 0; n < laid; i++)
      if ((this.#masks[i]! & MaskBit.ranges) !== 0) this.#laid[i] = this.#sorted[n++]!
    return cursor.exhausted ? -1 : laid
  }

  /** Room is made with some to spare: full blocks are of nearly one size, and new memory costs more than what is written there. */
  #reserve(length: number, count: number): void {
    if (this.bytes.length < length) {
      this.bytes = new Uint8Array(length + (length >> 4) * 2)
      this.view = new DataView(this.bytes.buffer)
      this.#words = new Uint32Array(this.bytes.buffer, 0, this.bytes.length >> 2)
    }
    if (this.#threads.length >= count) return
    const room = count + (count >> 1)
    this.#threads = new Uint32Array(room)
    this.#shapes = new Uint32Array(room)
    this.#masks = new Uint32Array(room)
    this.#high = new Uint32Array(room)
    this.#laid = new Uint32Array(room)
    this.#sorted = new Uint32Array(room)
  }
}
