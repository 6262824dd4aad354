import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testFrame } from '../../record/test-frames.ts'
import {
  address,
  be16,
  clock,
  decimal,
  dev,
  dirfd,
  errno,
  fd,
  gid,
  hex,
  type Int,
  int,
  key,
  long,
  mode,
  type Node,
  oneOf,
  permissions,
  signal,
  uid,
  ulong,
} from '../../types/language.ts'
import { argumentBytes } from '../../types/resolve.ts'
import { TextBuffer } from '../text-buffer.ts'
import { type PrintScope, printer } from './print.ts'
import { defaultStyle, type Style } from './style.ts'

const verbose: Style = { ...defaultStyle, constants: 'verbose' }
const raw: Style = { ...defaultStyle, constants: 'raw' }

/** A value as an argument of that type. */
function shown(type: unknown, value: number | bigint, style: Style = defaultStyle): string {
  const frame = testFrame({ args: [value] })
  const scope: PrintScope = { arch: 'amd64', args: [], structs: [], style }
  const out = new TextBuffer()
  const bytes = argumentBytes(type as Node, 'amd64')
  printer(type as Node, scope, bytes)(out, frame, frame.args, [])
  return out.toString()
}
const allWays = (type: unknown, value: number | bigint): string[] =>
  [defaultStyle, verbose, raw].map(style => shown(type, value, style))

test('numbers: what stands above the type’s bits is not seen', () => {
  assert.equal(shown(int, -1), '-1')
  assert.equal(shown(int, 0xfacefeed_00000007n), '7')
  assert.equal(shown(long, -(2n ** 63n)), '-9223372036854775808')
  assert.equal(shown(ulong, -1), '18446744073709551615')
  assert.equal(shown(hex, 0), '0')
  assert.equal(shown(hex, 2n ** 63n), '0x8000000000000000')
  assert.equal(shown(address, 0), 'NULL')
  assert.equal(shown(address, 0xdeadbeef), '0xdeadbeef')
  assert.equal(shown(be16 satisfies Int, 0x5000), '80')
})

test('ids: -1 is nobody', () => {
  assert.deepEqual([shown(uid, -1), shown(gid, 2 ** 32 - 1), shown(uid, 65534)], ['-1', '-1', '65534'])
})

test('descriptors', () => {
  assert.equal(shown(fd, 0xfacefeed_ffffffffn), '-1')
  assert.deepEqual(allWays(dirfd, -100), ['AT_FDCWD', '-100 /* AT_FDCWD */', '-100'])
  assert.equal(shown(dirfd, 5), '5')
})

test('modes have at least three digits', () => {
  assert.deepEqual(
    [0, 7, 0o644, 0o4755].map(n => shown(permissions, n)),
    ['000', '007', '0644', '04755'],
  )
  assert.deepEqual(allWays(mode, 0o100644), ['S_IFREG|0644', '0100644 /* S_IFREG|0644 */', '0100644'])
  assert.equal(shown(mode, 0o107755), 'S_IFREG|S_ISUID|S_ISGID|S_ISVTX|0755')
  assert.equal(shown(mode, 0o170000), '0170000')
})

test('signals: real-time ones count from 32', () => {
  assert.deepEqual(
    [1, 29, 31, 32, 33, 64].map(n => shown(signal, n)),
    ['SIGHUP', 'SIGIO', 'SIGSYS', 'SIGRTMIN', 'SIGRT_1', 'SIGRT_32'],
  )
  assert.deepEqual(
    [0, 65, -1].map(n => shown(signal, n)),
    ['0', '65', '-1'],
  )
  assert.deepEqual(allWays(signal, 9), ['SIGKILL', '9 /* SIGKILL */', '9'])
})

test('devices are taken apart', () => {
  assert.deepEqual(allWays(dev, 0x801), ['makedev(0x8, 0x1)', '0x801 /* makedev(0x8, 0x1) */', '0x801'])
  assert.equal(shown(dev, 0), 'makedev(0, 0)')
  assert.equal(shown(dev, -1), 'makedev(0xffffffff, 0xffffffff)')
})

test('clocks, keys, errors', () => {
  assert.deepEqual([shown(clock, 1), shown(clock, 99)], ['CLOCK_MONOTONIC', '0x63 /* CLOCK_??? */'])
  assert.deepEqual([shown(key, 0), shown(key, 0x1234)], ['IPC_PRIVATE', '0x1234'])
  assert.deepEqual(allWays(errno, 2), ['ENOENT', '2 /* ENOENT */', '2'])
  assert.equal(shown(errno, 99999), '99999')
})

test('values with names, and what has none', () => {
  const set = {
    name: 'fruit',
    kind: 'value',
    prefix: 'FRUIT_',
    values: { FRUIT_NONE: -1, FRUIT_APPLE: 3 },
  } as const
  assert.deepEqual(allWays(oneOf(set), 3), ['FRUIT_APPLE', '0x3 /* FRUIT_APPLE */', '0x3'])
  assert.deepEqual(allWays(oneOf(set), 4), ['0x4 /* FRUIT_??? */', '0x4 /* FRUIT_??? */', '0x4'])
  assert.equal(shown(oneOf(set), 2 ** 32 - 1), 'FRUIT_NONE')
  const count = decimal(oneOf(set), true)
  assert.deepEqual(allWays(count, -1), ['FRUIT_NONE', '-1 /* FRUIT_NONE */', '-1'])
  assert.deepEqual(allWays(count, 70), ['70 /* FRUIT_??? */', '70 /* FRUIT_??? */', '70'])
})
