/** Whether a question looks at calls' arguments: decoding them takes most of the time that a recording takes to be read. */
import { statementsOf } from './sql-text.ts'
import { createTables, createViews } from './tables.ts'

/** Asks DuckDB, which knows what a statement reads, with tables that are empty. */
export async function needsArguments(sql: string): Promise<boolean> {
  if (/\bargs\b/i.test(sql)) return true
  if (statementsOf(sql).length > 1) return true
  try {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      for (const statement of [...createTables, ...createViews]) await connection.run(statement)
      const plan = await connection.runAndReadAll(`EXPLAIN (FORMAT JSON) ${sql}`)
      return /\bargs\b/.test(JSON.stringify(plan.getRowsJson()))
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } catch (error) {
    // What is a mistake here is one there.
    return !/^(?:Parser|Binder) Error/.test((error as Error).message)
  }
}
