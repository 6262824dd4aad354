import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slower } from './slower-calls.ts'

/** Durations around `typical` that are the same each time. */
const around = (typical: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => typical * (0.7 + ((i * 7919) % 100) / 150))

test('what all calls took longer is told, what one was held up is not', () => {
  const usual = around(1, 200)
  assert.equal(slower(usual, around(1.2, 200), false), null)
  const found = slower(usual, around(4, 100), false)
  assert.ok(found !== null && found.after > 3 * found.before)
  assert.deepEqual(found.calls, [200, 100])
  // One that waited for three seconds.
  assert.equal(slower(usual, [...usual.slice(1), 3000], false), null)
  assert.equal(slower([1], [500], false), null)
  assert.ok(slower([1], [5000], false) !== null)
  assert.ok(slower([1], [500], true) !== null)
  assert.equal(slower([1, 600], [500, 900], true), null)
  // Twice of next to nothing is next to nothing.
  assert.equal(slower(around(0.001, 1000), around(0.01, 1000), false), null)
  assert.equal(slower([], [5000], true), null)
})
