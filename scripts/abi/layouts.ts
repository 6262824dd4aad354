// Struct layouts, for the structs that the sources name and those of wanted-layouts.json.
import { readdirSync, readFileSync } from 'node:fs'
import { elementSize, resolve } from './c-types.ts'
import {
  type Arch,
  arches,
  type FieldFacts,
  facts,
  root,
  type StructFacts,
  type StructsFacts,
} from './facts.ts'
import { header, key, object } from './text.ts'

export function layouts(asked: Map<string, string> = names()): string {
  const list = [...asked.keys()].sort().map(name => `  ${key(name)}: ${layout(name, asked.get(name)!)},\n`)
  return `${header}
export interface LayoutField {
  readonly offset: number
  readonly size: number
  readonly signed?: boolean
  readonly pointer?: boolean
  /**
   * The member is a struct or union of this name, '' where it has none of its own; its fields are also
   * there as \`member.field\`.
   */
  readonly struct?: string
  /** The member is an array of \`count\` of these; a flexible array has a count of 0. */
  readonly element?: {
    readonly size: number
    readonly signed?: boolean
    readonly pointer?: boolean
    readonly struct?: string
  }
  readonly count?: number
  /** The member is a bit field: first bit from the lowest of the \`size\` bytes at \`offset\`, and its width. */
  readonly bit?: number
  readonly width?: number
}

export interface StructLayout {
  readonly size: number
  readonly fields: { readonly [name: string]: LayoutField }
}

/** Fields of anonymous members stand among those of their parent. */
export const layouts = {
${list.join('')}} as const satisfies {
  readonly [name: string]: StructLayout & { readonly arm64?: StructLayout; readonly i386?: StructLayout }
}
`
}

/** Each wanted struct with the file that asks for it. */
function names(): Map<string, string> {
  const asked = new Map<string, string>()
  const list = 'scripts/abi/wanted-layouts.json'
  for (const name of JSON.parse(readFileSync(root + list, 'utf8')) as string[]) asked.set(name, list)
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  for (const file of files.sort()) {
    // Tests may well name a struct that there is not.
    if (!file.endsWith('.ts') || /^abi\/|\.test(-d)?\.ts$/.test(file)) continue
    const source = readFileSync(`${root}src/${file}`, 'utf8')
    for (const name of structsNamed(source)) asked.set(name, `src/${file}`)
  }
  return asked
}

/** What TypeScript source asks for: `struct('stat'`, with or without a break of line before the name. */
export function structsNamed(source: string): string[] {
  return [
    ...source.matchAll(/\b(?:struct|union|growing|withTail|layout|layoutOf|membersOf)\(\s*'([^']*)'/g),
  ].map(found => found[1]!)
}

function layout(name: string, askedBy: string): string {
  const found = lookUp(name)
  if (!found)
    throw new Error(`${askedBy} asks for the layout of struct ${name}, which data/abi/structs.json lacks`)
  // A struct of one architecture has nothing else to be compared with.
  const [first, ...others] = found.arch ? [found.arch] : arches.filter(arch => !found.absent?.includes(arch))
  const base = emit(found, first!)
  const alternatives = others
    .map(arch => [arch, emit(found, arch)] as const)
    .filter(([, source]) => source !== base)
    .map(([arch, source]) => `    ${arch}: {\n${source.replaceAll(/^(?=.)/gm, '  ')}    },\n`)
  return `{\n${base}${alternatives.join('')}  }`
}

function lookUp(name: string): StructFacts | undefined {
  const { structs, typedefs } = facts<StructsFacts>('structs.json')
  if (structs[name]) return structs[name]
  const typedef = typedefs[name]
  return typedef && lookUp(typedef.type.replace(/^(struct|union) /, ''))
}

function of(struct: StructFacts, arch: Arch): { size: number; fields: FieldFacts[] } {
  const own = arch === 'amd64' ? undefined : struct[arch]
  return { size: own?.size ?? struct.size, fields: own?.fields ?? struct.fields }
}

function emit(struct: StructFacts, arch: Arch): string {
  const { size, fields } = of(struct, arch)
  const found = new Map<string, string>()
  collect(fields, 0, '', arch, found)
  const lines = [...found].map(([name, source]) => `      ${key(name)}: ${source},\n`)
  return `    size: ${size},\n    fields: {\n${lines.join('')}    },\n`
}

function collect(
  fields: FieldFacts[],
  base: number,
  prefix: string,
  arch: Arch,
  into: Map<string, string>,
): void {
  for (const field of fields) {
    const offset = base + field.offset
    if (field.name === '') {
      if (field.fields) collect(field.fields, offset, prefix, arch, into)
      continue
    }
    const name = prefix + field.name
    into.set(name, one(field, offset, arch))
    const inner = field.type.endsWith(']') ? undefined : (field.fields ?? innerFields(field, arch))
    if (inner) collect(inner, offset, `${name}.`, arch, into)
  }
}

/** Fields of a member that is a struct with a name of its own. */
function innerFields(field: FieldFacts, arch: Arch): FieldFacts[] | undefined {
  const { struct, count } = resolve(field, arch)
  if (struct === undefined || count !== undefined) return undefined
  const known = facts<StructsFacts>('structs.json').structs[struct]
  if (!known) return undefined
  const inner = of(known, arch)
  // i386 has an old sigset_t of one word beside the new one; the facts know only the fields of the latter.
  return inner.size === field.size ? inner.fields : undefined
}

function one(field: FieldFacts, offset: number, arch: Arch): string {
  const { signed, pointer, struct, count } = resolve(field, arch)
  const type: [string, string][] = []
  if (signed) type.push(['signed', 'true'])
  if (pointer) type.push(['pointer', 'true'])
  if (struct !== undefined) type.push(['struct', `'${struct}'`])
  const parts: [string, string][] = [
    ['offset', `${offset}`],
    ['size', `${field.size}`],
  ]
  if (count !== undefined) {
    const element = object([['size', `${elementSize(field, arch)}`], ...type])
    parts.push(['element', element], ['count', `${count}`])
  } else {
    parts.push(...type)
  }
  if (field.bitfield) parts.push(['bit', `${field.bitfield[0]}`], ['width', `${field.bitfield[1]}`])
  return object(parts)
}
