import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderTip } from './tip-text.ts'

test('tips: short, with an example, or none; their numbers go round', () => {
  assert.match(renderTip({ format: 'compact', id: 0 }), /^Tip 0: .+\n$/)
  assert.match(renderTip({ format: 'full', id: 1 }), /^Tip 1: .+\n {2}\$ .+\n$/)
  assert.equal(renderTip({ format: 'none', id: 1 }), '')
  assert.match(renderTip({ format: 'compact', id: 'random' }), /^Tip \d+: /)
  assert.match(renderTip({ format: 'compact', id: 2_147_483_647 }), /^Tip \d: /)
})
