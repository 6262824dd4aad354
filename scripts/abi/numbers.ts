// System calls, errors and signals: names for small numbers.
import { arches, type ErrnoFacts, facts, type NumberFacts, type SyscallFacts } from './facts.ts'
import { array, header, object, quote } from './text.ts'

export function syscalls(): string {
  const tables = facts<SyscallFacts>('syscalls.json')
  const numbers = arches.map(arch => {
    const entries = Object.entries(tables[arch]).sort((a, b) => a[1].nr - b[1].nr)
    return `  ${arch}: ${object(
      entries.map(([name, { nr }]) => [name, `${nr}`]),
      '  ',
    )},\n`
  })
  // amd64 and arm64 agree wherever both have a call; i386 passes 64-bit values in two registers.
  const shared: Record<string, number> = {}
  for (const arch of arches) {
    for (const [name, { nargs }] of Object.entries(tables[arch])) shared[name] ??= nargs
  }
  const counts = arches.map(arch => {
    const different = Object.entries(tables[arch]).filter(([name, { nargs }]) => shared[name] !== nargs)
    if (different.length === 0) return `  ${arch}: shared,\n`
    return `  ${arch}: {\n    ...shared,\n${different.map(([name, { nargs }]) => `    ${name}: ${nargs},\n`).join('')}  },\n`
  })
  return `${header}
export type Arch = ${arches.map(quote).join(' | ')}

export const syscallNumbers = {
${numbers.join('')}} as const

export type SyscallName = keyof typeof syscallNumbers.amd64 | keyof typeof syscallNumbers.arm64

const shared = ${object(Object.entries(shared).map(([name, nargs]) => [name, `${nargs}`]))} as const

/** How many arguments a call takes. Names that an architecture lacks are there too: ask syscallNumbers first. */
export const syscallArgumentCounts = {
${counts.join('')}} as const
`
}

export function errno(): string {
  const { errors, internal, aliases } = facts<ErrnoFacts>('errno.json')
  const known = byNumber(errors)
  const kernel = byNumber(internal)
  const first = kernel.findIndex(entry => entry !== undefined)
  // The kernel's own codes start far above the others: a spread keeps the hole out of the source.
  const hole = `...new Array<undefined>(${first - known.length})`
  const all = [known, kernel.slice(first)] as const
  const names = all.map(part => part.map(entry => (entry ? quote(entry.name) : 'undefined')))
  const texts = all.map(part => part.map(entry => (entry?.message ? quote(entry.message) : 'undefined')))
  return `${header}
type Names = readonly (string | undefined)[]

const names = ${array([...names[0]!, hole, ...names[1]!])} as const
/** By number; from ${first} on the codes that the kernel keeps to itself but shows to a tracer. */
export const errnoNames: Names = names
export type ErrnoName = Exclude<(typeof names)[number], undefined>

export const errnoTexts: Names = ${array([...texts[0]!, hole, ...texts[1]!])}

/** Second names of numbers above. */
export const errnoAliases = ${object(Object.entries(aliases).map(([name, nr]) => [name, `${nr}`]))} as const
`
}

export function signals(): string {
  const known = byNumber(facts<{ signals: NumberFacts }>('signals.json').signals)
  const names = known.map(entry => (entry ? quote(entry.name) : 'undefined'))
  const texts = known.map(entry => (entry?.message ? quote(entry.message) : 'undefined'))
  return `${header}
type Names = readonly (string | undefined)[]

const names = ${array(names)} as const
/** By number, 1 to ${known.length - 1}; real-time signals have no names of their own. */
export const signalNames: Names = names
export type SignalName = Exclude<(typeof names)[number], undefined>

export const signalTexts: Names = ${array(texts)}
`
}

interface Numbered {
  name: string
  message?: string | undefined
}

function byNumber(table: NumberFacts): (Numbered | undefined)[] {
  const found: (Numbered | undefined)[] = []
  for (const [name, { nr, message }] of Object.entries(table)) {
    if (found[nr]) throw new Error(`${nr} is both ${found[nr].name} and ${name}`)
    found[nr] = { name, message }
  }
  return Array.from(found)
}
