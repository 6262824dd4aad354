/** What interpreters need to follow a declaration on one architecture: layouts, named constants, scopes. */
import type { Place } from '../abi/argument-blocks.ts'
import { namesInTexts } from '../abi/ioctl-names.ts'
import { type LayoutField, layouts, type StructLayout } from '../abi/layouts.ts'
import { type ArchName, archNames } from '../record/layout.ts'
import type { ArrayType, Call, NameSet, Node, Ref, Select, Struct } from './language.ts'

/** The scope a node is interpreted in: the call's arguments and the enclosing structures, innermost first. */
export interface Scope {
  readonly arch: ArchName
  readonly args: readonly { readonly name: string; readonly type: Node }[]
  readonly structs: readonly {
    readonly layout: StructLayout
    readonly fields: { readonly [name: string]: Node }
  }[]
  /** Where the arguments are, when not in the registers in their order, and that of `structs` which has their words. */
  readonly places?: { readonly of: readonly Place[]; readonly words: Scope['structs'][number] }
}

/** The scope of a call's arguments. */
export function callScope(arch: ArchName, declaration: Call): Scope {
  const names = declaration.order?.[arch] ?? Object.keys(declaration.args)
  return {
    arch,
    args: names.map(name => ({ name, type: declaration.args[name] as unknown as Node })),
    structs: [],
  }
}

/** Where an argument stands. Throws on a name that the call does not have: a mistake in the table. */
export function argIndex(scope: Scope, name: string): number {
  const index = scope.args.findIndex(a => a.name === name)
  if (index < 0) throw new Error(`no argument ${name} among ${scope.args.map(a => a.name).join(', ')}`)
  return index
}

/** The layout of a structure on an architecture; undefined where the facts have none for it. */
export function layoutOf(name: string, arch: ArchName): StructLayout {
  const all = (
    layouts as {
      readonly [name: string]: StructLayout & { readonly arm64?: StructLayout; readonly i386?: StructLayout }
    }
  )[name]
  if (all === undefined) throw new Error(`no layout of struct ${name}: run npm run generate`)
  if (arch === 'arm64') return all.arm64 ?? all
  if (arch === 'i386') return all.i386 ?? all
  return all
}

/** A field of the innermost structure or of one around it: how far up, and its place. */
export function findField(
  scope: Scope,
  name: string,
): { up: number; place: LayoutField; type: Node | undefined } {
  for (let up = 0; up < scope.structs.length; up++) {
    const place = scope.structs[up]!.layout.fields[name]
    if (place !== undefined) return { up, place, type: scope.structs[up]!.fields[name] }
  }
  throw new Error(`no field ${name} in the enclosing structures`)
}

/** The sets that give names to what `ref` refers to. */
export function setsOf(scope: Scope, ref: Ref): readonly NameSet[] {
  let type: Node | undefined
  if ('arg' in ref) type = scope.args[argIndex(scope, ref.arg)]!.type
  else if ('field' in ref) type = findField(scope, ref.field).type
  else if ('peek' in ref) {
    const pointer = pointedAt(scope, ref.peek)
    type = pointer?.kind === 'pointer' ? pointer.to : undefined
  } else if ('part' in ref && ref.shift === 0) return setsOf(scope, ref.part)
  return type === undefined ? [] : setsOfType(type)
}

const pointedAt = (scope: Scope, ref: Ref): Node | undefined =>
  'arg' in ref
    ? scope.args[argIndex(scope, ref.arg)]!.type
    : 'field' in ref
      ? findField(scope, ref.field).type
      : undefined

function setsOfType(type: Node): readonly NameSet[] {
  switch (type.kind) {
    case 'flags':
    case 'enum':
      return type.sets
    case 'mixed':
      return [type.value, type.flags]
    case 'select':
      return [...Object.values(type.cases), type.otherwise].flatMap(setsOfType)
    case 'when':
      return [...setsOfType(type.type), ...setsOfType(type.otherwise)]
    default:
      return []
  }
}

/** The number of a name in a set on an architecture, as the set has it; undefined when it has none there. */
export function valueIn(set: NameSet, name: string, arch: ArchName): number | bigint | undefined {
  const override = arch === 'amd64' ? undefined : set[arch]?.[name]
  return (override === undefined ? set.values[name] : override) ?? undefined
}

/** The same as a bigint. */
export function numberIn(set: NameSet, name: string, arch: ArchName): bigint | undefined {
  const value = valueIn(set, name, arch)
  return value === undefined ? undefined : BigInt(value)
}

const isNumber = (name: string): boolean => /^(-?\d+|0x[0-9a-f]+)$/i.test(name)

/** The number that a key of `select` or a name in a test stands for. */
export function resolveName(scope: Scope, ref: Ref, name: string | number): number {
  if (typeof name === 'number') return name
  if (isNumber(name)) return Number(name)
  for (const set of setsOf(scope, ref)) {
    const value = numberIn(set, name, scope.arch)
    if (value !== undefined) return Number(value)
  }
  throw new Error(`no value of ${name} in the sets of ${JSON.stringify(ref)}`)
}

