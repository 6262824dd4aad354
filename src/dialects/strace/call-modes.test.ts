import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calledIn, nameInMode } from './call-modes.ts'

const x32 = 0x4000_0000

test('x32: what has a number of its own there is not called by that of amd64', () => {
  assert.equal(nameInMode('amd64', x32 + 0), 'read')
  assert.equal(nameInMode('amd64', x32 + 514), 'ioctl')
  assert.equal(nameInMode('amd64', x32 + 16), 'ioctl#64')
  assert.equal(nameInMode('amd64', x32 + 134), 'uselib#64')
  assert.equal(nameInMode('amd64', 16), 'ioctl')
  assert.deepEqual(calledIn('ioctl#64'), { name: 'ioctl', has: false })
  assert.deepEqual(calledIn('ioctl'), { name: 'ioctl', has: true })
})
