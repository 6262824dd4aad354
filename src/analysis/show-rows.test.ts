import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asCsv, asJsonLines, asTable, type Cell } from './show-rows.ts'

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
) satisfies fc.Arbitrary<Cell>
const rows = fc.integer({ min: 1, max: 5 }).chain(width =>
  fc.record({
    names: fc.array(fc.string({ minLength: 1 }), { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
  }),
)

test('a table has a line for each row, and nothing that a terminal would act on', () => {
  fc.assert(
    fc.property(rows, given => {
      const text = asTable(given)
      assert.equal(text.split('\n').length, given.rows.length + 3)
      assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|\p{Cf}/u)
    }),
  )
})

test('CSV read by its rules gives the cells back', () => {
  fc.assert(
    fc.property(rows, given => {
      const wanted = [given.names, ...given.rows.map(row => row.map(c => (c === null ? '' : String(c))))]
      assert.deepEqual(readCsv(asCsv(given)), wanted)
    }),
  )
})

test('JSON lines hold each cell; numbers that JSON readers would round are text', () => {
  const text = asJsonLines({
    names: ['a', 'b'],
    rows: [
      [1n, 2n ** 60n],
      ['x"y', null],
    ],
  })
  assert.deepEqual(
    text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
    [
      { a: 1, b: '1152921504606846976' },
      { a: 'x"y', b: null },
    ],
  )
})

test('JSON in a JSON line is no text, and stands as it is', () => {
  const given = {
    names: ['args', 'comm'],
    rows: [['{"addr":\n18446744073709551615}', '{}']],
    json: new Set([0]),
  }
  assert.equal(asJsonLines(given), '{"args":{"addr": 18446744073709551615},"comm":"{}"}\n')
})

function readCsv(text: string): string[][] {
  const all: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    let field = ''
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++
        field += text[at]
      }
      at++
    } else while (text[at] !== ',' && text[at] !== '\r') field += text[at++]
    row.push(field)
    if (text[at] === ',') at++
    else {
      all.push(row)
      row = []
      at += 2
    }
  }
  return all
}

test('a table is cut where the room ends, in the middle of its longest texts', () => {
  const paths = ['/usr/lib/node_modules/npm/node_modules/minimatch/index.js', '/etc/hosts']
  const given = { names: ['path', 'calls', 'comm'], rows: paths.map((path, i) => [path, i, 'npm i']) }
  const lengths = (text: string): number[] => text.split('\n').map(line => line.length)
  assert.equal(Math.max(...lengths(asTable(given, 50))), 50)
  assert.match(asTable(given, 50), /^\/usr\/lib\/no….*\/minimatch\/index\.js {2} {4}0 {2}npm i$/m)
  assert.ok(asTable(given).includes(paths[0]!))
  assert.equal(asTable(given, 10), asTable(given, 38))
})

test('times are not cut; the last column goes on beyond its rule, or is cut at its end', () => {
  const row = ['/usr/lib/node_modules/npm/node_modules', '2026-11-29 08:17:23.477304', 'sh -c '.repeat(20)]
  const given = { names: ['path', 'time', 'command'], rows: [row] }
  const [, rule, whole] = asTable(given, 90).split('\n')
  assert.equal(rule!.length, 90)
  assert.ok(whole!.includes(`${row[1]}  ${row[2]!.trimEnd()}`))
  const cut = asTable(given, 90, 'cut').split('\n')[2]!
  assert.equal(cut.length, 90)
  assert.match(cut, /23\.477304 {2}sh -c sh -c.*…$/)
})
