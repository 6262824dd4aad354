/** Rows on their way into a table: as columns of numbers in the machine's own form, so many rows at a time. */
import { TextBuffer } from '../dialects/text-buffer.ts'
import { type ColumnType, nullNumber, type TableName, typesOf } from './tables.ts'
import type { TextNumbers } from './text-numbers.ts'

/** Texts that are all others: one after the other, and where each ends. */
export interface LooseTexts {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

export type Column = Int32Array | Float64Array | BigInt64Array | LooseTexts

/** Loose texts while they are written. */
export interface TextColumn {
  readonly text: TextBuffer
  readonly ends: Uint32Array
}

type OwnColumn = Exclude<Column, LooseTexts> | TextColumn

/** Rows of a batch: what DuckDB takes at once. */
export const batch = 2048

/** What takes rows: the first `length` of the columns, which are written to again afterwards. */
export interface RowSink {
  rows(table: TableName, columns: readonly Column[], length: number): void
  /** Texts that rows will speak of by number. */
  texts(texts: readonly string[], first: number): void
}

const makeColumn: { readonly [type in ColumnType]: () => OwnColumn } = {
  INTEGER: () => new Int32Array(batch),
  BIGINT: () => new BigInt64Array(batch),
  DOUBLE: () => new Float64Array(batch),
  /** Milliseconds since 1970. */
  TIMESTAMP: () => new Float64Array(batch),
  /** By number. */
  VARCHAR: () => new Int32Array(batch),
  /** An empty one stands for NULL. */
  JSON: () => ({ text: new TextBuffer(), ends: new Uint32Array(batch) }),
}

export class ColumnBatch {
  readonly columns: readonly OwnColumn[]
  readonly #table: TableName
  readonly #types: readonly ColumnType[]
  readonly #texts: TextNumbers
  readonly #sink: RowSink
  #length = 0

  constructor(table: TableName, texts: TextNumbers, sink: RowSink) {
    this.#table = table
    this.#types = typesOf(table)
    this.columns = this.#types.map(type => makeColumn[type]())
    this.#texts = texts
    this.#sink = sink
  }

  /** The place of a new row, whose columns the caller writes. */
  next(): number {
    if (this.#length === batch) this.flush()
    return this.#length++
  }

  /** A row, whose texts get their numbers, or have them. */
  add(...values: readonly (number | string | null)[]): void {
    const row = this.next()
    for (const [i, value] of values.entries()) {
      const column = this.columns[i] as Int32Array | Float64Array | BigInt64Array
      const number =
        typeof value === 'string' ? this.#texts.numberOf(value) : (value ?? nullNumber[this.#types[i]!])
      if (column instanceof BigInt64Array) column[row] = BigInt(number)
      else column[row] = number
    }
  }

  flush(): void {
    if (this.#length === 0) return
    this.#texts.flush()
    const columns = this.columns.map(column =>
      'text' in column ? { bytes: column.text.text(), ends: column.ends } : column,
    )
    this.#sink.rows(this.#table, columns, this.#length)
    this.#length = 0
    for (const column of this.columns) if ('text' in column) column.text.clear()
  }
}
