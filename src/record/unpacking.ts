/** The way back from packing.ts. Everything is checked: what is unpacked may come from anywhere. */
import {
  Enter,
  Exit,
  Exiting,
  Header,
  maxRecordBytes,
  RecordKind,
  Signal,
  Start,
  Status,
  Thread,
} from './layout.ts'
import { fixedWordsOf, lengthsBytes, timeWord } from './packing.ts'

/** Unpacks blocks of records. */
export class Unpacker {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  view: DataView = new DataView(this.bytes.buffer)
  #words = new Uint32Array(0)
  readonly #control = new Cursor()
  readonly #times = new Cursor()

  /** Fills `bytes` with `count` records of `length` bytes together; false when `packed` is not that. */
  unpack(packed: Uint8Array, length: number, count: number): boolean {
    if (packed.length < lengthsBytes || length % 8 !== 0) return false
    if (this.bytes.length < length) {
      this.bytes = new Uint8Array(length)
      this.view = new DataView(this.bytes.buffer)
      this.#words = new Uint32Array(this.bytes.buffer)
    }
    const input = new DataView(packed.buffer, packed.byteOffset, packed.length)
    const timesFrom = lengthsBytes + input.getUint32(0, true)
    const wordsFrom = timesFrom + input.getUint32(4, true)
    const tailsFrom = wordsFrom + input.getUint32(8, true)
    if (tailsFrom + input.getUint32(12, true) !== packed.length) return false
    const control = this.#control.over(input, lengthsBytes, timesFrom)
    const times = this.#times.over(input, timesFrom, wordsFrom)
    let changed = wordsFrom
    let tails = tailsFrom

    const { bytes, view } = this
    const words = this.#words
    const kinds: number[] = []
    const last: number[] = []
    const end = length >> 2
    let time = 0
    let at = 0
    for (let n = 0; n < count; n++) {
      const shape = control.varint()
      if (shape > kinds.length) return false
      const before = shape === kinds.length ? -1 : last[shape]!
      if (before < 0) kinds[shape] = control.byte()
      last[shape] = at
      const fixed = fixedWordsOf(kinds[shape]!)
      if (at + fixed > end) return false

      const mask = control.varint()
      for (let i = 0, bit = 2; i < fixed; i++) {
        if (i === timeWord) {
          i++
          continue
        }
        if ((mask & bit) !== 0) {
          if (changed + 4 > tailsFrom) return false
          words[at + i] = input.getUint32(changed, true)
          changed += 4
        } else words[at + i] = before < 0 ? 0 : words[before + i]!
        bit <<= 1
      }
      const step = times.varint()
      time = step === 0 ? times.float64() : time + (((step - 1) >>> 1) ^ -((step - 1) & 1))
      view.setFloat64((at << 2) + Header.time, time, true)
      if (control.exhausted || times.exhausted) return false

      const size = words[at]!
      const next = at + (size >> 2)
      if (size % 8 !== 0 || size > maxRecordBytes || next < at + fixed || next > end) return false
      if ((mask & 1) !== 0) {
        const tail = (next - at - fixed) << 2
        if (tails + tail > packed.length) return false
        bytes.set(packed.subarray(tails, tails + tail), (at + fixed) << 2)
        tails += tail
      } else if (before < 0 ? size >> 2 !== fixed : words[before] !== size) return false
      else for (let i = fixed; i < next - at; i++) words[at + i] = words[before + i]!
      if (!isSound(view, at << 2)) return false
      at = next
    }
    return at === end
  }
}

/** Reads a stream; what lies beyond its end is zero, and makes it `exhausted`. */
class Cursor {
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0
  #end = 0
  exhausted = false

  over(view: DataView, from: number, to: number): this {
    this.#view = view
    this.#at = from
    this.#end = Math.min(to, view.byteLength)
    this.exhausted = false
    return this
  }

  byte(): number {
    if (this.#at < this.#end) return this.#view.getUint8(this.#at++)
    this.exhausted = true
    return 0
  }

  varint(): number {
    let n = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      n |= (byte & 127) << shift
      if (byte < 128) break
    }
    return n >>> 0
  }

  float64(): number {
    this.#at += 8
    if (this.#at <= this.#end) return this.#view.getFloat64(this.#at - 8, true)
    this.exhausted = true
    return 0
  }
}

/** Whether a record holds what readers take for granted of its kind; its size is known to be good. */
function isSound(view: DataView, at: number): boolean {
  const size = view.getUint32(at, true)
  // Printers make whole numbers of it.
  if (!(Math.abs(view.getFloat64(at + Header.time, true)) < 2 ** 53)) return false
  switch (view.getUint8(at + Header.kind)) {
    case RecordKind.start:
      return size >= Start.bytes
    case RecordKind.enter:
      return size >= Enter.bytes
    case RecordKind.exit:
      return size >= Exit.bytes
    case RecordKind.signal:
      return size >= Signal.bytes && size - Signal.bytes >= view.getUint32(at + Signal.length, true)
    case RecordKind.thread:
    case RecordKind.comm:
      return size >= Thread.plain
    case RecordKind.stopped:
    case RecordKind.exited:
    case RecordKind.killed:
    case RecordKind.superseded:
    case RecordKind.detached:
    case RecordKind.lost:
    case RecordKind.end:
      return size >= Status.bytes
    case RecordKind.exiting:
      return size >= ((view.getUint16(at + Header.flags, true) & 1) === 0 ? Exiting.plain : Exiting.bytes)
    default:
      return size >= Header.bytes
  }
}
