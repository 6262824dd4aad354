/** A question that has a name, answered as text. */
import type { Database } from '../../analysis/database.ts'
import { drawTree, type ProcessRow } from '../../analysis/process-tree.ts'
import { histogram, type QuestionName, questions } from '../../analysis/questions.ts'
import { asTable, type Cell, type Rows } from '../../analysis/show-rows.ts'
import { allRows } from './ask-database.ts'

/** A table, as wide as the terminal where there is one; what else reads it gets all of each text. */
const tableForPeople = (rows: Rows, longLast: 'whole' | 'cut'): string =>
  asTable(rows, process.stdout.isTTY ? process.stdout.columns : undefined, longLast)

/** The answer to a statement: its last column's texts are whole, for what else would show them. */
export const showForPeople = (rows: Rows): string => tableForPeople(rows, 'whole')

/** Asks, and has `show` make text of the rows; for people there is more than rows. */
export async function answerQuestion(
  db: Database,
  question: QuestionName,
  show: (rows: Rows) => string,
): Promise<string> {
  const rows = await allRows(db, questions[question].sql)
  const told = question === 'processes' ? tree(rows) : rows
  const text = show === showForPeople ? tableForPeople(told, 'cut') : show(told)
  return question === 'latency' && show === showForPeople
    ? `${text}\n${bars(await allRows(db, histogram))}`
    : text
}

function tree({ names, rows }: Rows): Rows {
  const [pid, parent, command] = ['pid', 'parent', 'command'].map(name => names.indexOf(name)) as [
    number,
    number,
    number,
  ]
  const nodes = rows.map(row => ({
    pid: row[pid] as number,
    parent: row[parent] as number | null,
    command: String(row[command]),
    row,
  }))
  const drawn = drawTree<ProcessRow & { readonly row: readonly Cell[] }>(nodes)
  const kept = names.map((_, i) => i).filter(i => i !== parent && i !== command)
  return {
    names: [...kept.map(i => names[i]!), 'command'],
    rows: drawn.map(node => [...kept.map(i => node.row[i]!), node.command]),
  }
}

/** Characters of the longest bar. */
const longest = 50

function bars({ rows }: Rows): string {
  const most = Math.max(1, ...rows.map(([, calls]) => Number(calls)))
  const microseconds = (n: number): string =>
    n < 1000 ? `${n} µs` : n < 1e6 ? `${Math.round(n / 1000)} ms` : `${Math.round(n / 1e6)} s`
  return rows
    .map(([step, calls]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((Number(calls) / most) * longest)))
      return `${microseconds(2 ** Number(step)).padStart(8)}  ${String(calls).padStart(9)}  ${bar}\n`
    })
    .join('')
}
