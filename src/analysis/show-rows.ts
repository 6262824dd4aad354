/** Rows as text: a table for people, CSV (RFC 4180), JSON lines. */

export type Cell = string | number | bigint | boolean | null
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A column of a table on a terminal is no wider than that; the last one may be. */
const widest = 60

/** Columns side by side; numbers to the right. What a traced program could do to a terminal is escaped. */
export function asTable({ names, rows }: Rows): string {
  if (names.length === 0) return ''
  const texts = rows.map(row => row.map(cell => (cell === null ? '' : printable(String(cell)))))
  const last = names.length - 1
  const isNumber = names.map((_, i) =>
    rows.every(row => row[i] === null || typeof row[i] === 'number' || typeof row[i] === 'bigint'),
  )
  const widths = names.map((name, i) => {
    const wanted = Math.max(name.length, ...texts.map(row => row[i]!.length))
    return i === last || isNumber[i] ? wanted : Math.min(wanted, widest)
  })
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const cut = cell.length > widths[i]! ? `${cell.slice(0, widths[i]! - 1)}…` : cell
        if (isNumber[i]) return cut.padStart(widths[i]!)
        return i === last ? cut : cut.padEnd(widths[i]!)
      })
      .join('  ')
      .trimEnd()
  return [line(names.map(printable)), line(widths.map(n => '-'.repeat(n))), ...texts.map(line)]
    .map(text => `${text}\n`)
    .join('')
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
