/** Rows of a comparison: which are chosen, and where the next difference is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComparedTable, noCall } from './compared-table.ts'
import { ComparisonAnswers } from './comparison-answers.ts'
import { type Choice, type RowKind, rowKinds } from './comparison-protocol.ts'
import type { Row } from './protocol.ts'
import type { StoreAnswers } from './store-answers.ts'

/** A side whose calls are as the filter has them where their number is in its text. */
const side = {
  row: (id: number) => ({ id }) as Row,
  marks: ({ text }: { text: string }) =>
    text === '' ? undefined : Uint8Array.from({ length: 3000 }, (_, id) => (String(id) === text ? 1 : 0)),
} as unknown as StoreAnswers

function tableOf(kinds: readonly RowKind[]): ComparedTable {
  const table = new ComparedTable()
  for (const [i, kind] of kinds.entries())
    table.add(kind === 'added' ? noCall : i, kind === 'missing' ? noCall : i + 100, rowKinds.indexOf(kind))
  const counts = rowKinds.map(kind => kinds.filter(other => other === kind).length)
  table.pairs.push(
    { command: 'a', pids: [1, 2], from: 0, rows: 3, counts, slower: [] },
    { command: 'b', pids: [3, null], from: 3, rows: 0, counts: rowKinds.map(() => 0), slower: [] },
    {
      command: 'c',
      pids: [4, 5],
      from: 3,
      rows: kinds.length - 3,
      counts: rowKinds.map(() => 0),
      slower: [],
    },
  )
  return table
}

const choice = (change: Partial<Choice>): Choice => ({
  kinds: rowKinds,
  pair: null,
  filter: { conditions: [], text: '' },
  ...change,
})
const kinds: readonly RowKind[] = ['same', 'added', 'same', 'missing', 'same', 'failing']
const answers = new ComparisonAnswers(tableOf(kinds), side, side)
const numbers = (wanted: Choice): number[] => answers.rows(wanted, 0, 100).rows.map(({ row }) => row)

test('by kind, by process, by what is on either side', () => {
  assert.deepEqual(numbers(choice({})), [0, 1, 2, 3, 4, 5])
  assert.deepEqual(numbers(choice({ kinds: ['added', 'failing'] })), [1, 5])
  assert.deepEqual(numbers(choice({ pair: 0 })), [0, 1, 2])
  assert.deepEqual(numbers(choice({ pair: 1 })), [])
  assert.deepEqual(numbers(choice({ pair: 2, kinds: ['same'] })), [4])
  assert.deepEqual(numbers(choice({ pair: 99 })), [])
  assert.deepEqual(numbers(choice({ filter: { conditions: [], text: '3' } })), [3])
  assert.deepEqual(numbers(choice({ filter: { conditions: [], text: '101' } })), [1])
  assert.deepEqual(answers.rows(choice({}), 4, 1), { total: 6, offset: 4, rows: [answers.row(4)] })
  assert.deepEqual(answers.row(3), { row: 3, pair: 2, kind: 'missing', before: { id: 3 }, after: null })
})

test('the differences around a row, whether it is chosen or not', () => {
  assert.deepEqual(answers.place(choice({}), 2), { offset: 2, previous: 1, next: 3 })
  assert.deepEqual(answers.place(choice({}), 5), { offset: 5, previous: 3, next: null })
  assert.deepEqual(answers.place(choice({}), 0), { offset: 0, previous: null, next: 1 })
  const some = choice({ kinds: ['added', 'failing'] })
  assert.deepEqual(answers.place(some, 3), { offset: null, previous: 0, next: 1 })
  assert.deepEqual(answers.place(some, 99), { offset: null, previous: 1, next: null })
})

test('any number of rows', () => {
  const many = new ComparedTable()
  for (let i = 0; i < 3000; i++) many.add(i, i, rowKinds.indexOf('same'))
  many.pairs.push({ command: '', pids: [1, 1], from: 0, rows: 3000, counts: [], slower: [] })
  const large = new ComparisonAnswers(many, side, side)
  assert.equal(large.rows(choice({}), 0, 1e9).rows.length, 500)
  assert.deepEqual(
    large.rows(choice({}), 2999, 10).rows.map(({ row }) => row),
    [2999],
  )
})
