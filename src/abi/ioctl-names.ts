import { ioctlDifferences, ioctlTable } from './ioctls.ts'
import type { Arch } from './syscalls.ts'

type Names = Map<number, string[]>

const tables = new Map<Arch, Names>()
const none: readonly string[] = []

/** Names of an ioctl command: several where drivers use the same number, none where nobody is known to. */
export function ioctlNames(number: number, arch: Arch): readonly string[] {
  let table = tables.get(arch)
  if (table === undefined) {
    table = load(arch)
    tables.set(arch, table)
  }
  return table.get(number >>> 0) ?? none
}

/** A set as those of sets.ts: where several commands have one number, each of their names has it. */
export interface IoctlSet {
  readonly name: string
  readonly kind: string
  readonly prefix: string
  readonly values: { readonly [name: string]: number }
  readonly arm64: { readonly [name: string]: number }
  readonly i386: { readonly [name: string]: number }
}

/** All commands as a set of names. */
export function ioctlSet(): IoctlSet {
  let values: { [name: string]: number } | undefined
  return {
    name: 'ioctls',
    kind: 'value',
    prefix: '',
    // Thousands, which most traces do not need.
    get values() {
      values ??= parse(ioctlTable)
      return values
    },
    arm64: parse(ioctlDifferences.arm64),
    i386: parse(ioctlDifferences.i386),
  }
}

/**
 * Which way the argument goes, as seen by the program: 'w' to the kernel, 'r' from it. The number says it,
 * so no table has it; commands older than that convention say 'none', whatever they do.
 */
export function ioctlDirection(number: number): 'none' | 'w' | 'r' | 'rw' {
  return directions[number >>> 30]!
}

const directions = ['none', 'w', 'r', 'rw'] as const

function load(arch: Arch): Names {
  const different = arch === 'amd64' ? {} : parse(ioctlDifferences[arch])
  const table: Names = new Map()
  const add = (name: string, number: number): void => {
    const names = table.get(number)
    if (names === undefined) table.set(number, [name])
    else names.push(name)
  }
  for (const [name, number] of Object.entries(parse(ioctlTable))) if (!(name in different)) add(name, number)
  for (const [name, number] of Object.entries(different)) add(name, number)
  return table
}

const parse = (text: string): { [name: string]: number } => JSON.parse(text)
