/** Expressions and conditions of a plan, evaluated on a frame: what decoders and printers share. */

import type { Frame } from '../record/frame.ts'
import type { ArchName } from '../record/layout.ts'
import { Enter, RangeKind } from '../record/layout.ts'
import { readUnsigned } from '../record/numbers.ts'
import type { Length, Ref, Test } from './language.ts'
import { bitsetBytes, type Condition, type Expr, hasBits } from './plan.ts'
import { condition, lengthExpr, refExpr } from './plan-expressions.ts'
import type { Scope } from './resolve.ts'

/** Offsets of the structures that interpretation is inside of, outermost first. */
export type Bases = number[]
export type NumberOf = (frame: Frame, bases: Bases) => number
export type Holds = (frame: Frame, bases: Bases) => boolean

/** An address in a register or a word; 4 bytes for 32-bit calls. */
export const readAddress = (view: DataView, at: number, arch: ArchName): number =>
  readUnsigned(view, at, arch === 'i386' ? 4 : 8)

/** Compiles an expression; `depth` is the number of structures around it. */
export function compileExpr(expr: Expr, depth: number, arch: ArchName): NumberOf {
  switch (expr.kind) {
    case 'const': {
      const { value } = expr
      return () => value
    }
    case 'arg': {
      const { index, bits } = expr
      return frame => readUnsigned(frame.view, frame.args + index * 8, bits / 8)
    }
    case 'ret':
      return frame => (frame.result < 0 || frame.failed ? 0 : readUnsigned(frame.view, frame.result, 8))
    case 'stack':
      return frame => readUnsigned(frame.view, Enter.sp, 8)
    case 'field': {
      const { up, offset, size } = expr
      return (frame, bases) => readUnsigned(frame.view, bases[depth - 1 - up]! + offset, size)
    }
    case 'deref': {
      const { index } = expr
      return frame => {
        const at = frame.find(readAddress(frame.view, frame.args + index * 8, arch), 4)
        return at < 0 ? 0 : frame.view.getUint32(at, true)
      }
    }
    case 'peek': {
      const at = compileExpr(expr.at, depth, arch)
      const { size } = expr
      return (frame, bases) => {
        const place = frame.find(at(frame, bases), size)
        return place < 0 ? 0 : readUnsigned(frame.view, place, size)
      }
    }
    case 'part': {
      const a = compileExpr(expr.a, depth, arch)
      const { mask, shift } = expr
      return (frame, bases) => (a(frame, bases) & mask) >>> shift
    }
    case 'min': {
      const a = compileExpr(expr.a, depth, arch)
      const b = compileExpr(expr.b, depth, arch)
      return (frame, bases) => Math.min(a(frame, bases), b(frame, bases))
    }
    case 'plus': {
      const a = compileExpr(expr.a, depth, arch)
      const { by } = expr
      return (frame, bases) => a(frame, bases) + by
    }
    case 'times': {
      const a = compileExpr(expr.a, depth, arch)
      const { by } = expr
      return (frame, bases) => Math.ceil(a(frame, bases) * by)
    }
    case 'product': {
      const a = compileExpr(expr.a, depth, arch)
      const b = compileExpr(expr.b, depth, arch)
      return (frame, bases) => a(frame, bases) * b(frame, bases)
    }
    case 'bitset': {
      const a = compileExpr(expr.a, depth, arch)
      return (frame, bases) => bitsetBytes(a(frame, bases))
    }
  }
}

/** The bytes of a field: of a flexible array, whose size is none, as many as were copied. */
export const room = (frame: Frame, at: number, size: number): number =>
  size === 0 ? frame.copiedFrom(at) : size

export { bitsetBytes, mostBits } from './plan.ts'

export const compileLength = (length: Length, scope: Scope): NumberOf =>
  compileExpr(lengthExpr(length, scope), scope.structs.length, scope.arch)
export const compileRef = (ref: Ref, scope: Scope): NumberOf =>
  compileExpr(refExpr(ref, scope), scope.structs.length, scope.arch)
export const compileTest = (test: Test, scope: Scope): Holds =>
  compileCondition(condition(test, scope), scope.structs.length, scope.arch)

/** Compiles a condition. Bits are compared in two halves: bit operators of JavaScript see 32. */
export function compileCondition(condition: Condition, depth: number, arch: ArchName): Holds {
  const read = compileExpr(condition.value, depth, arch)
  if (condition.test === 'netlink')
    return (frame, bases) => frame.note(RangeKind.netlink, read(frame, bases) | 0) !== undefined
  const { test, numbers } = condition
  if (test === 'anyBit')
    return (frame, bases) => {
      const v = read(frame, bases)
      return numbers.some(n => hasBits(v, n))
    }
  const wanted = test === 'oneOf'
  return (frame, bases) => numbers.includes(read(frame, bases)) === wanted
}
