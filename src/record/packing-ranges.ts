/** Packs the ranges of records of calls: see packed-block.ts. */
import { ByteStream, bytesOf, varintsOf } from './byte-stream.ts'
import { Columns } from './columns.ts'
import { ExpectedNotes } from './expected-notes.ts'
import { align8, Enter, Header, Range, RangeKind, RecordKind } from './layout.ts'
import {
  AddressFrom,
  ContentFrom,
  contentOf,
  fieldsOf,
  HeadBit,
  highestNear,
  longestFields,
  nearby,
  numbersOf,
  rangeKinds,
} from './packed-block.ts'

/** Longest text that ends in a NUL and stands with paths. */
const longestText = 512

/** Heads of all ranges of records that were alike, and where in columns what they tell stands. */
interface Layout {
  readonly number: number
  readonly shape: number
  readonly heads: Uint32Array
  /** Of each head: its first column of numbers, of bytes that tell which fields differ, and of fields. */
  readonly numbers: Uint32Array
  readonly differing: Uint32Array
  readonly fields: Uint32Array
  /** Of each head: the word at which the last such structure stands, plus one. */
  readonly last: Uint32Array
  /** Another one of the same hash. */
  readonly next: Layout | undefined
}

export class RangePacker {
  readonly #notes = new ExpectedNotes()
  readonly #layouts = new Map<number, Layout>()
  #count = 0
  /** By shape, the layout that was last. */
  readonly #latest: (Layout | undefined)[] = []
  readonly #heads = new ByteStream()
  readonly #laid = new Columns()
  readonly #numbers = new Columns()
  readonly #addresses = new ByteStream()
  readonly #differing = new Columns()
  readonly #fields = new Columns()
  readonly #texts = new ByteStream()
  readonly #buffers = new ByteStream()
  #numberColumns = 0
  #differingColumns = 0
  #fieldColumns = 0
  /** Of the record that is being written: heads, where the bytes of each range are, and numbers. */
  #head = new Uint32Array(64)
  #content = new Uint32Array(64)
  #number = new Uint32Array(128)