/** Whether what a type leads to is there on an architecture: a few structures (KVM's registers) have other fields on each. */
function isOn(type: Node, arch: ArchName): boolean {
  if (type.kind === 'pointer') return isOn(type.to, arch)
  if (type.kind !== 'struct') return true
  return hasFields(type, arch) || !archNames.some(other => hasFields(type, other))
}

const hasFields = ({ layout, fields }: Struct, arch: ArchName): boolean => {
  const places = layoutOf(layout, arch).fields
  return Object.keys(fields).some(name => places[name] !== undefined)
}

/** What the variants of a choice are called, by their numbers: those that the architecture has. */
function caseNames(type: Select, scope: Scope): Map<number, string> {
  const sets = setsOf(scope, type.on)
  const { arch } = scope
  const names = new Map<number, string>()
  for (const [name, variant] of Object.entries(type.cases)) {
    if (!isOn(variant, arch)) continue
    const set = sets.find(set => valueIn(set, name, arch) !== undefined)
    if (set !== undefined) names.set(Number(valueIn(set, name, arch)), name)
    else if (!sets.some(set => set.values[name] !== undefined))
      names.set(resolveName(scope, type.on, name), name)
  }
  return names
}

/** The variants of a choice with their numbers: those that the architecture has. */
export const casesOf = (type: Select, scope: Scope): [number: number, type: Node][] =>
  [...caseNames(type, scope)].map(([value, name]) => [value, type.cases[name]!])

/** Finds the name of a choice's variant by its number, on the scope's architecture. */
export function caseNamer(type: Select, scope: Scope): (value: number) => string | undefined {
  const [set, ...others] = setsOf(scope, type.on)
  const texts = others.length === 0 ? set?.texts : undefined
  if (texts === undefined) {
    let names: Map<number, string> | undefined
    return value => (names ??= caseNames(type, scope)).get(value)
  }
  const cases = Object.keys(type.cases)
  const numbers = new Map(cases.filter(isNumber).map(name => [Number(name), name]))
  return value => {
    const names = namesInTexts(texts, value, scope.arch).filter(
      name => Object.hasOwn(type.cases, name) && isOn(type.cases[name]!, scope.arch),
    )
    // Of several it is the last one of the choice, as in `caseNames`.
    return (names.length < 2 ? names[0] : cases.findLast(name => names.includes(name))) ?? numbers.get(value)
  }
}

/**
 * Finds what `make` makes of a name, by number: it is made when that number is first met, since there may be hundreds of them.
 */
export function madeByNumber<T>(
  nameOf: (value: number) => string | undefined,
  make: (name: string) => T,
): (value: number) => T | undefined {
  const made = new Map<number, T>()
  return value => {
    const found = made.get(value)
    if (found !== undefined) return found
    const name = nameOf(value)
    if (name === undefined) return undefined
    const one = make(name)
    made.set(value, one)
    return one
  }
}

/** The same for the variants of a choice. */
export const madeCases = <T>(
  type: Select,
  nameOf: (value: number) => string | undefined,
  make: (variant: Node) => T,
): ((value: number) => T | undefined) => madeByNumber(nameOf, name => make(type.cases[name]!))

/** The bytes that a node takes where it stands in memory, when that is fixed; 0 when it is not. */
export function sizeOf(type: Node, arch: ArchName): number {
  const word = arch === 'i386' ? 4 : 8
  switch (type.kind) {
    case 'int':
      return type.role === 'address' || type.role === 'size' ? Math.min(word, type.bits / 8) : type.bits / 8
    case 'flags':
    case 'enum':
    case 'mixed':
      return type.bits / 8
    case 'pointer':
      return word
    case 'struct':
      return layoutOf(type.layout, arch).size
    case 'inside':
      return 4
    case 'chars':
      return type.size
    case 'bytes':
      return typeof type.length === 'number' ? type.length : 0
    case 'special':
      return typeof type.length === 'number' ? (type.name === 'fdset' ? type.length / 8 : type.length) : 0
    case 'array':
      return typeof type.length === 'number' ? type.length * (type.stride ?? sizeOf(type.of, arch)) : 0
    case 'select':
      return Math.max(0, ...Object.values(type.cases).map(t => sizeOf(t, arch)), sizeOf(type.otherwise, arch))
    case 'when':
      return Math.max(sizeOf(type.type, arch), sizeOf(type.otherwise, arch))
    default:
      return 0
  }
}

/** The bytes of its register that count for an argument: of 16-bit ids the lower half of a word. */
export function argumentBytes(type: Node, arch: ArchName): number {
  const word = arch === 'i386' ? 4 : 8
  return 'bits' in type ? Math.min(word, type.bits / 8) : word
}

/** The bytes of each element of an array in a field of `size` bytes: words are smaller in a 32-bit program's structures. */
export const elementBytes = (type: ArrayType, size: number, arch: ArchName): number =>
  type.stride ??
  (typeof type.length === 'number' && arch === 'i386'
    ? Math.min(sizeOf(type.of, arch), Math.floor(size / type.length))
    : sizeOf(type.of, arch))
