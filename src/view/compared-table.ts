/** The rows of a comparison as columns of numbers, and which of them are chosen. Runs in node and in browsers. */
import { type Choice, type ComparedPair, rowKinds } from './comparison-protocol.ts'
import { firstWhere } from './first-where.ts'
import { grown } from './grown.ts'

/** In place of a call that a recording lacks. */
export const noCall = 0xffff_ffff

const same = rowKinds.indexOf('same')

/** Whether calls are as a filter has them, by id; undefined: all are. */
export type Marks = Uint8Array | undefined

export class ComparedTable {
  count = 0
  /** Ids of calls in the first recording and in the second. */
  before: Uint32Array = new Uint32Array(1024)
  after: Uint32Array = new Uint32Array(1024)
  /** Places in rowKinds. */
  kinds: Uint8Array = new Uint8Array(1024)
  readonly pairs: ComparedPair[] = []

  add(before: number, after: number, kind: number): void {
    const row = this.count++
    if (row === this.kinds.length) {
      this.before = grown(this.before, row * 2)
      this.after = grown(this.after, row * 2)
      this.kinds = grown(this.kinds, row * 2)
    }
    this.before[row] = before
    this.after[row] = after
    this.kinds[row] = kind
  }

  /** Rows of each kind, as rowKinds has them. */
  counts(): number[] {
    return rowKinds.map((_, kind) => this.pairs.reduce((sum, { counts }) => sum + counts[kind]!, 0))
  }

  isDifference(row: number): boolean {
    return this.kinds[row] !== same
  }

  /** The pair that a row belongs to. */
  pairOf(row: number): number {
    return firstWhere(this.pairs.length, pair => this.pairs[pair]!.from > row) - 1
  }

  /** The rows of a choice, in their order; marks are those of its filter on either side. */
  choose({ kinds, pair }: Choice, before: Marks, after: Marks): Uint32Array {
    const wanted = rowKinds.map(kind => kinds.includes(kind))
    const only = pair === null ? undefined : this.pairs[pair]
    const from = pair === null ? 0 : (only?.from ?? 0)
    const end = pair === null ? this.count : from + (only?.rows ?? 0)
    let rows = new Uint32Array(1024)
    let count = 0
    for (let row = from; row < end; row++) {
      if (wanted[this.kinds[row]!] !== true) continue
      // A number that stands for no call has no mark.
      if (before !== undefined && before[this.before[row]!] !== 1 && after![this.after[row]!] !== 1) continue
      if (count === rows.length) rows = grown(rows, count * 2)
      rows[count++] = row
    }
    return rows.subarray(0, count)
  }
}
