/** Batches of rows into a table of DuckDB's, by columns as they stand in memory. */
import { isUtf8 } from 'node:buffer'
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { NativeMemory } from '../capture/ptrace/native-memory.ts'
import { batch, type Column, type LooseTexts } from './column-batch.ts'
import { nullNumber, type TableName, typesOf } from './tables.ts'
import { imageWords, putImage, type TextImages } from './text-images.ts'

export interface DuckDB {
  readonly api: typeof import('@duckdb/node-api')
  /** What the API calls itself: it takes columns as they stand in memory. */
  readonly bindings: typeof import('@duckdb/node-bindings')
}

type Vector = import('@duckdb/node-bindings').Vector

export class TableAppender {
  readonly #duckdb: DuckDB
  readonly #appender: DuckDBAppender
  /** One for all batches: its memory is native, and would wait for a garbage collection that sees none of it. */
  readonly #chunk: DuckDBDataChunk
  readonly #images: TextImages
  readonly #types: ReturnType<typeof typesOf>
  readonly #texts = new Uint32Array(batch * imageWords)
  /** Microseconds, two words each. */
  readonly #times = new Int32Array(batch * 2)
  /** A bit for each row that has a value. */
  readonly #valid = new Uint32Array(batch / 32)
  #loose = new NativeMemory(1 << 16)

  private constructor(duckdb: DuckDB, appender: DuckDBAppender, table: TableName, images: TextImages) {
    this.#duckdb = duckdb
    this.#appender = appender
    this.#images = images
    this.#types = typesOf(table)
    this.#chunk = duckdb.api.DuckDBDataChunk.create(
      this.#types.map(type => duckdb.api[type === 'JSON' ? 'VARCHAR' : type]),
    )
  }

  /** @param images of the texts that rows have by number */
  static async of(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    table: TableName,
    images: TextImages,
  ): Promise<TableAppender> {
    return new TableAppender(duckdb, await connection.createAppender(table), table, images)
  }

  append(columns: readonly Column[], length: number): void {
    const chunk = this.#chunk
    chunk.reset()
    chunk.rowCount = length
    for (const [i, column] of columns.entries()) {
      const vector = this.#duckdb.bindings.data_chunk_get_vector(chunk.chunk, i)
      this.#valid.fill(0xffff_ffff)
      const [words, allValid] = this.#values(i, column, length)
      const { buffer, byteOffset } = words
      const bytes = length * widths[this.#types[i]!]
      this.#duckdb.bindings.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset, bytes)
      if (!allValid) this.#setValid(vector, length)
    }
    this.#appender.appendDataChunk(chunk)
  }

  close(): void {
    this.#appender.closeSync()
  }

  #setValid(vector: Vector, length: number): void {
    const { bindings } = this.#duckdb
    bindings.vector_ensure_validity_writable(vector)
    const { buffer } = this.#valid
    bindings.copy_data_to_vector_validity(vector, 0, buffer as ArrayBuffer, 0, Math.ceil(length / 64) * 8)
  }

  /** A column as DuckDB has it, and whether no row of it is NULL. */
  #values(i: number, column: Column, length: number): readonly [ArrayBufferView, boolean] {
    if ('bytes' in column) return [this.#texts, this.#putLoose(column, length)]
    switch (this.#types[i]) {
      case 'VARCHAR':
        return [this.#texts, this.#putTexts(column as Int32Array, length)]
      case 'TIMESTAMP':
        return [this.#times, this.#putTimes(column as Float64Array, length)]
      case 'BIGINT':
        return [column, this.#markNulls(new Int32Array(column.buffer), 2, length)]
      case 'DOUBLE':
        return [column, this.#markNaN(column as Float64Array, length)]
      default:
        return [column, this.#markNulls(column as Int32Array, 1, length)]
    }
  }

  #putTexts(numbers: Int32Array, length: number): boolean {
    const texts = this.#texts
    const { words } = this.#images
    let all = true
    for (let row = 0, at = 0; row < length; row++, at += imageWords) {
      const number = numbers[row]!
      const from = number * imageWords
      texts[at] = words[from]!
      texts[at + 1] = words[from + 1]!
      texts[at + 2] = words[from + 2]!
      texts[at + 3] = words[from + 3]!
      if (number === nullNumber.VARCHAR) all = this.#null(row)
    }
    return all
  }

  #putLoose({ bytes: all, ends }: LooseTexts, length: number): boolean {
    // Where a row has what is no text, none can be relied on.
    const bytes = isUtf8(all) ? all : new Uint8Array(0)
    if (this.#loose.bytes.length < bytes.length) this.#loose = new NativeMemory(bytes.length * 2)
    this.#loose.bytes.set(bytes)
    let allValid = true
    for (let row = 0, from = 0; row < length; row++) {
      const end = Math.min(ends[row]!, bytes.length)
      putImage(this.#texts, row * imageWords, this.#loose, from, end - from)
      if (end === from) allValid = this.#null(row)
      from = end
    }
    return allValid
  }

  /** A time may be any number, where a recording is damaged: what DuckDB does not take is NULL. */
  #putTimes(times: Float64Array, length: number): boolean {
    const words = this.#times
    let all = true
    for (let row = 0; row < length; row++) {
      const microseconds = Math.round(times[row]! * 1000)
      words[2 * row] = microseconds
      words[2 * row + 1] = Math.floor(microseconds / 0x1_0000_0000)
      if (!(Math.abs(microseconds) < farthest)) all = this.#null(row)
    }
    return all
  }

  /** Numbers of one word, or of two, whose upper one tells. */
  #markNulls(words: Int32Array, width: number, length: number): boolean {
    let all = true
    for (let row = 0, at = width - 1; row < length; row++, at += width)
      if (words[at] === nullNumber.INTEGER && (width === 1 || words[at - 1] === 0)) all = this.#null(row)
    return all
  }

  #markNaN(numbers: Float64Array, length: number): boolean {
    let all = true
    for (let row = 0; row < length; row++) if (Number.isNaN(numbers[row])) all = this.#null(row)
    return all
  }

  #null(row: number): false {
    this.#valid[row >> 5]! &= ~(1 << (row & 31))
    return false
  }
}

const widths = { INTEGER: 4, BIGINT: 8, DOUBLE: 8, TIMESTAMP: 8, VARCHAR: 16, JSON: 16 } as const

/** Microseconds since 1970 that DuckDB takes for a time: years up to 290,000. */
const farthest = 2 ** 63 - 2 ** 53
