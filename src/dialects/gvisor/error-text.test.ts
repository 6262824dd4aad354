/** Texts of errors: by call, by what a descriptor refers to, and by era. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printCall, type TestCall } from './test-calls.ts'

const told = (call: TestCall, era: '2021' | '2022' | 'head' = 'head'): string =>
  /errno=\d+ \((.*)\)$/.exec(printCall(call, { era }).result)![1]!
const fds = { 3: 'pipe:[1]', 4: '/tmp/f', 5: 'pipe' }

test('an error has the text that the call came to it with', () => {
  assert.equal(told({ name: 'read', args: [3, 0, 1], fds, result: -11 }), 'request would block')
  assert.equal(told({ name: 'futex', args: [0, 0, 1], result: -11 }), 'try again')
  assert.equal(told({ name: 'epoll_wait', args: [3], result: -4 }), 'request was interrupted')
  assert.equal(told({ name: 'open', args: [0], result: -4 }), 'interrupted system call')
  assert.equal(told({ name: 'listen', args: [3, 1], result: -95 }), 'operation not supported')
  assert.equal(
    told({ name: 'setns', args: [3, 1], result: -95 }),
    'operation not supported on transport endpoint',
  )
  assert.equal(told({ name: 'read', args: [3, 0, 1], result: -4095 }), 'unknown error')
})

test('what the first descriptor refers to may decide', () => {
  const ioctl = (fd: number): TestCall => ({ name: 'ioctl', args: [fd, 0x5401, 0], fds, result: -25 })
  assert.equal(told(ioctl(3)), 'inappropriate ioctl for device')
  for (const fd of [4, 5, 99]) assert.equal(told(ioctl(fd)), 'not a typewriter')
  const dup2 = (fd: number): TestCall => ({ name: 'dup2', args: [fd, -1], fds, result: -9 })
  assert.equal(told(dup2(4)), 'bad file descriptor')
  assert.equal(told(dup2(99)), 'bad file number')
})

test('in 2021 most errors had the texts of Go', () => {
  const ioctl: TestCall = { name: 'ioctl', args: [4, 0x5401, 0], fds, result: -25 }
  assert.deepEqual(
    [told(ioctl, '2021'), told(ioctl, '2022')],
    ['inappropriate ioctl for device', 'not a typewriter'],
  )
  assert.equal(
    told({ name: 'futex', args: [0, 0, 1], result: -11 }, '2021'),
    'resource temporarily unavailable',
  )
  assert.equal(told({ name: 'open', args: [0], result: -2 }, '2021'), 'no such file or directory')
})
