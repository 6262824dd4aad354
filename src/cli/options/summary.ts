/** The summary's order (-S) and columns (-U). */
import { Refusal } from '../../filters/refusal.ts'
import { type SummaryColumn, type SummarySort, summaryKeys } from './options.ts'

/** Other names of the columns; `-` may be written `_`, too. */
const aliases: Readonly<Record<string, SummaryColumn>> = {
  time: 'time-percent',
  'time-total': 'total-time',
  'time-min': 'min-time',
  shortest: 'min-time',
  'time-max': 'max-time',
  longest: 'max-time',
  'time-avg': 'avg-time',
  count: 'calls',
  error: 'errors',
  syscall: 'name',
  'syscall-name': 'name',
}

function columnNamed(text: string): SummaryColumn | undefined {
  const name = text.replaceAll('_', '-')
  return summaryKeys.find(key => key === name) ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined)
}

/** -S: what the summary is sorted by. */
export function parseSummarySort(text: string): SummarySort | Refusal {
  if (text === 'none' || text === 'nothing') return 'nothing'
  const column = columnNamed(text)
  if (column === undefined) return new Refusal(`invalid sortby: '${text}'`, true)
  // A share of the whole sorts as the time itself.
  return column === 'time-percent' ? 'total-time' : column
}

/** -U: the columns of the summary, in order; the name comes last if it is not listed. */
export function parseSummaryColumns(text: string): readonly SummaryColumn[] | Refusal {
  const columns: SummaryColumn[] = []
  for (let rest: string | null = text; rest !== null; ) {
    const comma: number = rest.indexOf(',')
    const item = comma === -1 ? rest : rest.slice(0, comma)
    const column = columnNamed(item)
    if (column === undefined) return new Refusal(`unknown column name: '${item}'`, true)
    if (columns.includes(column)) {
      const found = `'${item}' (-U option residual: '${rest}')`
      return new Refusal(`call summary column has been provided more than once: ${found}`, true)
    }
    columns.push(column)
    rest = comma === -1 ? null : rest.slice(comma + 1)
  }
  return columns.includes('name') ? columns : [...columns, 'name']
}
