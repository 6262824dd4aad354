/** Which processes of two recordings correspond. */
import type { ComparedProcess } from './compared-calls.ts'

export type ProcessPair = readonly [ComparedProcess | undefined, ComparedProcess | undefined]

/** Processes that correspond: those without a parent in order, then of each pair the children with the same command, in order. */
export function pairProcesses(a: readonly ComparedProcess[], b: readonly ComparedProcess[]): ProcessPair[] {
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
  const pairs: ProcessPair[] = []
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
