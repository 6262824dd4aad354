/** The rows of a comparison: calls of two stores, side by side. */
import { setImmediate as turn } from 'node:timers/promises'
import { alignCalls, endAlike, outcomeAt } from '../analysis/align-calls.ts'
import { type ComparedProcess, succeeded, type Texts } from '../analysis/compared-calls.ts'
import { type ProcessPair, pairProcesses } from '../analysis/pair-processes.ts'
import { factor, slowerCalls, type Times } from '../analysis/slower-calls.ts'
import type { CallStore } from './call-store.ts'
import { ComparedTable, noCall } from './compared-table.ts'
import { type RowKind, rowKinds } from './comparison-protocol.ts'

/** One side: its calls, and what of them is compared. */
export interface ComparedSide {
  readonly store: CallStore
  readonly processes: readonly ComparedProcess[]
}

/** Compares what both sides hold; others have their turn between two processes. */
export async function compareStores(
  before: ComparedSide,
  after: ComparedSide,
  texts: Texts,
  times: Times,
): Promise<ComparedTable> {
  const table = new ComparedTable()
  for (const pair of pairProcesses(before.processes, after.processes)) {
    addPair(table, pair, before.store, after.store, texts, times)
    await turn()
  }
  return table
}

function addPair(
  table: ComparedTable,
  [one, other]: ProcessPair,
  before: CallStore,
  after: CallStore,
  texts: Texts,
  times: Times,
): void {
  const slower = slowerCalls(one, other, times)
  /** Of calls by a name that was slower, those that were. */
  const tookLonger = (a: number, b: number): boolean =>
    slower.has(before.names[before.name[a]!]!.name) && after.took[b]! > before.took[a]! * factor
  const from = table.count
  const counts = new Array<number>(rowKinds.length).fill(0)
  alignCalls(one, other, (a, b) => {
    const [first, second] = [a < 0 ? noCall : one!.ids[a]!, b < 0 ? noCall : other!.ids[b]!]
    let kind: RowKind
    if (a < 0) kind = 'added'
    else if (b < 0) kind = 'missing'
    else {
      const [ended, endsNow] = [outcomeAt(one, a, texts)!, outcomeAt(other, b, texts)!]
      if (endAlike(ended, endsNow)) kind = slower.size > 0 && tookLonger(first, second) ? 'slower' : 'same'
      else kind = ended === succeeded ? 'failing' : 'otherwise'
    }
    const place = rowKinds.indexOf(kind)
    counts[place]!++
    table.add(first, second, place)
  })
  table.pairs.push({
    command: one?.command ?? other?.command ?? '',
    pids: [one?.pid ?? null, other?.pid ?? null],
    from,
    rows: table.count - from,
    counts,
    slower: [...slower].map(([call, found]) => ({ call, ...found })),
  })
}
