/** A recording in DuckDB: filled once, and kept in the user's cache for the next question. */
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { isRecording, type RecordingReader } from '../record/recording-reader.ts'
import { cacheFile, unfinished } from './cache-files.ts'
import type { RowSink } from './column-batch.ts'
import { MissingDuckDB } from './missing-duckdb.ts'
import { collectRows } from './rows.ts'
import { collectBeside } from './rows-beside.ts'
import { type DuckDB, TableAppender } from './table-appender.ts'
import { createTables, createViews, type TableName, tables } from './tables.ts'
import { TextImages } from './text-images.ts'

export interface OpenOptions {
  /** The recording's file. */
  readonly file: string | Buffer
  readonly open: () => RecordingReader | Promise<RecordingReader>
  /** Decode the arguments of calls too. */
  readonly args: boolean
  /** Keep the tables in the user's cache. */
  readonly cache: boolean
  /** What row-worker.ts was bundled to. Without, recordings are read by the thread that fills the tables. */
  readonly worker?: string
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
  const kept = options.cache ? cacheFile(options.file, 'duckdb', `${shape} ${options.args}`) : null
  if (kept !== null) {
    const found = await openKept(duckdb, kept)
    if (found !== null) return found
  }
  // First what may fail: no file is made in vain.
  const reader = await options.open()
  const folder = kept === null ? mkdtempSync(join(tmpdir(), 'sysglass-')) : null
  const making = kept === null ? join(folder!, 'tables.duckdb') : unfinished(kept)
  const { connection, close: closeTables } = await connect(duckdb, making, whileFilled)
  const close = (): void => {
    closeTables()
    if (folder !== null) rmSync(folder, { recursive: true, force: true })
  }
  const problem = await fill(duckdb, connection, reader, options)
  if (kept === null || problem !== null) {
    for (const setting of Object.keys(whileFilled)) await connection.run(`RESET ${setting}`)
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
    const [api, bindings] = await Promise.all([import('@duckdb/node-api'), import('@duckdb/node-bindings')])
    return { api, bindings: bindings.default }
  } catch {
    throw new MissingDuckDB('DuckDB is not installed: npm install @duckdb/node-api')
  }
}

/**
 * DuckDB's settings while tables are filled. What is larger goes to files beside them; a thread more would for the most part wait for
 * rows, and do so busily. A question may have what it needs.
 */
const whileFilled = { memory_limit: '320MB', threads: '1' }

async function connect(
  duckdb: DuckDB,
  file: string,
  settings?: Record<string, string>,
): Promise<Omit<Database, 'problem'>> {
  const instance = await duckdb.api.DuckDBInstance.create(file, settings)
  const connection = await instance.connect()
  return {
    connection,
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function openKept(duckdb: DuckDB, file: string): Promise<Database | null> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null
  try {
    return { ...(await connect(duckdb, file, { access_mode: 'READ_ONLY' })), problem: null }
  } catch {
    // Made by another version of DuckDB, or damaged: it is made anew.
    rmSync(file, { force: true })
    return null
  }
}

/** Fills the tables; what ended the reading before its time. */
async function fill(
  duckdb: DuckDB,
  connection: DuckDBConnection,
  reader: RecordingReader,
  { file, args, worker }: OpenOptions,
): Promise<Error | null> {
  for (const statement of [...createTables, ...createViews]) await connection.run(statement)
  // All in one: else each of DuckDB's own batches is written to its log first.
  await connection.run('BEGIN')
  const images = new TextImages()
  const appenders = new Map<TableName, TableAppender>()
  for (const table of Object.keys(tables) as TableName[])
    appenders.set(table, await TableAppender.of(duckdb, connection, table, images))
  const sink: RowSink = {
    rows: (table, columns, length) => appenders.get(table)!.append(columns, length),
    texts: (texts, first) => images.put(texts, first),
  }
  const path = Buffer.from(file)
  let problem: Error | null
  if (worker !== undefined && isWorthThread(path)) {
    reader.close()
    problem = await collectBeside(worker, path, args, sink)
  } else problem = collectRows(reader, args, sink)
  for (const appender of appenders.values()) appender.close()
  await connection.run('COMMIT')
  return problem
}

/** Bytes of a recording that takes longer to be read than a thread takes to start. */
const largeRecording = 1 << 20

/** Logs, which are read as recordings are, are read here. */
function isWorthThread(path: Buffer): boolean {
  const stat = statSync(path)
  return stat.isFile() && stat.size >= largeRecording && isRecording(path)
}
