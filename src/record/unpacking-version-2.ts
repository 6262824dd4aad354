/**
 * Blocks of recordings of version 2: seven streams, with control, low and high bytes of times, words, heads, addresses and
 * tails. They are as packed-block.ts has them now, but in the records' order; what differs is told from the last record of the
 * shape by any thread, structures and notes are bytes like others, and an address's place, kind and flags stand in bytes.
 */
import { shortCopy } from './byte-stream.ts'
import { firstPlaces } from './columns.ts'
import { Cursor } from './cursor.ts'
import { align8, Enter, Header, maxRecordBytes, Range, RecordKind } from './layout.ts'
import { AddressFrom, fixedWordsOf, highestNear, MaskBit, mostWords, timeWord } from './packed-block.ts'
import { isSound } from './sound-records.ts'

const streams = 7
const lengthsBytes = streams * 4
const HeadBit = { from: 7, kindShift: 3, kinds: 16, flags: 128 } as const

/** Unpacks blocks of records. */
export class UnpackerOfVersion2 {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  #words = new Uint32Array(0)
  /** Of each record: its shape, and what is another. */
  #shapes = new Uint32Array(0)
  #masks = new Uint32Array(0)
  readonly #control = new Cursor()
  readonly #low = new Cursor()
  readonly #high = new Cursor()
  readonly #heads = new Cursor()
  #input: DataView = this.view
  #packed: Uint8Array = this.bytes
  /** Where the next address and the next bytes of a tail stand, and where they end. */
  #addresses = 0
  #tails = 0
  #tailsFrom = 0

  /** Fills `bytes` with `count` records of `length` bytes together; false when `packed` is not that. */
  unpack(packed: Uint8Array, length: number, count: number): boolean {
    if (packed.length < lengthsBytes || length % 8 !== 0 || count * Header.bytes > length) return false
    this.#reserve(length, count)
    const input = new DataView(packed.buffer, packed.byteOffset, packed.length)
    this.#input = input
    this.#packed = packed
    const ends: number[] = []
    for (let i = 0, at: number = lengthsBytes; i < streams; i++)
      ends.push((at += input.getUint32(i * 4, true)))
    const [controlEnd, lowEnd, highEnd, wordsEnd, headsEnd, tailsFrom, end] = ends as [
      number,
      number,
      number,
      number,
      number,
      number,
      number, // biome-ignore format: one a stream
    ]
    if (end !== packed.length) return false
    this.#control.over(input, lengthsBytes, controlEnd)
    this.#low.over(input, controlEnd, lowEnd)
    this.#high.over(input, lowEnd, highEnd)
    this.#heads.over(input, wordsEnd, headsEnd)
    this.#addresses = headsEnd
    this.#tails = this.#tailsFrom = tailsFrom
    const kinds = this.#readControl(count)
    if (kinds === null) return false
    const columns = this.#columns(count, kinds.length, highEnd)
    if (columns.end !== wordsEnd) return false
    return this.#records(count, length, kinds, columns.next)
  }

  #records(count: number, length: number, kinds: readonly number[], next: Uint32Array): boolean {
    const { view } = this
    const words = this.#words
    const input = this.#input
    const low = this.#low
    const high = this.#high
    const last = new Int32Array(kinds.length).fill(-1)
    const enters = new Map<number, number>()
    const end = length >> 2
    let time = 0
    let at = 0
    for (let n = 0; n < count; n++) {
      const shape = this.#shapes[n]!
      const mask = this.#masks[n]!
      const kind = kinds[shape]!
      const before = last[shape]!
      last[shape] = at
      const fixed = fixedWordsOf(kind)
      if (at + fixed > end) return false
      if (before < 0) words.fill(0, at, at + fixed)
      else for (let i = 0; i < fixed; i++) words[at + i] = words[before + i]!
      for (let bits = mask >>> 2; bits !== 0; bits &= bits - 1) {
        const place = 31 - Math.clz32(bits & -bits)
        const column = shape * mostWords + place
        // The time's two words have no column.
        words[at + (place < timeWord ? place : place + 2)] = input.getUint32(next[column]!, true)
        next[column]! += 4
      }
      const step = high.varint()
      if (step === 0) time = high.float64()
      else {
        const zigzag = ((step - 1) << 8) | low.byte()
        time += (zigzag >>> 1) ^ -(zigzag & 1)
      }
      view.setFloat64((at << 2) + Header.time, time, true)
      if (low.exhausted || high.exhausted) return false

      const size = words[at]!
      const to = at + (size >> 2)
      if (size % 8 !== 0 || size > maxRecordBytes || to < at + fixed || to > end) return false
      const tid = words[at + Header.tid / 4]!
      if (kind === RecordKind.enter) enters.set(tid, at)
      if ((mask & MaskBit.ranges) !== 0) {
        if (!this.#ranges(at, at + fixed, to, enters.get(tid) ?? -1)) return false
      } else if ((mask & MaskBit.tail) !== 0) {
        if (!this.#tail((at + fixed) << 2, to << 2)) return false
      } else if (before < 0 ? to !== at + fixed : words[before] !== size) return false
      else for (let i = fixed; i < to - at; i++) words[at + i] = words[before + i]!
      if (!isSound(view, at << 2)) return false
      at = to
    }
    return at === end
  }

  /** Reads shapes and masks of all records; the kinds of the shapes, null where they are none. */
  #readControl(count: number): readonly number[] | null {
    const control = this.#control
    const kinds: number[] = []
    for (let n = 0; n < count; n++) {
      const shape = control.varint()
      if (shape > kinds.length) return null
      if (shape === kinds.length) kinds.push(control.byte())
      const mask = control.varint()
      if (control.exhausted) return null
      // Of the words, the time's two have no bit.
      const bits = fixedWordsOf(kinds[shape]!) - 2
      const isCall = bits + 2 > fixedWordsOf(0)
      if (mask >>> bits >= MaskBit.words || ((mask & MaskBit.ranges) !== 0 && !isCall)) return null
      this.#shapes[n] = shape
      this.#masks[n] = mask
    }
    return kinds
  }

