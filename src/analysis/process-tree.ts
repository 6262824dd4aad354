/** Processes as a tree: each below the one that started it. */

export interface ProcessRow {
  readonly pid: number
  readonly parent: number | null
  readonly command: string
}

/**
 * The rows in the order of the tree, commands drawn with their branches. Who started themselves, or whose parent is unknown, stand at the left.
 * A number may have been given to several processes: rows come by their beginnings, and a child is the last one's before it.
 */
export function drawTree<Row extends ProcessRow>(rows: readonly Row[]): Row[] {
  const anyOf = new Map(rows.map(row => [row.pid, row]))
  const lastOf = new Map<number, Row>()
  const children = new Map<Row | null, Row[]>()
  for (const row of rows) {
    const { pid, parent } = row
    const above = parent === null || parent === pid ? null : (lastOf.get(parent) ?? anyOf.get(parent) ?? null)
    const siblings = children.get(above)
    if (siblings === undefined) children.set(above, [row])
    else siblings.push(row)
    lastOf.set(pid, row)
  }
  const drawn: Row[] = []
  const seen = new Set<Row>()
  // Not recursive: a chain of processes may be longer than the stack.
  const waiting = (children.get(null) ?? []).map(row => ({ row, lead: '', branch: '', below: '' })).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { row, lead, branch, below } = next
    if (seen.has(row)) continue
    seen.add(row)
    drawn.push({ ...row, command: `${lead}${branch}${row.command}` })
    const inner = children.get(row) ?? []
    for (let i = inner.length - 1; i >= 0; i--) {
      const last = i === inner.length - 1
      waiting.push({
        row: inner[i]!,
        lead: lead + below,
        branch: last ? '└─ ' : '├─ ',
        below: last ? '   ' : '│  ',
      })
    }
  }
  // Numbers that were used again may go round in a circle.
  for (const row of rows) if (!seen.has(row)) drawn.push(row)
  return drawn
}
