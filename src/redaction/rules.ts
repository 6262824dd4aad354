/** What is to be taken out of a recording: rules as people write them, and as tests of texts. Texts are latin1, a char a byte. */
import { RE2JS } from 're2js'
import { Refusal } from '../filters/refusal.ts'
import { callTables, choosesCall, parseSyscallFilter, type SyscallFilter } from '../filters/syscall-filter.ts'
import { globExpression } from './globs.ts'

/** Whether a text is meant. */
export type Matches = (text: string) => boolean
/** Where in a text something is meant: pairs of where it begins and ends. */
export type Finds = (text: string) => readonly (readonly [from: number, to: number])[]

export interface Redaction {
  /** Variables of the environment, by name. */
  readonly env: Matches | null
  readonly path: Matches | null
  readonly payload: PayloadChoice | null
  /** In any text. */
  readonly pattern: Finds | null
  /** The rules without what they are about, which may be the secret itself. */
  readonly kinds: readonly string[]
}

/** Of which calls the buffers are meant. */
export interface PayloadChoice {
  readonly all: boolean
  readonly fds: ReadonlySet<number>
  /** By what their descriptors lead to. */
  readonly paths: Matches | null
  readonly calls: (name: string, bits: 32 | 64) => boolean
}

const kinds = ['env', 'path', 'payload', 'pattern'] as const
type Kind = (typeof kinds)[number]
const forms = 'env[=NAME], path=PATH, payload[=FD|PATH|CALL,...] or pattern=REGEX'

/** Reads rules; several of a kind are one that means all that each of them does. */
export function parseRules(rules: readonly string[]): Redaction | Refusal {
  const values: { readonly [kind in Kind]: string[] } = { env: [], path: [], payload: [], pattern: [] }
  for (const rule of rules) {
    const [, kind = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(rule)!
    if (!kinds.some(k => k === kind)) return new Refusal(`--redact: '${rule}' is not ${forms}`)
    if (value === '' || (value === undefined && (kind === 'path' || kind === 'pattern')))
      return new Refusal(`--redact ${kind}: what is it? ${forms}`)
    values[kind as Kind].push(value ?? '*')
  }
  const payload = values.payload.length === 0 ? null : payloadChoice(values.payload)
  if (payload instanceof Refusal) return payload
  const pattern = values.pattern.length === 0 ? null : finder(values.pattern)
  if (pattern instanceof Refusal) return pattern
  return {
    env: globs(values.env, ''),
    // With a folder goes what is in it.
    path: globs(values.path, '(?:/.*)?'),
    payload,
    pattern,
    kinds: kinds.filter(kind => values[kind].length > 0),
  }
}

function globs(patterns: readonly string[], then: string): Matches | null {
  if (patterns.length === 0) return null
  const expression = RE2JS.compile(
    patterns
      .map(pattern => `(?:${globExpression(pattern)})`)
      .join('|')
      .replace(/^(.*)$/s, `(?:$1)${then}`),
    RE2JS.DOTALL,
  )
  return text => expression.matcher(text).matches()
}

/** Regular expressions are RE2's: no text makes one take longer than its length allows. */
function finder(sources: readonly string[]): Finds | Refusal {
  const expressions: RE2JS[] = []
  for (const source of sources)
    try {
      expressions.push(RE2JS.compile(source, RE2JS.DOTALL))
    } catch (error) {
      return new Refusal(`--redact pattern: ${(error as Error).message}`)
    }
  const empty = sources.find((_, i) => expressions[i]!.matcher('').find())
  if (empty !== undefined)
    return new Refusal(`--redact pattern: '${empty}' is found everywhere: it matches nothing`)
  return text => {
    const found: [number, number][] = []
    for (const expression of expressions)
      for (const matcher = expression.matcher(text); matcher.find(); ) {
        if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()])
      }
    return found
  }
}

function payloadChoice(values: readonly string[]): PayloadChoice | Refusal {
  const fds = new Set<number>()
  const paths: string[] = []
  const filters: SyscallFilter[] = []
  const tables = callTables(process.arch === 'arm64' ? 'arm64' : 'amd64')
  for (const item of values.flatMap(value => value.split(',')).filter(item => item !== '' && item !== '*')) {
    if (/^\d+$/.test(item)) fds.add(Number(item))
    else if (item.startsWith('/') && !item.endsWith('/')) paths.push(item)
    else {
      const filter = parseSyscallFilter(item, tables)
      if (filter instanceof Refusal) return new Refusal(`--redact payload: ${filter.message}`)
      filters.push(filter)
    }
  }
  return {
    all: values.includes('*'),
    fds,
    paths: globs(paths, '(?:/.*)?'),
    calls: (name, bits) => filters.some(filter => choosesCall(filter, name, true, bits)),
  }
}

/** The rules in a file: one a line; blank lines and those that begin with # are none. */
export const rulesOf = (text: string): string[] =>
  text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'))
