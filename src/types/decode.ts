/** The interpreter of declarations that makes typed values: `Value<D>` of language.ts is what comes out here. */
import type { LayoutField } from '../abi/layouts.ts'
import { Frame } from '../record/frame.ts'
import type { ArchName } from '../record/layout.ts'
import { readUnsigned } from '../record/numbers.ts'
import { Data } from './data.ts'
import { bytesDecoder, cstringDecoder, iovecsDecoder, stringsDecoder, textUpTo } from './decode-memory.ts'
import { enumDecoder, flagsDecoder, intDecoder, mixedDecoder } from './decode-numbers.ts'
import { specialAtDecoder, specialDecoder } from './decode-special.ts'
import {
  type Decoder,
  type DecodeScope,
  mostElements,
  type PointeeDecoder,
  type Progress,
  type Seen,
  takeElements,
} from './decoder.ts'
import { type Bases, compileLength, compileRef, compileTest, readAddress, room } from './evaluate.ts'
import type { ArrayType, Call, Inside, Node, Pointer, Select, Struct, When } from './language.ts'
import { Bound } from './plan.ts'
import {
  argumentBytes,
  callScope,
  caseNamer,
  elementBytes,
  findField,
  layoutOf,
  madeCases,
  sizeOf,
} from './resolve.ts'

/** A call of one architecture made ready to decode. */
export interface CallDecoder {
  /** Its arguments by name. What hostile memory hides is null; an argument that this variant does not have is undefined. */
  args(frame: Frame): { [name: string]: unknown }
  /** Its result by the declaration; null while it has not returned, and when it failed. */
  returns(frame: Frame): unknown
  /** How the last `args` went: whether it left something out. */
  readonly progress: Readonly<Progress>
}

/** Compiles a declaration. `limit`: the bytes of strings and buffers to keep, where they are not paths. `seen` is told where `args` finds some. */
export function callDecoder(declaration: Call, arch: ArchName, limit: number, seen?: Seen): CallDecoder {
  const progress = { seen, cut: false, left: mostElements }
  const scope: DecodeScope = { ...callScope(arch, declaration), progress, limit }
  const names = Object.keys(declaration.args)
  const decoders: Decoder[] = []
  const offsets: number[] = []
  for (const name of names) {
    const index = scope.args.findIndex(a => a.name === name)
    const { type } = scope.args[index]!
    decoders.push(nodeDecoder(type, scope, argumentBytes(type, arch)))
    offsets.push(index * 8)
  }
  const returned = declaration.returns as unknown as Node
  const result = nodeDecoder(returned, scope, 'bits' in returned ? returned.bits / 8 : 8)
  const bases: Bases = []
  const safely = (decode: Decoder, frame: Frame, offset: number): unknown => {
    try {
      return decode(frame, frame.args + offset, bases)
    } catch (error) {
      // A damaged record may end before a field that something else in it points at.
      if (!(error instanceof RangeError)) throw error
      progress.cut = true
      return null
    }
  }
  return {
    args(frame) {
      progress.cut = false
      progress.left = mostElements
      const args: { [name: string]: unknown } = {}
      for (let i = 0; i < names.length; i++) args[names[i]!] = safely(decoders[i]!, frame, offsets[i]!)
      return args
    },
    returns: frame =>
      frame.result < 0 || frame.failed ? null : safely(result, frame, frame.result - frame.args),
    progress,
  }
}