  /** By column: where its words begin, when the first one does `from` there; and where they end. */
  #columns(count: number, shapes: number, from: number): { next: Uint32Array; end: number } {
    const next = new Uint32Array(shapes * mostWords)
    for (let n = 0; n < count; n++) {
      const column = this.#shapes[n]! * mostWords
      for (let bits = this.#masks[n]! >>> 2; bits !== 0; bits &= bits - 1)
        next[column + 31 - Math.clz32(bits & -bits)]! += 4
    }
    return { next, end: firstPlaces(next, next.length, from) }
  }

  #tail(from: number, to: number): boolean {
    const length = to - from
    if (this.#tails + length > this.#packed.length) return false
    if (length > shortCopy) this.bytes.set(this.#packed.subarray(this.#tails, this.#tails + length), from)
    else for (let i = 0; i < length; i++) this.bytes[from + i] = this.#packed[this.#tails + i]!
    this.#tails += length
    return true
  }

  /** The ranges of the record at word `record` into the words from `at` to `to`, which they must fill. */
  #ranges(record: number, at: number, to: number, enter: number): boolean {
    const words = this.#words
    const heads = this.#heads
    let expected = 0
    for (let n = words[record + Enter.ranges / 4]!; n > 0; n--) {
      if (at + Range.bytes / 4 > to) return false
      const head = heads.byte()
      const from = head & HeadBit.from
      const kind = (head >> HeadBit.kindShift) & (HeadBit.kinds - 1)
      const flags = (head & HeadBit.flags) === 0 ? 0 : heads.byte()
      const length = heads.varint()
      if (from === AddressFrom.near) {
        const zigzag = heads.varint()
        const address = expected + ((zigzag >>> 1) ^ -(zigzag & 1))
        if (address < 0) return false
        words[at] = address
        words[at + 1] = address / 0x1_0000_0000
      } else if (from === AddressFrom.listed) {
        if (this.#addresses + 8 > this.#tailsFrom) return false
        words[at] = this.#input.getUint32(this.#addresses, true)
        words[at + 1] = this.#input.getUint32(this.#addresses + 4, true)
        this.#addresses += 8
      } else {
        if (enter < 0) return false
        words[at] = words[enter + Enter.args / 4 + from * 2]!
        words[at + 1] = words[enter + Enter.args / 4 + from * 2 + 1]!
      }
      words[at + 2] = length
      words[at + 3] = kind | (flags << 8)
      if (heads.exhausted || length > maxRecordBytes) return false
      const next = at + ((Range.bytes + align8(length)) >> 2)
      if (next > to) return false
      const content = (at << 2) + Range.bytes
      // The padding first: the bytes may end within the last word.
      if (length > 0) words[next - 1] = words[next - 2] = 0
      if (!this.#tail(content, content + length)) return false
      const high = words[at + 1]!
      expected = high <= highestNear ? words[at]! + high * 0x1_0000_0000 + length : 0
      at = next
    }
    return at === to
  }

  #reserve(length: number, count: number): void {
    if (this.bytes.length < length) {
      this.bytes = new Uint8Array(length)
      this.view = new DataView(this.bytes.buffer)
      this.#words = new Uint32Array(this.bytes.buffer)
    }
    if (this.#shapes.length >= count) return
    this.#shapes = new Uint32Array(count)
    this.#masks = new Uint32Array(count)
  }
}
