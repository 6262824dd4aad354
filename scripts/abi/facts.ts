// Reads data/abi. Each file is read once, however many tables are made from it.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const arches = ['amd64', 'arm64', 'i386'] as const
export type Arch = (typeof arches)[number]

export interface SyscallFacts {
  amd64: Record<string, { nr: number; nargs: number }>
  arm64: Record<string, { nr: number; nargs: number }>
  i386: Record<string, { nr: number; nargs: number }>
}

export interface NumberFacts {
  [name: string]: { nr: number; message?: string }
}

export interface ErrnoFacts {
  errors: NumberFacts
  internal: NumberFacts
  aliases: Record<string, number>
}

/** A value outside of +-2^53 is a decimal string; null means that the architecture lacks the name. */
export type Value = number | string | null

export interface SetFacts {
  kind: 'flags' | 'value' | 'or'
  prefix?: string
  names: string[]
  values: Value[]
  arm64?: { names?: string[]; values: Value[] }
}

export interface FieldFacts {
  name: string
  offset: number
  size: number
  type: string
  bitfield?: [bit: number, width: number]
  fields?: FieldFacts[]
}

export interface StructFacts {
  kind: 'struct' | 'union'
  size: number
  fields: FieldFacts[]
  arm64?: { size: number; fields?: FieldFacts[] }
  i386?: { size: number; fields?: FieldFacts[] }
  arch?: Arch
  absent?: Arch[]
}

interface TypedefFacts {
  type: string
  size: number
  arm64?: { type: string; size: number }
  i386?: { type: string; size: number }
}

export interface StructsFacts {
  structs: Record<string, StructFacts>
  typedefs: Record<string, TypedefFacts>
}

export interface IoctlFacts {
  name: string
  value: number
  arm64?: number | null
  i386?: number | null
}

const files = new Map<string, unknown>()

export function facts<T>(file: string): T {
  let content = files.get(file)
  if (content === undefined) {
    content = JSON.parse(readFileSync(`${root}data/abi/${file}`, 'utf8'))
    files.set(file, content)
  }
  return content as T
}