/** The decoder of what stands in a register or in a structure; `size` is the bytes it takes there. */
function nodeDecoder(type: Node, scope: DecodeScope, size: number): Decoder {
  const { arch, progress, limit } = scope
  switch (type.kind) {
    case 'int':
      return intDecoder(type, size, arch)
    case 'flags':
      return flagsDecoder(type, size, arch)
    case 'enum':
      return enumDecoder(type, size, arch)
    case 'mixed':
      return mixedDecoder(type, size, arch)
    case 'pointer':
      return pointerDecoder(type, scope, size)
    case 'struct':
      return structDecoder(type, scope)
    case 'chars':
      return (frame, at) => {
        progress.seen?.('text', at, size)
        return textUpTo(frame, at, size)
      }
    case 'bytes': {
      const length = compileLength(type.length, scope)
      return (frame, at, bases) => {
        const n = Math.min(length(frame, bases), room(frame, at, size))
        progress.seen?.(type.path ? 'path' : type.text ? 'text' : 'payload', at, n)
        if (type.path || type.text) return textUpTo(frame, at, n)
        if (n > limit) progress.cut = true
        return Data.copy(frame.bytes, at, Math.min(n, limit), n)
      }
    }
    case 'array':
      return arrayAtDecoder(type, scope, size)
    case 'special':
      return specialAtDecoder(type, scope, size)
    case 'inside':
      return insideDecoder(type, scope)
    case 'select':
      return choose(type, scope, t => nodeDecoder(t, scope, width(t, size, scope)))
    case 'when':
      return either(type, scope, t => nodeDecoder(t, scope, width(t, size, scope)))
    case 'absent':
      return () => undefined
    // Only pointers lead to these.
    case 'cstring':
    case 'strings':
    case 'iovecs':
      return () => null
  }
}

/** The bytes of a register that count for one variant of an argument; a field's width comes from its layout. */
const width = (type: Node, size: number, scope: DecodeScope): number =>
  scope.structs.length === 0 && 'bits' in type ? Math.min(size, type.bits / 8) : size

type Choice = (frame: Frame, place: number, bases: Bases) => unknown

function choose(type: Select, scope: DecodeScope, make: (t: Node) => Choice): Choice {
  const on = compileRef(type.on, scope)
  const variant = madeCases(type, caseNamer(type, scope), make)
  const otherwise = make(type.otherwise)
  return (frame, place, bases) => (variant(on(frame, bases)) ?? otherwise)(frame, place, bases)
}

function either(type: When, scope: DecodeScope, make: (t: Node) => Choice): Choice {
  const test = compileTest(type.test, scope)
  const then = make(type.type)
  const otherwise = make(type.otherwise)
  return (frame, place, bases) => (test(frame, bases) ? then : otherwise)(frame, place, bases)
}

function pointerDecoder(type: Pointer, scope: DecodeScope, size: number): Decoder {
  const pointee = pointeeDecoder(type.to, scope)
  const needsSuccess = type.when === 'out' && type.evenFailed !== true
  const machine = size === 4 ? 'i386' : 'amd64'
  return (frame, at, bases) => {
    const address = readAddress(frame.view, at, machine)
    if (address === 0 || (needsSuccess && (frame.result < 0 || frame.failed))) return null
    return pointee(frame, address, bases)
  }
}

function insideDecoder(type: Inside, scope: DecodeScope): Decoder {
  const base = compileRef(type.of, scope)
  const { offset } = findField(scope, type.from).place
  const pointee = pointeeDecoder(type.to, scope)
  return (frame, at, bases) => {
    const address = base(frame, bases)
    return address === 0 ? null : pointee(frame, address + offset + frame.view.getUint32(at, true), bases)
  }
}

/** The decoder of what an address leads to. */
function pointeeDecoder(type: Node, scope: DecodeScope): PointeeDecoder {
  const { arch } = scope
  switch (type.kind) {
    case 'cstring':
      return cstringDecoder(type, scope)
    case 'bytes':
      return bytesDecoder(type, scope)
    case 'strings':
      return stringsDecoder(type, scope)
    case 'iovecs':
      return iovecsDecoder(type, scope)
    case 'array':
      return arrayDecoder(type, scope)
    case 'special':
      return specialDecoder(type, scope)
    case 'select':
      return choose(type, scope, t => pointeeDecoder(t, scope))
    case 'when':
      return either(type, scope, t => pointeeDecoder(t, scope))
    case 'absent':
      return () => undefined
    case 'struct': {
      const decode = structDecoder(type, scope)
      const { size } = layoutOf(type.layout, arch)
      const length = type.length === undefined ? undefined : compileLength(type.length, scope)
      const least = type.least ?? 0
      return (frame, address, bases) => {
        const claimed = length === undefined ? size : length(frame, bases)
        const have = frame.available(address)
        return claimed < least || have === 0 || have < Math.min(size, claimed)
          ? null
          : decode(frame, frame.at, bases)
      }
    }
    default: {
      const size = sizeOf(type, arch)
      const decode = nodeDecoder(type, scope, size)
      return (frame, address, bases) => {
        const at = frame.find(address, size)
        return at < 0 ? null : decode(frame, at, bases)
      }
    }
  }
}

