/** Names for numbers: flags joined by |, one of several values, and what has no name. */

import type { ArchName } from '../../record/layout.ts'
import type { NameSet, Node, Select } from '../../types/language.ts'
import { caseNamer, madeCases, numberIn, type Scope, setsOf, valueIn } from '../../types/resolve.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { newerNames } from './newer-names.ts'
import { bitNumbers, expressions, missedNames, olderNames, zeroIsNumber } from './older-names.ts'
import type { Style } from './style.ts'
import { unknownNames } from './unknown-names.ts'

/** A set made ready for look-ups on one architecture. Halves, since JavaScript's bit operators see 32 bits. */
export interface NameTable {
  readonly prefix: string
  readonly byValue: ReadonlyMap<number, string>
  readonly names: readonly string[]
  readonly low: Uint32Array
  readonly high: Uint32Array
  readonly zero: string | undefined
}

const tables = new WeakMap<NameSet, Map<string, NameTable>>()

/** The table of a set, made once. */
export function nameTable(set: NameSet, arch: ArchName): NameTable {
  let perArch = tables.get(set)
  if (perArch === undefined) tables.set(set, (perArch = new Map()))
  let table = perArch.get(arch)
  if (table === undefined) perArch.set(arch, (table = makeTable(set, arch)))
  return table
}

function makeTable(set: NameSet, arch: ArchName): NameTable {
  const names: string[] = []
  const values: bigint[] = []
  const newer = newerIn(set)
  for (const name of Object.keys(set.values)) {
    if (newer.has(name)) continue
    const value = numberIn(set, name, arch)
    if (value === undefined) continue
    names.push(olderNames[name] ?? `${bitNumbers[set.name] ?? ''}${name}`)
    values.push(BigInt.asUintN(64, value))
  }
  for (const [name, value] of expressions[set.name] ?? []) {
    // Flags are written in the order of their bits.
    const next = set.kind === 'flags' ? values.findIndex(other => other > value) : -1
    names.splice(next < 0 ? names.length : next, 0, name)
    values.splice(next < 0 ? values.length : next, 0, value)
  }
  const byValue = new Map<number, string>()
  values.forEach((v, i) => {
    const n = Number(v)
    if (!byValue.has(n)) byValue.set(n, names[i]!)
    // Negative constants also by their 32-bit pattern, which is what a 32-bit argument holds.
    const n32 = Number(BigInt.asUintN(32, v))
    if (v >> 32n === 0xffffffffn && !byValue.has(n32)) byValue.set(n32, names[i]!)
  })
  const zero = values.indexOf(0n)
  return {
    prefix: dummy(set, names),
    byValue,
    names,
    low: Uint32Array.from(values, v => Number(v & 0xffffffffn)),
    high: Uint32Array.from(values, v => Number(v >> 32n)),
    zero: zero < 0 || zeroIsNumber.has(set.name) ? undefined : names[zero],
  }
}

/**
 * Finds what is made of a variant of a choice, by number; nothing for those that hang on values of which this strace knows no name:
 * it shows their arguments as numbers.
 */
export const knownCases = <T>(
  type: Select,
  scope: Scope,
  make: (variant: Node) => T,
): ((value: number) => T | undefined) => madeCases(type, knownNamer(type, scope), make)

function knownNamer(type: Select, scope: Scope): (value: number) => string | undefined {
  const nameOf = caseNamer(type, scope)
  let unknown: Set<number> | undefined
  return value =>
    (unknown ??= unknownValues(setsOf(scope, type.on), scope.arch)).has(value) ? undefined : nameOf(value)
}

/** Numbers of sets that have no name which this strace knows. */
function unknownValues(sets: readonly NameSet[], arch: ArchName): Set<number> {
  const unknown = new Set<number>()
  const lately = sets.map(set => ({ set, newer: newerIn(set) }))
  for (const { set, newer } of lately) for (const name of newer) unknown.add(Number(valueIn(set, name, arch)))
  if (unknown.size === 0) return unknown
  // A number may have an older name as well.
  for (const { set, newer } of lately)
    for (const name of Object.keys(set.values))
      if (!newer.has(name)) unknown.delete(Number(valueIn(set, name, arch)))
  return unknown
}

/** Names that this strace does not know. */
const newerIn = (set: NameSet): ReadonlySet<string> =>
  new Set(
    [...(newerNames[set.name]?.split(' ') ?? []), ...(missedNames[set.name] ?? [])].filter(
      name => olderNames[name] === undefined,
    ),
  )

