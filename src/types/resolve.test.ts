import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sets from '../abi/sets.ts'
import {
  address,
  array,
  byte,
  bytes,
  call,
  chars,
  int,
  into,
  long,
  type Node,
  oneOf,
  select,
  special,
  struct,
  text,
} from './language.ts'
import {
  argIndex,
  callScope,
  casesOf,
  findField,
  layoutOf,
  numberIn,
  resolveName,
  sizeOf,
} from './resolve.ts'

const two = {
  name: 'two',
  kind: 'value',
  values: { ONE: 1, WIDE: 0x1_0000_0000n, ONLY_AMD64: 5, MOVED: 7 },
  arm64: { ONLY_AMD64: null, MOVED: 8 },
} as const
const declaration = call({ op: oneOf(two), data: long }, int)

test('a name has the number that it has on the architecture', () => {
  assert.equal(numberIn(two, 'MOVED', 'amd64'), 7n)
  assert.equal(numberIn(two, 'MOVED', 'arm64'), 8n)
  assert.equal(numberIn(two, 'ONLY_AMD64', 'arm64'), undefined)
  assert.equal(numberIn(two, 'NONE', 'amd64'), undefined)
})

test('names in conditions are those of the sets of what they speak of, or numbers', () => {
  const scope = callScope('arm64', declaration)
  assert.equal(resolveName(scope, { arg: 'op' }, 'MOVED'), 8)
  assert.equal(resolveName(scope, { arg: 'op' }, 'WIDE'), 2 ** 32)
  assert.equal(resolveName(scope, { arg: 'op' }, '-3'), -3)
  assert.equal(resolveName(scope, { arg: 'op' }, '0x10'), 16)
  assert.equal(resolveName(scope, { arg: 'op' }, 4), 4)
  assert.throws(() => resolveName(scope, { arg: 'op' }, 'NONE'), /no value of NONE/)
  assert.throws(() => resolveName(scope, { arg: 'data' }, 'ONE'), /no value of ONE/)
})

test('a choice has the variants that the architecture has', () => {
  const choice = select('op', { ONE: int, ONLY_AMD64: long, MOVED: text }, address)
  const on = (arch: 'amd64' | 'arm64') =>
    casesOf(choice, callScope(arch, declaration)).map(([value]) => value)
  assert.deepEqual(on('amd64'), [1, 5, 7])
  assert.deepEqual(on('arm64'), [1, 8])
})

test('an argument that a call does not have is a mistake', () => {
  assert.equal(argIndex(callScope('amd64', declaration), 'data'), 1)
  assert.throws(() => argIndex(callScope('amd64', declaration), 'size'), /no argument size among op, data/)
})

test('the order of registers may be the architecture’s own', () => {
  const other = { ...declaration, order: { arm64: ['data', 'op'] } }
  assert.equal(argIndex(callScope('amd64', other), 'op'), 0)
  assert.equal(argIndex(callScope('arm64', other), 'op'), 1)
})

test('a field is looked for from the innermost structure outwards', () => {
  const { arch, args } = callScope('amd64', declaration)
  const inner = { layout: layoutOf('iovec', arch), fields: { iov_len: long as unknown as Node } }
  const outer = { layout: layoutOf('pollfd', arch), fields: {} }
  const scope = { arch, args, structs: [inner, outer] }
  assert.deepEqual([findField(scope, 'iov_len').up, findField(scope, 'iov_len').place.offset], [0, 8])
  assert.deepEqual([findField(scope, 'events').up, findField(scope, 'events').place.offset], [1, 4])
  assert.throws(() => findField(scope, 'nothing'), /no field nothing/)
})

test('layouts are those of the architecture', () => {
  assert.equal(layoutOf('iovec', 'amd64').size, 16)
  assert.equal(layoutOf('iovec', 'i386').size, 8)
  // Packed on x86, so that 32-bit programs see the same.
  assert.equal(layoutOf('epoll_event', 'amd64').size, 12)
  assert.equal(layoutOf('epoll_event', 'arm64').size, 16)
  assert.throws(() => layoutOf('no_such_struct', 'amd64'), /no layout of struct no_such_struct/)
})

test('sizes where they are fixed, none where they are not', () => {
  const size = (type: unknown, arch: 'amd64' | 'i386' = 'amd64') => sizeOf(type as Node, arch)
  assert.equal(size(int), 4)
  assert.equal(size(byte), 1)
  assert.equal(size(into(int)), 8)
  assert.equal(size(into(int), 'i386'), 4)
  assert.equal(size(struct('timespec', {}), 'i386'), 8)
  assert.equal(size(chars(16)), 16)
  assert.equal(size(array(int, 3)), 12)
  assert.equal(size(array(byte, 3, 8)), 24)
  assert.equal(size(special('fdset', 64)), 8)
  assert.equal(size(special('sigset', 8)), 8)
  assert.equal(size(bytes({ arg: 'data' })), 0)
  assert.equal(size(select('op', { ONE: int, MOVED: array(long, 4) }, byte)), 32)
  assert.equal(size(oneOf(sets.sigev_value)), 4)
})
