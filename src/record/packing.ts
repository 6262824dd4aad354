/**
 * What makes a recording small before it is compressed: a record is written as what differs from the last one of
 * its shape (kind, architecture, system call) in the block, and what is alike stands together.
 *
 * Seven streams, each of one sort of bytes, follow seven u32 with their lengths:
 *
 * - control, for each record: varint shape (a new one has the next number, and its kind follows in a byte); varint
 *   of bits: 0 the tail is another, 1 it is told as ranges, 2 … the words of the fixed part, in order without the
 *   time's, that are others;
 * - low, high: times, as zigzag differences to the record before, in ns. The lowest byte, which is noise, stands in
 *   low; varint of the rest plus one in high; or 0 there, and the eight bytes of a time that is no whole number or
 *   too far away;
 * - words: the u32 that are others, one place of one shape after the other;
 * - heads: of tails that are told as ranges, for each a byte (0-2 where the address is from, 3-6 kind, 7 there are
 *   flags), a byte of flags if so, varint length, and of addresses that are near the end of the range before:
 *   varint of the zigzag difference to that;
 * - addresses: u64, where nothing else tells them;
 * - tails: what follows the fixed part, where it is another and no ranges; the bytes of ranges, without padding.
 *
 * A new shape is written as differing from a record of zeros without tail. Padding is not kept: it is whatever the
 * memory held before.
 */
import { align8, Enter, Exit, Header, Range, RecordKind } from './layout.ts'

const headerWords = Header.bytes / 4
export const timeWord = Header.time / 4
export const streams = 7
/** Bytes before the streams. */
export const lengthsBytes: number = streams * 4
/** Differences of times that are written as such, in ns. */
const maxStep = 2 ** 29
/** Places of a shape that have a column of their own: no fixed part has more words, without the time's. */
export const mostWords = 22
/** Bits of a record's mask that are not words. */
export const MaskBit = { tail: 1, ranges: 2, words: 4 } as const
/** Where the address of a range is from: 0 to 5 is the call's argument of that number. */
export const AddressFrom = { near: 6, listed: 7 } as const
export const HeadBit = { from: 7, kindShift: 3, kinds: 16, flags: 128 } as const
/** How far away an address is near. */
export const nearby: number = 2 ** 24

/** Words of a record's fixed part. */
export const fixedWordsOf = (kind: number): number =>
  kind === RecordKind.enter ? Enter.bytes / 4 : kind === RecordKind.exit ? Exit.bytes / 4 : headerWords

const isCall = (kind: number): boolean => kind === RecordKind.enter || kind === RecordKind.exit

/** What of a record makes its shape. */
function shapeKey(words: Uint32Array, at: number): number {
  const kindAndArch = words[at + Header.kind / 4]! & 0xffff
  return isCall(kindAndArch & 0xff) ? kindAndArch + words[at + Enter.sysno / 4]! * 0x1_0000 : kindAndArch
}

/** Packs blocks of records. The result is valid until the next call. */
export class Packer {
  #control = new Uint8Array(0)
  #low = new Uint8Array(0)
  #high = new Uint8Array(0)
  /** Words in the records' order, and the column of each. */
  #changed = new Uint32Array(0)
  #columnOf = new Uint32Array(0)
  #columns = new Uint32Array(0)
  #heads = new Uint8Array(0)
  #addresses = new Uint32Array(0)
  #tails = new Uint8Array(0)
  #packed = new Uint8Array(0)
  readonly #escape = new DataView(new ArrayBuffer(8))
  readonly #shapes = new Map<number, number>()
  /** By shape: the word at which its last record begins. */
  #last = new Uint32Array(256)
  /** Words of each column. */
  #counts = new Uint32Array(256 * mostWords)
  /** By thread: the word at which its last enter begins. */
  readonly #enters = new Map<number, number>()
  #headsEnd = 0
  #addressesEnd = 0
  #tailsEnd = 0

