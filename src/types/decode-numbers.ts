/** Decoders of numbers: plain ones, those with names, and sets of flags. */

import { type ErrnoName, errnoNames } from '../abi/errno.ts'
import * as sets from '../abi/sets.ts'
import { signalNames } from '../abi/signals.ts'
import type { Frame } from '../record/frame.ts'
import { type ArchName, RangeKind } from '../record/layout.ts'
import { readSigned, readUnsigned } from '../record/numbers.ts'
import type { Decoder } from './decoder.ts'
import type { EnumType, FlagsType, Half, Int, MixedType, NameSet } from './language.ts'
import { numberIn } from './resolve.ts'
import { decodeText } from './text.ts'
import type { Descriptor, Errno, FlagsValue, Signal, SignalName } from './values.ts'

/** The decoder of a number that takes `size` bytes. 64 bits make a bigint, whatever the size. */
export function intDecoder(type: Int, size: number, arch: ArchName): Decoder {
  switch (type.role) {
    case 'fd':
    case 'dirfd':
      return (frame, at) => descriptor(frame, readSigned(frame.view, at, Math.min(size, 4)))
    case 'signal':
      return (frame, at) => signalOf(readSigned(frame.view, at, Math.min(size, 4)))
    case 'errno':
      return (frame, at) => errnoOf(readSigned(frame.view, at, Math.min(size, 4)))
    case 'clock': {
      const names = namesByNumber([sets.clocknames], arch)
      return (frame, at) => {
        const n = readSigned(frame.view, at, Math.min(size, 4))
        return names.get(n) ?? n
      }
    }
    case 'be16':
    case 'port':
      return (frame, at) => frame.view.getUint16(at, false)
    case 'be32':
      return (frame, at) => frame.view.getUint32(at, false)
  }
  if (type.halves !== undefined) {
    const half = type.halves
    return (frame, at) => joinHalves(frame.view, at, half, type.signed)
  }
  if (type.bits === 64) return bigDecoder(size, type.signed)
  return type.signed
    ? (frame, at) => readSigned(frame.view, at, size)
    : (frame, at) => readUnsigned(frame.view, at, size)
}

function bigDecoder(size: number, signed: boolean): Decoder {
  if (size === 8)
    return signed
      ? (frame, at) => frame.view.getBigInt64(at, true)
      : (frame, at) => frame.view.getBigUint64(at, true)
  return signed
    ? (frame, at) => BigInt(readSigned(frame.view, at, size))
    : (frame, at) => BigInt(readUnsigned(frame.view, at, size))
}

const atFdcwd = -100

function descriptor(frame: Frame, fd: number): Descriptor {
  const path = fd === atFdcwd ? frame.note(RangeKind.cwd, 0) : frame.note(RangeKind.fdPath, fd)
  return path === undefined || path.length === 0 ? { fd } : { fd, path: decodeText(path, 0, path.length) }
}

/** An error's name, or the number when it is none. */
export const errnoOf = (n: number): Errno => (errnoNames[n] as ErrnoName | undefined) ?? n

/** A signal's name, or the number when it is none. */
export function signalOf(n: number): Signal {
  if (n === 29) return 'SIGIO'
  if (n >= 1 && n <= 31) return (signalNames[n] as SignalName | undefined) ?? n
  if (n === 32) return 'SIGRTMIN'
  return n > 32 && n <= 64 ? `SIGRT_${n - 32}` : n
}

/** Names of values, by number; of several the first. Negative ones are there by their 32-bit pattern as well. */
export function namesByNumber(from: readonly NameSet[], arch: ArchName): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const add = (n: bigint, name: string): void => {
    if (!names.has(Number(n))) names.set(Number(n), name)
  }
  for (const set of from)
    for (const name of Object.keys(set.values)) {
      const value = numberIn(set, name, arch)
      if (value === undefined) continue
      add(value, name)
      if (value < 0n) {
        add(BigInt.asUintN(32, value), name)
        add(BigInt.asUintN(64, value), name)
      } else if (value >> 31n === 1n || value >> 32n === 0xffffffffn) add(BigInt.asUintN(32, value), name)
    }
  return names
}

/** One of several values: its name or the number. */
export function enumDecoder(type: EnumType, size: number, arch: ArchName): Decoder {
  const names = namesByNumber(type.sets, arch)
  const bytes = type.bits === 64 ? size : Math.min(size, 4)
  const { signed } = type
  return (frame, at) => {
    const n = readUnsigned(frame.view, at, bytes)
    const name = names.get(n)
    if (name !== undefined) return name
    return signed ? readSigned(frame.view, at, bytes) : n
  }
}

interface Flag {
  readonly name: string
  readonly value: bigint
}

function flagsOf(from: readonly NameSet[], arch: ArchName): readonly Flag[] {
  return from.flatMap(set =>
    Object.keys(set.values).flatMap(name => {
      const value = numberIn(set, name, arch)
      return value === undefined ? [] : [{ name, value: BigInt.asUintN(64, value) }]
    }),
  )
}

function namesOf(value: bigint, known: readonly Flag[], rest: bigint, names: string[]): bigint {
  for (const flag of known) {
    if (rest === 0n) break
    if (flag.value === 0n || (rest & flag.value) !== flag.value) continue
    names.push(flag.name)
    rest &= ~flag.value
  }
  if (value === 0n) {
    const none = known.find(flag => flag.value === 0n)
    if (none !== undefined) names.push(none.name)
  }
  return rest
}

/** Bits OR-ed together. */
export function flagsDecoder(type: FlagsType, size: number, arch: ArchName): Decoder {
  const known = flagsOf(type.sets, arch)
  return remembered(type.bits === 64 ? size : Math.min(size, 4), value => {
    const names: string[] = []
    return { value, names, rest: namesOf(value, known, value, names) }
  })
}

/** One of several values in some of the bits, flags in the others. */
export function mixedDecoder(type: MixedType, size: number, arch: ArchName): Decoder {
  const values = flagsOf([type.value], arch)
  const known = flagsOf([type.flags], arch)
  return remembered(type.bits === 64 ? size : Math.min(size, 4), value => {
    const names: string[] = []
    const chosen = values.find(v => v.value === (value & type.mask))
    if (chosen === undefined) return { value, names, rest: namesOf(value, known, value, names) }
    names.push(chosen.name)
    const others = value & ~type.mask
    return { value, names, rest: others === 0n ? 0n : namesOf(others, known, others, names) }
  })
}

/** Programs use few sets of flags: each is taken apart once. Values are shared, and so frozen. */
const mostRemembered = 1024

function remembered(size: number, decode: (value: bigint) => FlagsValue<string>): Decoder {
  const seen = new Map<number, FlagsValue<string>>()
  return (frame, at) => {
    const n = readUnsigned(frame.view, at, size)
    const known = seen.get(n)
    if (known !== undefined) return known
    const value = decode(size === 8 ? frame.view.getBigUint64(at, true) : BigInt(n))
    Object.freeze(value.names)
    Object.freeze(value)
    // Beyond 2^53 several values share a key.
    if (Number.isSafeInteger(n) && seen.size < mostRemembered) seen.set(n, value)
    return value
  }
}

/** The number whose halves stand in two registers of a 32-bit program. */
export function joinHalves(view: DataView, at: number, first: Half, signed: boolean): bigint {
  const [low, high] = first === 'low' ? [at, at + 8] : [at + 8, at]
  const whole = (BigInt(view.getUint32(high, true)) << 32n) | BigInt(view.getUint32(low, true))
  return signed ? BigInt.asIntN(64, whole) : whole
}
