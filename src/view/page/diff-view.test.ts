/** What is looked at of a comparison, in the page's address and back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rowKinds } from '../comparison-protocol.ts'
import { emptyFilter } from './conditions.ts'
import { firstDiffView, formatDiffHash, parseDiffHash, toggledKind } from './diff-view.ts'

test('a link leads to what was seen', () => {
  const views = fc.record(
    {
      kinds: fc.subarray([...rowKinds]),
      pair: fc.option(fc.nat()),
      filter: fc.string({ maxLength: 40 }).map(text => ({
        conditions: [{ column: 'errno', is: 'equal', value: 'ENOENT' } as const],
        text,
      })),
      row: fc.option(fc.nat()),
    },
    { noNullPrototype: true },
  )
  fc.assert(fc.property(views, view => assert.deepEqual(parseDiffHash(formatDiffHash(view)), view)))
  assert.equal(formatDiffHash(firstDiffView), '')
})

test('an address that makes no sense is as at the start', () => {
  assert.deepEqual(parseDiffHash('#pair=-1&row=x&f=nothing'), firstDiffView)
  assert.deepEqual(parseDiffHash('#kinds=all,failing').kinds, ['failing'])
  fc.assert(
    fc.property(fc.string(), text => {
      parseDiffHash(text)
    }),
  )
})

test('kinds keep their order, whichever is shown last', () => {
  const without = toggledKind(rowKinds, 'missing')
  assert.equal(without.includes('missing'), false)
  assert.deepEqual(toggledKind(without, 'missing'), rowKinds)
  assert.deepEqual(firstDiffView.filter, emptyFilter)
})
