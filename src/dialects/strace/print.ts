/** The strace dialect's interpreter of declarations: each node becomes a printer, once, and then runs on frames. */
import type { Frame } from '../../record/frame.ts'
import { readSigned, readUnsigned } from '../../record/numbers.ts'
import {
  type Bases,
  bitsetBytes,
  compileLength,
  compileRef,
  compileTest,
  type Holds,
  mostBits,
  readAddress,
  room,
} from '../../types/evaluate.ts'
import type { Length, Node, Pointer, Struct } from '../../types/language.ts'
import { Bound, type Expr } from '../../types/plan.ts'
import { elementBytes, findField, layoutOf, type Scope, sizeOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { quoteText } from './addresses/raw.ts'
import { knownCases, lookUp, nameTable, printDecimal, printFlags, printValue } from './names.ts'
import { openFlags } from './open-flags.ts'
import { quote } from './quote.ts'
import { specialBounds, specialPrinters, structPrinters } from './registry.ts'
import { addressNumber, scalar } from './scalars.ts'
import { printArray, printIovecs, printStrings } from './sequences.ts'
import type { Style } from './style.ts'

export type { Expr }
/** Prints the value that stands at offset `at` of the frame's bytes. */
export type Printer = (out: TextBuffer, frame: Frame, at: number, bases: Bases) => void
/** Prints what stands at an address; false (and nothing printed) when it could not be read. */
export type Pointee = (out: TextBuffer, frame: Frame, address: number, bases: Bases) => boolean

/** What a printer is compiled in: the declaration's scope and the wishes of the user. */
export interface PrintScope extends Scope {
  readonly style: Style
}

/** The printer of a node that stands in a register or in a structure; `size` is the bytes it takes there. */
export function printer(type: Node, scope: PrintScope, size: number): Printer {
  const { style, arch } = scope
  switch (type.kind) {
    case 'int':
      return scalar(type, size, style)
    case 'flags': {
      const tables = type.sets.map(s => nameTable(s, arch))
      return (out, frame, at) =>
        printFlags(out, tables, low(frame, at, size), type.bits === 64 ? high(frame, at, size) : 0, style)
    }
    case 'enum': {
      const tables = type.sets.map(s => nameTable(s, arch))
      if (type.decimal)
        return (out, frame, at) =>
          printDecimal(
            out,
            tables,
            (type.signed ? readSigned : readUnsigned)(frame.view, at, Math.min(size, type.bits / 8)),
            style,
          )
      return (out, frame, at) =>
        printValue(out, tables, low(frame, at, size), type.bits === 64 ? high(frame, at, size) : 0, style)
    }
    case 'mixed': {
      const wide = type.bits === 64
      if (type.value.name === 'open_access_modes') {
        const print = openFlags(arch, style)
        return (out, frame, at) => print(out, low(frame, at, size), wide ? high(frame, at, size) : 0)
      }
      const values = [nameTable(type.value, arch)]
      const flags = [nameTable(type.flags, arch)]
      const mask = Number(type.mask & 0xffffffffn)
      return (out, frame, at) => {
        const l = low(frame, at, size)
        const h = wide ? high(frame, at, size) : 0
        const value = (l & mask) >>> 0
        if (lookUp(values, value, 0) === undefined) return printFlags(out, flags, l, h, style)
        printValue(out, values, value, 0, style)
        const rest = (l & ~mask) >>> 0
        if ((rest | h) === 0) return
        out.putChar('|')
        printFlags(out, flags, rest, h, style)
      }
    }
    case 'pointer':
      return pointerPrinter(type, scope, size)
    case 'inside': {
      const base = compileRef(type.of, scope)
      const { offset } = findField(scope, type.from).place
      const print = pointeePrinter(type.to, scope)
      return (out, frame, at, bases) => {
        const from = low(frame, at, size)
        const address = base(frame, bases)
        if (address === 0 || !print(out, frame, address + offset + from, bases)) out.dec(from)
      }
    }
    case 'struct':
      return structPrinter(type, scope)
    case 'chars': {
      const n = size
      return (out, frame, at) => quoteText(out, frame.bytes, at, at + n, style)
    }
    case 'bytes': {
      const length = compileLength(type.length, scope)
      return (out, frame, at, bases) =>
        quote(out, frame.bytes, at, at + Math.min(length(frame, bases), room(frame, at, size)), style)
    }
    case 'select': {
      const on = compileRef(type.on, scope)
      const variant = knownCases(type, scope, t => printer(t, scope, width(t, size, scope)))
      const otherwise = printer(type.otherwise, scope, width(type.otherwise, size, scope))
      return (out, frame, at, bases) => (variant(on(frame, bases)) ?? otherwise)(out, frame, at, bases)
    }
    case 'when': {
      const test = compileTest(type.test, scope)
      const then = printer(type.type, scope, width(type.type, size, scope))
      const otherwise = printer(type.otherwise, scope, width(type.otherwise, size, scope))
      return (out, frame, at, bases) => (test(frame, bases) ? then : otherwise)(out, frame, at, bases)
    }
    case 'special': {
      const special = specialPrinters[type.name]
      const length = compileLength(type.length, scope)
      const print = special(scope)
      return (out, frame, at, bases) => print(out, frame, at, Math.min(length(frame, bases), size), bases)
    }
    case 'array': {
      const length = compileLength(type.length, scope)
      const stride = elementBytes(type, size, arch)
      const element = printer(type.of, scope, stride)
      return (out, frame, at, bases) => {
        const n = Math.min(length(frame, bases), Math.floor(size / Math.max(1, stride)))
        out.putChar('[')
        for (let i = 0; i < n; i++) {
          if (i > 0) out.put(', ')
          element(out, frame, at + i * stride, bases)
        }
        out.putChar(']')
      }
    }
    case 'absent':
    case 'cstring':
    case 'strings':
    case 'iovecs':
      return () => {}
  }
}

/** The bytes of a register that count for one variant of an argument; a field's width comes from its layout. */
const width = (type: Node, size: number, scope: Scope): number =>
  scope.structs.length === 0 && 'bits' in type ? Math.min(size, type.bits / 8) : size

const low = (frame: Frame, at: number, size: number): number =>
  size >= 4
    ? frame.view.getUint32(at, true)
    : size === 2
      ? frame.view.getUint16(at, true)
      : frame.view.getUint8(at)
const high = (frame: Frame, at: number, size: number): number =>
  size === 8 ? frame.view.getUint32(at + 4, true) : 0

function pointerPrinter(type: Pointer, scope: PrintScope, size: number): Printer {
  if (type.when === 'inout' && 'bits' in type.to && scope.style.unread !== true)
    return changedNumber(type.to, scope, size)
  const pointee = pointeePrinter(type.to, scope)
  const needsSuccess = type.when === 'out' && type.evenFailed !== true
  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, size === 4 ? 'i386' : 'amd64')
    if (address === 0) out.put('NULL')
    else if ((needsSuccess && (frame.result < 0 || frame.failed)) || !pointee(out, frame, address, bases))
      addressNumber(out, frame, at, size)
  }
}

