/**
 * Capture plans as closures: each runs on the record under construction and allocates nothing.
 * plan-interpreter.ts says the same plainly; a test holds the two together.
 */
import {
  Bound,
  bitsetBytes,
  type Condition,
  type Expr,
  hasBits,
  type Max,
  mayBeNetlink,
  netlinkHeaderBytes,
  type Op,
  type Plan,
} from '../../types/plan.ts'
import { type NoteForeign, noteDescriptors } from './descriptors-in-memory.ts'
import { type NotePid, notePids } from './pids-in-memory.ts'
import type { RecordBuilder } from './record-builder.ts'

export type Step = (record: RecordBuilder) => void
type NumberOf = (record: RecordBuilder) => number
type Holds = (record: RecordBuilder) => boolean

export interface CompileOptions {
  /** Bytes of a pointer. */
  readonly word: 4 | 8
  /** Bytes to copy where a plan says `data`. */
  readonly dataLimit: number
  /** Copy the strings of envp. */
  readonly environment: boolean
  /** Notes what a descriptor refers to; null when that was not asked for. */
  readonly noteDescriptor: ((record: RecordBuilder, fd: number) => void) | null
  /** The same of a descriptor of another process, whose id or pidfd the tracee has. */
  readonly noteForeign?: NoteForeign
  /** Notes which process, thread or group an id is; null when that was not asked for. */
  readonly notePid?: NotePid | null
  /** Notes why the virtual CPU behind a descriptor stopped; null when that was not asked for. */
  readonly noteVirtualCpu?: ((record: RecordBuilder, fd: number) => void) | null
  /** Whether a descriptor is a netlink socket, whose protocol it notes. */
  readonly noteNetlink?: (record: RecordBuilder, fd: number) => boolean
}

/** A compiled plan; null where there is nothing to do. */
export interface CompiledPlan {
  readonly enter: Step | null
  readonly exit: Step | null
  readonly exitFailed: Step | null
}

export function compilePlan(plan: Plan, options: CompileOptions): CompiledPlan {
  const phase = (ops: readonly Op[]) => {
    const steps = compileOps(ops, options)
    return steps.length === 0 ? null : sequence(steps)
  }
  return { enter: phase(plan.enter), exit: phase(plan.exit), exitFailed: phase(plan.exitFailed) }
}

const nothing: Step = () => {}

function sequence(steps: readonly Step[]): Step {
  if (steps.length === 0) return nothing
  if (steps.length === 1) return steps[0]!
  return record => {
    for (let i = 0; i < steps.length; i++) steps[i]!(record)
  }
}

const compileOps = (ops: readonly Op[], options: CompileOptions): Step[] =>
  ops.map(op => compileOp(op, options)).filter(step => step !== null)

const block = (ops: readonly Op[], options: CompileOptions): Step => sequence(compileOps(ops, options))

function compileOp(op: Op, options: CompileOptions): Step | null {
  switch (op.op) {
    case 'copy': {
      const at = compileExpr(op.at, options)
      const length = compileExpr(op.length, options)
      const max = bytesOf(op.max, options)
      if (op.then === undefined) return copyOnly(at, length, max)
      const then = block(op.then, options)
      if (then === nothing) return copyOnly(at, length, max)
      return record => {
        if (record.copy(at(record), length(record), max))
          within(record, record.start, record.start + record.copied, then)
      }
    }
    case 'string': {
      const at = compileExpr(op.at, options)
      const max = bytesOf(op.max, options)
      return record => record.copyString(at(record), max)
    }
    case 'strings':
      return compileStrings(op, options)
    case 'array': {
      const at = compileExpr(op.at, options)
      const count = compileExpr(op.count, options)
      const { stride, max = Bound.elements } = op
      const each = op.each.length === 0 ? null : block(op.each, options)
      return record => {
        if (!record.copy(at(record), count(record) * stride, max * stride) || each === null) return
        const { start } = record
        const end = start + record.copied
        for (let i = start; i + stride <= end; i += stride) within(record, i, i + stride, each)
      }
    }
    case 'iovecs':
      return compileIovecs(op, options)
    case 'if': {
      const holds = compileCondition(op.when, options)
      const then = block(op.then, options)
      const otherwise = block(op.else, options)
      return record => (holds(record) ? then : otherwise)(record)
    }
    case 'switch': {
      const on = compileExpr(op.on, options)
      const cases = new Map(op.cases.map(c => [c.value, block(c.ops, options)]))
      const otherwise = block(op.otherwise, options)
      return record => (cases.get(on(record)) ?? otherwise)(record)
    }
    case 'fd': {
      const { noteDescriptor } = options
      if (noteDescriptor === null) return null
      const fd = compileExpr(op.fd, options)
      const { owner } = op
      if (owner === undefined) return record => noteDescriptor(record, fd(record) | 0)
      const { noteForeign } = options
      if (noteForeign === undefined) return null
      const byProcess = 'process' in owner
      const whose = compileExpr(byProcess ? owner.process : owner.pidfd, options)
      return record => noteForeign(record, fd(record) | 0, whose(record) | 0, byProcess, owner.slot)
    }
    case 'fds': {
      const { noteDescriptor, word } = options
      return noteDescriptor === null
        ? null
        : noteDescriptors(op.of, compileExpr(op.count, options), noteDescriptor, word)
    }
    case 'pid': {
      const { notePid } = options
      if (!notePid) return null
      const pid = compileExpr(op.pid, options)
      const { of } = op
      return record => notePid(record, pid(record) | 0, of)
    }
    case 'pids': {
      const { notePid, word } = options
      return notePid ? notePids(op.of, notePid, word) : null
    }
    case 'virtualCpu': {
      const { noteVirtualCpu } = options
      if (!noteVirtualCpu) return null
      const fd = compileExpr(op.fd, options)
      return record => noteVirtualCpu(record, fd(record) | 0)
    }
    case 'inside': {
      const { offset } = op
      const steps = block(op.ops, options)
      return record => {
        const { base, limit, depth } = record
        record.bases[depth] = base + offset
        record.limits[depth] = limit
        record.depth = depth + 1
        within(record, base + offset, limit, steps)
        record.depth = depth
      }
    }
  }
}

