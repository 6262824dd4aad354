/**
 * Types of a program's own functions, which the kernel asks for when a program has functions that are checked by themselves
 * (global ones, each verified once however often it is called) or called by a helper; and those of maps in which it looks for values of its own.
 */
import type { BpfAssembler, Label } from './bpf-assembler.ts'

/** A function of a program: where it starts, and how many numbers of 64 bits it takes. */
export interface ProgramFunction {
  readonly name: string
  readonly label: Label
  readonly parameters: number
  /** Called by a helper, or the program itself: verified with its caller. */
  readonly isStatic: boolean
}

/** A program, and functions that it has beside its first one. */
export interface ProgramWithFunctions {
  readonly program: BpfAssembler
  readonly functions: readonly ProgramFunction[]
}

const Kind = { int: 1, struct: 4, function: 12, prototype: 13 } as const
/** Bytes that describe a function to BPF_PROG_LOAD: where it starts, its type. */
export const functionInfoBytes = 8

/** The blob for BPF_BTF_LOAD; types stand in the order of `functions`. */
export function programBtf(functions: readonly ProgramFunction[]): Buffer {
  const names = ['', 'u64', 'a', ...functions.map(f => f.name)]
  const nameAt = placesOf(names)
  const types: number[] = [nameAt(1), Kind.int << 24, 8, 64]
  functions.forEach(({ parameters, isStatic }, i) => {
    // Types are numbered from 1: the integer, and for each function a prototype and itself.
    types.push(0, (Kind.prototype << 24) | parameters, 1)
    for (let p = 0; p < parameters; p++) types.push(nameAt(2), 1)
    types.push(nameAt(3 + i), (Kind.function << 24) | (isStatic ? 0 : 1), 2 + 2 * i)
  })
  return blob(names, types)
}

/** Of a map of numbers to a structure of one member, a structure of the kernel's of 8 bytes, which it knows by its name. */
export const mapTypes = { key: 1, value: 4 } as const
export function mapBtf(struct: string): Buffer {
  const names = ['', 'u32', 'u64', struct, 'value', 'member']
  const nameAt = placesOf(names)
  const [one, own] = [(Kind.struct << 24) | 1, 3]
  return blob(names, [
    ...[nameAt(1), Kind.int << 24, 4, 32],
    ...[nameAt(2), Kind.int << 24, 8, 64],
    ...[nameAt(3), one, 8, nameAt(5), 2, 0],
    ...[nameAt(4), one, 8, nameAt(5), own, 0],
  ])
}

/** Where each of these names stands among the strings. */
function placesOf(names: readonly string[]): (index: number) => number {
  return index => names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 0)
}

function blob(names: readonly string[], types: readonly number[]): Buffer {
  const strings = Buffer.from(`${names.join('\0')}\0`, 'latin1')
  const header = Buffer.alloc(24)
  header.writeUInt16LE(0xeb9f, 0)
  header[2] = 1
  header.writeUInt32LE(header.length, 4)
  header.writeUInt32LE(types.length * 4, 12)
  header.writeUInt32LE(types.length * 4, 16)
  header.writeUInt32LE(strings.length, 20)
  const words = Buffer.alloc(types.length * 4)
  types.forEach((word, i) => {
    words.writeUInt32LE(word, 4 * i)
  })
  return Buffer.concat([header, words, strings])
}

/** func_info for BPF_PROG_LOAD, when all labels are placed. */
export function functionInfo(functions: readonly ProgramFunction[]): Buffer {
  const bytes = Buffer.alloc(functions.length * functionInfoBytes)
  functions.forEach(({ label }, i) => {
    bytes.writeUInt32LE(label.at, i * functionInfoBytes)
    bytes.writeUInt32LE(3 + 2 * i, i * functionInfoBytes + 4)
  })
  return bytes
}
