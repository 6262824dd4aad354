/** Conditions as they are typed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  emptyFilter,
  filterColumns,
  formatCondition,
  parseCondition,
  parseSearch,
  toggled,
  withCondition,
} from './conditions.ts'
import { conditions, texts } from './test-conditions.ts'

test('what is typed becomes conditions and text', () => {
  assert.deepEqual(parseSearch('errno!=ENOENT lib c.so duration>5ms'), {
    conditions: [
      { column: 'errno', is: 'different', value: 'ENOENT' },
      { column: 'duration', is: 'above', value: 5 },
    ],
    text: 'lib c.so',
  })
  assert.deepEqual(parseSearch('path~"/a b" time<2.5s').conditions, [
    { column: 'path', is: 'contains', value: '/a b' },
    { column: 'time', is: 'below', value: 2500 },
  ])
  // No columns, no operators, no numbers: text, with its spaces.
  for (const text of ['O_RDONLY|O_CLOEXEC) =  3', 'colour=red', 'pid=many', 'name>openat', '"unfinished'])
    assert.deepEqual(parseSearch(text), { conditions: [], text })
})

test('a condition that is written down is read as the same', () => {
  fc.assert(
    fc.property(conditions, condition => {
      assert.deepEqual(parseCondition(formatCondition(condition)), condition)
      assert.deepEqual(parseSearch(formatCondition(condition)).conditions, [condition])
    }),
  )
})

test('whatever is typed makes a filter', () => {
  fc.assert(
    fc.property(texts, typed => {
      for (const { column } of parseSearch(typed).conditions) assert.ok(filterColumns.includes(column))
    }),
  )
})

test('a column equals one value; a second click takes it away', () => {
  const read = { column: 'name', is: 'equal', value: 'read' } as const
  const write = { column: 'name', is: 'equal', value: 'write' } as const
  assert.deepEqual(withCondition(withCondition(emptyFilter, read), write).conditions, [write])
  assert.deepEqual(toggled(toggled(emptyFilter, read), read), emptyFilter)
})