/** `[before => after]`, or `[before]` where the call left it alone. */
function changedNumber(type: Node, scope: PrintScope, size: number): Printer {
  const bytes = sizeOf(type, scope.arch)
  const print = printer(type, scope, bytes)
  return (out, frame, at, bases) => {
    const address = readAddress(frame.view, at, size === 4 ? 'i386' : 'amd64')
    const before = frame.availableAtEnter(address) < bytes ? -1 : frame.at
    const after = frame.find(address, bytes)
    if (address === 0 || after < 0) return addressNumber(out, frame, at, size)
    out.putChar('[')
    if (before >= 0) print(out, frame, before, bases)
    if (
      before < 0 ||
      frame.bytes.subarray(before, before + bytes).some((b, i) => b !== frame.bytes[after + i])
    ) {
      if (before >= 0) out.put(' => ')
      print(out, frame, after, bases)
    }
    out.putChar(']')
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
    case 'special': {
      const length = compileLength(type.length, scope)
      const print = specialPrinters[type.name](scope)
      const isSet = type.name === 'fdset'
      const bounds = specialBounds[type.name]
      return (out, frame, address, bases) => {
        const n = length(frame, bases)
        const have = frame.available(address)
        if (isSet) {
          const set = bitsetBytes(n)
          if (set === 0 || have < set) return false
          print(out, frame, frame.at, Math.min(n, mostBits), bases)
          return true
        }
        const need = Math.min(
          n,
          type.name === 'netlink' ? 16 : bounds === undefined ? Bound.struct : bounds[1],
        )
        // Lengths of addresses are signed: a negative one is none.
        if (
          have < need ||
          (bounds !== undefined && (n < bounds[0] || (n > 0x7fffffff && type.name !== 'cpuset')))
        )
          return false
        // A set of CPUs tells that it is longer than what is looked at.
        const whole = type.name === 'cpuset' || type.name === 'netlink'
        print(out, frame, frame.at, whole ? n : Math.min(n, have), bases)
        return true
      }
    }
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
    case 'struct': {
      const print = structPrinter(type, scope)
      const size = layoutOf(type.layout, arch).size
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
          printGrown(out, frame, at, size, Math.min(claimed, Bound.page), have, style)
        return true
      }
    }
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

/** What a structure holds beyond the fields that are known, before its closing brace; nothing when it is all zero. */
export function printGrown(
  out: TextBuffer,
  frame: Frame,
  at: number,
  from: number,
  to: number,
  have: number,
  style: Style,
): void {
  if (have >= to && frame.bytes.subarray(at + from, at + to).every(b => b === 0)) return
  out.length--
  if (out.bytes[out.length - 1] !== 123) out.put(', ')
  if (have < to) return out.put('???}')
  out.put(`/* bytes ${from}..${to - 1} */ `)
  const shown = Math.min(to - from, style.stringLimit)
  quote(out, frame.bytes, at + from, at + from + shown, { ...style, escape: 'all' })
  out.put(shown < to - from ? '...}' : '}')
}

/** A string ended by NUL: cut at `limit` with `...`; unreadable before its end: false. What does not end within `most` bytes has no end. */
export function printCString(
  out: TextBuffer,
  frame: Frame,
  address: number,
  limit: number,
  style: Style,
  most = 4096,
): boolean {
  const have = frame.available(address)
  const { at } = frame
  if (have === 0) return false
  const end = frame.bytes.indexOf(0, at)
  const length = end < 0 || end >= at + Math.min(have, most) ? -1 : end - at
  if (length < 0 && frame.faulted && have <= Math.min(limit, most - 1)) return false
  const shown = Math.min(length < 0 ? Math.min(have, most) : length, limit)
  quote(out, frame.bytes, at, at + shown, style)
  if (length < 0 || length > limit) out.put('...')
  return true
}

/** `length` bytes at an address, cut at `limit`; false when they cannot be read. The NUL at the end of `text` shows only among hexadecimal numbers. */
export function printBytes(
  out: TextBuffer,
  frame: Frame,
  address: number,
  length: number,
  limit: number,
  style: Style,
  text = false,
): boolean {
  const shown = Math.min(length, limit)
  // One more is looked at, to tell whether there is more.
  const looked = Math.min(length, limit + 1)
  const at = shown > 0 ? frame.find(address, looked) : 0
  if (at < 0) return false
  const hidesNul = text && style.escape !== 'all' && style.escape !== 'non-ascii'
  const ends = hidesNul && shown > 0 && shown === length && frame.bytes[at + shown - 1] === 0
  quote(out, frame.bytes, at, ends ? at + shown - 1 : at + shown, style)
  if (length > limit) out.put('...')
  return true
}

/** The printer of a structure's content: one of the dialect's own, or field by field. */
export function structPrinter(type: Struct, scope: PrintScope): Printer {
  const own = structPrinters[type.layout]
  const print = own === undefined ? undefined : own(type, scope)
  return print ?? fieldsPrinter(type, scope)
}

/** `{a=…, b=…}`: fields in the order of the declaration. `only` names those shown when abbreviated, followed by `...`; `own` has printers in place of those of the types; those of `unlessZero` are shown only when they are not. */
export function fieldsPrinter(
  type: Struct,
  scope: PrintScope,
  only?: readonly string[],
  own?: { readonly [field: string]: Printer },
  unlessZero: readonly string[] = [],
): Printer {
  const layout = layoutOf(type.layout, scope.arch)
  const depth = scope.structs.length
  const inner: PrintScope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
  const abbreviated = only !== undefined && !scope.style.verbose
  const fields = Object.entries(type.fields)
    .filter(([name]) => !abbreviated || only.includes(name))
    .map(([name, t]) => {
      const place = layout.fields[name]
      if (place === undefined) throw new Error(`struct ${type.layout} has no field ${name} on ${scope.arch}`)
      const test = t.kind === 'when' ? presence(t, inner) : undefined
      return {
        label: `${fieldLabel(name)}=`,
        offset: place.offset,
        print: own?.[name] ?? printer(t, inner, place.size),
        test,
        end: place.offset + place.size,
        unlessZero: unlessZero.includes(name),
      }
    })
  const length = type.length === undefined ? undefined : compileLength(type.length, scope)
  return (out, frame, at, bases) => {
    bases[depth] = at
    out.putChar('{')
    let some = false
    const size = length === undefined ? Number.POSITIVE_INFINITY : length(frame, bases)
    for (const f of fields) {
      if (f.end > size || (f.test !== undefined && !f.test(frame, bases))) continue
      if (f.unlessZero && frame.bytes.subarray(at + f.offset, at + f.end).every(b => b === 0)) continue
      if (some) out.put(', ')
      some = true
      out.put(f.label)
      f.print(out, frame, at + f.offset, bases)
      bases[depth] = at
    }
    if (abbreviated) out.put(some ? ', ...' : '...')
    out.putChar('}')
  }
}

/** A structure with only some of its fields, in the order given. */
export function picked(type: Struct, names: readonly string[]): Struct {
  return { ...type, fields: Object.fromEntries(names.map(name => [name, type.fields[name]!])) }
}

/** What `print` writes, without the brace or bracket on either side: for a part that stands in others' braces. */
export function bare(print: Printer): Printer {
  return (out, frame, at, bases) => {
    const start = out.length
    print(out, frame, at, bases)
    out.bytes.copyWithin(start, start + 1, out.length - 1)
    out.length -= 2
  }
}

/** Whether a field is there, in the variant of the structure that it is in. */
function presence(type: Node, scope: Scope): Holds {
  if (type.kind !== 'when') return () => type.kind !== 'absent'
  const test = compileTest(type.test, scope)
  const then = presence(type.type, scope)
  const otherwise = presence(type.otherwise, scope)
  return (frame, bases) => (test(frame, bases) ? then : otherwise)(frame, bases)
}

/** A dotted name reaches into a nested structure; what is shown is its last part. */
const fieldLabel = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
