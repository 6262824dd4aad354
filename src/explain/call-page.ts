/** All that the table says of a call, put together for people. */
import { type Arch, syscallNumbers } from '../abi/syscalls.ts'
import { archNames } from '../record/layout.ts'
import { otherNames } from '../syscalls/for-32-bits.ts'
import { declarationOf } from '../syscalls/index.ts'
import { manualOf, summaryOf } from '../syscalls/summaries.ts'
import type { Call, NameSet, Node } from '../types/language.ts'
import { describeType, refWords, setRows } from './describe-type.ts'
import { numberOf } from './sample-records.ts'
import { sampleText } from './sample-text.ts'

/** A table, its rows with as many cells as `head`; or lines as they are. */
export interface Part {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Names that stand in a program, not words: in a fixed pitch. */
  readonly code: boolean
}

export interface CallPage {
  readonly name: string
  readonly summary: string
  readonly manual: string | undefined
  readonly numbers: readonly { readonly arch: Arch; readonly number: number }[]
  readonly parts: readonly Part[]
}

/** Larger sets are told of by their size: all ioctls, for one. */
const mostNames = 600

const numbersOf = (name: string): CallPage['numbers'] =>
  archNames.flatMap(arch => {
    const number = numberOf(name, arch)
    return number === undefined ? [] : [{ arch, number }]
  })

/** The names of all calls, each architecture's. */
export const callNames = (): string[] => [
  ...new Set(archNames.flatMap(arch => Object.keys(syscallNumbers[arch]))),
]

/** The page of a call; undefined for a name that no architecture has. */
export function callPage(name: string): CallPage | undefined {
  const numbers = numbersOf(name)
  const [first] = numbers
  if (first === undefined) return undefined
  const declaration = declarationOf(name, first.arch)
  const inside = new Inside()
  const args = Object.entries(declaration.args as unknown as { readonly [name: string]: Node })
  for (const [arg, type] of args) inside.add(arg, type)
  inside.add('result', declaration.returns as unknown as Node)
  return {
    name,
    summary: summaryOf(name) ?? '',
    manual: manualOf(name),
    numbers,
    parts: [
      argumentsPart(declaration, args),
      ...inside.variants,
      ...inside.structures,
      ...inside.sets,
      examplePart(name, first.arch),
      ...sameAs(name),
    ],
  }
}

function argumentsPart(declaration: Call, args: readonly (readonly [string, Node])[]): Part {
  const returned =
    declaration.never === true ? 'does not return' : describeType(declaration.returns as unknown as Node)
  return {
    title: 'Arguments',
    head: ['', 'captured', ''],
    rows: [
      ...args.map(([name, type]) => [name, capturedWords(type), describeType(type)]),
      ['result', '', returned],
    ],
    code: false,
  }
}

const capturedWords = (type: Node): string => [...captured(type)].sort().join(', ')

/** When something is copied of what an argument leads to. */
function captured(type: Node): Set<string> {
  switch (type.kind) {
    case 'pointer': {
      const also = type.evenFailed === true ? ' (also of a failed call)' : ''
      if (type.when === 'in') return new Set(['enter'])
      return new Set([...(type.when === 'inout' ? ['enter'] : []), `exit${also}`])
    }
    case 'when':
      return new Set([...captured(type.type), ...captured(type.otherwise)])
    case 'select':
      return new Set([...Object.values(type.cases), type.otherwise].flatMap(t => [...captured(t)]))
    default:
      return new Set()
  }
}

/** What has no name is a number, which says more in hexadecimal. */
const caseWords = (key: string): string => (Number(key) > 255 ? `0x${Number(key).toString(16)}` : key)

/** Variants, structures and sets that a call's types speak of, each once. */
class Inside {
  readonly variants: Part[] = []
  readonly structures: Part[] = []
  readonly sets: Part[] = []
  readonly #seen = new Set<unknown>()

  add(name: string, type: Node): void {
    switch (type.kind) {
      case 'flags':
      case 'enum':
        for (const set of type.sets) this.#set(set)
        return
      case 'mixed':
        this.#set(type.value)
        this.#set(type.flags)
        return
      case 'pointer':
        return this.add(name, type.to)
      case 'array':
        return this.add(name, type.of)
      case 'when':
        this.add(name, type.type)
        return this.add(name, type.otherwise)
      case 'select':
        return this.#select(name, type)
      case 'struct':
        return this.#struct(type)
      default:
        return
    }
  }

  #select(name: string, type: Extract<Node, { kind: 'select' }>): void {
    if (this.#seen.has(type)) return
    this.#seen.add(type)
    const cases = Object.entries(type.cases)
    const on = refWords(type.on)
    this.variants.push({
      title: `${name} by ${on}`,
      head: [on, 'captured', name],
      rows: [...cases, ['others', type.otherwise] as const].map(([key, variant]) => [
        caseWords(key),
        capturedWords(variant),
        describeType(variant),
      ]),
      code: false,
    })
    for (const [key, variant] of cases)
      this.add(variant.kind === 'select' ? `${name} (${key})` : name, variant)
    this.add(name, type.otherwise)
  }

  #struct(type: Extract<Node, { kind: 'struct' }>): void {
    const fields = Object.entries(type.fields)
    // Two uses of a structure may show other fields of it.
    const key = `${type.layout} ${fields.map(([name, t]) => `${name} ${describeType(t)}`).join()}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.structures.push({
      title: `struct ${type.layout}`,
      head: ['', ''],
      rows: fields.map(([name, t]) => [name, describeType(t)]),
      code: false,
    })
    for (const [name, t] of fields) this.add(name, t)
  }

  #set(set: NameSet): void {
    if (this.#seen.has(set.name)) return
    this.#seen.add(set.name)
    const rows = setRows(set)
    this.sets.push({
      title: set.name,
      head: [],
      rows: rows.length > mostNames ? [[`${rows.length} names`]] : rows,
      code: true,
    })
  }
}

function examplePart(name: string, arch: Arch): Part {
  const { strace, gvisor } = sampleText(name, arch)
  return {
    title: 'Example',
    head: [],
    rows: [...strace.split('\n'), ...(gvisor.length > 0 ? ['', ...gvisor] : [])].map(line => [line]),
    code: true,
  }
}

/** The other names that 32-bit programs have for it, or the name that others have. */
function sameAs(name: string): Part[] {
  const known = Object.hasOwn(otherNames, name)
    ? [otherNames[name]!]
    : Object.keys(otherNames).filter(other => otherNames[other] === name)
  if (known.length === 0) return []
  return [{ title: 'By other names', head: [], rows: known.map(other => [other]), code: true }]
}
