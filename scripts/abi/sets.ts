// Sets of names for flags and values, one export each so that a bundler drops those that nobody imports.
import { facts, type SetFacts, type Value } from './facts.ts'
import { header, object, quote } from './text.ts'

export function sets(): string {
  const all = facts<{ sets: Record<string, SetFacts> }>('sets.json').sets
  return `${header}\n${Object.entries(all)
    .map(([name, set]) => one(name, name === 'kd_key_fn_key_vals' ? functionKeys(all) : set))
    .join('\n')}`
}

/** The facts lost what stands in the parentheses of KVAL(K_F1), which is the low byte of the key's code. */
function functionKeys(all: Record<string, SetFacts>): SetFacts {
  const keys = all.kd_key_fn_keys!
  return {
    kind: 'value',
    names: keys.names.map(name => `KVAL(${name})`),
    values: keys.values.map(value => Number(value) & 0xff),
  }
}

function one(name: string, set: SetFacts): string {
  const values = members(name, set.kind, set.names, set.values)
  let source = `export const ${name} = { name: ${quote(name)}, kind: ${quote(set.kind)}`
  if (set.prefix !== undefined) source += `, prefix: ${quote(set.prefix)}`
  source += `, values: ${literal(values, source.length + 10)}`
  if (set.arm64) {
    const other = members(name, set.kind, set.arm64.names ?? set.names, set.arm64.values)
    const different = new Map([...other].filter(([member, value]) => values.get(member) !== value))
    for (const member of values.keys()) if (!other.has(member)) different.set(member, null)
    source += `, arm64: ${literal(different, lineLength(source) + 9)}`
  }
  return `${source} } as const\n`
}

function lineLength(source: string): number {
  return source.length - source.lastIndexOf('\n')
}

type Members = Map<string, number | bigint | null>

function members(set: string, kind: SetFacts['kind'], names: string[], values: Value[]): Members {
  const found: Members = new Map()
  names.forEach((written, index) => {
    const value = values[index]
    if (value === undefined || value === null) return
    // The facts write a member that is given by its bit number as 1<<NAME; what is printed is the name.
    const name = written.replace(/^1<</, '')
    const number = typeof value === 'string' ? BigInt(value) : value
    if (kind === 'flags' && number < 0) throw new Error(`${set}: flag ${name} is negative`)
    const earlier = found.get(name)
    if (earlier !== undefined && earlier !== number) throw new Error(`${set}: ${name} has two values`)
    found.set(name, number)
  })
  return found
}

function literal(values: Members, lead: number): string {
  const entries = [...values].map(([name, value]) => [name, source(value)] as const)
  return object(entries, '', lead)
}

function source(value: number | bigint | null): string {
  if (typeof value === 'bigint') return `${value}n`
  return `${value}`
}