  /** `bytes` begins with `count` whole records of `length` bytes together, at a multiple of eight. Their padding becomes zero. */
  pack(bytes: Uint8Array, length: number, count: number): Uint8Array {
    this.#reserve(length, count)
    this.#shapes.clear()
    this.#enters.clear()
    this.#counts.fill(0)
    this.#headsEnd = this.#addressesEnd = this.#tailsEnd = 0
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, length >> 2)
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    const control = this.#control
    const low = this.#low
    const high = this.#high
    const changed = this.#changed
    const columnOf = this.#columnOf
    let controlEnd = 0
    let lowEnd = 0
    let highEnd = 0
    let changedEnd = 0
    let lastTime = 0
    for (let at = 0; at < words.length; ) {
      const size = words[at]! >> 2
      const kind = words[at + Header.kind / 4]! & 0xff
      const fixed = fixedWordsOf(kind)
      const key = shapeKey(words, at)
      const known = this.#shapes.get(key)
      const shape = known ?? this.#shapes.size
      controlEnd = putVarint(control, controlEnd, shape)
      if (known === undefined) {
        this.#shapes.set(key, shape)
        control[controlEnd++] = kind
        if (shape >= this.#last.length) this.#moreShapes()
      }
      const before = known === undefined ? -1 : this.#last[shape]!
      this.#last[shape] = at
      const tid = words[at + Header.tid / 4]!
      if (kind === RecordKind.enter) this.#enters.set(tid, at)

      const time = view.getFloat64((at << 2) + Header.time, true)
      const step = time - lastTime
      const isStep =
        step > -maxStep && step < maxStep && Number.isInteger(step) && Object.is(lastTime + step, time)
      lastTime = time
      if (isStep) {
        const zigzag = (step << 1) ^ (step >> 31)
        low[lowEnd++] = zigzag
        highEnd = putVarint(high, highEnd, (zigzag >>> 8) + 1)
      } else highEnd = this.#putTime(high, highEnd, time)

      const asRanges = isCall(kind) && cleanRanges(words, bytes, at, size, fixed)
      let mask = sameTail(words, at, before, size, fixed)
        ? 0
        : asRanges
          ? MaskBit.tail | MaskBit.ranges
          : MaskBit.tail
      const counts = this.#counts
      for (let i = 0, bit: number = MaskBit.words, column = shape * mostWords; i < fixed; i++) {
        if (i === timeWord) {
          i++
          continue
        }
        const word = words[at + i]!
        if (word !== (before < 0 ? 0 : words[before + i]!)) {
          mask |= bit
          counts[column]!++
          columnOf[changedEnd] = column
          changed[changedEnd++] = word
        }
        bit <<= 1
        column++
      }
      controlEnd = putVarint(control, controlEnd, mask)
      if ((mask & MaskBit.ranges) !== 0) this.#putRanges(words, bytes, at, fixed, this.#enters.get(tid) ?? -1)
      else if ((mask & MaskBit.tail) !== 0) this.#putTail(bytes, (at + fixed) << 2, (at + size) << 2)
      at += size
    }
    this.#sortWords(changedEnd)
    return this.#join([
      this.#control.subarray(0, controlEnd),
      this.#low.subarray(0, lowEnd),
      this.#high.subarray(0, highEnd),
      bytesOf(this.#columns, changedEnd),
      this.#heads.subarray(0, this.#headsEnd),
      bytesOf(this.#addresses, this.#addressesEnd),
      this.#tails.subarray(0, this.#tailsEnd),
    ])
  }

