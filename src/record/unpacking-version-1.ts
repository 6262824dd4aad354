/**
 * Blocks of recordings of version 1: four streams, with control, times, words and tails. They are as those of
 * version 2, but the words of all records stand in their order, a time is one varint, and a tail is always bytes.
 */
import { Cursor } from './cursor.ts'
import { Header, maxRecordBytes } from './layout.ts'
import { fixedWordsOf, timeWord } from './packed-block.ts'
import { isSound } from './sound-records.ts'

const lengthsBytes = 16

/** Unpacks blocks of records. */
export class UnpackerOfVersion1 {
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
