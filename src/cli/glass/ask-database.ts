/** A question in SQL, and what becomes of the answer: rows to show, or a file. */
import type { DuckDBResultReader } from '@duckdb/node-api'
import type { Database } from '../../analysis/database.ts'
import { type Cell, printable, type Rows } from '../../analysis/show-rows.ts'
import { CommandEnd } from './words.ts'

/** All rows. Throws a CommandEnd with DuckDB's message. */
export const allRows = (db: Database, sql: string): Promise<Rows> =>
  told(async () => rowsOf(await db.connection.runAndReadAll(sql)))

/** The first `most` rows, and whether there are more. Throws as `allRows`. */
export const firstRows = (db: Database, sql: string, most: number): Promise<Rows & { more: boolean }> =>
  told(async () => {
    const reader = await db.connection.streamAndReadUntil(sql, most + 1)
    const { names, rows } = rowsOf(reader)
    return { names, rows: rows.slice(0, most), more: rows.length > most }
  })

/** Writes the rows to a file, whose name tells the format. */
export async function rowsToFile(db: Database, sql: string, file: string): Promise<void> {
  const format = /\.(parquet|csv|json)$/.exec(file)?.[1]
  if (format === undefined) throw new CommandEnd(`${file}: the name must end in .parquet, .csv or .json`)
  // On a line of its own: what was asked may end in a comment.
  const question = sql.trim().replace(/;\s*$/, '')
  await allRows(db, `COPY (${question}\n) TO '${file.replaceAll("'", "''")}' (FORMAT ${format})`)
}

const rowsOf = (reader: DuckDBResultReader): Rows => ({
  names: reader.columnNames(),
  rows: reader.getRowsJson().map(row => row.map(cellOf)),
})

/** DuckDB's JSON has numbers of 64 bits as text: those that JavaScript can count are numbers here. */
function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = (error as Error).message.replace(/^Failed to extract statements: /, '')
    // It may quote what stands in the tables.
    throw new CommandEnd(message.split('\n').map(printable).join('\n'))
  }
}
