/** Columns as Parquet's pages have them: a bit for each row that has a value, then the values that there are. */
import { isUtf8 } from 'node:buffer'
import { putVarint } from '../record/byte-stream.ts'
import { type Column, mostRows, type TextColumn } from './column-batch.ts'
import { type ColumnType, nullNumber } from './tables.ts'
import type { TextNumbers } from './text-numbers.ts'

/** What stands in a column's pages: valid until the next is encoded. */
export interface EncodedColumn {
  /** Texts that values name by their place in it; null where values stand for themselves. */
  readonly dictionary: { readonly bytes: Uint8Array; readonly count: number } | null
  /** Which rows have values. */
  readonly levels: Uint8Array
  readonly values: readonly Uint8Array[]
}

const nothing = new Uint8Array(0)

export class ColumnEncoder {
  /** A bit for each row that has a value, and how many there are. */
  readonly #valid = new Uint8Array(mostRows / 8)
  #values = 0
  /** Values of the rows that have one. */
  readonly #numbers = new Int32Array(mostRows * 2)
  readonly #doubles = new Float64Array(this.#numbers.buffer)
  /** By a text's number: its place in the dictionary, from 1 on; and the numbers in that order. */
  #places = new Int32Array(1024)
  readonly #used = new Int32Array(mostRows)
  #bytes = Buffer.alloc(0)

  encode(type: ColumnType, column: Column, length: number, texts: TextNumbers): EncodedColumn {
    this.#valid.fill(0)
    this.#values = 0
    if ('text' in column) return this.#loose(column, length)
    switch (type) {
      case 'VARCHAR':
        return this.#texts(column as Int32Array, length, texts)
      case 'TIMESTAMP':
        this.#times(column as Float64Array, length)
        return this.#plain(length, 8)
      case 'DOUBLE':
        this.#putDoubles(column as Float64Array, length)
        return this.#plain(length, 8)
      case 'BIGINT':
        this.#longs(new Int32Array(column.buffer), length)
        return this.#plain(length, 8)
      default:
        this.#ints(column as Int32Array, length)
        return this.#plain(length, 4)
    }
  }

