import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { align8, maxRecordBytes, Range, RangeFlag } from '../../record/layout.ts'
import { Bound, type Expr, type Op } from '../../types/plan.ts'
import { compilePlan } from './plan-compiler.ts'
import { type CopiedRange, interpretPlan, type PlanInput } from './plan-interpreter.ts'
import { RecordBuilder, rangesEnd } from './record-builder.ts'

const page = 4096
const origin = 0x10000

/** Pages from `origin` on of which some cannot be read. */
class Pages {
  readonly bytes: Uint8Array
  readonly readable: readonly boolean[]

  constructor(bytes: Uint8Array, readable: readonly boolean[]) {
    this.bytes = bytes
    this.readable = readable
  }

  /** What a counterexample shows. */
  toString(): string {
    return `pages ${this.readable}`
  }

  prefix(address: number, length: number): Uint8Array {
    let end = address
    while (end < address + length && this.readable[Math.floor((end - origin) / page)] === true)
      end = end - (end % page) + page
    return this.bytes.slice(address - origin, Math.min(end, address + length) - origin)
  }
}

function runCompiled(ops: readonly Op[], input: PlanInput): CopiedRange[] {
  // The ring holds what older records left there.
  const bytes = new Uint8Array(maxRecordBytes + 64).fill(0x41)
  const view = new DataView(bytes.buffer)
  const read = (address: number, length: number, to: number): number => {
    const found = input.read(address, length)
    bytes.set(found, to)
    return found.length
  }
  const memory = { read, readNear: read, forget() {} }
  const record = new RecordBuilder(bytes, view, memory)
  const words = new DataView(record.args.buffer)
  input.args.forEach((arg, i) => {
    words.setBigUint64(i * 8, BigInt.asUintN(64, arg), true)
  })
  record.resultLow = Number(BigInt.asUintN(32, input.result))
  record.resultHigh = Number(BigInt.asUintN(32, input.result >> 32n))
  record.begin(64, input.fixed)
  compilePlan({ enter: ops, exit: [], exitFailed: [] }, { ...input, noteDescriptor: null }).enter?.(record)

  const ranges: CopiedRange[] = []
  let at = 64 + input.fixed
  for (let n = 0; n < record.ranges; n++) {
    const length = view.getUint32(at + Range.length, true)
    const start = at + Range.bytes
    ranges.push({
      address: Number(view.getBigUint64(at, true)),
      bytes: bytes.slice(start, start + length),
      flags: bytes[at + Range.flags]!,
    })
    at = start + align8(length)
  }
  assert.equal(at, record.at)
  assert.ok(at - 64 <= rangesEnd + 8)
  return ranges
}

// Addresses near the edges of pages, wild ones, NULL; lengths from none to absurd.
const pages = 6
const address = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: origin, max: origin + pages * page - 1 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: pages }), fc.integer({ min: -40, max: 8 }))
      .map(([p, o]) => origin + p * page + o),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2 ** 47, 2 ** 53, 2 ** 60) },
)
const length = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(4096, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 63) },
)
const argument = fc.oneof(address, length).map(BigInt)

const { ops } = fc.letrec<{ expr: Expr; op: Op; ops: Op[] }>(tie => {
  const condition = fc.record({
    value: tie('expr'),
    test: fc.constantFrom('anyBit' as const, 'oneOf' as const, 'noneOf' as const),
    numbers: fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(2 ** 33)), { maxLength: 3 }),
  })
  // Most addresses and lengths in structures are their fields.
  const field = fc.record({
    kind: fc.constant('field' as const),
    up: fc.constantFrom(0, 0, 1, 2),
    offset: fc.nat(5).map(n => n * 8),
    size: fc.constantFrom(8, 8, 8, 4, 2, 1),
  })
  const number = fc.oneof(tie('expr'), field)
  const inside = fc.record({
    op: fc.constant('inside' as const),
    offset: fc.constantFrom(0, 8, 16, 3),
    ops: tie('ops'),
  })
  const then = fc.oneof(tie('ops'), fc.array(inside, { minLength: 1, maxLength: 2, depthIdentifier: 'ops' }))
  const max = fc.oneof(
    fc.constantFrom<number | 'data'>('data', Bound.struct, Bound.path),
    fc.integer({ min: 1, max: 64 }),
  )
  return {
    expr: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        kind: fc.constant('arg' as const),
        index: fc.nat(5),
        bits: fc.constantFrom(32 as const, 64 as const),
      }),
      fc.record({ kind: fc.constant('const' as const), value: length }),
      fc.constant({ kind: 'ret' as const }),
      field,
      fc.record({ kind: fc.constant('deref' as const), index: fc.nat(5) }),
      fc.record({
        kind: fc.constant('peek' as const),
        at: tie('expr'),
        size: fc.constantFrom(2 as const, 4 as const, 8 as const),
      }),
      fc.record({ kind: fc.constant('min' as const), a: tie('expr'), b: tie('expr') }),
      fc.record({ kind: fc.constant('times' as const), a: tie('expr'), by: fc.nat(64) }),
      fc.record({ kind: fc.constant('product' as const), a: tie('expr'), b: tie('expr') }),
      fc.record({ kind: fc.constant('plus' as const), a: tie('expr'), by: fc.nat(64) }),
      fc.record({ kind: fc.constant('bitset' as const), a: tie('expr') }),
    ),
    op: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ op: fc.constant('string' as const), at: number, max }),
      fc.record({ op: fc.constant('copy' as const), at: number, length: number, max }),
      fc.record({
        op: fc.constant('copy' as const),
        at: number,
        length: number,
        max,
        then,
      }),
      fc.record({ op: fc.constant('strings' as const), at: number, env: fc.boolean() }),
      fc.record({
        op: fc.constant('strings' as const),
        at: number,
        env: fc.boolean(),
        whole: fc.constant(true as const),
      }),
      fc.record({
        op: fc.constant('array' as const),
        at: number,
        count: tie('expr'),
        stride: fc.integer({ min: 1, max: 80 }),
        each: then,
      }),
      fc.record({ op: fc.constant('iovecs' as const), at: number, count: tie('expr') }),
      fc.record({
        op: fc.constant('iovecs' as const),
        at: number,
        count: tie('expr'),
        limit: tie('expr'),
      }),
      fc.record({
        op: fc.constant('iovecs' as const),
        at: number,
        count: tie('expr'),
        limit: tie('expr'),
        overrun: fc.constant(true as const),
      }),
      fc.record({ op: fc.constant('if' as const), when: condition, then: tie('ops'), else: tie('ops') }),
      fc.record({
        op: fc.constant('switch' as const),
        on: tie('expr'),
        cases: fc.array(fc.record({ value: fc.nat(4), ops: tie('ops') }), { maxLength: 3 }),
        otherwise: tie('ops'),
      }),
      inside,
    ),
    ops: fc.array(tie('op'), { maxLength: 3, depthIdentifier: 'ops' }),
  }
})
/** Memory whose words are often addresses into itself, so that pointers lead somewhere. */
const memory = fc
  .record({
    words: fc.array(fc.oneof(address, length), { minLength: 64, maxLength: 64 }),
    bytes: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    readable: fc.array(
      fc.integer({ min: 0, max: 5 }).map(n => n > 0),
      { minLength: pages, maxLength: pages },
    ),
    shift: fc.nat(7),
  })
  .map(({ words, bytes, readable, shift }) => {
    const all = new Uint8Array(pages * page)
    const view = new DataView(all.buffer)
    for (let i = 0; i + 16 <= all.length; i += 16) {
      const n = (i >> 4) % 64
      if ((i >> 10) % 2 === 0) view.setBigUint64(i + (shift > 3 ? 8 : 0), BigInt(words[n]!), true)
      else all.set(bytes.subarray(n, n + 16), i)
    }
    return new Pages(all, readable)
  })

