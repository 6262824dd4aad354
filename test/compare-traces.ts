/**
 * Holds a trace of ours beside strace's. More traces by strace are the measure of what is unstable: where these
 * differ in a word, that word is not judged; where they differ in whole lines, such lines are told apart from ours.
 */
import { diffLines } from '../src/analysis/align.ts'
import { splitTrace, subject, type TracedProcess, varyingNumbers } from './trace-text.ts'

export interface Difference {
  /** The process's command, for people. */
  readonly process: string
  readonly theirs: string | null
  readonly ours: string | null
  /** strace's own traces differ in calls of this kind in this process too. */
  readonly unstable: boolean
  /** Our line looks like none of strace's, whatever its numbers and strings. */
  readonly strange: boolean
}

export interface Comparison {
  /** Lines of strace's first trace. */
  readonly lines: number
  readonly differences: readonly Difference[]
}

export interface Traces {
  readonly ours: string
  readonly theirs: string
  /** More runs of strace. */
  readonly again: readonly string[]
}

/** Compares process by process. `replace` makes of a line what is the same in every run of the program. */
export function compareTraces(traces: Traces, replace?: (line: string) => string): Comparison {
  const varying = varyingNumbers(traces.ours, traces.theirs, ...traces.again)
  const groups = (text: string): Groups => byKey(splitTrace(text, varying, replace))
  const [ours, theirs, again] = [groups(traces.ours), groups(traces.theirs), traces.again.map(groups)]
  const shapes = new Set<string>()
  for (const run of [theirs, ...again])
    for (const group of run.values())
      for (const process of group) for (const line of process.lines) shapes.add(shape(line))
  const differences: Difference[] = []
  let lines = 0
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const group = theirs.get(key) ?? []
    const count = Math.max(group.length, ours.get(key)?.length ?? 0)
    // Threads of a pool share the work as it happens: what one does in one run another does in the next.
    const unstable = new Set<string>()
    const templates = new Map<string, RegExp>()
    for (const run of again)
      for (let i = 0; i < count; i++) learn(group[i], run.get(key)?.[i], unstable, templates)
    for (let i = 0; i < count; i++) {
      lines += group[i]?.lines.length ?? 0
      for (const [a, b] of unequal(group[i], ours.get(key)?.[i])) {
        if (a !== null && b !== null && templates.get(a)?.test(b) === true) continue
        const about = subject((a ?? b)!)
        differences.push({
          process: key,
          theirs: a,
          ours: b,
          strange: b !== null && !shapes.has(shape(b)),
          unstable: unstable.has(about) && (a === null || b === null || unstable.has(subject(b))),
        })
      }
    }
  }
  return { lines, differences }
}

/** What an attempt finds three times over: what hangs on who is quicker does not come every time; a bug does. */
export async function lasting<T extends { readonly length: number }>(attempt: () => Promise<T>): Promise<T> {
  let found = await attempt()
  for (let n = 1; n < 3 && found.length > 0; n++) found = await attempt()
  return found
}

/** A line without its numbers and the contents of its strings; of like things in a row one. */
const shape = (line: string): string =>
  line
    .replace(/"(?:[^"\\]|\\.)*"(?:\.\.\.)?/g, 'STRING')
    .replace(/\b(?:0x[0-9a-f]+|\d+)\b/g, 'N')
    .replace(/(\{[^{}]*\}|STRING|N)(?:, \1)+/g, '$1')

type Groups = ReadonlyMap<string, readonly TracedProcess[]>
function byKey(processes: readonly TracedProcess[]): Groups {
  const groups = new Map<string, TracedProcess[]>()
  for (const process of processes) {
    const group = groups.get(process.key)
    if (group === undefined) groups.set(process.key, [process])
    else group.push(process)
  }
  return groups
}

/** Lines that do not correspond, in pairs where one took the other's place. */
function* unequal(
  a: TracedProcess | undefined,
  b: TracedProcess | undefined,
): Generator<[string | null, string | null]> {
  for (const hunk of diffLines(a?.lines ?? [], b?.lines ?? [])) {
    if (hunk.same) continue
    const rest = [...hunk.b]
    for (const line of hunk.a) {
      const at = rest.findIndex(other => subject(other) === subject(line))
      yield [line, at < 0 ? null : rest.splice(at, 1)[0]!]
    }
    for (const line of rest) yield [null, line]
  }
}

/** Notes in what traces by strace differ: words within lines, and whole lines. */
function learn(
  a: TracedProcess | undefined,
  b: TracedProcess | undefined,
  unstable: Set<string>,
  templates: Map<string, RegExp>,
): void {
  for (const [one, other] of unequal(a, b)) {
    const template = one === null || other === null ? null : toTemplate(one, other)
    if (template === null) {
      for (const line of [one, other]) if (line !== null) unstable.add(subject(line))
    } else templates.set(one!, template)
  }
}

/** What both lines match: numbers (and words) in which they differ may be others; null if they differ in more. */
function toTemplate(a: string, b: string): RegExp | null {
  const [partsA, partsB] = [a, b].map(line => line.split(/(\b\w+\b|"(?:[^"\\]|\\.)*")/)) as [
    string[],
    string[],
  ]
  if (partsA.length !== partsB.length) return null
  let pattern = ''
  for (const [i, part] of partsA.entries()) {
    const other = partsB[i]!
    if (part === other) pattern += part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    else if (/^\d+$/.test(part) && /^\d+$/.test(other)) pattern += '\\d+'
    else if (/^0x[0-9a-f]+$/.test(part) && /^0x[0-9a-f]+$/.test(other)) pattern += '0x[0-9a-f]+'
    else if (part.startsWith('"') && other.startsWith('"')) pattern += '"(?:[^"\\\\]|\\\\.)*"'
    else return null
  }
  return new RegExp(`^${pattern}$`)
}

/** Differences for people, most frequent kind first. */
export function describe(differences: readonly Difference[], most = 20): string {
  const kinds = new Map<string, Difference[]>()
  for (const difference of differences) {
    const kind = subject((difference.theirs ?? difference.ours)!)
    kinds.set(kind, [...(kinds.get(kind) ?? []), difference])
  }
  return [...kinds.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
    .map(list => {
      const { process, theirs, ours } = list[0]!
      const cut = (line: string | null) => (line === null ? '(nothing)' : line.slice(0, 300))
      return `${list.length} x in ${process.slice(-100)}\n  strace:   ${cut(theirs)}\n  sysglass: ${cut(ours)}`
    })
    .join('\n')
}
