import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSigned, readUnsigned } from '../record/numbers.ts'
import { testFrame, words } from '../record/test-frames.ts'
import { bitsetBytes, compileCondition, compileExpr, compileLength, compileTest } from './evaluate.ts'
import {
  arg,
  call,
  deref,
  has,
  int,
  into,
  is,
  isNot,
  long,
  min,
  peek,
  plus,
  size,
  times,
} from './language.ts'
import { hasBits } from './plan.ts'
import { callScope } from './resolve.ts'

const declaration = call({ a: int, buf: into(int), len: size, more: long }, int)
const scope = callScope('amd64', declaration)
const length = (expression: Parameters<typeof compileLength>[0], frame = testFrame({})): number =>
  compileLength(expression, scope)(frame, [])

test('numbers of all widths are read as what they are', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
      fc.constantFrom(1, 2, 4, 8),
      (n, bytes) => {
        const view = new DataView(new ArrayBuffer(8))
        view.setBigUint64(0, BigInt.asUintN(64, n), true)
        assert.equal(readUnsigned(view, 0, bytes), Number(BigInt.asUintN(bytes * 8, n)))
        assert.equal(readSigned(view, 0, bytes), Number(BigInt.asIntN(bytes * 8, n)))
      },
    ),
  )
})

test('an argument is as wide as its type: what stands above does not count', () => {
  const frame = testFrame({ args: [0xfacefeed_00000005n, 0, 2 ** 40] })
  assert.equal(length(arg('a'), frame), 5)
  assert.equal(length(arg('len'), frame), 2 ** 40)
})

test('lengths are calculated, and rounded up', () => {
  const frame = testFrame({ args: [7, 0, 100] })
  assert.equal(length(min(arg('a'), arg('len')), frame), 7)
  assert.equal(length(plus(arg('a'), -1), frame), 6)
  assert.equal(length(times(arg('a'), 24), frame), 168)
  assert.equal(length(times(arg('len'), 1 / 64), frame), 2)
  assert.equal(length(33, frame), 33)
})

test('numbers in memory: zero where nothing was copied', () => {
  const frame = testFrame({ args: [0, 0x1000], enter: [{ address: 0x1000, bytes: words(0x2_00000005, 9) }] })
  assert.equal(length(deref('buf'), frame), 5)
  assert.equal(length(peek('buf', 8), frame), 0x2_00000005)
  assert.equal(length(peek('buf', 4, 4), frame), 2)
  assert.equal(length(peek('buf', 2, 8), frame), 9)
  assert.equal(length(peek('buf', 8, 12), frame), 0)
  assert.equal(length(deref('buf'), testFrame({ args: [0, 0x2000] })), 0)
})

test('a result counts once the call has returned well', () => {
  const ret = { ret: true } as const
  assert.equal(length(ret, testFrame({})), 0)
  assert.equal(length(ret, testFrame({ result: 12 })), 12)
  assert.equal(length(ret, testFrame({ result: -14 })), 0)
})

test('memory is seen as it is after the call, or as it was before when asked for that', () => {
  const frame = testFrame({
    args: [0, 0x1000],
    enter: [{ address: 0x1000, bytes: words(1) }],
    result: 0,
    exit: [{ address: 0x1000, bytes: words(2) }],
  })
  assert.equal(length(deref('buf'), frame), 2)
  frame.asEntered = true
  assert.equal(length(deref('buf'), frame), 1)
})

test('conditions', () => {
  const holds = (condition: Parameters<typeof compileTest>[0], ...args: (number | bigint)[]) =>
    compileTest(condition, scope)(testFrame({ args }), [])
  assert.equal(holds(is('a', 1, 2), 2), true)
  assert.equal(holds(is('a', 1, 2), 3), false)
  assert.equal(holds(isNot('a', 1, 2), 3), true)
  assert.equal(holds(has('a', 6), 7), true)
  assert.equal(holds(has('a', 6), 2), false)
  assert.equal(holds(has('more', 2 ** 40), 0, 0, 0, (2n ** 40n) | 1n), true)
  assert.equal(holds(has('a', 1), 0xfacefeed_00000000n), false)
})

test('a field is one of the structure that is entered, or of one around it', () => {
  const frame = testFrame({ enter: [{ address: 0x1000, bytes: words(5, 6, 7) }] })
  const base = frame.find(0x1000, 24)
  const field = (up: number, offset: number) =>
    compileExpr({ kind: 'field', up, offset, size: 8 }, 2, 'amd64')(frame, [base, base + 8])
  assert.equal(field(0, 0), 6)
  assert.equal(field(1, 0), 5)
  assert.equal(field(0, 8), 7)
})

test('bits of up to 53 are told apart', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (value, mask) => {
      assert.equal(hasBits(value, mask), (BigInt(value) & BigInt(mask)) === BigInt(mask))
    }),
  )
})

test('a set has whole words; absurd counts have none', () => {
  assert.deepEqual([0, 1, 64, 65, -1, 2 ** 40].map(bitsetBytes), [0, 8, 8, 16, 0, 0])
})

test('an empty condition: one of none is none', () => {
  const none = { value: { kind: 'const', value: 1 }, test: 'oneOf', numbers: [] } as const
  assert.equal(compileCondition(none, 0, 'amd64')(testFrame({}), []), false)
  assert.equal(compileCondition({ ...none, test: 'noneOf' }, 0, 'amd64')(testFrame({}), []), true)
})
