/** A question in SQL, and what becomes of the answer: rows to show, or a file. */
import type { DuckDBResultReader, DuckDBType, Json } from '@duckdb/node-api'
import type { Database } from '../../analysis/database.ts'
import { type Cell, printable, type Rows } from '../../analysis/show-rows.ts'
import { statementsOf } from '../../analysis/sql-text.ts'
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

/** Writes the rows of the last statement to a file, whose name tells the format. */
export async function rowsToFile(db: Database, sql: string, file: string): Promise<void> {
  const format = /\.(parquet|csv|json)$/.exec(file)?.[1]
  if (format === undefined) throw new CommandEnd(`${file}: the name must end in .parquet, .csv or .json`)
  const statements = statementsOf(sql)
  const question = statements.pop()
  if (question === undefined) throw new CommandEnd('there is no question')
  for (const statement of statements) await allRows(db, statement)
  // On a line of its own: what was asked may end in a comment.
  await allRows(db, `COPY (${question}\n) TO '${file.replaceAll("'", "''")}' (FORMAT ${format})`)
}

function rowsOf(reader: DuckDBResultReader): Rows {
  // Asked once for each column: a type is long as text.
  const columns = reader.columnTypes().map(type => ({ type, nested: isNested(type), whole: isWhole(type) }))
  const cellOf = (value: Json, row: number, column: number): Cell => {
    const { type, nested, whole } = columns[column]!
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
    if (nested) return JSON.stringify(withNumbers(value, type))
    // As DuckDB writes it.
    if (typeof value !== 'string') return String(reader.value(column, row))
    return whole ? wholeNumber(value) : value
  }
  const rows = reader.getRowsJson().map((row, at) => row.map((value, i) => cellOf(value, at, i)))
  const json = new Set(columns.flatMap(({ type, nested }, i) => (type.alias === 'JSON' || nested ? [i] : [])))
  return { names: reader.columnNames(), rows, json }
}

const isNested = (type: DuckDBType): boolean => /\]$|^(?:STRUCT|MAP|UNION)\b/.test(String(type))

/** Those of 64 bits and more come as text: those that JavaScript can count are numbers here. */
function wholeNumber(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}
const isWhole = (type: DuckDBType): boolean => /INT$/.test(String(type))

/** What is in lists and structures, with numbers as in columns. */
function withNumbers(value: Json, type: DuckDBType): Json {
  if (typeof value === 'string' && isWhole(type)) {
    const number = wholeNumber(value)
    return typeof number === 'number' ? number : value
  }
  if (Array.isArray(value)) {
    if ('valueType' in type && !('keyType' in type)) return value.map(one => withNumbers(one, type.valueType))
    return value
  }
  if (typeof value !== 'object' || value === null || !('entryNames' in type)) return value
  return Object.fromEntries(
    type.entryNames.map((name, i) => [name, withNumbers(value[name] ?? null, type.entryTypes[i]!)]),
  )
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
