import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  absent,
  address,
  arg,
  array,
  bytes,
  type Call,
  call,
  deref,
  either,
  fd,
  field,
  fromStack,
  growing,
  has,
  inout,
  int,
  into,
  iovecs,
  is,
  long,
  min,
  out,
  outAlways,
  path,
  reordered,
  ret,
  select,
  size,
  special,
  struct,
  text,
  uint,
  when,
} from './language.ts'
import { makePlan } from './make-plan.ts'
import { Bound, type Op } from './plan.ts'

const plan = (declaration: unknown, arch: 'amd64' | 'arm64' | 'i386' = 'amd64') =>
  makePlan(declaration as Call, arch)
const argument = (index: number, bits: 32 | 64 = 64) => ({ kind: 'arg', index, bits }) as const
const copy = (index: number, bytes: number): Op => ({
  op: 'copy',
  at: argument(index),
  length: { kind: 'const', value: bytes },
  max: Bound.struct,
})

test('what the kernel reads is copied at the enter, what it writes at the exit', () => {
  const { enter, exit, exitFailed } = plan(call({ fd, buf: out(bytes(ret)), count: size }, size))
  assert.deepEqual(enter, [{ op: 'fd', fd: argument(0, 32) }])
  assert.deepEqual(exit, [{ op: 'copy', at: argument(1), length: { kind: 'ret' }, max: 'data' }])
  assert.deepEqual(exitFailed, [])
})

test('what is read and written is copied twice; after a failure only what says so', () => {
  const both = plan(call({ a: inout(int), b: outAlways(int) }, int))
  assert.deepEqual(both.enter, [copy(0, 4)])
  assert.deepEqual(both.exit, [copy(0, 4), copy(1, 4)])
  assert.deepEqual(both.exitFailed, [copy(1, 4)])
})

test('paths whole, text as far as it is shown', () => {
  const { enter } = plan(call({ path, text }, int))
  assert.deepEqual(enter, [
    { op: 'string', at: argument(0), max: Bound.path },
    { op: 'string', at: argument(1), max: 'data' },
  ])
})

test('lengths become expressions of arguments, of the result and of memory', () => {
  const { exit } = plan(
    call({ buf: out(bytes(min(ret, arg('len')))), len: uint, more: out(bytes(deref('buf'))) }, int),
  )
  assert.deepEqual(exit[0], {
    op: 'copy',
    at: argument(0),
    length: { kind: 'min', a: { kind: 'ret' }, b: argument(1, 32) },
    max: 'data',
  })
  assert.deepEqual(exit[1], {
    op: 'copy',
    at: argument(2),
    length: { kind: 'deref', index: 0 },
    max: 'data',
  })
  assert.throws(() => plan(call({ buf: out(bytes(arg('nothing'))) }, int)), /no argument nothing/)
})

test('pointers in structures are followed from the copied bytes', () => {
  const inner = struct('iovec', { iov_base: into(bytes(field('iov_len'))), iov_len: size })
  const { enter } = plan(call({ iov: into(array(inner, arg('count'))), count: int }, int))
  assert.deepEqual(enter, [
    {
      op: 'array',
      at: argument(0),
      count: argument(1, 32),
      stride: 16,
      each: [
        {
          op: 'inside',
          offset: 0,
          ops: [
            {
              op: 'copy',
              at: { kind: 'field', up: 0, offset: 0, size: 8 },
              length: { kind: 'field', up: 0, offset: 8, size: 8 },
              max: 'data',
            },
          ],
        },
      ],
    },
  ])
  const [ops] = plan(call({ iov: into(array(inner, arg('count'))), count: int }, int), 'i386').enter
  assert.equal(ops?.op === 'array' && ops.stride, 8)
})

test('a list of pointers is entered element by element', () => {
  const { enter } = plan(call({ list: into(array(text, 3)) }, int))
  assert.deepEqual(enter, [
    {
      op: 'array',
      at: argument(0),
      count: { kind: 'const', value: 3 },
      stride: 8,
      each: [
        {
          op: 'inside',
          offset: 0,
          ops: [{ op: 'string', at: { kind: 'field', up: 0, offset: 0, size: 8 }, max: 'data' }],
        },
      ],
    },
  ])
})

