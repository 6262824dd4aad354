import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextBuffer } from '../text-buffer.ts'
import { dateComment } from './dates.ts'

process.env.TZ = 'UTC'

const comment = (seconds: bigint, fraction = 0n, digits: 0 | 6 | 9 = 9): string => {
  const out = new TextBuffer()
  dateComment(out, seconds, fraction, digits)
  return out.toString()
}

test('a time has its date beside it, with a fraction where there is one', () => {
  assert.equal(comment(1700000000n), ' /* 2023-11-14T22:13:20+0000 */')
  assert.equal(comment(1700000001n, 5n, 6), ' /* 2023-11-14T22:13:21.000005+0000 */')
  assert.equal(comment(-5n), ' /* 1969-12-31T23:59:55+0000 */')
  assert.equal(comment(0n, 5n), ' /* 1970-01-01T00:00:00.000000005+0000 */')
})

test('what is no time has none', () => {
  assert.equal(comment(0n), '')
  assert.equal(comment(1n, 1_000_000n, 6), '')
  assert.equal(comment(1n, 1_000_000_000n), '')
  assert.equal(comment(67768036191676800n), '')
  assert.equal(comment(-67768040609740801n), '')
})

test('years are those of a C int, however far', () => {
  assert.equal(comment(253402300800n, 1n), ' /* 10000-01-01T00:00:00.000000001+0000 */')
  assert.equal(comment(-62135596801n, 999999999n), ' /* 0-12-31T23:59:59.999999999+0000 */')
  assert.equal(comment(67768036191676799n, 5n), ' /* -2147481749-12-31T23:59:59.000000005+0000 */')
  assert.equal(comment(-67768040609740800n), ' /* -2147481748-01-01T00:00:00+0000 */')
})

test('the zone is the reader’s', () => {
  process.env.TZ = 'Asia/Kolkata'
  assert.equal(comment(1700000000n), ' /* 2023-11-15T03:43:20+0530 */')
  process.env.TZ = 'America/New_York'
  assert.equal(comment(1700000000n), ' /* 2023-11-14T17:13:20-0500 */')
})