  clear(): void {
    this.#notes.clear()
    this.#layouts.clear()
    this.#latest.length = this.#count = 0
    this.#numberColumns = this.#differingColumns = this.#fieldColumns = 0
    for (const stream of [this.#heads, this.#addresses, this.#texts, this.#buffers]) stream.clear()
  }

  /** The streams of layouts and all that stands behind them. */
  finish(): Uint8Array[] {
    const layouts = new ByteStream()
    layouts.varint(this.#count)
    layouts.copy(this.#heads.bytes, 0, this.#heads.bytes.length)
    return [
      layouts.bytes,
      varintsOf(this.#laid.sorted()),
      varintsOf(this.#numbers.sorted()),
      this.#addresses.bytes,
      new Uint8Array(this.#differing.sorted()),
      bytesOf(this.#fields.sorted()),
      this.#texts.bytes,
      this.#buffers.bytes,
    ]
  }

  /** A tail that is not told as ranges. */
  tail(bytes: Uint8Array, from: number, to: number): void {
    this.#buffers.copy(bytes, from, to)
  }

  /** Writes the ranges of the record at word `record`; its arguments stand in the record at `enter`, if that is not below 0. */
  ranges(
    words: Uint32Array,
    bytes: Uint8Array,
    record: number,
    fixed: number,
    shape: number,
    enter: number,
  ): void {
    const count = words[record + Enter.ranges / 4]!
    if (count > this.#head.length) {
      this.#head = new Uint32Array(count * 2)
      this.#content = new Uint32Array(count * 2)
      this.#number = new Uint32Array(count * 4)
    }
    let numbers = 0
    let at = record + fixed
    let before = -1
    let expected = 0
    for (let n = 0; n < count; n++) {
      const length = words[at + Range.length / 4]!
      const next = at + ((Range.bytes + align8(length)) >> 2)
      if (before >= 0 && sameWords(words, before, at, next - at)) this.#head[n] = AddressFrom.again
      else {
        const low = words[at]!
        const high = words[at + 1]!
        const address = low + high * 0x1_0000_0000
        const away = address - expected
        const from = this.#addressFrom(words, enter, low, high, expected === 0 ? nearby : away)
        const marks = words[at + Range.kind / 4]!
        const content = this.#contentFrom(words, bytes, record, at, enter)
        this.#head[n] =
          from |
          (content << HeadBit.content) |
          ((marks & 0xff) << HeadBit.kind) |
          (((marks >>> 8) & 0xff) << HeadBit.flags) |
          (content === ContentFrom.fields ? ((length >> 2) - 1) << HeadBit.words : 0)
        this.#content[n] = at + Range.bytes / 4
        if (content <= ContentFrom.texts) {
          this.#number[numbers++] = length
          const start = (at << 2) + Range.bytes
          ;(content === ContentFrom.texts ? this.#texts : this.#buffers).copy(bytes, start, start + length)
        }
        if (from === AddressFrom.near) this.#number[numbers++] = (away << 1) ^ (away >> 31)
        else if (from === AddressFrom.listed) {
          this.#addresses.uint32(low)
          this.#addresses.uint32(high)
        }
        expected = high <= highestNear ? address + length : 0
        before = at
      }
      at = next
    }
    const layout = this.#layout(shape, count)
    this.#laid.add(shape, layout.number)
    this.#tell(layout, words)
  }

  /** Adds numbers and fields to their columns. */
  #tell({ heads, numbers, differing, fields, last }: Layout, words: Uint32Array): void {
    let told = 0
    for (let n = 0; n < heads.length; n++) {
      const head = heads[n]!
      for (let i = 0, of = numbersOf(head); i < of; i++)
        this.#numbers.add(numbers[n]! + i, this.#number[told++]!)
      if (contentOf(head) !== ContentFrom.fields) continue
      const place = this.#content[n]!
      const before = last[n]! - 1
      last[n] = place + 1
      const count = fieldsOf(head)
      let bits = 0
      for (let i = 0; i < count; i++) {
        const word = words[place + i]!
        if (word !== (before < 0 ? 0 : words[before + i]!)) {
          bits |= 1 << (i & 7)
          this.#fields.add(fields[n]! + i, word)
        }
        if ((i & 7) === 7 || i === count - 1) {
          this.#differing.add(differing[n]! + (i >> 3), bits)
          bits = 0
        }
      }
    }
  }

  #addressFrom(words: Uint32Array, enter: number, low: number, high: number, away: number): number {
    if (enter >= 0)
      for (let i = 0, arg = enter + Enter.args / 4; i < 6; i++, arg += 2)
        if (words[arg] === low && words[arg + 1] === high) return i
    return high <= highestNear && away > -nearby && away < nearby ? AddressFrom.near : AddressFrom.listed
  }

  /** How the bytes of the range at word `at` are told. */
  #contentFrom(words: Uint32Array, bytes: Uint8Array, record: number, at: number, enter: number): number {
    const length = words[at + Range.length / 4]!
    const start = (at << 2) + Range.bytes
    const kind = words[at + Range.kind / 4]! & 0xff
    if (kind === RangeKind.memory)
      return isStructure(words, at, length)
        ? ContentFrom.fields
        : length > 0 && length <= longestText && bytes[start + length - 1] === 0
          ? ContentFrom.texts
          : ContentFrom.buffers
    const notes = this.#notes
    const found = notes.find(words, record, at) && notes.length === length
    const from =
      found && sameWords(words, notes.at >> 2, start >> 2, align8(length) >> 2)
        ? ContentFrom.noted
        : isOpened(words, record, kind, enter) &&
            notes.opened(words, bytes, enter) === length &&
            sameBytes(notes.path, 0, bytes, start, length)
          ? ContentFrom.opened
          : ContentFrom.texts
    notes.note(words, record, at)
    return from
  }

  /** The layout with the heads of the record that is being written. */
  #layout(shape: number, count: number): Layout {
    const latest = this.#latest[shape]
    if (latest !== undefined && this.#isLaid(latest, shape, count)) return latest
    let hash = shape
    for (let i = 0; i < count; i++) hash = Math.imul(hash ^ this.#head[i]!, 0x9e3779b1) ^ (hash >>> 15)
    const first = this.#layouts.get(hash)
    let layout = first
    while (layout !== undefined && !this.#isLaid(layout, shape, count)) layout = layout.next
    if (layout === undefined) this.#layouts.set(hash, (layout = this.#newLayout(shape, count, first)))
    this.#latest[shape] = layout
    return layout
  }

  #isLaid({ shape, heads }: Layout, ofShape: number, count: number): boolean {
    if (shape !== ofShape || heads.length !== count) return false
    for (let i = 0; i < count; i++) if (heads[i] !== this.#head[i]) return false
    return true
  }

  #newLayout(shape: number, count: number, next: Layout | undefined): Layout {
    const heads = this.#head.slice(0, count)
    const [numbers, differing, fields] = [1, 2, 3].map(() => new Uint32Array(count)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    this.#heads.varint(count)
    for (let i = 0; i < count; i++) {
      const head = heads[i]!
      this.#heads.varint(head)
      numbers[i] = this.#numberColumns
      differing[i] = this.#differingColumns
      fields[i] = this.#fieldColumns
      this.#numberColumns += numbersOf(head)
      this.#differingColumns += (fieldsOf(head) + 7) >> 3
      this.#fieldColumns += fieldsOf(head)
    }
    const layout = {
      number: this.#count++,
      shape,
      heads,
      numbers,
      differing,
      fields,
      last: new Uint32Array(count),
      next,
    }
    return layout
  }
}

/** Whether what follows the fixed part of a call's record is its ranges and no more; their padding becomes zero. */
export function cleanRanges(
  words: Uint32Array,
  bytes: Uint8Array,
  record: number,
  size: number,
  fixed: number,
): boolean {
  const end = record + size
  let at = record + fixed
  for (let n = words[record + Enter.ranges / 4]!; n > 0; n--) {
    if (at + Range.bytes / 4 > end) return false
    const length = words[at + Range.length / 4]!
    if (length > (end - at) << 2 || (words[at + Range.kind / 4]! & 0xffff_00ff) >>> 0 >= rangeKinds)
      return false
    at += (Range.bytes + align8(length)) >> 2
  }
  if (at !== end) return false
  for (at = record + fixed; at < end; ) {
    const length = words[at + Range.length / 4]!
    const next = at + ((Range.bytes + align8(length)) >> 2)
    for (let i = (at << 2) + Range.bytes + length; i < next << 2; i++) bytes[i] = 0
    at = next
  }
  return true
}

/** Whether the bytes look like those of a structure: there is a zero among them, and not at the end alone, as in texts. */
function isStructure(words: Uint32Array, at: number, length: number): boolean {
  if (length === 0 || length > longestFields || length % 4 !== 0) return false
  const from = at + Range.bytes / 4
  const last = from + (length >> 2) - 1
  for (let i = from; i <= last; i++) {
    const word = i === last ? words[i]! | 0xff00_0000 : words[i]!
    if (((word - 0x0101_0101) & ~word & 0x8080_8080) !== 0) return true
  }
  return false
}

/** Whether the range tells what the descriptor is that the call returned. */
const isOpened = (words: Uint32Array, record: number, kind: number, enter: number): boolean =>
  kind === RangeKind.fdPath && enter >= 0 && (words[record + Header.kind / 4]! & 0xff) === RecordKind.exit

function sameWords(words: Uint32Array, a: number, b: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (words[a + i] !== words[b + i]) return false
  return true
}

function sameBytes(a: Uint8Array, from: number, b: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[from + i] !== b[at + i]) return false
  return true
}
