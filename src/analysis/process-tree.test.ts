import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawTree } from './process-tree.ts'

test('children stand below who started them', () => {
  const row = (pid: number, parent: number | null, command: string) => ({ pid, parent, command })
  const drawn = drawTree([
    row(1, null, 'make'),
    row(2, 1, 'cc'),
    row(3, 2, 'as'),
    row(4, 1, 'ld'),
    row(9, 8, 'other'),
  ])
  assert.deepEqual(
    drawn.map(({ command }) => command),
    ['make', '├─ cc', '│  └─ as', '└─ ld', 'other'],
  )
})

test('of those that had the same number one after the other each has its own children', () => {
  const rows = [
    { pid: 1, parent: null, command: 'sh' },
    { pid: 2, parent: 1, command: 'first' },
    { pid: 3, parent: 2, command: 'its child' },
    { pid: 2, parent: 1, command: 'second' },
    { pid: 4, parent: 2, command: 'another' },
  ]
  assert.deepEqual(
    drawTree(rows).map(({ command }) => command),
    ['sh', '├─ first', '│  └─ its child', '└─ second', '   └─ another'],
  )
})

test('no process is lost, whatever the numbers claim', () => {
  const rows = fc.array(
    fc.record({ pid: fc.nat(6), parent: fc.option(fc.nat(6)), command: fc.constant('x') }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(rows, given => {
      assert.deepEqual(
        drawTree(given)
          .map(row => `${row.pid} ${row.parent}`)
          .sort(),
        given.map(row => `${row.pid} ${row.parent}`).sort(),
      )
    }),
  )
})