  #plain(length: number, width: number): EncodedColumn {
    const values = new Uint8Array(this.#numbers.buffer, 0, this.#values * width)
    return { dictionary: null, levels: this.#levels(length), values: [values] }
  }

  #ints(column: Int32Array, length: number): void {
    const numbers = this.#numbers
    let n = 0
    for (let row = 0; row < length; row++) {
      const value = column[row]!
      if (value === nullNumber.INTEGER) continue
      numbers[n++] = value
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    this.#values = n
  }

  /** Numbers of two words. */
  #longs(words: Int32Array, length: number): void {
    const numbers = this.#numbers
    let n = 0
    for (let row = 0; row < length; row++) {
      const low = words[2 * row]!
      const high = words[2 * row + 1]!
      if (low === 0 && high === nullNumber.INTEGER) continue
      numbers[n] = low
      numbers[n + 1] = high
      n += 2
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    this.#values = n >> 1
  }

  #putDoubles(column: Float64Array, length: number): void {
    const doubles = this.#doubles
    let n = 0
    for (let row = 0; row < length; row++) {
      const value = column[row]!
      if (Number.isNaN(value)) continue
      doubles[n++] = value
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    this.#values = n
  }

  /** As microseconds. A time may be any number, where a recording is damaged: what DuckDB does not take is NULL. */
  #times(times: Float64Array, length: number): void {
    const numbers = this.#numbers
    let n = 0
    for (let row = 0; row < length; row++) {
      const microseconds = Math.round(times[row]! * 1000)
      if (!(Math.abs(microseconds) < farthest)) continue
      numbers[n] = microseconds
      numbers[n + 1] = Math.floor(microseconds / 0x1_0000_0000)
      n += 2
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    this.#values = n >> 1
  }

  /** Texts by number: each stands once, in the order in which rows first say it. */
  #texts(column: Int32Array, length: number, texts: TextNumbers): EncodedColumn {
    if (this.#places.length <= texts.count) this.#places = new Int32Array(texts.count * 2)
    const places = this.#places
    const used = this.#used
    const numbers = this.#numbers
    let count = 0
    let n = 0
    for (let row = 0; row < length; row++) {
      const number = column[row]!
      if (number === nullNumber.VARCHAR) continue
      let place = places[number]!
      if (place === 0) {
        used[count++] = number
        places[number] = place = count
      }
      numbers[n++] = place - 1
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    this.#values = n
    for (let i = 0; i < count; i++) places[used[i]!] = 0
    const levels = this.#levels(length)
    if (count === 0) return { dictionary: null, levels, values: [] }
    const bytes = this.#dictionary(used.subarray(0, count), texts)
    return { dictionary: { bytes, count }, levels, values: placesOf(numbers.subarray(0, n), count) }
  }

  #dictionary(numbers: Int32Array, texts: TextNumbers): Uint8Array {
    let size = 0
    for (const number of numbers) size += 4 + texts.lengthOf(number)
    this.#reserve(size)
    const bytes = this.#bytes
    let at = 0
    for (const number of numbers) {
      at = bytes.writeUint32LE(texts.lengthOf(number), at)
      at += texts.copy(number, bytes, at)
    }
    return bytes.subarray(0, size)
  }

  #loose({ text: written, ends }: TextColumn, length: number): EncodedColumn {
    const bytes = written.text()
    if (bytes.length === 0) return { dictionary: null, levels: this.#levels(length), values: [] }
    const sound = isUtf8(bytes)
    this.#reserve(bytes.length + 4 * length)
    const to = this.#bytes
    let at = 0
    for (let row = 0, from = 0; row < length; row++) {
      const end = Math.min(ends[row]!, bytes.length)
      const text = bytes.subarray(from, end)
      from = end
      if (text.length === 0 || !(sound || isUtf8(text))) continue
      at = to.writeUint32LE(text.length, at)
      to.set(text, at)
      at += text.length
      this.#values++
      this.#valid[row >> 3]! |= 1 << (row & 7)
    }
    return { dictionary: null, levels: this.#levels(length), values: [to.subarray(0, at)] }
  }

  /** Their length in bytes, then one run: of one value, or of bits. */
  #levels(length: number): Uint8Array {
    const alike = this.#values === length || this.#values === 0
    const run: number[] = []
    putVarint(run, alike ? length * 2 : (Math.ceil(length / 8) << 1) | 1)
    if (alike) run.push(this.#values === 0 ? 0 : 1)
    const bits = alike ? nothing : this.#valid.subarray(0, Math.ceil(length / 8))
    const levels = Buffer.alloc(4 + run.length + bits.length)
    levels.writeUint32LE(run.length + bits.length)
    levels.set(run, 4)
    levels.set(bits, 4 + run.length)
    return levels
  }

  #reserve(bytes: number): void {
    if (this.#bytes.length < bytes) this.#bytes = Buffer.allocUnsafe(bytes * 2)
  }
}

/** Places in a dictionary of so many: how many bits each has, then one run of them. We have whole bytes, which need no shifting. */
function placesOf(places: Int32Array, count: number): readonly Uint8Array[] {
  const width = count <= 0x100 ? 1 : count <= 0x1_0000 ? 2 : 4
  const head: number[] = [8 * width]
  if (count === 1) {
    putVarint(head, places.length * 2)
    return [Uint8Array.from([...head, 0])]
  }
  const eights = Math.ceil(places.length / 8)
  putVarint(head, (eights << 1) | 1)
  const numbers = new (width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array)(eights * 8)
  numbers.set(places)
  return [Uint8Array.from(head), new Uint8Array(numbers.buffer)]
}

/** Microseconds since 1970 that DuckDB takes for a time: years up to 290,000. */
const farthest = 2 ** 63 - 2 ** 53
