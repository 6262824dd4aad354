/**
 * Capture plans interpreted plainly, on memory given as a function. No capture runs this: it is what
 * compiled plans, here and elsewhere, are compared with.
 */
import { align8, Range, RangeFlag } from '../../record/layout.ts'
import { Bound, bitsetBytes, type Condition, type Expr, type Max, type Op } from '../../types/plan.ts'
import { rangesEnd } from './record-builder.ts'

export interface CopiedRange {
  readonly address: number
  readonly bytes: Uint8Array
  readonly flags: number
}

export interface PlanInput {
  readonly args: readonly bigint[]
  readonly result: bigint
  readonly stack?: bigint
  readonly word: 4 | 8
  readonly dataLimit: number
  readonly environment: boolean
  /** Bytes of the record before the first range. */
  readonly fixed: number
  /** The bytes at `address` that can be read, at most `length`. */
  read(address: number, length: number): Uint8Array
}

type Place = { readonly bytes: Uint8Array; readonly offset: number }

export function interpretPlan(ops: readonly Op[], input: PlanInput): CopiedRange[] {
  const ranges: CopiedRange[] = []
  let used = input.fixed
  const limitOf = (max: Max) => (max === 'data' ? Math.min(input.dataLimit, Bound.data) : max)

  /** Reads what a record has room for and keeps it, with the flag that `ending` gives for what was read. */
  const keep = (
    address: number,
    max: number,
    ending: (read: Uint8Array, asked: number) => [length: number, flags: number],
  ) => {
    const asked = Math.min(max, rangesEnd - used - Range.bytes)
    if (address === 0 || address >= 2 ** 53 || !(asked > 0)) return undefined
    const read = input.read(address, asked)
    const [length, flags] = ending(read, asked)
    const bytes = read.slice(0, length)
    ranges.push({ address, bytes, flags })
    used += Range.bytes + align8(length)
    return bytes
  }

  const copy = (address: number, length: number, max: number) =>
    keep(address, Math.min(length, max), (read, asked) => [
      read.length,
      read.length < asked ? RangeFlag.fault : asked < length ? RangeFlag.cut : 0,
    ])

  const string = (address: number, max: number) =>
    keep(address, max, (read, asked) => {
      const end = read.indexOf(0)
      return end >= 0 ? [end + 1, 0] : [read.length, read.length < asked ? RangeFlag.fault : RangeFlag.cut]
    })

  const words = (address: number, max: number) =>
    keep(address, max * input.word, (read, asked) => {
      for (let i = 0; i + input.word <= read.length; i += input.word)
        if (read.subarray(i, i + input.word).every(b => b === 0)) return [i + input.word, 0]
      return [read.length, read.length < asked ? RangeFlag.fault : RangeFlag.cut]
    })

  const evaluate = (expr: Expr, structs: readonly Place[]): number => {
    switch (expr.kind) {
      case 'const':
        return expr.value
      case 'arg':
        return Number(BigInt.asUintN(expr.bits, input.args[expr.index]!))
      case 'stack':
        return Number(input.stack ?? 0n)
      case 'ret':
        return Number(BigInt.asUintN(64, input.result))
      case 'field': {
        const struct = structs.at(-1 - expr.up)
        return struct === undefined ? 0 : unsigned(struct.bytes, struct.offset + expr.offset, expr.size)
      }
      case 'deref': {
        const address = Number(BigInt.asUintN(input.word * 8, input.args[expr.index]!))
        return address === 0 || address >= 2 ** 53 ? 0 : unsigned(input.read(address, 4), 0, 4)
      }
      case 'peek': {
        const address = evaluate(expr.at, structs)
        return address === 0 || address >= 2 ** 53
          ? 0
          : unsigned(input.read(address, expr.size), 0, expr.size)
      }
      case 'part':
        return (evaluate(expr.a, structs) & expr.mask) >>> expr.shift
      case 'min':
        return Math.min(evaluate(expr.a, structs), evaluate(expr.b, structs))
      case 'plus':
        return evaluate(expr.a, structs) + expr.by
      case 'times':
        return Math.ceil(evaluate(expr.a, structs) * expr.by)
      case 'product':
        return evaluate(expr.a, structs) * evaluate(expr.b, structs)
      case 'bitset': {
        return bitsetBytes(evaluate(expr.a, structs))
      }
    }
  }

  const holds = (condition: Condition, structs: readonly Place[]): boolean => {
    const v = evaluate(condition.value, structs)
    if (condition.test === 'netlink') return false
    const { test, numbers } = condition
    if (test === 'anyBit') return numbers.some(n => (BigInt(v) & BigInt(n)) === BigInt(n))
    return numbers.includes(v) === (test === 'oneOf')
  }

  const run = (list: readonly Op[], place: Place, structs: readonly Place[]): void => {
    for (const op of list) runOp(op, place, structs)
  }

  const runOp = (op: Op, place: Place, structs: readonly Place[]): void => {
    switch (op.op) {
      case 'copy': {
        const bytes = copy(evaluate(op.at, structs), evaluate(op.length, structs), limitOf(op.max))
        if (bytes !== undefined && bytes.length > 0) run(op.then ?? [], { bytes, offset: 0 }, structs)
        return
      }
      case 'string':
        string(evaluate(op.at, structs), limitOf(op.max))
        return
      case 'strings': {
        const vector = words(evaluate(op.at, structs), op.whole ? Bound.wholeStrings : Bound.strings)
        if (vector === undefined || (op.env && !input.environment)) return
        let budget: number = op.whole ? Bound.wholeStringBytes : Bound.stringBytes
        const most = op.whole ? Bound.wholeStringBytes : limitOf('data')
        for (let i = 0; i + input.word <= vector.length; i += input.word)
          budget -= string(unsigned(vector, i, input.word), Math.min(most, budget))?.length ?? 0
        return
      }
      case 'array': {
        const bytes = copy(
          evaluate(op.at, structs),
          evaluate(op.count, structs) * op.stride,
          (op.max ?? Bound.elements) * op.stride,
        )
        if (bytes === undefined) return
        for (let offset = 0; offset + op.stride <= bytes.length; offset += op.stride)
          run(op.each, { bytes: bytes.subarray(0, offset + op.stride), offset }, structs)
        return
      }
      case 'iovecs': {
        const size = 2 * input.word
        const vector = copy(
          evaluate(op.at, structs),
          evaluate(op.count, structs) * size,
          Bound.elements * size,
        )
        if (vector === undefined) return
        let left = op.limit === undefined ? Number.POSITIVE_INFINITY : evaluate(op.limit, structs)
        let over = false
        for (let i = 0; i + size <= vector.length && left > 0; i += size) {
          const claimed = unsigned(vector, i + input.word, input.word)
          over ||= op.overrun === true && claimed > left
          const length = over ? left : Math.min(claimed, left)
          copy(unsigned(vector, i, input.word), length, limitOf(op.max ?? 'data'))
          if (!over) left -= length
        }
        return
      }
      case 'if':
        run(holds(op.when, structs) ? op.then : op.else, place, structs)
        return
      case 'switch': {
        const value = evaluate(op.on, structs)
        // As a Map does: of two equal cases the last one counts.
        run(op.cases.findLast(c => c.value === value)?.ops ?? op.otherwise, place, structs)
        return
      }
      case 'fd':
      case 'fds':
      case 'pid':
      case 'pids':
      case 'virtualCpu':
        return
      case 'inside': {
        const inner = { bytes: place.bytes, offset: place.offset + op.offset }
        run(op.ops, inner, [...structs, inner])
        return
      }
    }
  }

  run(ops, { bytes: new Uint8Array(), offset: 0 }, [])
  return ranges
}

/** A little-endian number; 0 where the bytes end before it does. */
function unsigned(bytes: Uint8Array, offset: number, size: number): number {
  if (offset + size > bytes.length) return 0
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[offset + i]!)
  return Number(value)
}
