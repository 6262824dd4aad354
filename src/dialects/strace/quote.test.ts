import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextBuffer } from '../text-buffer.ts'
import { escapeBytes, quote } from './quote.ts'
import { defaultStyle, type Style } from './style.ts'

const ascii: Style = { ...defaultStyle, escape: 'non-ascii' }
const all: Style = { ...defaultStyle, escape: 'all' }

function quoted(bytes: Uint8Array | string, style = defaultStyle): string {
  const out = new TextBuffer()
  const from = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  quote(out, from, 0, from.length, style)
  return out.toString()
}

/** What a C compiler makes of a literal. */
function bytesOf(literal: string): Uint8Array {
  const short: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 }
  const bytes: number[] = []
  for (const [token] of literal.matchAll(/\\x[0-9a-f]{2}|\\[0-7]{1,3}|\\.|[^\\]/gs)) {
    if (token.length === 1) bytes.push(token.charCodeAt(0))
    else if (token.startsWith('\\x')) bytes.push(Number.parseInt(token.slice(2), 16))
    else if (/^\\[0-7]/.test(token)) bytes.push(Number.parseInt(token.slice(1), 8))
    else bytes.push(short[token[1]!]!)
  }
  return Uint8Array.from(bytes)
}

test('unescaping gives the bytes back, whatever the style', () => {
  const digits = fc.constantFrom(0x30, 0x37, 0x38, 0x5c, 0x22, 0, 7, 0o77, 0o100, 0xff)
  const bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), digits), { maxLength: 60 })
  fc.assert(
    fc.property(bytes, fc.constantFrom(defaultStyle, ascii, all), (list, style) => {
      const text = quoted(Uint8Array.from(list), style)
      assert.match(text, /^"[ -~]*"$/)
      assert.deepEqual([...bytesOf(text.slice(1, -1))], list)
    }),
  )
})

// What `strace -e write` says of printf's arguments.
test('as strace writes them', () => {
  assert.equal(quoted('ab"c\\d\n\t\v\f\r'), String.raw`"ab\"c\\d\n\t\v\f\r"`)
  assert.equal(quoted('\x01\x07\x08\x1b\x7f\xff'), String.raw`"\1\7\10\33\177\377"`)
  assert.equal(quoted('\x001\x009\x01'), String.raw`"\0001\09\1"`)
  assert.equal(quoted(''), '""')
})

test('-x turns to hexadecimal only strings that have what does not print', () => {
  assert.equal(quoted('plain\n', ascii), String.raw`"plain\n"`)
  assert.equal(quoted('a\x01', ascii), String.raw`"\x61\x01"`)
  assert.equal(quoted('a', all), String.raw`"\x61"`)
})

test('in angle brackets these are escaped as well', () => {
  const out = new TextBuffer()
  const path = Buffer.from('/a"<b>\n')
  escapeBytes(out, path, 0, path.length, defaultStyle, true)
  assert.equal(out.toString(), String.raw`/a\"\74b\76\n`)
})
