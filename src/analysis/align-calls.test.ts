/** Calls of processes with several threads find their counterparts, whoever ran first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { alignCalls } from './align-calls.ts'
import type { ComparedProcess } from './compared-calls.ts'

/** A process of calls, each with the number of its thread. */
const processOf = (made: readonly (readonly [thread: number, call: number])[]): ComparedProcess => ({
  pid: 1,
  parent: null,
  command: '',
  ids: made.map((_, i) => i),
  calls: made.map(([, call]) => call),
  threads: made.map(([thread]) => thread),
  tids: new Map(made.map(([thread]) => [thread, thread])),
  outcomes: made.map(() => 0),
  durations: new Map(),
})

function aligned(before: ComparedProcess, after: ComparedProcess): [number, number][] {
  const rows: [number, number][] = []
  alignCalls(before, after, (a, b) => rows.push([a, b]))
  return rows
}

test('the order in which threads run does not matter', () => {
  const before = processOf([
    [0, 1],
    [1, 5],
    [0, 2],
    [1, 6],
    [0, 3],
  ])
  const after = processOf([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 5],
    [1, 6],
  ])
  assert.deepEqual(aligned(before, after), [
    [0, 0],
    [1, 3],
    [2, 1],
    [3, 4],
    [4, 2],
  ])
})

test('nor which of them did it', () => {
  const before = processOf([
    [0, 1],
    [1, 5],
    [2, 6],
  ])
  const after = processOf([
    [0, 1],
    [1, 6],
    [2, 5],
    [2, 7],
  ])
  assert.deepEqual(aligned(before, after), [
    [0, 0],
    [1, 2],
    [2, 1],
    [-1, 3],
  ])
})

test('each call is told of once, and one thread keeps its order', () => {
  const made = fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 40 })
  fc.assert(
    fc.property(made, made, (a, b) => {
      const [before, after] = [processOf(a), processOf(b)]
      const rows = aligned(before, after)
      const places = (side: 0 | 1) => rows.map(row => row[side]).filter(place => place >= 0)
      assert.deepEqual(places(0), [...before.ids])
      assert.deepEqual(
        places(1).sort((x, y) => x - y),
        [...after.ids],
      )
      for (const [x, y] of rows) if (x >= 0 && y >= 0) assert.equal(before.calls[x], after.calls[y])
      const left = (side: 0 | 1) =>
        rows.filter(row => row[1 - side]! < 0).map(row => [before, after][side]!.calls[row[side]!]!)
      if (before.tids.size > 1 || after.tids.size > 1)
        for (const call of left(0)) assert.ok(!left(1).includes(call))
    }),
  )
})
