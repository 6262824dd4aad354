/** A recording in DuckDB: filled once, and kept in the user's cache for the next question. */
import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { RecordingReader } from '../record/recording-reader.ts'
import { type Columns, RowCollector } from './rows.ts'
import { type ColumnType, createTables, createViews, type TableName, tables } from './tables.ts'

type DuckDB = typeof import('@duckdb/node-api')

export interface OpenOptions {
  /** The recording's file. */
  readonly file: string | Buffer
  readonly open: () => RecordingReader
  /** Decode the arguments of calls too. */
  readonly args: boolean
  /** Keep the tables in the user's cache. */
  readonly cache: boolean
}

export interface Database {
  readonly connection: DuckDBConnection
  /** Why the recording could not be read to its end, null when it could. */
  readonly problem: Error | null
  close(): void
}

/** Tables that were made otherwise are not found again. */
const shape = [...createTables, ...createViews].join()

/** Fills the tables from a recording, or finds them filled. Throws what `open` throws. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const duckdb = await loadDuckDB()
  const kept = options.cache ? cacheFile(options) : null
  if (kept !== null) {
    const found = await openKept(duckdb, kept)
    if (found !== null) return found
  }
  const making = kept === null ? ':memory:' : `${kept}.${process.pid}`
  const instance = await duckdb.DuckDBInstance.create(making)
  const connection = await instance.connect()
  const problem = await fill(duckdb, connection, options)
  const close = (): void => {
    connection.closeSync()
    instance.closeSync()
  }
  if (kept === null || problem !== null) {
    if (kept !== null) rmSync(making, { force: true })
    return { connection, problem, close }
  }
  // Only what is whole gets the name that others look for.
  close()
  renameSync(making, kept)
  return (await openKept(duckdb, kept))!
}

async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api')
  } catch {
    throw new MissingDuckDB('DuckDB is not installed: npm install @duckdb/node-api')
  }
}

/** There is no DuckDB for this machine, or it was left out when sysglass was installed. */
export class MissingDuckDB extends Error {}

async function openKept(duckdb: DuckDB, file: string): Promise<Database | null> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null
  try {
    const instance = await duckdb.DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
    const connection = await instance.connect()
    return {
      connection,
      problem: null,
      close() {
        connection.closeSync()
        instance.closeSync()
      },
    }
  } catch {
    // Made by another version of DuckDB, or damaged: it is made anew.
    rmSync(file, { force: true })
    return null
  }
}

/** Null where nothing can be kept: what is recorded is no file, or the cache cannot be written. */
function cacheFile({ file, args }: OpenOptions): string | null {
  try {
    const path = realpathSync(file, 'buffer')
    const { size, mtimeMs, ino } = statSync(path)
    if (!statSync(path).isFile()) return null
    const key = createHash('sha256')
      .update(path)
      .update(`\0${size} ${mtimeMs} ${ino} ${shape} ${args}`)
      .digest('hex')
    const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sysglass')
    // What was recorded is its owner's alone.
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return join(folder, `${key.slice(0, 32)}.duckdb`)
  } catch {
    return null
  }
}

/** Fills the tables; what ended the reading before its time. */
async function fill(
  duckdb: DuckDB,
  connection: DuckDBConnection,
  { open, args }: OpenOptions,
): Promise<Error | null> {
  for (const statement of createTables) await connection.run(statement)
  const types: { readonly [type in ColumnType]: DuckDBType } = {
    INTEGER: duckdb.INTEGER,
    BIGINT: duckdb.BIGINT,
    DOUBLE: duckdb.DOUBLE,
    VARCHAR: duckdb.VARCHAR,
    JSON: duckdb.VARCHAR,
    TIMESTAMP: duckdb.TIMESTAMP,
  }
  const appenders = new Map<TableName, (columns: Columns) => void>()
  const flushes: (() => void)[] = []
  for (const name of Object.keys(tables) as TableName[]) {
    const appender = await connection.createAppender(name)
    const columns = tables[name]
    const kinds = columns.map(([, type]) => types[type])
    appenders.set(name, batch => {
      const chunk = duckdb.DuckDBDataChunk.create(kinds, batch[0]!.length)
      columns.forEach(([, type], i) => {
        const values = batch[i]!
        chunk.setColumnValues(i, (type === 'TIMESTAMP' ? values.map(timestamp) : values) as DuckDBValue[])
      })
      appender.appendDataChunk(chunk)
    })
    flushes.push(() => appender.closeSync())
  }
  // JavaScript's milliseconds have parts; DuckDB counts microseconds.
  const timestamp = (ms: unknown): unknown =>
    ms === null ? null : new duckdb.DuckDBTimestampValue(BigInt(Math.round((ms as number) * 1000)))
  const into = (name: TableName) => (columns: Columns) => appenders.get(name)!(columns)
  const reader = open()
  const { dataLimit } = reader.metadata.capture
  const rows = new RowCollector(
    { args, dataLimit: Math.max(0, dataLimit - 1) },
    {
      calls: into('calls'),
      signals: into('signals'),
      connections: into('connections'),
      processes: into('processes'),
    },
  )
  let problem: Error | null = null
  try {
    for (const { bytes, view, offset } of reader.records()) rows.record(bytes, view, offset)
  } catch (error) {
    problem = error as Error
  }
  rows.end()
  for (const flush of flushes) flush()
  for (const statement of createViews) await connection.run(statement)
  return problem
}
