import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { goDuration } from './go-duration.ts'

test('durations as Go writes them', () => {
  const texts: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [1, '1ns'],
    [999, '999ns'],
    [1000, '1µs'],
    [1100, '1.1µs'],
    [11_256, '11.256µs'],
    [999_999, '999.999µs'],
    [1_000_000, '1ms'],
    [60_381_422, '60.381422ms'],
    [2_200_000, '2.2ms'],
    [1_000_000_000, '1s'],
    [1_000_000_001, '1.000000001s'],
    [59_999_999_999, '59.999999999s'],
    [60_500_000_000, '1m0.5s'],
    [7_200_000_000_000, '2h0m0s'],
    [3_600_000_000_001, '1h0m0.000000001s'],
    [-1500, '-1.5µs'],
    [0.7, '0s'],
  ]
  for (const [ns, text] of texts) assert.equal(goDuration(ns), text)
})

const units: { readonly [unit: string]: bigint } = {
  ns: 1n,
  µs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** As time.ParseDuration reads it. */
function parse(text: string): bigint {
  let sum = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d+)(?:\.(\d+))?(ns|µs|ms|s|m|h)/g))
    sum +=
      BigInt(whole) * units[unit]! + (BigInt(fraction || 0) * units[unit]!) / 10n ** BigInt(fraction.length)
  return sum
}

test('a duration says exactly how long', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), ns => {
      const text = goDuration(ns)
      assert.equal(parse(text), BigInt(ns))
      assert.match(text, /^(\d+h)?(\d+m)?\d+(\.\d*[1-9])?(ns|µs|ms|s)$/)
    }),
  )
})
