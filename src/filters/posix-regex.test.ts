import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compilePosixRegex } from './posix-regex.ts'
import { Refusal } from './refusal.ts'

const matching: readonly [source: string, yes: readonly string[], no: readonly string[]][] = [
  ['open', ['open', 'openat', 'mq_open'], ['ope']],
  ['^open$', ['open'], ['openat', 'mq_open']],
  ['^(.*_)?statv?fs', ['statfs', 'statfs64', 'osf_statfs'], ['fstatfs']],
  ['a**', ['', 'a', 'b'], []],
  ['^(x*?y+?)$', ['', 'xxy', 'y'], ['yx']],
  ['^[[:alpha:]_]+$', ['mq_open'], ['pread64']],
  ['^[]a]+$', ['a]'], ['b']],
  ['^[^]a]$', ['b'], [']', 'a']],
  ['^[a\\]$', ['\\', 'a'], ['b', ']']],
  ['^[--0]$', ['-', '.', '0'], ['1']],
  ['^[[.-.]x]$', ['-', 'x'], ['.']],
  ['^[[=e=]-]$', ['e', '-'], ['[', '=']],
  ['\\<at\\>', ['at', 'x at y'], ['openat']],
  ['\\d', ['open_d'], ['7']],
  ['^(ab)\\1$', ['abab'], ['ab']],
  ['^(a)\\10$', ['aa0'], ['aa']],
  ['^a{2}{2}$', ['aaaa'], ['aa', 'aaa']],
  ['^a{1,}$', ['a', 'aaa'], ['']],
  ['^a{1,2}$', ['a', 'aa'], ['aaa']],
  ['a)b', ['a)b'], ['ab']],
  ['^(|a)b$', ['b', 'ab'], ['aab']],
  ['^()*$', [''], ['a']],
  ['x}', ['x}'], ['x']],
]

for (const [source, yes, no] of matching) {
  test(`/${source}/ matches as POSIX says`, () => {
    const regex = compilePosixRegex(source)
    assert.ok(regex instanceof RegExp)
    for (const text of yes) assert.ok(regex.test(text), `matches '${text}'`)
    for (const text of no) assert.ok(!regex.test(text), `does not match '${text}'`)
  })
}

test('any text is compiled or refused', () => {
  const piece = fc.constantFrom(
    'a',
    'z',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '1',
    ',',
    '*',
    '+',
    '?',
    '|',
    '^',
    '$',
    '\\',
    '-',
  )
  const special = fc.constantFrom(
    '[:alpha:]',
    '[.a.]',
    '[=a=]',
    '[^',
    '[:',
    '\\<',
    '\\w',
    '\\1',
    '.',
    '{2}',
    '\n',
    '\xe9',
    '/',
  )
  const source = fc.array(fc.oneof(piece, special), { maxLength: 12 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(source, text => {
      const compiled = compilePosixRegex(text)
      assert.ok(compiled instanceof RegExp || compiled instanceof Refusal)
    }),
    { numRuns: 2000 },
  )
})