test('compiled and interpreted plans copy the same', () => {
  fc.assert(
    fc.property(
      ops,
      memory,
      fc.array(argument, { minLength: 6, maxLength: 6 }),
      fc.oneof(argument, fc.constant(-1n)),
      fc.constantFrom(4 as const, 8 as const),
      fc.boolean(),
      fc.constantFrom(1, 33, 5000),
      (plan, pages, args, result, word, environment, dataLimit) => {
        let budget = 20_000
        const input: PlanInput = {
          args,
          result,
          word,
          environment,
          dataLimit,
          fixed: 96,
          read: (at, n) => (budget-- > 0 ? pages.prefix(at, n) : new Uint8Array()),
        }
        const interpreted = interpretPlan(plan, input)
        fc.pre(budget > 0)
        const compiled = runCompiled(plan, { ...input, read: (at, n) => pages.prefix(at, n) })
        assert.deepEqual(compiled, interpreted)
      },
    ),
    { numRuns: 3000 },
  )
})

const allReadable = new Pages(new Uint8Array(pages * page).fill(65), new Array<boolean>(pages).fill(true))
const base = {
  args: [],
  result: 0n,
  word: 8 as const,
  dataLimit: 33,
  environment: false,
  fixed: 96,
  read: (at: number, n: number) => allReadable.prefix(at, n),
}
const at = (value: number): Expr => ({ kind: 'const', value })

test('data is cut at the limit only when more was asked for', () => {
  const copy = (n: number) =>
    runCompiled([{ op: 'copy', at: at(origin), length: at(n), max: 'data' }], base)[0]!
  assert.deepEqual([copy(33).bytes.length, copy(33).flags], [33, 0])
  assert.deepEqual([copy(34).bytes.length, copy(34).flags], [33, RangeFlag.cut])
  assert.deepEqual([copy(2 ** 63).bytes.length, copy(2 ** 63).flags], [33, RangeFlag.cut])
})

test('a string ends at the last readable byte, marked as a fault', () => {
  const last = origin + pages * page - 10
  const [range] = runCompiled([{ op: 'string', at: at(last), max: Bound.path }], base)
  assert.deepEqual([range!.bytes.length, range!.flags], [10, RangeFlag.fault])
})

test('a vector ends at a zero word that straddles two pages', () => {
  const words = new Pages(new Uint8Array(pages * page).fill(65), new Array<boolean>(pages).fill(true))
  words.bytes.fill(0, page - 4, page + 4)
  const ops: Op[] = [{ op: 'strings', at: at(origin + page - 20), env: true }]
  const [range] = runCompiled(ops, { ...base, read: (a, n) => words.prefix(a, n) })
  assert.deepEqual([range!.bytes.length, range!.flags], [24, 0])
})

test('a record stays below its bound', () => {
  const ops: Op[] = Array.from({ length: 200 }, () => ({
    op: 'copy',
    at: at(origin),
    length: at(16384),
    max: Bound.struct,
  }))
  const ranges = runCompiled(ops, base)
  assert.equal(ranges.at(-1)!.flags, RangeFlag.cut)
  assert.ok(ranges.reduce((sum, r) => sum + r.bytes.length, 0) <= rangesEnd)
})

test('NULL and addresses of 2^53 and more are nothing, others that cannot be read are faults', () => {
  const ranges = runCompiled(
    [0, 2 ** 60, 4096].map(a => ({ op: 'copy', at: at(a), length: at(8), max: 8 })),
    base,
  )
  assert.deepEqual(ranges, [{ address: 4096, bytes: new Uint8Array(), flags: RangeFlag.fault }])
})
