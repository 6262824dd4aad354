import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextBuffer } from '../text-buffer.ts'
import { printClock, printRelative, wallClock } from './timestamps.ts'

process.env.TZ = 'UTC'

const clock = (
  time: number,
  format: string,
  precision: 0 | 3 | 6 | 9,
  wall = 1_700_000_000_999_999_999n,
): string => {
  const out = new TextBuffer()
  printClock(out, wallClock(wall), time, { format, precision })
  return out.toString()
}
const relative = (ns: number, precision: 0 | 3 | 6 | 9, parentheses = false): string => {
  const out = new TextBuffer()
  printRelative(out, ns, precision, parentheses)
  return out.toString()
}

test('the time of day, with as many decimals as were asked for: cut, not rounded', () => {
  assert.equal(clock(0, 'time', 0), '22:13:20 ')
  assert.equal(clock(0, 'time', 3), '22:13:20.999 ')
  assert.equal(clock(0, 'time', 9), '22:13:20.999999999 ')
  assert.equal(clock(1, 'time', 6), '22:13:21.000000 ')
  assert.equal(clock(6400e9, 'time', 0), '00:00:00 ')
})

test('seconds since the epoch', () => {
  assert.equal(clock(0, 'unix', 0), '1700000000 ')
  assert.equal(clock(1_000_000, 'unix', 6), '1700000001.000999 ')
})

test('before the epoch too', () => {
  assert.equal(clock(0, 'unix', 0, 0n), '0 ')
  assert.equal(clock(0, 'time', 0, 0n), '00:00:00 ')
})

test('time since the line before', () => {
  assert.equal(relative(0, 6), '     0.000000 ')
  assert.equal(relative(1_234_567_890, 6), '     1.234567 ')
  assert.equal(relative(12e9, 0), '    12 ')
  assert.equal(relative(1_999_999, 3, true), '(+     0.001) ')
})
