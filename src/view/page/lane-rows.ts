/** Lanes as rows of a tree: processes under their parents, threads under their process. */
import type { Lane, Overview, Process } from '../protocol.ts'

export interface LaneRow {
  readonly key: string
  readonly depth: number
  readonly pid: number
  /** The thread whose calls are drawn here; null where none was seen. */
  readonly lane: Lane | null
  /** Of a process's first row; null for its other threads. */
  readonly process: Process | null
  readonly comm: string
  readonly expandable: boolean
  readonly expanded: boolean
  /** For screen readers: its place among its siblings. */
  readonly position: number
  readonly siblings: number
}

/** A chain of parents that is longer is not drawn deeper. */
const deepest = 64

/** The rows that are seen when these processes are folded. */
export function laneRows(
  { lanes, processes }: Pick<Overview, 'lanes' | 'processes'>,
  folded: ReadonlySet<number>,
): LaneRow[] {
  const threads = new Map<number, Lane[]>()
  for (const lane of lanes) {
    const own = threads.get(lane.pid)
    if (own === undefined) threads.set(lane.pid, [lane])
    else own.push(lane)
  }
  const byPid = new Map(processes.map(process => [process.pid, process]))
  // Processes in the order in which their lanes come; those that made no call have none.
  const pids = [...threads.keys()]
  const children = new Map<number | null, number[]>()
  for (const pid of pids) {
    const parent = seenParent(pid, byPid, threads)
    const own = children.get(parent)
    if (own === undefined) children.set(parent, [pid])
    else own.push(pid)
  }
  const roots = [...(children.get(null) ?? []), ...inRings(pids, children)]
  const rows: LaneRow[] = []
  const done = new Set<number>()
  // A list of our own and no recursion: a chain of processes may be long.
  const ahead = roots.map((pid, i) => ({ pid, depth: 0, position: i + 1, siblings: roots.length })).reverse()
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { pid, depth, position, siblings } = next
    if (done.has(pid)) continue
    done.add(pid)
    const own = threads.get(pid) ?? []
    const leader = own.find(lane => lane.tid === pid) ?? null
    const others = own.filter(lane => lane !== leader)
    const below = children.get(pid) ?? []
    const expandable = others.length + below.length > 0
    const expanded = expandable && !folded.has(pid)
    const process = byPid.get(pid) ?? nameless(pid, own)
    const comm = process.comm === '' ? (leader?.comm ?? '') : process.comm
    rows.push({
      key: `p${pid}`,
      depth,
      pid,
      lane: leader,
      process,
      comm,
      expandable,
      expanded,
      position,
      siblings,
    })
    if (!expanded) continue
    const deeper = Math.min(depth + 1, deepest)
    const count = others.length + below.length
    for (const [i, lane] of others.entries())
      rows.push({
        key: `t${lane.tid}`,
        depth: deeper,
        pid,
        lane,
        process: null,
        comm: lane.comm,
        expandable: false,
        expanded: false,
        position: i + 1,
        siblings: count,
      })
    for (let i = below.length - 1; i >= 0; i--)
      ahead.push({ pid: below[i]!, depth: deeper, position: others.length + i + 1, siblings: count })
  }
  return rows
}

/** Processes whose parents go round in a ring, which only a damaged recording has: no root leads to them. */
function inRings(pids: readonly number[], children: ReadonlyMap<number | null, readonly number[]>): number[] {
  const reached = new Set<number>()
  const ahead = [...(children.get(null) ?? [])]
  for (let pid = ahead.pop(); pid !== undefined; pid = ahead.pop()) {
    if (reached.has(pid)) continue
    reached.add(pid)
    ahead.push(...(children.get(pid) ?? []))
  }
  return pids.filter(pid => !reached.has(pid))
}

/** The nearest ancestor that has rows; null for none. */
function seenParent(
  pid: number,
  byPid: ReadonlyMap<number, Process>,
  threads: ReadonlyMap<number, unknown>,
): number | null {
  let parent = byPid.get(pid)?.parent ?? null
  for (let i = 0; i < 100 && parent !== null && parent !== pid; i++) {
    if (threads.has(parent)) return parent
    parent = byPid.get(parent)?.parent ?? null
  }
  return null
}

const nameless = (pid: number, lanes: readonly Lane[]): Process => ({
  pid,
  parent: null,
  comm: lanes[0]?.comm ?? '',
  command: '',
  begin: lanes[0]?.begin ?? 0,
  end: null,
  code: null,
  signal: null,
})
