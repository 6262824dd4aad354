/** Rows on their way into a table: as columns of numbers in the machine's own form, so many rows at a time. */
import { TextBuffer } from '../dialects/text-buffer.ts'
import { type ColumnType, nullNumber, type TableName, tables, typesOf } from './tables.ts'
import type { TextNumbers } from './text-numbers.ts'

/** Texts that are all others: one after the other, and where each ends. */
export interface TextColumn {
  readonly text: TextBuffer
  readonly ends: Uint32Array
}

export type Column = Int32Array | Float64Array | BigInt64Array | TextColumn

/** Rows of a batch, and bytes of texts that are all others: what DuckDB reads by a thread at once. */
export const mostRows = 122_880
const mostBytes = 32 << 20

/** What takes rows: the first `length` of the columns, which are written to again afterwards. `texts` has those that rows have by number. */
export interface RowSink {
  rows(table: TableName, columns: readonly Column[], length: number, texts: TextNumbers): void
}

const makeColumn: { readonly [type in ColumnType]: () => Column } = {
  INTEGER: () => new Int32Array(mostRows),
  BIGINT: () => new BigInt64Array(mostRows),
  DOUBLE: () => new Float64Array(mostRows),
  /** Milliseconds since 1970. */
  TIMESTAMP: () => new Float64Array(mostRows),
  /** By number. */
  VARCHAR: () => new Int32Array(mostRows),
  /** An empty one stands for NULL. */
  JSON: () => ({ text: new TextBuffer(), ends: new Uint32Array(mostRows) }),
}

export class ColumnBatch {
  readonly columns: readonly Column[]
  readonly #table: TableName
  readonly #types: readonly ColumnType[]
  readonly #texts: TextNumbers
  readonly #sink: RowSink
  readonly #loose: TextBuffer | undefined
  /** Rows that have not been handed over. */
  length = 0

  constructor(table: TableName, texts: TextNumbers, sink: RowSink) {
    this.#table = table
    this.#types = typesOf(table)
    this.columns = this.#types.map(type => makeColumn[type]())
    this.#loose = this.columns.map(column => ('text' in column ? column.text : undefined)).find(Boolean)
    this.#texts = texts
    this.#sink = sink
  }

  /** A column by its name: numbers, texts by number; */
  readonly ints = (name: string): Int32Array => this.#column(name) as Int32Array
  readonly doubles = (name: string): Float64Array => this.#column(name) as Float64Array
  /** numbers of two words each; */
  readonly longs = (name: string): Int32Array => new Int32Array((this.#column(name) as BigInt64Array).buffer)
  /** texts that are all others. */
  readonly loose = (name: string): TextColumn => this.#column(name) as TextColumn

  #column(name: string): Column {
    return this.columns[tables[this.#table].findIndex(([own]) => own === name)]!
  }

  /** The place of a new row, whose columns the caller writes. */
  next(): number {
    if (this.length === mostRows || (this.#loose !== undefined && this.#loose.length > mostBytes))
      this.flush()
    return this.length++
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
    if (this.length === 0) return
    this.#sink.rows(this.#table, this.columns, this.length, this.#texts)
    this.length = 0
    this.#loose?.clear()
  }
}
