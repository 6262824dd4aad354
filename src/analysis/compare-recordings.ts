/** Two recordings side by side: which processes correspond, and what one did that the other did not, or that ended otherwise. */
import { alignCalls, callAt, endAlike, outcomeAt } from './align-calls.ts'
import type { ComparedProcess, ComparedRecording, Texts } from './compared-calls.ts'
import { pairProcesses } from './pair-processes.ts'
import { type Slower, slowerCalls, type Times } from './slower-calls.ts'

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

export function compareRecordings(
  a: ComparedRecording,
  b: ComparedRecording,
  texts: Texts,
  times: Times,
): ProcessComparison[] {
  return pairProcesses(a.processes, b.processes).map(([before, after]) =>
    compareProcesses(before, after, texts, times),
  )
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
  let same = 0
  alignCalls(before, after, (a, b) => {
    const [one, other] = [outcomeAt(before, a, texts), outcomeAt(after, b, texts)]
    if (one === undefined)
      note({ change: 'added', call: callAt(after, b, texts)!, outcome: other!, times: 1 })
    else if (other === undefined)
      note({ change: 'missing', call: callAt(before, a, texts)!, outcome: one, times: 1 })
    else if (endAlike(one, other)) same++
    else note({ change: 'otherwise', call: callAt(before, a, texts)!, before: one, after: other, times: 1 })
  })
  const slow: Change[] = []
  for (const [call, found] of slowerCalls(before, after, times))
    slow.push({ change: 'slower', call, ...found })
  return {
    command: before?.command ?? after?.command ?? '',
    pids: [before?.pid ?? null, after?.pid ?? null],
    same,
    changes: [...changes.values(), ...slow],
  }
}
