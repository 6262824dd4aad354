/** Two recordings side by side: which processes correspond, and what one did that the other did not, or that ended otherwise. */
import { diffLines } from './align.ts'
import { type ComparedProcess, type ComparedRecording, type Texts, unfinished } from './compared-calls.ts'

export type Change =
  | {
      readonly change: 'missing' | 'added'
      readonly call: string
      readonly outcome: string
      readonly times: number
    }
  | {
      readonly change: 'otherwise'
      readonly call: string
      readonly before: string
      readonly after: string
      readonly times: number
    }
  | { readonly change: 'slower'; readonly call: string; readonly before: number; readonly after: number }

export interface ProcessComparison {
  readonly command: string
  /** Its number in the first and in the second recording; null where it is only in the other. */
  readonly pids: readonly [number | null, number | null]
  /** How many calls both made alike. */
  readonly same: number
  readonly changes: readonly Change[]
}

/** A name's calls count as slower from this factor on, and this many milliseconds. */
const slowerFactor = 2
const slowerBy = 10

/** @param times also tell whose calls took longer */
export function compareRecordings(
  a: ComparedRecording,
  b: ComparedRecording,
  texts: Texts,
  times: boolean,
): ProcessComparison[] {
  return pair(a.processes, b.processes).map(([before, after]) =>
    compareProcesses(before, after, texts, times),
  )
}

type Pair = readonly [ComparedProcess | undefined, ComparedProcess | undefined]

/** Processes that correspond: those without a parent in order, then of each pair the children with the same command, in order. */
function pair(a: readonly ComparedProcess[], b: readonly ComparedProcess[]): Pair[] {
  const below = (all: readonly ComparedProcess[]) => {
    const known = new Set(all.map(({ pid }) => pid))
    const children = new Map<number | null, ComparedProcess[]>()
    for (const process of all) {
      const { pid, parent } = process
      const above = parent !== null && parent !== pid && known.has(parent) ? parent : null
      children.set(above, [...(children.get(above) ?? []), process])
    }
    return children
  }
  const [childrenA, childrenB] = [below(a), below(b)]
  const pairs: Pair[] = []
  const seen = new Set<ComparedProcess>()
  const waiting: (readonly [readonly ComparedProcess[], readonly ComparedProcess[], boolean])[] = [
    [childrenA.get(null) ?? [], childrenB.get(null) ?? [], true],
  ]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [left, right, roots] = next
    const rest = [...right]
    const meet = (before: ComparedProcess | undefined, after: ComparedProcess | undefined): void => {
      for (const process of [before, after]) {
        if (process === undefined) continue
        // Numbers that were used again may go round in a circle.
        if (seen.has(process)) return
        seen.add(process)
      }
      pairs.push([before, after])
      waiting.push([
        before === undefined ? [] : (childrenA.get(before.pid) ?? []),
        after === undefined ? [] : (childrenB.get(after.pid) ?? []),
        false,
      ])
    }
    const alone: ComparedProcess[] = []
    for (const before of left) {
      const at = rest.findIndex(({ command }) => command === before.command)
      if (at >= 0) meet(before, rest.splice(at, 1)[0])
      else alone.push(before)
    }
    // The program itself may have been called otherwise.
    for (const before of alone) meet(before, roots ? rest.shift() : undefined)
    for (const after of rest) meet(undefined, after)
  }
  return pairs
}

function compareProcesses(
  before: ComparedProcess | undefined,
  after: ComparedProcess | undefined,
  texts: Texts,
  times: boolean,
): ProcessComparison {
  const changes = new Map<string, Change>()
  const note = (change: Exclude<Change, { change: 'slower' }>): void => {
    const key = JSON.stringify({ ...change, times: 0 })
    const known = changes.get(key) as typeof change | undefined
    changes.set(key, { ...change, times: (known?.times ?? 0) + 1 })
  }
  const [callsA, callsB] = [before?.calls ?? [], after?.calls ?? []]
  let [same, atA, atB] = [0, 0, 0]
  const text = (process: ComparedProcess | undefined, of: 'calls' | 'outcomes', at: number): string =>
    texts.all[process![of][at]!]!
  for (const hunk of diffLines(callsA, callsB)) {
    if (hunk.same)
      for (let i = 0; i < hunk.a.length; i++) {
        const [one, other] = [text(before, 'outcomes', atA + i), text(after, 'outcomes', atB + i)]
        // Whether a call that ends its thread returns is a matter of who looks.
        if (one === other || [one, other].includes(unfinished)) same++
        else
          note({
            change: 'otherwise',
            call: text(before, 'calls', atA + i),
            before: one,
            after: other,
            times: 1,
          })
      }
    else {
      const alone = (
        change: 'missing' | 'added',
        process: ComparedProcess | undefined,
        from: number,
        count: number,
      ) => {
        for (let at = from; at < from + count; at++)
          note({ change, call: text(process, 'calls', at), outcome: text(process, 'outcomes', at), times: 1 })
      }
      alone('missing', before, atA, hunk.a.length)
      alone('added', after, atB, hunk.b.length)
    }
    atA += hunk.a.length
    atB += hunk.b.length
  }
  const slower: Change[] = []
  if (times && before !== undefined && after !== undefined)
    for (const [call, spent] of after.spent) {
      const earlier = before.spent.get(call) ?? 0
      if (before.spent.has(call) && spent > earlier * slowerFactor && spent - earlier > slowerBy)
        slower.push({ change: 'slower', call, before: earlier, after: spent })
    }
  return {
    command: before?.command ?? after?.command ?? '',
    pids: [before?.pid ?? null, after?.pid ?? null],
    same,
    changes: [...changes.values(), ...slower],
  }
}
