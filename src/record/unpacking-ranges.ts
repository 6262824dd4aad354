/** The way back from packing-ranges.ts. Everything is checked. */
import { shortCopy } from './byte-stream.ts'
import { firstPlaces } from './columns.ts'
import { Cursor } from './cursor.ts'
import { ExpectedNotes } from './expected-notes.ts'
import { align8, Enter, maxRecordBytes, Range, RangeKind } from './layout.ts'
import {
  AddressFrom,
  ContentFrom,
  contentOf,
  fieldsOf,
  HeadBit,
  highestNear,
  numbersOf,
  rangeKinds,
} from './packed-block.ts'

/** Streams by number: layouts, and those behind `laid`. */
const [layoutStream, numberStream, addressStream, differingStream, fieldStream, textStream, bufferStream] = [
  9, 11, 12, 13, 14, 15, 16,
]

export class RangeUnpacker {
  readonly #notes = new ExpectedNotes()
  #packed: Uint8Array = new Uint8Array(0)
  #input: DataView = new DataView(new ArrayBuffer(0))
  /** By layout: the first of its heads, one more than the last layout has; how many records have it, and how many were read. */
  #first = new Uint32Array(0)
  #uses = new Uint32Array(0)
  #used = new Uint32Array(0)
  #heads = new Uint32Array(0)
  /** By head: where its numbers, its bytes that tell what differs, and its fields stand, and the last structure, plus one. */
  #numbersAt = new Uint32Array(0)
  #differingAt = new Uint32Array(0)
  #fieldsAt = new Uint32Array(0)
  #last = new Uint32Array(0)
  #numbers = new Uint32Array(0)
  /** By column of fields: where the next one stands. */
  #nextField = new Uint32Array(0)
  readonly #cursor = new Cursor()
  readonly #addresses = new Cursor()
  /** Where the next texts and buffers stand, and where they end. */
  #texts = 0
  #textsEnd = 0
  #buffers = 0
  #buffersEnd = 0

