/** How an argument in a line of gVisor's log is read, and what all such readers have in common. */
import { type GvisorArch, setEntries } from '../dialects/gvisor/eras.ts'
import type { KnownMemory } from './record-maker.ts'

/** How an argument is read: a pattern without groups, and what its text says. */
export interface Reader {
  readonly pattern: string
  /** Its text is a structure's. */
  readonly isLong?: true
  read(text: string, into: Collected): bigint
}

/** What a line's arguments tell beside registers. */
export interface Collected {
  readonly memory: KnownMemory[]
  readonly paths: { fd: number; path: string }[]
}

export const hex = '0x[0-9a-f]+'
export const quotedText = '"(?:[^"\\\\]|\\\\.)*"'
/** Braces with nothing but texts and other braces in them, so many deep. */
export const braces = (depth: number): string =>
  `\\{(?:[^{}"]|${quotedText}${depth > 1 ? `|${braces(depth - 1)}` : ''})*\\}`

export const firstNumber = (text: string): bigint => {
  const number = /^(?:0x[0-9a-f]+|0o[0-7]+|\d+)/.exec(text.trim())?.[0]
  return number === undefined ? 0n : BigInt(number)
}

/** Of protocols a negative number has a sign. */
const numberOf = (text: string): bigint => (text.startsWith('-') ? signed(text) : firstNumber(text))

/** A number with a sign, of 64 bits. */
export const signed = (text: string): bigint => {
  const [, minus, digits] = /^(-?)(0x[0-9a-f]+|\d+)$/.exec(text) ?? []
  return digits === undefined ? 0n : BigInt.asUintN(64, minus === '-' ? -BigInt(digits) : BigInt(digits))
}

/** A set of gVisor's by its name, or names with their numbers. */
export type Names = string | { readonly [name: string]: number }

/** What `NAME|NAME|0x8` is, by the names of some sets. */
export function byNames(arch: GvisorArch, ...sets: readonly Names[]): (text: string) => bigint {
  // No plain object, which has members of its own: the text may say anything.
  const values = new Map<string, bigint>()
  for (const set of sets)
    for (const [name, value] of typeof set === 'string' ? setEntries(arch, set, 'head') : Object.entries(set))
      values.set(name, BigInt(value))
  return text => text.split('|').reduce((all, part) => all | (values.get(part.trim()) ?? numberOf(part)), 0n)
}

/**
 * A pointer to something: `P BODY`; or `null`, or the pointer alone, or with why it could not be read. `parse` gets the body
 * and where it stood, and gives its bytes: null where they are not known.
 */
export function pointer(
  body: string,
  parse: (body: string, into: Collected, address: bigint) => Uint8Array | null,
): Reader {
  return {
    isLong: true,
    pattern: `(?:${hex}(?: ${body}| \\([^()]*(?:\\([^()]*\\))?\\)| \\{(?:error|address|length) [^{}]*\\})?|null|\\.\\.\\.)`,
    read(text, into) {
      const [, number, content] = /^(0x[0-9a-f]+)(?: (.*))?$/s.exec(text) ?? []
      if (number === undefined) return 0n
      const address = BigInt(number)
      if (content === undefined || /^\(|^\{(?:error |length null)/.test(content)) return address
      const bytes = parse(content, into, address)
      if (bytes !== null && bytes.length > 0) into.memory.push({ address, bytes })
      return address
    },
  }
}

/** Numbers of 64 bits, one after the other. */
export function words(...values: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [i, value] of values.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, value), i * 8)
  return bytes
}

/** A number of so many bytes at an offset. */
export function putNumber(bytes: Buffer, offset: number, size: 2 | 4 | 8, value: bigint): void {
  if (size === 8) bytes.writeBigUInt64LE(BigInt.asUintN(64, value), offset)
  else bytes.writeUIntLE(Number(BigInt.asUintN(size * 8, value)), offset, size)
}