/** What stands for the name of an unknown value: `O_???`. */
function dummy(set: NameSet, names: readonly string[]): string {
  const own = unknownNames[set.name]
  if (own !== undefined) return own
  if (set.prefix !== undefined) return `${set.prefix.split(' ')[0]}???`
  const first = names[0] ?? ''
  let end = first.length
  for (const n of names) while (end > 0 && !n.startsWith(first.slice(0, end))) end--
  const cut = first.slice(0, end).lastIndexOf('_')
  return `${first.slice(0, cut + 1)}???`
}

function number(out: TextBuffer, low: number, high: number): void {
  if (low === 0 && high === 0) out.putChar('0')
  else out.hex(low, high)
}

/** Runs `write` in the way that was asked for: names, or the number, or the number and in a comment the names. */
export function inStyle(
  out: TextBuffer,
  low: number,
  high: number,
  style: Style,
  write: (names: Style) => void,
): void {
  if (style.constants !== 'abbrev') {
    number(out, low, high)
    if (style.constants === 'raw') return
    out.put(' /* ')
  }
  write({ ...style, constants: 'abbrev' })
  if (style.constants === 'verbose') out.put(' */')
}

/** Flags by several tables: names joined by `|`, the rest in hexadecimal, `0x… /* X_??? *​/` when none has a name. */
export function printFlags(
  out: TextBuffer,
  tables: readonly NameTable[],
  low: number,
  high: number,
  style: Style,
  dummyName?: string,
): void {
  const unknown = dummyName ?? tables[0]!.prefix
  if (style.constants === 'raw') return number(out, low, high)
  if (low === 0 && high === 0) {
    const zero = tables[0]!.zero
    if (zero === undefined) out.putChar('0')
    else if (style.constants === 'verbose') out.put(`0 /* ${zero} */`)
    else out.put(zero)
    return
  }
  const start = out.length
  if (style.constants === 'verbose') {
    number(out, low, high)
    out.put(' /* ')
  }
  let restLow = low
  let restHigh = high
  let some = false
  for (const table of tables) {
    const n = table.names.length
    for (let i = 0; i < n; i++) {
      const l = table.low[i]!
      const h = table.high[i]!
      if ((l | h) === 0 || (restLow & l) >>> 0 !== l || (restHigh & h) >>> 0 !== h) continue
      if (some) out.putChar('|')
      out.put(table.names[i]!)
      some = true
      restLow = (restLow & ~l) >>> 0
      restHigh = (restHigh & ~h) >>> 0
      if ((restLow | restHigh) === 0) break
    }
    if ((restLow | restHigh) === 0) break
  }
  if (!some) {
    out.length = start
    number(out, low, high)
    if (unknown !== '') out.put(` /* ${unknown} */`)
    return
  }
  if ((restLow | restHigh) !== 0) {
    out.putChar('|')
    out.hex(restLow, restHigh)
  }
  if (style.constants === 'verbose') out.put(' */')
}

/** The name of a value, or `0x… /* X_??? *​/`. */
export function printValue(
  out: TextBuffer,
  tables: readonly NameTable[],
  low: number,
  high: number,
  style: Style,
  dummyName?: string,
): void {
  if (style.constants === 'raw') return number(out, low, high)
  const name = lookUp(tables, low, high)
  if (name === undefined) {
    number(out, low, high)
    const unknown = dummyName ?? tables[0]!.prefix
    if (unknown !== '') out.put(` /* ${unknown} */`)
  } else if (style.constants === 'verbose') {
    number(out, low, high)
    out.put(` /* ${name} */`)
  } else out.put(name)
}

/** The same where the number is a decimal one: `-3 /* KEY_SPEC_SESSION_KEYRING *​/`. */
export function printDecimal(
  out: TextBuffer,
  tables: readonly NameTable[],
  value: number,
  style: Style,
  dummyName?: string,
): void {
  const name = style.constants === 'raw' ? undefined : lookUp(tables, value >>> 0, 0)
  if (name !== undefined && style.constants === 'abbrev') return out.put(name)
  out.dec(value)
  const comment = name ?? dummyName ?? tables[0]!.prefix
  if (style.constants !== 'raw' && comment !== '') out.put(` /* ${comment} */`)
}

/** The name of a value in the first table that has it. */
export function lookUp(tables: readonly NameTable[], low: number, high: number): string | undefined {
  const n = low + high * 0x1_0000_0000
  const exact = Number.isSafeInteger(n)
  for (const table of tables) {
    // A larger number is that of a name only when both halves are.
    const at = exact ? -1 : table.low.findIndex((l, i) => l === low && table.high[i] === high)
    const name = exact ? table.byValue.get(n) : table.names[at]
    if (name !== undefined) return name
  }
  return undefined
}
