/** Text and figures as people see them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromBase64, hexLines } from './hexdump.ts'
import { showDuration, showTick, visible } from './shown-text.ts'

test('nothing in a text can hide, or turn others around', () => {
  assert.equal(
    visible('a\x1b[31m\r\n\x7f\u202etxt\ud800'),
    'a\u241b[31m\u240d\u240a\u2421\u27e8202e\u27e9txt\u27e8d800\u27e9',
  )
  assert.equal(visible('caf\u00e9 \u{1f600} \u65e5\u672c'), 'caf\u00e9 \u{1f600} \u65e5\u672c')
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), codes => {
      const text = String.fromCharCode(...codes)
      assert.doesNotMatch(visible(text), /\p{Cc}|\p{Bidi_Control}|\p{Cs}/u)
    }),
  )
})

test('durations have three digits and a unit', () => {
  const shown = [0, 0.000_25, 0.000_999_9, 0.0123, 4.5678, 999.9, 61_000, 3_725_000].map(showDuration)
  assert.deepEqual(shown, ['0', '250 ns', '1.00 µs', '12.3 µs', '4.57 ms', '1.00 s', '1:01 min', '1:02:05 h'])
})

test('an axis is as exact as it has to be', () => {
  assert.equal(showTick(2500, 500), '2.5 s')
  assert.equal(showTick(12_345, 50), '12\u202f345 ms')
  assert.equal(showTick(0.0125, 0.0005), '12.5 µs')
})

test('bytes as hexdump has them', () => {
  const bytes = fromBase64(btoa('\x7fELF\x02\x01\x01 and more'))
  assert.deepEqual(hexLines(bytes, '0x7ffd10', 0, 64), [
    {
      address: '0000007ffd10',
      bytes: '7f 45 4c 46 02 01 01 20  61 6e 64 20 6d 6f 72 65',
      letters: '\u00b7ELF\u00b7\u00b7\u00b7 and more',
    },
  ])
  assert.deepEqual(hexLines(fromBase64('%%%'), 'nowhere', 0, 64), [])
})
