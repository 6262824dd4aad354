import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { align8, maxRecordBytes, Range, RangeFlag } from '../../record/layout.ts'
import { Bound, type Expr, type Op } from '../../types/plan.ts'
import { compilePlan } from './plan-compiler.ts'
import { type CopiedRange, interpretPlan, type PlanInput } from './plan-interpreter.ts'
import { RecordBuilder, rangesEnd } from './record-builder.ts'
import { argument, memory, ops, origin, Pages, page, pages } from './test-plans.ts'

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
