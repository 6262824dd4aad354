import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeText, encodeText } from './text.ts'

test('bytes come back from the string, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      assert.deepEqual(Buffer.from(encodeText(decodeText(bytes, 0, bytes.length))), Buffer.from(bytes))
    }),
  )
})

test('UTF-8 is read as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const bytes = Buffer.from(text, 'utf8')
      assert.equal(decodeText(bytes, 0, bytes.length), text)
    }),
  )
  assert.equal(decodeText(Buffer.from('xa\xe9b', 'latin1'), 1, 4), 'a\udce9b')
})
