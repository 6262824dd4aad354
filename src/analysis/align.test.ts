import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffLines } from './align.ts'

const list = fc.array(fc.nat(3), { maxLength: 60 })

test('hunks are the lists again, and equal where they say so', () => {
  fc.assert(
    fc.property(list, list, (a, b) => {
      const hunks = diffLines(a, b)
      assert.deepEqual(
        hunks.flatMap(hunk => hunk.a),
        a,
      )
      assert.deepEqual(
        hunks.flatMap(hunk => hunk.b),
        b,
      )
      for (const { same, a, b } of hunks) if (same) assert.deepEqual(a, b)
    }),
    { numRuns: 2000 },
  )
})

/** The length of the longest common subsequence, by the book. */
function longestCommon(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const x of a) {
    const next = [0]
    b.forEach((y, i) => {
      next.push(x === y ? row[i]! + 1 : Math.max(row[i + 1]!, next[i]!))
    })
    row = next
  }
  return row.at(-1)!
}

test('as much as there can be is equal', () => {
  fc.assert(
    fc.property(list, list, (a, b) => {
      const equal = diffLines(a, b).reduce((sum, { same, a }) => sum + (same ? a.length : 0), 0)
      assert.equal(equal, longestCommon(a, b))
    }),
    { numRuns: 1000 },
  )
})

test('lists that have little in common are compared to their ends, in bounded time', () => {
  const begun = process.cpuUsage()
  const n = 30_000
  const a = Array.from({ length: n }, (_, i) => (i % 10 === 0 ? i : -1 - i))
  const b = Array.from({ length: n }, (_, i) => (i % 10 === 0 ? i : n + i))
  const hunks = diffLines(a, b)
  assert.deepEqual(
    hunks.flatMap(hunk => hunk.b),
    b,
  )
  const equal = hunks.reduce((sum, { same, a }) => sum + (same ? a.length : 0), 0)
  assert.ok(equal > n / 20, String(equal))
  assert.ok(process.cpuUsage(begun).user < 20_000_000)
})
