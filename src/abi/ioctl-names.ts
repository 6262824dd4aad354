import { ioctlDifferences, ioctlTable } from './ioctls.ts'
import type { Arch } from './syscalls.ts'

const none: readonly string[] = []

/** What has been found, up to a bound: numbers are the tracee's. */
const found = new Map<Arch, Map<number, readonly string[]>>()
const mostFound = 1000

/** Names of an ioctl command: several where drivers use the same number, none where nobody is known to. */
export function ioctlNames(number: number, arch: Arch): readonly string[] {
  const wanted = number >>> 0
  let known = found.get(arch)
  if (known === undefined) found.set(arch, (known = new Map()))
  let names = known.get(wanted)
  if (names === undefined) {
    if (known.size === mostFound) known.clear()
    names = arch === 'amd64' ? namesIn(ioctlTable, wanted) : namesOn(arch, wanted)
    known.set(wanted, names)
  }
  return names
}

/** Looks through the table's text: putting thousands of names in a map takes as long as many such looks, and most traces need a few. */
function namesIn(table: string, number: number): readonly string[] {
  const wanted = `":${number}`
  const names: string[] = []
  for (let at = table.indexOf(wanted); at >= 0; at = table.indexOf(wanted, at + 1)) {
    const next = table[at + wanted.length]
    if (next === ',' || next === '}') names.push(table.slice(table.lastIndexOf('"', at - 1) + 1, at))
  }
  return names.length === 0 ? none : names
}

function namesOn(arch: 'arm64' | 'i386', number: number): readonly string[] {
  const different = ioctlDifferences[arch]
  const same = namesIn(ioctlTable, number).filter(name => !different.includes(`"${name}":`))
  return [...same, ...namesIn(different, number)]
}

/** A set as those of sets.ts: where several commands have one number, each of their names has it. */
export interface IoctlSet {
  readonly name: string
  readonly kind: string
  readonly prefix: string
  readonly values: { readonly [name: string]: number }
  readonly arm64: { readonly [name: string]: number }
  readonly i386: { readonly [name: string]: number }
  find(number: number, arch: Arch): readonly string[]
}

/** All commands as a set of names. */
export function ioctlSet(): IoctlSet {
  const read: { [table: string]: { [name: string]: number } } = {}
  return {
    name: 'ioctls',
    kind: 'value',
    prefix: '',
    // Thousands, which most traces do not need.
    get values() {
      return (read.amd64 ??= JSON.parse(ioctlTable))
    },
    get arm64() {
      return (read.arm64 ??= JSON.parse(ioctlDifferences.arm64))
    },
    get i386() {
      return (read.i386 ??= JSON.parse(ioctlDifferences.i386))
    },
    find: ioctlNames,
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
