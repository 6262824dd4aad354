/** References, lengths and tests of declarations as numbers of a plan: where each is found when the plan runs. */
import type { ArchName } from '../record/layout.ts'
import type { Length, Node, Ref, Test } from './language.ts'
import type { Condition, Expr } from './plan.ts'
import { argIndex, findField, resolveName, type Scope } from './resolve.ts'

/** A test of the language as numbers. */
export function condition(test: Test, scope: Scope): Condition {
  if ('netlink' in test) {
    const value = refExpr(test.netlink, scope)
    if (test.header === undefined) return { value, test: 'netlink' }
    const header = { kind: 'peek', at: refExpr(test.header, scope), size: 4 } as const
    return test.length === undefined
      ? { value, test: 'netlink', header }
      : { value, test: 'netlink', header, length: refExpr(test.length, scope) }
  }
  const kind = 'anyBit' in test ? 'anyBit' : 'oneOf' in test ? 'oneOf' : 'noneOf'
  const names = 'anyBit' in test ? test.anyBit : 'oneOf' in test ? test.oneOf : test.noneOf
  return {
    value: refExpr(test.ref, scope),
    test: kind,
    numbers: names.map(n => resolveName(scope, test.ref, n)),
  }
}

/** Where a reference's number is found. */
export function refExpr(ref: Ref, scope: Scope): Expr {
  if ('ret' in ref) return { kind: 'ret' }
  if ('peek' in ref) {
    const at = refExpr(ref.peek, scope)
    const { offset } = ref
    return {
      kind: 'peek',
      at: offset === undefined ? at : { kind: 'plus', a: at, by: offset },
      size: ref.bytes,
    }
  }
  if ('part' in ref) {
    const whole = refExpr(ref.part, scope)
    // The upper half of a register does not count, and would cost precision.
    const a = whole.kind === 'arg' ? { ...whole, bits: 32 as const } : whole
    return { kind: 'part', a, mask: ref.mask, shift: ref.shift }
  }
  if ('arg' in ref) {
    return argExpr(argIndex(scope, ref.arg), scope)
  }
  const { up, place } = findField(scope, ref.field)
  return { kind: 'field', up, offset: place.offset, size: place.size }
}

/** A length as an expression. */
export function lengthExpr(length: Length, scope: Scope): Expr {
  if (typeof length === 'number') return { kind: 'const', value: length }
  if ('min' in length)
    return { kind: 'min', a: lengthExpr(length.min[0], scope), b: lengthExpr(length.min[1], scope) }
  if ('plus' in length) return { kind: 'plus', a: lengthExpr(length.plus[0], scope), by: length.plus[1] }
  if ('times' in length) {
    const [first, second] = length.times
    const a = lengthExpr(first, scope)
    return typeof second === 'number'
      ? { kind: 'times', a, by: second }
      : { kind: 'product', a, b: lengthExpr(second, scope) }
  }
  if ('deref' in length) {
    const index = argIndex(scope, length.deref)
    const at = argExpr(index, scope)
    return at.kind === 'arg' ? { kind: 'deref', index: at.index } : { kind: 'peek', at, size: 4 }
  }
  return refExpr(length, scope)
}

/** An argument: in a register, or a word of memory. */
export function argExpr(index: number, { args, arch, structs, places }: Scope): Expr {
  const place = places?.of[index] ?? index
  if (typeof place === 'number') return { kind: 'arg', index: place, bits: argBits(args[index]!.type, arch) }
  return { kind: 'field', up: structs.indexOf(places!.words), offset: place.word * 4, size: 4 }
}

/** Half a register, which is all of it that counts: of a descriptor or an id. */
export const narrow = (at: Expr): Expr => (at.kind === 'arg' ? { ...at, bits: 32 } : at)

const argBits = (type: Node, arch: ArchName): 32 | 64 => {
  if (arch === 'i386') return 32
  switch (type.kind) {
    case 'int':
    case 'flags':
    case 'enum':
    case 'mixed':
      return type.bits === 64 ? 64 : 32
    default:
      return 64
  }
}
