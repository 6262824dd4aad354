/** The questions of a comparison's page answered from two stores and the rows between them. Runs in node and in browsers. */
import { type ComparedTable, noCall } from './compared-table.ts'
import {
  type Choice,
  type ComparedPlace,
  type ComparedRow,
  type ComparedRows,
  rowKinds,
} from './comparison-protocol.ts'
import { firstWhere } from './first-where.ts'
import { kept } from './kept-answers.ts'
import type { StoreAnswers } from './store-answers.ts'

/** Rows that are given at once at most. */
const mostRows = 500
/** Choices that are kept: each takes four bytes a row. */
const keptChoices = 4

export class ComparisonAnswers {
  readonly #table: ComparedTable
  readonly #before: StoreAnswers
  readonly #after: StoreAnswers
  readonly #choices = new Map<string, Uint32Array>()

  /** All three must be complete. */
  constructor(table: ComparedTable, before: StoreAnswers, after: StoreAnswers) {
    this.#table = table
    this.#before = before
    this.#after = after
  }

  row(row: number): ComparedRow {
    const table = this.#table
    const [a, b] = [table.before[row]!, table.after[row]!]
    return {
      row,
      pair: table.pairOf(row),
      kind: rowKinds[table.kinds[row]!]!,
      before: a === noCall ? null : this.#before.row(a),
      after: b === noCall ? null : this.#after.row(b),
    }
  }

  rows(choice: Choice, offset: number, limit: number): ComparedRows {
    const chosen = this.#chosen(choice)
    const rows = chosen.subarray(offset, offset + Math.min(limit, mostRows))
    return { total: chosen.length, offset, rows: Array.from(rows, row => this.row(row)) }
  }

  place(choice: Choice, row: number): ComparedPlace {
    const chosen = this.#chosen(choice)
    const differs = (place: number): boolean => this.#table.isDifference(chosen[place]!)
    // Where it stands, or would stand.
    const at = firstWhere(chosen.length, place => chosen[place]! >= row)
    const isThere = chosen[at] === row
    let previous = at - 1
    while (previous >= 0 && !differs(previous)) previous--
    let next = isThere ? at + 1 : at
    while (next < chosen.length && !differs(next)) next++
    return {
      offset: isThere ? at : null,
      previous: previous < 0 ? null : previous,
      next: next < chosen.length ? next : null,
    }
  }

  #chosen(choice: Choice): Uint32Array {
    const key = JSON.stringify([
      rowKinds.map(kind => choice.kinds.includes(kind)),
      choice.pair,
      choice.filter,
    ])
    return kept(this.#choices, key, keptChoices, () =>
      this.#table.choose(choice, this.#before.marks(choice.filter), this.#after.marks(choice.filter)),
    )
  }
}
