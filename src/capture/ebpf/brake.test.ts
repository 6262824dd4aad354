import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, run } from '../ptrace/test-capture.ts'
import { isHeld } from './brake.ts'

test('whom we start is held, whom we only watch is not, but for who asks for it', () => {
  const started = { ...everything, ...run('/bin/true') }
  assert.equal(isHeld(started), true)
  assert.equal(isHeld({ ...started, lossless: false }), false)
  assert.equal(isHeld({ ...everything, attach: [1] }), false)
  assert.equal(isHeld({ ...everything, attach: [1], lossless: true }), true)
  assert.equal(isHeld({ ...started, system: true }), false)
  assert.equal(isHeld({ ...started, cgroup: '/sys/fs/cgroup' }), false)
  assert.equal(isHeld({ ...started, cgroup: '/sys/fs/cgroup', lossless: true }), true)
})
