/** Rows as text: a table for people, CSV (RFC 4180), JSON lines. */

export type Cell = string | number | bigint | boolean | null
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Columns whose texts are JSON, by number. */
  readonly json?: ReadonlySet<number>
}

/** No column of texts is made narrower than that. */
const narrowest = 24
/** Of a time that is cut nothing can be read. */
const isTime = (cell: Cell): boolean => typeof cell === 'string' && /^\d{4}-\d\d-\d\d \d\d:/.test(cell)

/**
 * Columns side by side; numbers to the right. What a traced program could do to a terminal is escaped.
 * @param room characters in a line: while there are more, the widest texts are cut in their middle, but for the last column's
 * @param longLast what becomes of the last column's texts where they are too long: they go on, or their ends are cut off
 */
export function asTable(
  { names, rows }: Rows,
  room: number = Number.POSITIVE_INFINITY,
  longLast: 'whole' | 'cut' = 'whole',
): string {
  if (names.length === 0) return ''
  const texts = rows.map(row => row.map(cell => (cell === null ? '' : printable(String(cell)))))
  const last = names.length - 1
  const isNumber = names.map((_, i) =>
    rows.every(row => row[i] === null || typeof row[i] === 'number' || typeof row[i] === 'bigint'),
  )
  const widths = names.map((name, i) => texts.reduce((w, row) => Math.max(w, row[i]!.length), name.length))
  const mayShrink = widths
    .map((_, i) => i)
    .filter(i => i !== last && !isNumber[i] && !rows.some(row => isTime(row[i]!)))
  for (let over = sum(widths) + 2 * last - room; over > 0; ) {
    const widest = mayShrink.reduce((a, i) => (widths[i]! > (widths[a] ?? 0) ? i : a), -1)
    const by = Math.min(over, (widths[widest] ?? 0) - narrowest)
    if (by <= 0) break
    widths[widest]! -= by
    over -= by
  }
  // What goes beyond the last column's end does so without its rule.
  const left = room - sum(widths.slice(0, last)) - 2 * last
  widths[last] = Math.min(widths[last]!, Math.max(narrowest, names[last]!.length, left))
  const cutTo = (cell: string, width: number, column: number): string =>
    column < last ? cutMiddle(cell, width) : longLast === 'cut' ? `${cell.slice(0, width - 1)}…` : cell
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const cut = cell.length > widths[i]! ? cutTo(cell, widths[i]!, i) : cell
        if (isNumber[i]) return cut.padStart(widths[i]!)
        return i === last ? cut : cut.padEnd(widths[i]!)
      })
      .join('  ')
      .trimEnd()
  return [line(names.map(printable)), line(widths.map(n => '-'.repeat(n))), ...texts.map(line)]
    .map(text => `${text}\n`)
    .join('')
}

const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0)

/** Of a path its end tells most. */
function cutMiddle(text: string, length: number): string {
  const head = Math.floor((length - 1) / 3)
  return `${text.slice(0, head)}…${text.slice(head + 1 - length)}`
}

export function asCsv({ names, rows }: Rows): string {
  const field = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell)
    // A text that is empty is told apart from what is not there.
    return /[",\r\n]/.test(text) || cell === '' ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [names, ...rows].map(row => `${row.map(field).join(',')}\r\n`).join('')
}

/** Numbers above 2^53 in quotes: few readers of JSON keep them whole. What is JSON already stands as it is. */
export function asJsonLines({ names, rows, json }: Rows): string {
  const value = (cell: Cell, column: number): string => {
    // A line's end can only stand between two of its words.
    if (typeof cell === 'string' && json?.has(column) === true) return cell.replaceAll(/[\r\n]+/g, ' ')
    const whole = typeof cell === 'bigint' && Number.isSafeInteger(Number(cell))
    return JSON.stringify(typeof cell !== 'bigint' ? cell : whole ? Number(cell) : String(cell))
  }
  const keys = names.map(name => JSON.stringify(name))
  return rows.map(row => `{${row.map((cell, i) => `${keys[i]}:${value(cell, i)}`).join(',')}}\n`).join('')
}

/** Characters that a terminal would act on, and those that have no width or turn text round, as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, c => {
    const code = c.codePointAt(0)!
    if (c === '\n') return '\\n'
    if (c === '\t') return '\\t'
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
