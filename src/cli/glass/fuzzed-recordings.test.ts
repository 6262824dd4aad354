/** Damaged recordings and logs, some of those that `npm run fuzz:recordings` tries: nothing throws, hangs, or writes without end. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Bases, fuzz, makeBases } from './test-fuzzing.ts'

let bases: Bases

before(async () => {
  bases = await makeBases([fileURLToPath(new URL('../../../test/gvisor/logs/refused.log', import.meta.url))])
})

test('damaged recordings', { timeout: 600_000 }, async () => {
  const { cases, whole } = await fuzz(bases, { cases: 200, logs: false })
  // Checksums are made right again: much of what is changed gets through to what reads records.
  assert.ok(whole > cases / 5, `${whole} of ${cases}`)
})

test('damaged logs', { timeout: 600_000 }, async () => {
  await fuzz(bases, { cases: 80, logs: true })
})
