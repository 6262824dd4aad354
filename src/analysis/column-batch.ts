/** Rows on their way into a table: as columns of numbers in the machine's own form, so many rows at a time. */
import { type ColumnType, nullNumber, type StagedType, stagedType } from './tables.ts'

export type Column = Int32Array | Float64Array | BigInt64Array | string[]

/** Rows of a batch: what DuckDB takes at once. */
export const batch = 2048

/** Takes the first `length` rows of the columns, which are written to again afterwards. */
export type TakeColumns = (columns: readonly Column[], length: number) => void

const makeColumn: { readonly [type in StagedType]: () => Column } = {
  INTEGER: () => new Int32Array(batch),
  BIGINT: () => new BigInt64Array(batch),
  DOUBLE: () => new Float64Array(batch),
  VARCHAR: () => new Array<string>(batch).fill(''),
}

export class ColumnBatch {
  readonly columns: readonly Column[]
  readonly #types: readonly ColumnType[]
  readonly #texts: TextNumbers
  readonly #take: TakeColumns
  #length = 0

  constructor(types: readonly ColumnType[], texts: TextNumbers, take: TakeColumns) {
    this.columns = types.map(type => makeColumn[stagedType[type]]())
    this.#types = types
    this.#texts = texts
    this.#take = take
  }

  /** The place of a new row, whose columns the caller writes. */
  next(): number {
    if (this.#length === batch) this.flush()
    return this.#length++
  }

  /** A row, whose texts get their numbers. */
  add(...values: readonly (number | string | null)[]): void {
    const row = this.next()
    for (const [i, value] of values.entries()) {
      const column = this.columns[i] as Int32Array | Float64Array | BigInt64Array
      const number =
        this.#types[i] === 'VARCHAR'
          ? this.#texts.numberOf(value as string | null)
          : ((value as number | null) ?? nullNumber[stagedType[this.#types[i]!]])
      if (column instanceof BigInt64Array) column[row] = BigInt(number)
      else column[row] = number
    }
  }

  flush(): void {
    if (this.#length > 0) this.#take(this.columns, this.#length)
    this.#length = 0
  }
}

/** Texts that are remembered at once: others get a second number, which means the same. */
const mostTexts = 1 << 17

/** Texts by number: handing DuckDB a text costs a call into native code, a column of numbers one for them all. 0 is for no text. */
export class TextNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #columns: readonly [Int32Array, string[]] = [
    new Int32Array(batch),
    new Array<string>(batch).fill(''),
  ]
  readonly #take: TakeColumns
  #length = 0
  #count = 0

  /** `take` gets the texts and their numbers. */
  constructor(take: TakeColumns) {
    this.#take = take
  }

  numberOf(text: string | null): number {
    if (text === null) return 0
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = ++this.#count
      if (this.#numbers.size >= mostTexts) this.#numbers.clear()
      this.#numbers.set(text, number)
      this.#columns[0][this.#length] = number
      this.#columns[1][this.#length] = text
      if (++this.#length === batch) this.flush()
    }
    return number
  }

  flush(): void {
    if (this.#length > 0) this.#take(this.#columns, this.#length)
    this.#length = 0
  }
}
