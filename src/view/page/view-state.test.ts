/** Addresses: a link leads to what was seen, and one that somebody made up leads nowhere bad. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { columns } from '../protocol.ts'
import { conditions, texts } from './test-conditions.ts'
import { formatHash, panels, parseHash } from './view-state.ts'

test('a view is found again by its address', () => {
  const time = fc.nat(1e9).map(n => n / 1000)
  fc.assert(
    fc.property(
      fc.record({
        range: fc.option(fc.tuple(time, fc.nat(1e6)).map(([from, more]) => ({ from, to: from + more + 1 }))),
        filter: fc.record(
          { conditions: fc.array(conditions, { maxLength: 5 }), text: texts },
          { noNullPrototype: true },
        ),
        sort: fc.constantFrom(...columns),
        descending: fc.boolean(),
        selected: fc.option(fc.nat()),
        panel: fc.constantFrom(...panels),
      }),
      view => {
        const read = parseHash(`#${formatHash(view)}`)
        const { range, ...rest } = read
        const { range: wanted, ...others } = view
        assert.deepEqual(rest, others)
        if (wanted === null) assert.equal(range, null)
        else
          assert.ok(
            range !== null &&
              Math.abs(range.from - wanted.from) < 1e-6 &&
              Math.abs(range.to - wanted.to) < 1e-6,
          )
      },
    ),
  )
})

test('any address makes a view', () => {
  const piece = fc.constantFrom(
    't=',
    'f=',
    'q=',
    'sort=',
    'call=',
    'panel=',
    '-',
    '1e999',
    'NaN',
    '&',
    '%',
    '5-3',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), pieces => {
      const { range, sort, selected } = parseHash(pieces.join(''))
      assert.ok(range === null || (range.from < range.to && Number.isFinite(range.to)))
      assert.ok(columns.includes(sort))
      assert.ok(selected === null || Number.isSafeInteger(selected))
    }),
  )
})
