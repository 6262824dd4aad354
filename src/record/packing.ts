/**
 * What makes a recording small before it is compressed: a record is written as what differs from the last one of
 * its shape (kind, architecture, system call) in the block.
 *
 * Four streams, each of one sort of bytes, follow four u32 with their lengths:
 *
 * - control, for each record: varint shape (a new one has the next number, and its kind follows in a byte); varint
 *   of bits: 0 the tail is another, 1 … the words of the fixed part, in order without the time's, that are others;
 * - times, for each record: varint of the zigzag difference to the record before it, in ns, plus one; or 0, and
 *   the eight bytes of a time that is no whole number or too far away;
 * - words: the u32 that are others;
 * - tails: what follows the fixed part, where it is another; its length follows from the record's size.
 *
 * A new shape is written as differing from a record of zeros without tail.
 */
import { Enter, Exit, Header, RecordKind } from './layout.ts'

const headerWords = Header.bytes / 4
export const timeWord = Header.time / 4
/** Bytes before the streams. */
export const lengthsBytes = 16
/** Differences of times that are written as such, in ns. */
const maxStep = 2 ** 29

/** Words of a record's fixed part. */
export const fixedWordsOf = (kind: number): number =>
  kind === RecordKind.enter ? Enter.bytes / 4 : kind === RecordKind.exit ? Exit.bytes / 4 : headerWords

/** What of a record makes its shape. */
function shapeKey(words: Uint32Array, at: number): number {
  const kindAndArch = words[at + Header.kind / 4]! & 0xffff
  const kind = kindAndArch & 0xff
  const isCall = kind === RecordKind.enter || kind === RecordKind.exit
  return isCall ? kindAndArch + words[at + Enter.sysno / 4]! * 0x1_0000 : kindAndArch
}

/** Packs blocks of records. The result is valid until the next call. */
export class Packer {
  #control = new Uint8Array(0)
  #times = new Uint8Array(0)
  #words = new Uint32Array(0)
  #tails = new Uint8Array(0)
  #packed = new Uint8Array(0)
  readonly #escape = new DataView(new ArrayBuffer(8))
  readonly #shapes = new Map<number, number>()
  /** By shape: the word at which its last record begins. */
  #last = new Uint32Array(256)

  /** `bytes` begins with `count` whole records of `length` bytes together, at a multiple of eight. */
  pack(bytes: Uint8Array, length: number, count: number): Uint8Array {
    this.#reserve(length, count)
    this.#shapes.clear()
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, length >> 2)
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    const control = this.#control
    const times = this.#times
    const changed = this.#words
    const tails = this.#tails
    let controlEnd = 0
    let timesEnd = 0
    let changedEnd = 0
    let tailsEnd = 0
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
        if (shape >= this.#last.length) this.#last = widened(this.#last)
      }
      const before = known === undefined ? -1 : this.#last[shape]!
      this.#last[shape] = at

      const time = view.getFloat64((at << 2) + Header.time, true)
      const previous = lastTime
      const step = time - previous
      lastTime = time
      if (step > -maxStep && step < maxStep && Number.isInteger(step) && Object.is(previous + step, time))
        timesEnd = putVarint(times, timesEnd, ((step << 1) ^ (step >> 31)) + 1)
      else timesEnd = this.#putTime(times, timesEnd, time)

      let mask = sameTail(words, at, before, size, fixed) ? 0 : 1
      for (let i = 0, bit = 2; i < fixed; i++) {
        if (i === timeWord) {
          i++
          continue
        }
        const word = words[at + i]!
        if (word !== (before < 0 ? 0 : words[before + i]!)) {
          mask |= bit
          changed[changedEnd++] = word
        }
        bit <<= 1
      }
      controlEnd = putVarint(control, controlEnd, mask)
      if ((mask & 1) !== 0) {
        tails.set(bytes.subarray((at + fixed) << 2, (at + size) << 2), tailsEnd)
        tailsEnd += (size - fixed) << 2
      }
      at += size
    }
    return this.#join(controlEnd, timesEnd, changedEnd * 4, tailsEnd)
  }

  #putTime(times: Uint8Array, end: number, time: number): number {
    times[end] = 0
    this.#escape.setFloat64(0, time, true)
    for (let i = 0; i < 8; i++) times[end + 1 + i] = this.#escape.getUint8(i)
    return end + 9
  }

  #join(control: number, times: number, words: number, tails: number): Uint8Array {
    const size = lengthsBytes + control + times + words + tails
    if (this.#packed.length < size) this.#packed = new Uint8Array(size * 2)
    const packed = this.#packed
    const view = new DataView(packed.buffer)
    let at = lengthsBytes
    const parts = [this.#control, this.#times, new Uint8Array(this.#words.buffer), this.#tails]
    ;[control, times, words, tails].forEach((length, i) => {
      view.setUint32(i * 4, length, true)
      packed.set(parts[i]!.subarray(0, length), at)
      at += length
    })
    return packed.subarray(0, size)
  }

  #reserve(length: number, count: number): void {
    // Two varints of 32 bits and a kind; nine bytes of a time.
    if (this.#control.length < count * 11) this.#control = new Uint8Array(count * 22)
    if (this.#times.length < count * 9) this.#times = new Uint8Array(count * 18)
    if (this.#words.length < length >> 2) this.#words = new Uint32Array(length >> 1)
    if (this.#tails.length < length) this.#tails = new Uint8Array(length * 2)
  }
}

function widened(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const wide = new Uint32Array(old.length * 2)
  wide.set(old)
  return wide
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
