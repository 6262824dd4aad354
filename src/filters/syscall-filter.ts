/** Choices of system calls: names, classes, expressions. */
import { meantNames } from '../abi/argument-blocks.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import { parseDigits } from './numbers.ts'
import { compilePosixRegex } from './posix-regex.ts'
import { Refusal } from './refusal.ts'
import { classAliases, type SyscallClass, syscallClasses } from './syscall-classes.ts'
import { parseValueList } from './value-list.ts'

/** A choice of system calls. */
export type SyscallFilter =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'set'
      /** Calls of 64-bit programs. */
      readonly names: ReadonlySet<string>
      /** Calls of 32-bit programs on the same machine, by their own names. */
      readonly names32: ReadonlySet<string>
      /** Whether calls that no table knows are chosen: `!open` means them too. */
      readonly unknown: boolean
    }

/** The calls of one kind of program: numbers by name, and names by number. */
interface CallTable {
  readonly numbers: ReadonlyMap<string, number>
  readonly names: ReadonlyMap<number, string>
}

/** Calls that programs of a machine can make: 64-bit ones, and 32-bit ones where the tables know them. */
export interface CallTables {
  readonly wide: CallTable
  readonly narrow: CallTable
  /** What can follow `@`. */
  readonly personalities: readonly string[]
}

/** Calls that are made through others, and may have no numbers of their own. */
const meantCalls = (numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.values(numbers).flatMap(sysno => meantNames('i386', sysno).map(name => [name, -1])),
  )

/** Calls of the x32 ABI that differ from those of 64-bit programs: same names, other numbers. */
const x32Numbers = { first: 512, last: 547 }

/** A table that is made when it is first looked at: most command lines name no call. */
function lazyTable(numbers: () => Readonly<Record<string, number>>): CallTable {
  let [byName, byNumber]: [Map<string, number>?, Map<number, string>?] = []
  return {
    get numbers() {
      byName ??= new Map(Object.entries(numbers()))
      return byName
    },
    get names() {
      byNumber ??= new Map(Object.entries(numbers()).map(([name, number]) => [number, name]))
      return byNumber
    },
  }
}

const tables: Partial<Record<'amd64' | 'arm64', CallTables>> = {}

export function callTables(arch: 'amd64' | 'arm64'): CallTables {
  tables[arch] ??=
    arch === 'amd64'
      ? {
          wide: lazyTable(() => syscallNumbers.amd64),
          narrow: lazyTable(() => ({ ...meantCalls(syscallNumbers.i386), ...syscallNumbers.i386 })),
          personalities: ['64', '32', 'x32'],
        }
      : {
          wide: lazyTable(() => syscallNumbers.arm64),
          narrow: lazyTable(() => ({})),
          personalities: ['64', '32'],
        }
  return tables[arch]
}

/** Which calls of a table a value of the list means. */
type Selector = (table: CallTable) => Iterable<string>

/** -e trace= and all that take such a set: names, numbers, %classes, /regexes, `all` and `none`. */
export function parseSyscallFilter(text: string, calls: CallTables): SyscallFilter | Refusal {
  const list = parseValueList(text, 'system call')
  if (list instanceof Refusal) return list
  const chosen = { wide: new Set<string>(), narrow: new Set<string>() }
  for (const value of list.values) {
    const optional = value.startsWith('?')
    const item = optional ? value.slice(1) : value
    const { name, personality } = splitPersonality(item)
    if (personality !== null && !calls.personalities.includes(personality)) {
      const designator = `incorrect personality designator '${personality}'`
      return new Refusal(`${designator} in qualification '${item}'`, true)
    }
    const selector = makeSelector(name)
    if (selector instanceof Refusal) return selector
    const wide = new Set(selector(calls.wide))
    const narrow = new Set(selector(calls.narrow))
    const found =
      personality === '32' ? narrow.size : personality === null ? wide.size + narrow.size : wide.size
    // Of x32 programs only the numbers are their own; they are not told apart from 64-bit ones here.
    const x32 = (personality === null || personality === 'x32') && isX32Number(name, calls)
    if (found === 0 && !x32 && !optional) return new Refusal(`invalid system call '${item}'`)
    if (personality === null || personality === '64') for (const call of wide) chosen.wide.add(call)
    if (personality === null || personality === '32') for (const call of narrow) chosen.narrow.add(call)
  }
  if (!list.inverted) return { kind: 'set', names: chosen.wide, names32: chosen.narrow, unknown: false }
  if (list.values.length === 0) return { kind: 'all' }
  const others = (table: CallTable, not: ReadonlySet<string>) =>
    new Set([...table.numbers.keys()].filter(name => !not.has(name)))
  return {
    kind: 'set',
    names: others(calls.wide, chosen.wide),
    names32: others(calls.narrow, chosen.narrow),
    unknown: true,
  }
}

/** Whether a call is chosen, by its name; `known`: it is in the table. */
export function choosesCall(
  filter: SyscallFilter,
  name: string,
  known: boolean,
  bits: 32 | 64 = 64,
): boolean {
  if (filter.kind === 'all') return true
  const names = bits === 64 ? filter.names : filter.names32
  return names.has(name) || (filter.unknown && !known)
}

function splitPersonality(item: string): { readonly name: string; readonly personality: string | null } {
  const at = item.lastIndexOf('@')
  return at === -1
    ? { name: item, personality: null }
    : { name: item.slice(0, at), personality: item.slice(at + 1) }
}

function makeSelector(name: string): Selector | Refusal {
  if (name === 'all') return table => table.numbers.keys()
  if (name.startsWith('/')) {
    const regex = compilePosixRegex(name.slice(1))
    return regex instanceof Refusal
      ? regex
      : table => [...table.numbers.keys()].filter(call => regex.test(call))
  }
  const number = parseDigits(name)
  if (number !== null) {
    return table => {
      const call = table.names.get(number)
      return call === undefined ? [] : [call]
    }
  }
  // Before the calls: `signal` and `ipc` are calls of 32-bit programs too.
  const members = classMembers(name) ?? [name]
  return table => members.filter(call => table.numbers.has(call))
}

function classMembers(name: string): readonly string[] | null {
  const canonical = Object.hasOwn(classAliases, name) ? classAliases[name]! : name
  return Object.hasOwn(syscallClasses, canonical) ? syscallClasses[canonical as SyscallClass] : null
}

function isX32Number(name: string, calls: CallTables): boolean {
  const number = parseDigits(name)
  return (
    calls.personalities.includes('x32') &&
    number !== null &&
    number >= x32Numbers.first &&
    number <= x32Numbers.last
  )
}