  #putTime(high: Uint8Array, end: number, time: number): number {
    high[end] = 0
    this.#escape.setFloat64(0, time, true)
    for (let i = 0; i < 8; i++) high[end + 1 + i] = this.#escape.getUint8(i)
    return end + 9
  }

  #putTail(bytes: Uint8Array, from: number, to: number): void {
    this.#tails.set(bytes.subarray(from, to), this.#tailsEnd)
    this.#tailsEnd += to - from
  }

  /** Writes the ranges of a call's record; its arguments stand in the record at `enter`, if that is not below 0. */
  #putRanges(words: Uint32Array, bytes: Uint8Array, record: number, fixed: number, enter: number): void {
    const heads = this.#heads
    let end = this.#headsEnd
    let at = record + fixed
    let expected = 0
    for (let n = words[record + Enter.ranges / 4]!; n > 0; n--) {
      const [low, high] = [words[at]!, words[at + 1]!]
      const length = words[at + Range.length / 4]!
      const marks = words[at + Range.kind / 4]!
      const address = low + high * 0x1_0000_0000
      const away = address - expected
      let from: number = AddressFrom.listed
      if (enter >= 0)
        for (let i = 0, arg = enter + Enter.args / 4; i < 6; i++, arg += 2)
          if (words[arg] === low && words[arg + 1] === high) {
            from = i
            break
          }
      if (
        from === AddressFrom.listed &&
        expected !== 0 &&
        high <= highestNear &&
        away > -nearby &&
        away < nearby
      )
        from = AddressFrom.near
      const flags = (marks >>> 8) & 0xff
      heads[end++] = from | ((marks & 0xff) << HeadBit.kindShift) | (flags === 0 ? 0 : HeadBit.flags)
      if (flags !== 0) heads[end++] = flags
      end = putVarint(heads, end, length)
      if (from === AddressFrom.near) end = putVarint(heads, end, (away << 1) ^ (away >> 31))
      else if (from === AddressFrom.listed) {
        this.#addresses[this.#addressesEnd++] = low
        this.#addresses[this.#addressesEnd++] = high
      }
      const content = (at << 2) + Range.bytes
      this.#putTail(bytes, content, content + length)
      expected = high <= highestNear ? address + length : 0
      at += (Range.bytes + align8(length)) >> 2
    }
    this.#headsEnd = end
  }

  /** Puts the words in the order of their columns. */
  #sortWords(count: number): void {
    const [counts, columns, columnOf, changed] = [this.#counts, this.#columns, this.#columnOf, this.#changed]
    const used = this.#shapes.size * mostWords
    // From numbers of words to where the next one of the column goes.
    for (let i = 0, sum = 0; i < used; i++) {
      const n = counts[i]!
      counts[i] = sum
      sum += n
    }
    for (let i = 0; i < count; i++) columns[counts[columnOf[i]!]!++] = changed[i]!
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

  #reserve(length: number, count: number): void {
    // Two varints of 32 bits and a kind; nine bytes of a time.
    if (this.#control.length < count * 11) this.#control = new Uint8Array(count * 22)
    if (this.#low.length < count) this.#low = new Uint8Array(count * 2)
    if (this.#high.length < count * 9) this.#high = new Uint8Array(count * 18)
    if (this.#tails.length >= length) return
    const words = length >> 1
    this.#tails = new Uint8Array(length * 2)
    this.#changed = new Uint32Array(words)
    this.#columnOf = new Uint32Array(words)
    this.#columns = new Uint32Array(words)
    this.#addresses = new Uint32Array(words)
    // What is written of a range takes fewer bytes than it has: a byte, flags, and two varints.
    this.#heads = new Uint8Array(length * 2)
  }

  #moreShapes(): void {
    const widen = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const wide = new Uint32Array(old.length * 2)
      wide.set(old)
      return wide
    }
    this.#last = widen(this.#last)
    this.#counts = widen(this.#counts)
  }
}

/** Above this upper half an address is no whole number any more. */
export const highestNear: number = 2 ** 20 - 1

const bytesOf = (words: Uint32Array, count: number): Uint8Array => new Uint8Array(words.buffer, 0, count * 4)

/** Whether what follows the fixed part of a call's record is its ranges and no more; their padding becomes zero. */
function cleanRanges(
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
    if (length > (end - at) << 2 || (words[at + Range.kind / 4]! & 0xffff_00ff) >= HeadBit.kinds) return false
    const next = at + ((Range.bytes + align8(length)) >> 2)
    if (next > end) return false
    for (let i = (at << 2) + Range.bytes + length; i < next << 2; i++) bytes[i] = 0
    at = next
  }
  return at === end
}

function sameTail(words: Uint32Array, at: number, before: number, size: number, fixed: number): boolean {
  if (before < 0) return size === fixed
  if (words[before]! >> 2 !== size) return false
  for (let i = fixed; i < size; i++) if (words[at + i] !== words[before + i]) return false
  return true
}

function putVarint(out: Uint8Array, at: number, n: number): number {
  while (n > 127) {
    out[at++] = (n & 127) | 128
    n >>>= 7
  }
  out[at++] = n
  return at
}
