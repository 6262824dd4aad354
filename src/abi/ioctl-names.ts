/** Names of ioctl commands by their numbers. */
import { ioctlDifferences, ioctlTable } from './ioctls.ts'
import type { Arch } from './syscalls.ts'

/** Names and their numbers as texts of JSON: all for amd64, of the others what differs. Loaded when they are asked for. */
export interface NameTexts {
  readonly amd64: string
  readonly arm64: string
  readonly i386: string
}

const ioctlTexts: NameTexts = {
  get amd64() {
    return ioctlTable
  },
  get arm64() {
    return ioctlDifferences.arm64
  },
  get i386() {
    return ioctlDifferences.i386
  },
}

const none: readonly string[] = []

/** What has been found, up to a bound: numbers are the tracee's. */
const found = new WeakMap<NameTexts, { readonly [arch in Arch]: Map<number, readonly string[]> }>()
const mostFound = 1000

/**
 * Names of a number, found in the text: putting thousands of names in a map takes as long as many such looks, and most traces need
 * a few.
 */
export function namesInTexts(texts: NameTexts, number: number, arch: Arch): readonly string[] {
  const wanted = number >>> 0
  let byArch = found.get(texts)
  if (byArch === undefined) found.set(texts, (byArch = { amd64: new Map(), arm64: new Map(), i386: new Map() }))
  const known = byArch[arch]
  let names = known.get(wanted)
  if (names === undefined) {
    if (known.size === mostFound) known.clear()
    names = look(texts, wanted, arch)
    known.set(wanted, names)
  }
  return names
}

function look(texts: NameTexts, number: number, arch: Arch): readonly string[] {
  if (arch === 'amd64') return namesIn(texts.amd64, number)
  const different = texts[arch]
  const same = namesIn(texts.amd64, number).filter(name => !different.includes(`"${name}":`))
  return [...same, ...namesIn(different, number)]
}

function namesIn(text: string, number: number): readonly string[] {
  const wanted = `":${number}`
  const names: string[] = []
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const next = text[at + wanted.length]
    if (next === ',' || next === '}') names.push(text.slice(text.lastIndexOf('"', at - 1) + 1, at))
  }
  return names.length === 0 ? none : names
}

/** Names of an ioctl command: several where drivers use the same number, none where nobody is known to. */
export const ioctlNames = (number: number, arch: Arch): readonly string[] =>
  namesInTexts(ioctlTexts, number, arch)

/** A set as those of sets.ts: where several commands have one number, each of their names has it. */
export interface IoctlSet {
  readonly name: string
  readonly kind: string
  readonly prefix: string
  readonly values: { readonly [name: string]: number }
  readonly arm64: { readonly [name: string]: number }
  readonly i386: { readonly [name: string]: number }
  readonly texts: NameTexts
}

/** All commands as a set of names. */
export function ioctlSet(): IoctlSet {
  const read: { [arch in Arch]?: { [name: string]: number } } = {}
  // Thousands, which most traces do not need.
  const values = (arch: Arch): { [name: string]: number } => (read[arch] ??= JSON.parse(ioctlTexts[arch]))
  return {
    name: 'ioctls',
    kind: 'value',
    prefix: '',
    get values() {
      return values('amd64')
    },
    get arm64() {
      return values('arm64')
    },
    get i386() {
      return values('i386')
    },
    texts: ioctlTexts,
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
