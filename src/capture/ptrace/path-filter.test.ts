import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { type TestRange, testFrame } from '../../record/test-frames.ts'
import { pathFilter } from './path-filter.ts'

const touches = pathFilter(['/dev/full'])
const wanted: TestRange = { address: 0x1000, bytes: Buffer.from('/dev/full\0') }
const fsconfig = (cmd: number, value: number): boolean =>
  touches(testFrame({ sysno: syscallNumbers.amd64.fsconfig, args: [3, cmd, 0, value, 3], enter: [wanted] }))

test('a path counts where it is one', () => {
  const openat = (path: number): boolean =>
    touches(testFrame({ sysno: syscallNumbers.amd64.openat, args: [3, path, 0], enter: [wanted] }))
  assert.equal(openat(0x1000), true)
  assert.equal(openat(0x1001), false)
  assert.equal(openat(0), false)
})

test('neither what a link is to lead to nor text without an end is such a path', () => {
  const symlink = (target: number, linkpath: number): boolean =>
    touches(testFrame({ sysno: syscallNumbers.amd64.symlink, args: [target, linkpath], enter: [wanted] }))
  assert.equal(symlink(0x1000, 0), false)
  assert.equal(symlink(0, 0x1000), true)
  const unended: TestRange = { address: 0x1000, bytes: Buffer.from('/dev/full') }
  const chdir = testFrame({ sysno: syscallNumbers.amd64.chdir, args: [0x1000], enter: [unended] })
  assert.equal(touches(chdir), false)
})

test('text that would be a path in another variant of the call does not count', () => {
  const [setString, setPath, setPathEmpty] = [1, 3, 4]
  assert.equal(fsconfig(setString, 0x1000), false)
  assert.equal(fsconfig(setPath, 0x1000), true)
  assert.equal(fsconfig(setPathEmpty, 0x1000), true)
  assert.equal(fsconfig(setPath, 0x2000), false)
})