test('descriptors in structures are noted', () => {
  const { enter } = plan(call({ fds: into(array(struct('pollfd', { fd }), 2)) }, int))
  assert.deepEqual(enter[0]?.op === 'array' && enter[0].each, [
    { op: 'inside', offset: 0, ops: [{ op: 'fd', fd: { kind: 'field', up: 0, offset: 0, size: 4 } }] },
  ])
})

test('a structure as long as the caller says, and no longer than the kernel looks at', () => {
  const fixed = plan(call({ a: into(struct('clone_args', {}, arg('size'))), size }, int)).enter[0]
  const grown = plan(call({ a: into(growing('clone_args', {}, arg('size'), 64)), size }, int)).enter[0]
  assert.deepEqual(fixed?.op === 'copy' && fixed.length, {
    kind: 'min',
    a: argument(1),
    b: { kind: 'const', value: 88 },
  })
  assert.deepEqual(grown?.op === 'copy' && grown.length, {
    kind: 'min',
    a: argument(1),
    b: { kind: 'const', value: Bound.page },
  })
})

test('choices and conditions become branches, unless no branch copies anything', () => {
  const chosen = plan(
    call({ op: int, fd, arg: select('op', { 1: text, 2: address }, absent) }, int),
  ).enter.at(-1)
  assert.deepEqual(chosen, {
    op: 'switch',
    on: argument(0, 32),
    cases: [
      { value: 1, ops: [{ op: 'string', at: argument(2), max: 'data' }] },
      { value: 2, ops: [] },
    ],
    otherwise: [],
  })
  const tested = plan(call({ flags: int, mode: when(has('flags', 64), into(int)) }, int)).enter
  assert.deepEqual(tested, [
    {
      op: 'if',
      when: { value: argument(0, 32), test: 'anyBit', numbers: [64] },
      then: [copy(1, 4)],
      else: [],
    },
  ])
  assert.deepEqual(plan(call({ a: int, b: either(is('a', 1), int, long) }, int)).enter, [])
})

test('iovecs of a call that failed have no content', () => {
  const { enter, exit } = plan(call({ iov: into(iovecs(arg('n'))), n: int }, int))
  assert.deepEqual(enter, [{ op: 'iovecs', at: argument(0), count: argument(1, 32) }])
  assert.deepEqual(exit, [])
  const read = plan(call({ iov: outAlways(iovecs(arg('n'), ret)), n: int }, int))
  assert.deepEqual(read.exit, [
    { op: 'iovecs', at: argument(0), count: argument(1, 32), limit: { kind: 'ret' } },
  ])
  assert.deepEqual(read.exitFailed, [
    { op: 'iovecs', at: argument(0), count: argument(1, 32), limit: { kind: 'const', value: 0 } },
  ])
})

test('a set of descriptors is counted in bits', () => {
  const { enter } = plan(call({ nfds: int, set: into(special('fdset', arg('nfds'))) }, int))
  assert.deepEqual(enter[0]?.op === 'copy' && enter[0].length, { kind: 'bitset', a: argument(0, 32) })
})

test('the order of registers, and what stands on the stack, are the architecture’s', () => {
  const swapped = reordered(call({ a: text, b: int }, int), { arm64: ['b', 'a'] })
  assert.deepEqual(plan(swapped).enter, [{ op: 'string', at: argument(0), max: 'data' }])
  assert.deepEqual(plan(swapped, 'arm64').enter, [{ op: 'string', at: argument(1), max: 'data' }])
  const left = fromStack(call({}, int), { amd64: 296 }, special('sigset', 8))
  assert.deepEqual(plan(left).enter[0]?.op === 'copy' && plan(left).enter[0], {
    op: 'copy',
    at: { kind: 'plus', a: { kind: 'stack' }, by: 296 },
    length: { kind: 'const', value: 8 },
    max: Bound.struct,
  })
  assert.deepEqual(plan(left, 'arm64').enter, [])
})

test('32-bit programs have arguments of 32 bits', () => {
  const { enter } = plan(call({ buf: into(bytes(arg('len'))), len: size }, int), 'i386')
  assert.deepEqual(enter, [{ op: 'copy', at: argument(0, 32), length: argument(1, 32), max: 'data' }])
})

test('a field that the layout does not have is a mistake', () => {
  assert.throws(() => plan(call({ a: into(struct('iovec', { nothing: int })) }, int)), /has no field nothing/)
})
