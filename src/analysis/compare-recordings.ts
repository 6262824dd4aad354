/** Two recordings side by side: which processes correspond, and what one did that the other did not, or that ended otherwise. */
import { diffLines } from './align.ts'
import { type ComparedProcess, type ComparedRecording, type Texts, unfinished } from './compared-calls.ts'
import { type Slower, slower } from './slower-calls.ts'

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
  | ({ readonly change: 'slower'; readonly call: string } & Slower)

export interface ProcessComparison {
  readonly command: string
  /** Its number in the first and in the second recording; null where it is only in the other. */
  readonly pids: readonly [number | null, number | null]
  /** How many calls both made alike. */
  readonly same: number
  readonly changes: readonly Change[]
}

/** Whose calls that took longer are told of: those beyond what differs from run to run, more of them, or none. */
export type Times = 'clear' | 'all' | 'none'

export function compareRecordings(
  a: ComparedRecording,
  b: ComparedRecording,
  texts: Texts,
  times: Times,
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
      const siblings = children.get(above)
      if (siblings === undefined) children.set(above, [process])
      else siblings.push(process)
    }
    return children
  }
  const [childrenA, childrenB] = [below(a), below(b)]
  const pairs: Pair[] = []
  const seen = new Set<ComparedProcess>()
  const waiting: (readonly [readonly ComparedProcess[], readonly ComparedProcess[], boolean])[] = [
    [childrenA.get(null) ?? [], childrenB.get(null) ?? [], true],
  ]
  for (const [left, right, roots] of waiting) {
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
    // Those with the same command, each in its turn.
    const byCommand = new Map<string, ComparedProcess[]>()
    for (const after of right.toReversed()) {
      const alike = byCommand.get(after.command)
      if (alike === undefined) byCommand.set(after.command, [after])
      else alike.push(after)
    }
    const alone: ComparedProcess[] = []
    const met = new Set<ComparedProcess>()
    for (const before of left) {
      const after = byCommand.get(before.command)?.pop()
      if (after === undefined) alone.push(before)
      else {
        met.add(after)
        meet(before, after)
      }
    }
    const rest = right.filter(after => !met.has(after))
    // The program itself may have been called otherwise.
    for (const [i, before] of alone.entries()) meet(before, roots ? rest[i] : undefined)
    for (const after of roots ? rest.slice(alone.length) : rest) meet(undefined, after)
  }
  return pairs
}

function compareProcesses(
  before: ComparedProcess | undefined,
  after: ComparedProcess | undefined,
  texts: Texts,
  times: Times,
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
  const slow: Change[] = []
  if (times !== 'none' && before !== undefined && after !== undefined)
    for (const [call, durations] of after.durations) {
      const found = slower(before.durations.get(call) ?? [], durations, times === 'all')
      if (found !== null) slow.push({ change: 'slower', call, ...found })
    }
  return {
    command: before?.command ?? after?.command ?? '',
    pids: [before?.pid ?? null, after?.pid ?? null],
    same,
    changes: [...changes.values(), ...slow],
  }
}
