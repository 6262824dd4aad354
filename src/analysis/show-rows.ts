/** Rows as text: a table for people, CSV (RFC 4180), JSON lines. */

export type Cell = string | number | bigint | boolean | null
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** No column of texts is made narrower than that. */
const narrowest = 24

/**
 * Columns side by side; numbers to the right. What a traced program could do to a terminal is escaped.
 * @param room characters in a line: while there are more, the widest texts are cut in their middle, but for the last column's
 */
export function asTable({ names, rows }: Rows, room: number = Number.POSITIVE_INFINITY): string {
  if (names.length === 0) return ''
  const texts = rows.map(row => row.map(cell => (cell === null ? '' : printable(String(cell)))))
  const last = names.length - 1
  const isNumber = names.map((_, i) =>
    rows.every(row => row[i] === null || typeof row[i] === 'number' || typeof row[i] === 'bigint'),
  )
  const widths = names.map((name, i) => texts.reduce((w, row) => Math.max(w, row[i]!.length), name.length))
  const mayShrink = widths.map((_, i) => i).filter(i => i !== last && !isNumber[i])
  for (let over = widths.reduce((a, w) => a + w + 2, -2) - room; over > 0; ) {
    const widest = mayShrink.reduce((a, i) => (widths[i]! > (widths[a] ?? 0) ? i : a), -1)
    const by = Math.min(over, (widths[widest] ?? 0) - narrowest)
    if (by <= 0) break
    widths[widest]! -= by
    over -= by
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const cut = cell.length > widths[i]! ? cutMiddle(cell, widths[i]!) : cell
        if (isNumber[i]) return cut.padStart(widths[i]!)
        return i === last ? cut : cut.padEnd(widths[i]!)
      })
      .join('  ')
      .trimEnd()
  return [line(names.map(printable)), line(widths.map(n => '-'.repeat(n))), ...texts.map(line)]
    .map(text => `${text}\n`)
    .join('')
}

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

/** Numbers above 2^53 in quotes: few readers of JSON keep them whole. */
export function asJsonLines({ names, rows }: Rows): string {
  const value = (cell: Cell): unknown =>
    typeof cell !== 'bigint' ? cell : Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell)
  return rows
    .map(row => `${JSON.stringify(Object.fromEntries(row.map((cell, i) => [names[i]!, value(cell)])))}\n`)
    .join('')
}

/** Characters that a terminal would act on, and those that have no width or turn text round, as escapes. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, c => {
    const code = c.codePointAt(0)!
    if (c === '\n') return '\\n'
    if (c === '\t') return '\\t'
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