interface FieldDecoder {
  readonly name: string
  readonly offset: number
  readonly end: number
  readonly decode: Decoder
  /** What stands for a field that a shorter structure does not have: to the kernel it is zero. */
  readonly none: unknown
}

/** A field of some bits, whatever its type says; those that the facts know have no more than 32. */
function bitFieldDecoder({ size, bit = 0, width = 1 }: LayoutField): Decoder {
  const mask = 2 ** width - 1
  return (frame, at) => {
    const word = size === 8 ? frame.view.getBigUint64(at, true) : BigInt(readUnsigned(frame.view, at, size))
    return Number((word >> BigInt(bit)) & BigInt(mask))
  }
}

function structDecoder(type: Struct, scope: DecodeScope): Decoder {
  const layout = layoutOf(type.layout, scope.arch)
  const depth = scope.structs.length
  const inner: DecodeScope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
  const length = type.length === undefined ? undefined : compileLength(type.length, scope)
  const fields = Object.entries(type.fields).map(([name, t]): FieldDecoder => {
    const place = layout.fields[name]
    if (place === undefined) throw new Error(`struct ${type.layout} has no field ${name} on ${scope.arch}`)
    const decode = place.bit === undefined ? nodeDecoder(t, inner, place.size) : bitFieldDecoder(place)
    return {
      name,
      offset: place.offset,
      end: place.offset + place.size,
      decode,
      none: length === undefined ? undefined : decode(zeros(), 0, new Array(depth + 1).fill(0)),
    }
  })
  return (frame, at, bases) => {
    bases[depth] = at
    const size = length === undefined ? Number.POSITIVE_INFINITY : length(frame, bases)
    const value: { [name: string]: unknown } = {}
    for (let i = 0; i < fields.length; i++) {
      const f = fields[i]!
      value[f.name] = f.end > size ? f.none : f.decode(frame, at + f.offset, bases)
      // A structure that a field leads to may have stood in the same place.
      bases[depth] = at
    }
    return value
  }
}

let zeroFrame: Frame | undefined
/** A frame of zeros. */
function zeros(): Frame {
  if (zeroFrame === undefined) {
    zeroFrame = new Frame()
    zeroFrame.bytes = new Uint8Array(2 * Bound.struct)
    zeroFrame.view = new DataView(zeroFrame.bytes.buffer)
  }
  return zeroFrame
}

/** An array that a field holds. */
function arrayAtDecoder(type: ArrayType, scope: DecodeScope, size: number): Decoder {
  const length = compileLength(type.length, scope)
  const stride = elementBytes(type, size, scope.arch)
  const element = nodeDecoder(type.of, scope, stride)
  return (frame, at, bases) => {
    const n = takeElements(
      scope.progress,
      Math.min(length(frame, bases), Math.floor(size / Math.max(1, stride))),
      type.most ?? Bound.elements,
    )
    const values: unknown[] = []
    for (let i = 0; i < n; i++) values.push(element(frame, at + i * stride, bases))
    return values
  }
}

/** An array that an address leads to. */
function arrayDecoder(type: ArrayType, scope: DecodeScope): PointeeDecoder {
  const length = compileLength(type.length, scope)
  const stride = type.stride ?? sizeOf(type.of, scope.arch)
  const element = nodeDecoder(type.of, scope, stride)
  const { progress } = scope
  return (frame, address, bases) => {
    const wanted = length(frame, bases)
    if (wanted > 0 && frame.available(address) < stride) return null
    const n = takeElements(progress, wanted, type.most ?? Bound.elements)
    const values: unknown[] = []
    for (let i = 0; i < n; i++) {
      const at = frame.find(address + i * stride, stride)
      if (at < 0) {
        progress.cut = true
        break
      }
      values.push(element(frame, at, bases))
    }
    return values
  }
}
