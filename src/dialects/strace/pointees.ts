/** What addresses lead to: strings, lists, structures. */
import { bitsetBytes, compileLength, compileRef, compileTest, mostBits } from '../../types/evaluate.ts'
import type { Length, Node, Special, Struct } from '../../types/language.ts'
import { Bound } from '../../types/plan.ts'
import { layoutOf, sizeOf } from '../../types/resolve.ts'
import { knownCases } from './names.ts'
import { type Pointee, type PrintScope, printer } from './print.ts'
import { specialPrinters } from './registry.ts'
import { printArray, printIovecs, printStrings } from './sequences.ts'
import { specialReach } from './special-reach.ts'
import { printBytes, printCString } from './strings.ts'
import { printGrown, structPrinter } from './structures.ts'

/** The printer of what an address leads to. */
export function pointeePrinter(type: Node, scope: PrintScope): Pointee {
  const { style, arch } = scope
  if (style.unread && type.kind === 'array') return emptyList(type.length, scope)
  if (style.unread && type.kind === 'iovecs') return emptyList(type.count, scope)
  if (style.unread && staysUnread(type)) return () => false
  switch (type.kind) {
    case 'cstring':
      return (out, frame, address) =>
        printCString(out, frame, address, type.path ? 4095 : style.stringLimit, style, type.max)
    case 'bytes': {
      const length = compileLength(type.length, scope)
      return (out, frame, address, bases) =>
        printBytes(
          out,
          frame,
          address,
          length(frame, bases),
          type.path ? Bound.path - 1 : style.stringLimit,
          style,
          type.text,
        )
    }
    case 'strings':
      return (out, frame, address) => printStrings(out, frame, address, type.env, style)
    case 'iovecs': {
      const count = compileLength(type.count, scope)
      const limit = type.limit === undefined ? undefined : compileLength(type.limit, scope)
      return (out, frame, address, bases) => {
        const content =
          limit === undefined ? Number.POSITIVE_INFINITY : frame.failed ? -1 : limit(frame, bases)
        return printIovecs(out, frame, address, count(frame, bases), content, style)
      }
    }
    case 'array': {
      const length = compileLength(type.length, scope)
      const stride = type.stride ?? sizeOf(type.of, arch)
      const element = printer(type.of, scope, stride)
      return (out, frame, address, bases) =>
        printArray(out, frame, address, length(frame, bases), stride, element, bases, style)
    }
    case 'special':
      return specialPointee(type, scope)
    case 'select': {
      const on = compileRef(type.on, scope)
      const variant = knownCases(type, scope, t => pointeePrinter(t, scope))
      const otherwise = pointeePrinter(type.otherwise, scope)
      return (out, frame, address, bases) =>
        (variant(on(frame, bases)) ?? otherwise)(out, frame, address, bases)
    }
    case 'when': {
      const test = compileTest(type.test, scope)
      const then = pointeePrinter(type.type, scope)
      const otherwise = pointeePrinter(type.otherwise, scope)
      return (out, frame, address, bases) =>
        (test(frame, bases) ? then : otherwise)(out, frame, address, bases)
    }
    case 'struct':
      return structPointee(type, scope)
    case 'absent':
      return () => false
    default: {
      const size = sizeOf(type, arch)
      const print = printer(type, scope, size)
      return (out, frame, address, bases) => {
        const at = frame.find(address, size)
        if (at < 0) return false
        out.putChar('[')
        print(out, frame, at, bases)
        out.putChar(']')
        return true
      }
    }
  }
}

/** Of a special kind: its length counts bytes, that of a set of descriptors bits. */
function specialPointee(type: Special, scope: PrintScope): Pointee {
  const length = compileLength(type.length, scope)
  const print = specialPrinters[type.name](scope)
  const { least, most = Bound.struct, inBits, signed, whole } = specialReach[type.name] ?? {}
  if (inBits)
    return (out, frame, address, bases) => {
      const bits = length(frame, bases)
      const bytes = bitsetBytes(bits)
      if (bytes === 0 || frame.available(address) < bytes) return false
      print(out, frame, frame.at, Math.min(bits, mostBits), bases)
      return true
    }
  return (out, frame, address, bases) => {
    const bytes = length(frame, bases)
    const have = frame.available(address)
    if (
      have < Math.min(bytes, most) ||
      (least !== undefined && bytes < least) ||
      (signed && bytes > 0x7fffffff)
    )
      return false
    print(out, frame, frame.at, whole ? bytes : Math.min(bytes, have), bases)
    return true
  }
}

/** A structure of the length that the program claims it to have, where the call takes such. */
function structPointee(type: Struct, scope: PrintScope): Pointee {
  const print = structPrinter(type, scope)
  const size = layoutOf(type.layout, scope.arch).size
  const length = type.length === undefined ? undefined : compileLength(type.length, scope)
  const least = type.least ?? 0
  return (out, frame, address, bases) => {
    const claimed = length === undefined ? size : length(frame, bases)
    if (claimed < least) return false
    const have = frame.available(address)
    if (have < Math.min(size, claimed)) return false
    const { at } = frame
    print(out, frame, at, bases)
    if (type.least !== undefined && claimed > size)
      printGrown(out, frame, at, size, Math.min(claimed, Bound.page), have, scope.style)
    return true
  }
}

/** Whether -e verbose= is about it: all but strings. */
export function staysUnread(type: Node): boolean {
  if (type.kind === 'when') return staysUnread(type.type) && staysUnread(type.otherwise)
  if (type.kind === 'select')
    return staysUnread(type.otherwise) && Object.values(type.cases).every(staysUnread)
  return type.kind !== 'cstring' && type.kind !== 'bytes'
}

/** Of a list that is not looked at, it is still known when nothing is in it. */
function emptyList(declared: Length, scope: PrintScope): Pointee {
  const length = compileLength(declared, scope)
  return (out, frame, _address, bases) => {
    if (length(frame, bases) !== 0) return false
    out.put('[]')
    return true
  }
}
