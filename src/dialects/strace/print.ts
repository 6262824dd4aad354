/** The strace dialect's interpreter of declarations: each node becomes a printer, once, and then runs on frames. */
import type { Frame } from '../../record/frame.ts'
import { readSigned, readUnsigned } from '../../record/numbers.ts'
import {
  type Bases,
  compileLength,
  compileRef,
  compileTest,
  readAddress,
  room,
} from '../../types/evaluate.ts'
import type { ArrayType, Inside, MixedType, Node, Pointer } from '../../types/language.ts'
import { elementBytes, findField, type Scope, sizeOf } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { quoteText } from './addresses/raw.ts'
import { inStyle, knownCases, lookUp, nameTable, printDecimal, printFlags, printValue } from './names.ts'
import { openFlags } from './open-flags.ts'
import { pointeePrinter } from './pointees.ts'
import { quote } from './quote.ts'
import { specialPrinters } from './registry.ts'
import { addressNumber, scalar } from './scalars.ts'
import { structPrinter } from './structures.ts'
import type { Style } from './style.ts'

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
    case 'mixed':
      return type.asOne === true ? asOnePrinter(type, scope, size) : mixedPrinter(type, scope, size)
    case 'pointer':
      return pointerPrinter(type, scope, size)
    case 'inside':
      return insidePrinter(type, scope, size)
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
    case 'array':
      return embeddedArrayPrinter(type, scope, size)
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

/** A value under a mask, then flags: `O_RDWR|O_CREAT`. */
function mixedPrinter(type: MixedType, { style, arch }: PrintScope, size: number): Printer {
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

/** The same, where the number is one: `0x82`, `0x82 /* FUTEX2_SIZE_U32|FUTEX2_PRIVATE *\/`. */
function asOnePrinter(type: MixedType, scope: PrintScope, size: number): Printer {
  const { style } = scope
  const names = mixedPrinter(type, { ...scope, style: { ...style, constants: 'abbrev' } }, size)
  if (style.constants === 'abbrev') return names
  return (out, frame, at, bases) =>
    inStyle(out, low(frame, at, size), high(frame, at, size), style, () => names(out, frame, at, bases))
}

/** A number that counts from the address in another place. */
function insidePrinter(type: Inside, scope: PrintScope, size: number): Printer {
  const base = compileRef(type.of, scope)
  const { offset } = findField(scope, type.from).place
  const print = pointeePrinter(type.to, scope)
  return (out, frame, at, bases) => {
    const from = low(frame, at, size)
    const address = base(frame, bases)
    if (address === 0 || !print(out, frame, address + offset + from, bases)) out.dec(from)
  }
}

/** An array that stands in a structure: all of it is shown. */
function embeddedArrayPrinter(type: ArrayType, scope: PrintScope, size: number): Printer {
  const length = compileLength(type.length, scope)
  const stride = elementBytes(type, size, scope.arch)
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
