/** Assembled programs as bytes, and where they are kept: see kept-files.ts. */
import type { Assembled } from './bpf-assembler.ts'
import type { KeptFiles } from './kept-files.ts'
import { kernelIdentity } from './known-kernel.ts'
import { functionInfo, type ProgramWithFunctions, programBtf } from './program-btf.ts'

export interface PackedProgram extends Assembled {
  /** Types of its functions, and which are where: see program-btf.ts. */
  readonly types?: Buffer
  readonly functions?: Buffer
}

/** A program with what the kernel wants to know of its functions, if it has any beside its first one. */
export function packed({ program, functions }: ProgramWithFunctions): PackedProgram {
  if (functions.length === 0) return program.assemble()
  const all = [{ name: 'main', label: { at: 0 }, parameters: 1, isStatic: false }, ...functions]
  return { ...program.assemble(), types: programBtf(all), functions: functionInfo(all) }
}

/** Programs of one key between two runs. The kernel may refuse what is read: then they are made anew. Of a kernel that does not say which it is none are kept. */
export class KeptPrograms<P extends PackedProgram, R extends object> {
  readonly #kept: KeptFiles
  readonly #name: string
  readonly #key: string

  constructor(kept: KeptFiles, name: string, key: string) {
    this.#kept = kept
    this.#name = name
    this.#key = key
  }

  read(): { readonly programs: readonly P[]; readonly rest: R } | undefined {
    const bytes = kernelIdentity() === null ? undefined : this.#kept.read(this.#name, this.#key)
    return bytes === undefined ? undefined : unpackPrograms(bytes)
  }

  /** Not before all is attached: what a kernel refuses that is locked down, or a caller without all rights, it takes another time. */
  write(programs: readonly P[], rest: R): void {
    if (kernelIdentity() !== null) this.#kept.write(this.#name, this.#key, packPrograms(programs, rest))
  }
}

/** In JSON `rest`, and of each program all that is text, and sizes; then code, types and functions of one after the other. */
export function packPrograms<P extends PackedProgram>(programs: readonly P[], rest: object): Buffer {
  const none = Buffer.alloc(0)
  const pieces = programs.map(({ code, types = none, functions = none }) => [code, types, functions])
  const heads = programs.map(({ code: _code, types: _types, functions: _functions, ...head }, i) => ({
    ...head,
    bytes: pieces[i]!.map(piece => piece.length),
  }))
  const text = Buffer.from(`${JSON.stringify({ heads, rest })}\n`)
  return Buffer.concat([text, ...pieces.flat()])
}

/** Undefined where they are not such bytes. */
export function unpackPrograms<P extends PackedProgram, R extends object>(
  bytes: Buffer,
): { readonly programs: readonly P[]; readonly rest: R } | undefined {
  try {
    const end = bytes.indexOf('\n')
    const { heads, rest } = JSON.parse(bytes.toString('utf8', 0, end)) as {
      heads: { bytes: [number, number, number] }[]
      rest: R
    }
    let at = end + 1
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new RangeError('programs that are cut off')
      return bytes.subarray(at, (at += length))
    }
    const programs = heads.map(({ bytes: [code, types, functions], ...head }) => ({
      ...head,
      code: take(code),
      types: take(types),
      functions: take(functions),
    }))
    return { programs: programs as unknown as P[], rest }
  } catch {
    return undefined
  }
}
