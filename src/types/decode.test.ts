import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testFrame } from '../record/test-frames.ts'
import { declarationOf } from '../syscalls/index.ts'
import { callDecoder } from './decode.ts'

const setuid = (arch: 'amd64' | 'i386', register: number): unknown =>
  callDecoder(declarationOf('setuid', arch), arch, 32).args(testFrame({ arch, args: [register] })).uid

test('of an id of 16 bits the lower half of its register counts', () => {
  assert.equal(setuid('i386', 0x10005), 5)
  assert.equal(setuid('i386', 0x1ffff), 0xffff)
  assert.equal(setuid('amd64', 0x10005), 0x10005)
})