const copyOnly =
  (at: NumberOf, length: NumberOf, max: number): Step =>
  record => {
    record.copy(at(record), length(record), max)
  }

/** Runs `steps` with `base` as what `inside` counts from. */
function within(record: RecordBuilder, base: number, limit: number, steps: Step): void {
  const outerBase = record.base
  const outerLimit = record.limit
  record.base = base
  record.limit = limit
  steps(record)
  record.base = outerBase
  record.limit = outerLimit
}

function compileStrings(op: Extract<Op, { op: 'strings' }>, options: CompileOptions): Step {
  const { word } = options
  const at = compileExpr(op.at, options)
  const vectorOnly = op.env && !options.environment
  const max = op.whole ? Bound.wholeStringBytes : bytesOf('data', options)
  const most = op.whole ? Bound.wholeStrings : Bound.strings
  return record => {
    if (!record.copyWords(at(record), word, most) || vectorOnly) return
    const { start } = record
    const end = start + record.copied
    record.beginNear()
    let budget: number = op.whole ? Bound.wholeStringBytes : Bound.stringBytes
    for (let i = start; i + word <= end && budget > 0; i += word) {
      const string = record.number(i, word)
      if (string === 0) continue
      record.copied = 0
      record.copyString(string, Math.min(max, budget))
      budget -= record.copied
    }
    record.endNear()
  }
}

function compileIovecs(op: Extract<Op, { op: 'iovecs' }>, options: CompileOptions): Step {
  const at = compileExpr(op.at, options)
  const count = compileExpr(op.count, options)
  const limit = op.limit === undefined ? () => Number.POSITIVE_INFINITY : compileExpr(op.limit, options)
  const { word } = options
  const max = bytesOf(op.max ?? 'data', options)
  return record => {
    if (!record.copy(at(record), count(record) * 2 * word, Bound.elements * 2 * word)) return
    const { start } = record
    const end = start + record.copied
    let left = limit(record)
    let over = false
    const several = record.copied >= 4 * word
    if (several) record.beginNear()
    for (let i = start; i + 2 * word <= end && left > 0; i += 2 * word) {
      const claimed = record.number(i + word, word)
      over ||= op.overrun === true && claimed > left
      const length = over ? left : Math.min(claimed, left)
      record.copy(record.number(i, word), length, max)
      if (!over) left -= length
    }
    if (several) record.endNear()
  }
}

const bytesOf = (max: Max, { dataLimit }: CompileOptions): number =>
  max === 'data' ? Math.min(dataLimit, Bound.data) : max

function compileExpr(expr: Expr, options: CompileOptions): NumberOf {
  switch (expr.kind) {
    case 'const': {
      const { value } = expr
      return () => value
    }
    case 'arg': {
      const low = expr.index * 2
      if (expr.bits === 32) return record => record.args[low]!
      return record => record.args[low]! + record.args[low + 1]! * 0x1_0000_0000
    }
    case 'stack':
      return record => record.stack
    case 'ret':
      return record => record.resultLow + record.resultHigh * 0x1_0000_0000
    case 'field': {
      const { up, offset, size } = expr
      return record => record.field(up, offset, size)
    }
    case 'deref': {
      const address = compileExpr(
        { kind: 'arg', index: expr.index, bits: options.word === 4 ? 32 : 64 },
        options,
      )
      return record => record.peek(address(record), 4)
    }
    case 'peek': {
      const at = compileExpr(expr.at, options)
      const { size } = expr
      return record => record.peek(at(record), size)
    }
    case 'part': {
      const a = compileExpr(expr.a, options)
      const { mask, shift } = expr
      return record => (a(record) & mask) >>> shift
    }
    case 'min': {
      const a = compileExpr(expr.a, options)
      const b = compileExpr(expr.b, options)
      return record => Math.min(a(record), b(record))
    }
    case 'plus': {
      const a = compileExpr(expr.a, options)
      const { by } = expr
      return record => a(record) + by
    }
    case 'times': {
      const a = compileExpr(expr.a, options)
      const { by } = expr
      return record => Math.ceil(a(record) * by)
    }
    case 'product': {
      const a = compileExpr(expr.a, options)
      const b = compileExpr(expr.b, options)
      return record => a(record) * b(record)
    }
    case 'bitset': {
      const a = compileExpr(expr.a, options)
      return record => bitsetBytes(a(record))
    }
  }
}

function compileCondition(condition: Condition, options: CompileOptions): Holds {
  const read = compileExpr(condition.value, options)
  if (condition.test === 'netlink') {
    const { noteNetlink } = options
    if (noteNetlink === undefined) return () => false
    if (condition.header === undefined) return record => noteNetlink(record, read(record) | 0)
    const header = compileExpr(condition.header, options)
    const length =
      condition.length === undefined ? () => netlinkHeaderBytes : compileExpr(condition.length, options)
    return record =>
      (length(record) < netlinkHeaderBytes || mayBeNetlink(header(record))) &&
      noteNetlink(record, read(record) | 0)
  }
  const { test, numbers } = condition
  if (test === 'anyBit')
    return record => {
      const v = read(record)
      return numbers.some(mask => hasBits(v, mask))
    }
  const wanted = test === 'oneOf'
  return record => numbers.includes(read(record)) === wanted
}
