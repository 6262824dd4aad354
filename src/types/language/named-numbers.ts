/** Numbers of which some have names: flags, enumerations, and both in one. */

import type { NameTexts } from '../../abi/ioctl-names.ts'
import type { FlagsValue } from '../values.ts'
import { node, type Type } from './type.ts'

/** A set from src/abi/sets.ts. */
export interface NameSet {
  readonly name: string
  readonly kind: string
  readonly prefix?: string
  readonly values: { readonly [name: string]: number | bigint }
  /** Where other architectures differ from amd64; null: the name does not exist there. */
  readonly arm64?: { readonly [name: string]: number | bigint | null }
  readonly i386?: { readonly [name: string]: number | bigint | null }
  /** Of a large set: the same as texts, where names of a number are found without reading all. */
  readonly texts?: NameTexts
}
export type NamesOf<S extends NameSet> = keyof S['values'] & string
export interface FlagsType {
  readonly kind: 'flags'
  readonly sets: readonly NameSet[]
  readonly bits: 8 | 16 | 32 | 64
}
export interface EnumType {
  readonly kind: 'enum'
  readonly sets: readonly NameSet[]
  readonly bits: 8 | 16 | 32 | 64
  readonly signed: boolean
  /** A count, a size, an id of which some values have names: what has none is read in decimal. */
  readonly decimal?: true
}
/** Bits OR-ed together; several sets are tried in order. */
export const flags = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): FlagsType & Type<FlagsValue<NamesOf<S>>> =>
  node<FlagsValue<NamesOf<S>>, FlagsType>({ kind: 'flags', sets: [set, ...more], bits: 32 })
export const flags64 = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): FlagsType & Type<FlagsValue<NamesOf<S>>> =>
  node<FlagsValue<NamesOf<S>>, FlagsType>({ kind: 'flags', sets: [set, ...more], bits: 64 })
/** One of several values: its name, or the number that has none. */
export const oneOf = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): EnumType & Type<NamesOf<S> | number> =>
  node<NamesOf<S> | number, EnumType>({ kind: 'enum', sets: [set, ...more], bits: 32, signed: false })
export const oneOf64 = <const S extends NameSet>(
  set: S,
  ...more: NameSet[]
): EnumType & Type<NamesOf<S> | number> =>
  node<NamesOf<S> | number, EnumType>({ kind: 'enum', sets: [set, ...more], bits: 64, signed: false })
/** The same, where numbers without a name are read in decimal. */
export const decimal = <const D extends EnumType>(type: D, signed = false): D =>
  Object.freeze({ ...type, signed, decimal: true as const })

/** A number of which `mask` is one of `values` and the rest flags: SOCK_STREAM|SOCK_CLOEXEC, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, O_RDWR|O_CLOEXEC. */
export interface MixedType {
  readonly kind: 'mixed'
  readonly mask: bigint
  readonly value: NameSet
  readonly flags: NameSet
  readonly bits: 32 | 64
  /** As a number it is read whole, not value and flags apart. */
  readonly asOne?: true
}
export const mixed = <const V extends NameSet, const F extends NameSet>(
  mask: number | bigint,
  value: V,
  flagSet: F,
  bits: 32 | 64 = 32,
): MixedType & Type<FlagsValue<NamesOf<V> | NamesOf<F>>> =>
  node<FlagsValue<NamesOf<V> | NamesOf<F>>, MixedType>({
    kind: 'mixed',
    mask: BigInt(mask),
    value,
    flags: flagSet,
    bits,
  })
/** The same, where the number is one: 0x82, not 0x2|0x80. */
export const asOne = <const D extends MixedType>(type: D): D =>
  Object.freeze({ ...type, asOne: true as const })
