/** The order in which lanes are drawn: threads under their process, processes as a tree. Runs in node and in browsers. */
import type { ThreadLane } from './call-store.ts'
import type { Process } from './protocol.ts'

export function orderLanes(lanes: readonly ThreadLane[], processes: readonly Process[]): ThreadLane[] {
  const threads = new Map<number, ThreadLane[]>()
  for (const lane of lanes) {
    const own = threads.get(lane.pid)
    if (own === undefined) threads.set(lane.pid, [lane])
    else own.push(lane)
  }
  const begins = new Map<number, number>()
  const parents = new Map<number, number | null>()
  for (const { pid, parent, begin } of processes) {
    begins.set(pid, begin)
    parents.set(pid, parent)
  }
  const children = new Map<number | null, number[]>()
  for (const [pid, own] of threads) {
    own.sort((a, b) => Number(b.tid === pid) - Number(a.tid === pid) || a.begin - b.begin || a.tid - b.tid)
    if (!begins.has(pid)) begins.set(pid, own[0]!.begin)
    const parent = parents.get(pid) ?? null
    const above = parent !== null && parent !== pid && threads.has(parent) ? parent : null
    const siblings = children.get(above)
    if (siblings === undefined) children.set(above, [pid])
    else siblings.push(pid)
  }
  for (const siblings of children.values()) siblings.sort((a, b) => begins.get(a)! - begins.get(b)! || a - b)

  const ordered: ThreadLane[] = []
  const drawn = new Set<number>()
  // Not by recursion: a fork bomb's tree is deep.
  const draw = (root: number): void => {
    const waiting = [root]
    for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
      if (drawn.has(pid)) continue
      drawn.add(pid)
      ordered.push(...threads.get(pid)!)
      waiting.push(...(children.get(pid) ?? []).toReversed())
    }
  }
  for (const pid of children.get(null) ?? []) draw(pid)
  // Numbers that were used again can make a ring of parents.
  for (const pid of threads.keys()) draw(pid)
  return ordered
}