  /** Reads what stands before ranges; `laid` are the layouts of all records that have one, whose block has `length` bytes. */
  begin(
    packed: Uint8Array,
    input: DataView,
    ends: readonly number[],
    laid: Uint32Array,
    length: number,
  ): boolean {
    this.#packed = packed
    this.#input = input
    this.#notes.clear()
    const begin = (stream: number): number => ends[stream - 1]!
    if (!this.#readLayouts(this.#cursor.over(input, begin(layoutStream), ends[layoutStream]!), length))
      return false
    const layouts = this.#first.length - 1
    const uses = (this.#uses = new Uint32Array(layouts))
    this.#used = new Uint32Array(layouts)
    for (const layout of laid) {
      if (layout >= layouts) return false
      uses[layout]!++
    }
    const columns = this.#place(begin(differingStream), length)
    if (columns === null || columns.differingEnd !== ends[differingStream]) return false
    this.#numbers = new Uint32Array(columns.numbers)
    this.#cursor.over(input, begin(numberStream), ends[numberStream]!).varints(this.#numbers, columns.numbers)
    if (this.#cursor.exhausted) return false
    this.#countFields(columns.fields)
    if (firstPlaces(this.#nextField, columns.fields, begin(fieldStream)) !== ends[fieldStream]) return false
    this.#addresses.over(input, begin(addressStream), ends[addressStream]!)
    this.#texts = begin(textStream)
    this.#textsEnd = this.#buffers = begin(bufferStream)
    this.#buffersEnd = ends[bufferStream]!
    return true
  }

  /** Reads a tail that is not told as ranges. */
  tail(bytes: Uint8Array, from: number, to: number): boolean {
    const at = this.#buffers
    if (to - from > this.#buffersEnd - at) return false
    this.#buffers += to - from
    this.#copy(bytes, from, at, to - from)
    return true
  }

  /**
   * Writes the ranges of a record behind its fixed part, and their number; the word at which they end, -1 where they are none or go beyond `end`.
   */
  ranges(
    words: Uint32Array,
    bytes: Uint8Array,
    record: number,
    fixed: number,
    end: number,
    layout: number,
    enter: number,
  ): number {
    const first = this.#first[layout]!
    const count = this.#first[layout + 1]! - first
    const uses = this.#uses[layout]!
    const use = this.#used[layout]!++
    words[record + Enter.ranges / 4] = count
    const most = Math.min(end, record + maxRecordBytes / 4)
    let at = record + fixed
    let before = -1
    let expected = 0
    for (let h = first; h < first + count; h++) {
      if (at + Range.bytes / 4 > most) return -1
      const head = this.#heads[h]!
      const from = head & 15
      if (from === AddressFrom.again) {
        const size = (Range.bytes + align8(before < 0 ? 0 : words[before + Range.length / 4]!)) >> 2
        if (before < 0 || at + size > most) return -1
        copyWords(words, before, at, size)
        before = at
        at += size
        continue
      }
      const kind = (head >>> HeadBit.kind) & (rangeKinds - 1)
      words[at + 3] = kind | (((head >>> HeadBit.flags) & 0xff) << 8)
      let number = this.#numbersAt[h]! + use
      const content = contentOf(head)
      let told = 0
      if (content <= ContentFrom.texts) {
        told = this.#numbers[number]!
        number += uses
      }
      if (from === AddressFrom.near) {
        const zigzag = this.#numbers[number]!
        const address = expected + ((zigzag >>> 1) ^ -(zigzag & 1))
        if (address < 0) return -1
        words[at] = address
        words[at + 1] = address / 0x1_0000_0000
      } else if (from === AddressFrom.listed) {
        words[at] = this.#addresses.uint32()
        words[at + 1] = this.#addresses.uint32()
        if (this.#addresses.exhausted) return -1
      } else {
        if (enter < 0) return -1
        words[at] = words[enter + Enter.args / 4 + from * 2]!
        words[at + 1] = words[enter + Enter.args / 4 + from * 2 + 1]!
      }
      const length = this.#length(words, bytes, record, at, enter, head, told)
      const next = at + ((Range.bytes + align8(length)) >> 2)
      if (length < 0 || length > maxRecordBytes || next > most) return -1
      words[at + 2] = length
      // The padding first: the bytes may end within the last word.
      if (length > 0) words[next - 1] = words[next - 2] = 0
      if (!this.#content(words, bytes, at, length, h, use, uses)) return -1
      if (kind !== RangeKind.memory) this.#notes.note(words, record, at)
      const high = words[at + 1]!
      expected = high <= highestNear ? words[at]! + high * 0x1_0000_0000 + length : 0
      before = at
      at = next
    }
    return at
  }

  /** How long the range at word `at` is; -1 where nothing tells that. */
  #length(
    words: Uint32Array,
    bytes: Uint8Array,
    record: number,
    at: number,
    enter: number,
    head: number,
    told: number,
  ): number {
    switch (contentOf(head)) {
      case ContentFrom.fields:
        return fieldsOf(head) * 4
      case ContentFrom.noted:
        return this.#notes.find(words, record, at) ? this.#notes.length : -1
      case ContentFrom.opened:
        // An enter that asks for itself is not whole.
        return enter < 0 || enter === record ? -1 : this.#notes.opened(words, bytes, enter)
      default:
        return told
    }
  }

  /** Writes the bytes of the range at word `at`. */
  #content(
    words: Uint32Array,
    bytes: Uint8Array,
    at: number,
    length: number,
    h: number,
    use: number,
    uses: number,
  ): boolean {
    const to = (at << 2) + Range.bytes
    switch (contentOf(this.#heads[h]!)) {
      case ContentFrom.fields:
        this.#structure(words, at + Range.bytes / 4, length >> 2, h, use, uses)
        return true
      case ContentFrom.noted:
        copyWords(words, this.#notes.at >> 2, to >> 2, align8(length) >> 2)
        return true
      case ContentFrom.opened:
        for (let i = 0; i < length; i++) bytes[to + i] = this.#notes.path[i]!
        return true
      case ContentFrom.texts: {
        const from = this.#texts
        if (length > this.#textsEnd - from) return false
        this.#texts += length
        this.#copy(bytes, to, from, length)
        return true
      }
      default:
        return this.tail(bytes, to, to + length)
    }
  }

  #structure(words: Uint32Array, at: number, count: number, h: number, use: number, uses: number): void {
    const before = this.#last[h]! - 1
    this.#last[h] = at + 1
    const input = this.#input
    const next = this.#nextField
    const column = this.#fieldsAt[h]!
    let differing = this.#differingAt[h]! + use
    let bits = 0
    for (let i = 0; i < count; i++) {
      if ((i & 7) === 0) {
        bits = this.#packed[differing]!
        differing += uses
      }
      if ((bits & 1) !== 0) {
        words[at + i] = input.getUint32(next[column + i]!, true)
        next[column + i]! += 4
      } else words[at + i] = before < 0 ? 0 : words[before + i]!
      bits >>= 1
    }
  }

  #copy(bytes: Uint8Array, to: number, from: number, length: number): void {
    const packed = this.#packed
    if (length > shortCopy) bytes.set(packed.subarray(from, from + length), to)
    else for (let i = 0; i < length; i++) bytes[to + i] = packed[from + i]!
  }

  /** Every head of a layout is a range of a record, so no more of them are believed than ranges find room in the block. */
  #readLayouts(cursor: Cursor, length: number): boolean {
    const most = length / Range.bytes
    const layouts = cursor.varint()
    if (layouts > most) return false
    this.#first = new Uint32Array(layouts + 1)
    const heads: number[] = []
    for (let i = 0; i < layouts; i++) {
      this.#first[i] = heads.length
      const count = cursor.varint()
      if (count > most - heads.length) return false
      for (let n = 0; n < count; n++) heads.push(cursor.varint())
      if (cursor.exhausted) return false
    }
    this.#first[layouts] = heads.length
    this.#heads = Uint32Array.from(heads)
    return heads.every(isHead) && !cursor.exhausted
  }

  /**
   * By head, where all that it tells stands, when bytes that tell what differs begin at `from`; how much all that is. Null when records with these
   * layouts do not find room in `length` bytes.
   */
  #place(from: number, length: number): { numbers: number; fields: number; differingEnd: number } | null {
    const heads = this.#heads
    this.#numbersAt = new Uint32Array(heads.length)
    this.#differingAt = new Uint32Array(heads.length)
    this.#fieldsAt = new Uint32Array(heads.length)
    this.#last = new Uint32Array(heads.length)
    let [numbers, differing, fields, room] = [0, from, 0, 0]
    for (let layout = 0; layout < this.#uses.length; layout++) {
      const uses = this.#uses[layout]!
      // A layout that no record has is none that was packed.
      if (uses === 0) return null
      for (let h = this.#first[layout]!; h < this.#first[layout + 1]!; h++) {
        const head = heads[h]!
        this.#numbersAt[h] = numbers
        this.#differingAt[h] = differing
        this.#fieldsAt[h] = fields
        numbers += numbersOf(head) * uses
        differing += ((fieldsOf(head) + 7) >> 3) * uses
        fields += fieldsOf(head)
        room += (Range.bytes + fieldsOf(head) * 4) * uses
      }
      if (room > length) return null
    }
    return { numbers, fields, differingEnd: differing }
  }

  /** Counts the bytes of each column of fields. */
  #countFields(columns: number): void {
    const next = (this.#nextField = new Uint32Array(columns))
    for (let layout = 0; layout < this.#uses.length; layout++) {
      const uses = this.#uses[layout]!
      for (let h = this.#first[layout]!; h < this.#first[layout + 1]!; h++) {
        const count = fieldsOf(this.#heads[h]!)
        for (let i = 0, at = this.#differingAt[h]!; i < count; i += 8)
          for (const to = at + uses; at < to; at++)
            for (let bits = this.#packed[at]!; bits !== 0; bits &= bits - 1) {
              const field = i + 31 - Math.clz32(bits & -bits)
              if (field < count) next[this.#fieldsAt[h]! + field]! += 4
            }
      }
    }
  }
}

/** Most ranges are too short for `copyWithin` to pay. */
function copyWords(words: Uint32Array, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) words[to + i] = words[from + i]!
}

const isHead = (head: number): boolean =>
  head >>> HeadBit.end === 0 && (head & 15) <= AddressFrom.again && contentOf(head) <= ContentFrom.opened
