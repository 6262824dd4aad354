import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TextBuffer } from '../text-buffer.ts'
import type { Era } from './eras.ts'
import { putEscaped, putQuoted } from './go-quote.ts'

function quoted(bytes: Uint8Array): string {
  const out = new TextBuffer(8)
  putQuoted(out, bytes, 0, bytes.length)
  return Buffer.from(out.text()).toString('utf8')
}

test('text as %q writes it', () => {
  const of = (text: string) => quoted(Buffer.from(text))
  assert.equal(of(''), '""')
  assert.equal(of('quote" back\\ tick`'), '"quote\\" back\\\\ tick`"')
  assert.equal(of('\x07\b\f\n\r\t\v\0\x1b\x7f'), '"\\a\\b\\f\\n\\r\\t\\v\\x00\\x1b\\x7f"')
  assert.equal(of('café € 😀 �'), '"café € 😀 �"')
  assert.equal(of('\u00a0\u00ad\u2028\u{e0001}'), '"\\u00a0\\u00ad\\u2028\\U000e0001"')
  assert.equal(quoted(Uint8Array.of(0xff, 0xfe, 0xc3, 0x28)), '"\\xff\\xfe\\xc3("')
  // Half of a pair, an overlong slash, a sequence that is cut off, one past the last code point.
  assert.equal(quoted(Uint8Array.of(0xed, 0xa0, 0x80)), '"\\xed\\xa0\\x80"')
  assert.equal(quoted(Uint8Array.of(0xc0, 0xaf, 0xe2, 0x82)), '"\\xc0\\xaf\\xe2\\x82"')
  assert.equal(quoted(Uint8Array.of(0xf4, 0x90, 0x80, 0x80)), '"\\xf4\\x90\\x80\\x80"')
})

test('what is printable is what Go knew at the time, whatever Node knows', () => {
  const of = (text: string, era: Era): string => {
    const out = new TextBuffer(8)
    const bytes = Buffer.from(text)
    putQuoted(out, bytes, 0, bytes.length, era)
    return Buffer.from(out.text()).toString('utf8')
  }
  // Of Unicode 1.1, 13.0, 14.0, 15.0 and 16.0; the first and the last of a range, and their neighbours.
  const text = '\u0641\u{1fad6}\u061d\u{1fae8}\u{1c89}|\u0377\u0378\u0379\u037a'
  assert.equal(of(text, 'head'), '"\u0641\u{1fad6}\u061d\u{1fae8}\\u1c89|\u0377\\u0378\\u0379\u037a"')
  assert.equal(of(text, '2022'), '"\u0641\u{1fad6}\\u061d\\U0001fae8\\u1c89|\u0377\\u0378\\u0379\u037a"')
})

/** Reads Go's quoting back. */
function unquote(text: string): Buffer {
  const parts = [...text.slice(1, -1).matchAll(/\\x(..)|\\u(....)|\\U(.{8})|\\(.)|[^\\]/gsu)]
  const letters: { readonly [letter: string]: string } = {
    a: '\x07',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
  }
  return Buffer.concat(
    parts.map(([all, byte, short, long, letter]) =>
      byte !== undefined
        ? Buffer.from([Number.parseInt(byte, 16)])
        : short !== undefined || long !== undefined
          ? Buffer.from(String.fromCodePoint(Number.parseInt((short ?? long)!, 16)))
          : Buffer.from(letter === undefined ? all : (letters[letter] ?? letter)),
    ),
  )
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 60 }).map(s => new Uint8Array(Buffer.from(s))),
)

test('quoting loses nothing, and leaves nothing that commands a terminal', () => {
  fc.assert(
    fc.property(bytes, data => {
      const text = quoted(data)
      assert.deepEqual(unquote(text), Buffer.from(data))
      assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f]/)
    }),
  )
})

test('names on a terminal are escaped, but not quoted', () => {
  const out = new TextBuffer(8)
  const name = Buffer.from('/tmp/\x1b[2J"a"\0')
  putEscaped(out, name, 0, name.length)
  assert.equal(out.toString(), '/tmp/\\x1b[2J"a"\\x00')
})
