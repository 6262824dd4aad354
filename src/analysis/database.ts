/** A recording's tables, which DuckDB asks: made once, and kept in the user's cache for the next question. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { RecordingReader } from '../record/recording-reader.ts'
import { cacheFile, unfinished } from './cache-files.ts'
import { MissingDuckDB } from './missing-duckdb.ts'
import { collectRows } from './rows.ts'
import { collectBeside, type RowThreads } from './rows-beside.ts'
import { TableFiles, tableFile } from './table-files.ts'
import { createTables, createViews, tableNames } from './tables.ts'

export interface OpenOptions {
  /** The recording's file. */
  readonly file: string | Buffer
  readonly open: () => RecordingReader | Promise<RecordingReader>
  /** Decode the arguments of calls too. */
  readonly args: boolean
  /** Keep the tables in the user's cache. */
  readonly cache: boolean
  /** Without, recordings are read by this thread. */
  readonly threads?: RowThreads
  readonly progress?: ImportProgress
}

/** How far the making of tables has come. One of these is called: */
export interface ImportProgress {
  /** Other threads do it: `part` tells at any time how much of the recording's bytes has been used. */
  beside(part: () => number): void
  /** This thread does it, leaves nothing else its turn, and calls now and then. */
  look(records: number): void
}

export interface Database {
  readonly connection: DuckDBConnection
  /** Why the recording could not be read to its end, null when it could. */
  readonly problem: Error | null
  close(): void
}

/** Tables that were made otherwise are not found again. */
const shape = [...createTables, ...createViews].join()

type DuckDB = typeof import('@duckdb/node-api')

/** Makes the tables of a recording, or finds them made. Throws what `open` throws. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const duckdb = await loadDuckDB()
  const kept = options.cache ? cacheFile(options.file, 'tables', `${shape} ${options.args}`) : null
  if (kept !== null) {
    const found = await openKept(duckdb, kept)
    if (found !== null) return found
  }
  // First what may fail: nothing is made in vain.
  const reader = await options.open()
  const folder = kept === null ? mkdtempSync(join(tmpdir(), 'sysglass-')) : unfinished(kept)
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    if (kept !== null) {
      remove()
      mkdirSync(folder, { mode: 0o700 })
    }
    const problem = await makeTables(reader, folder, options)
    if (kept !== null && problem === null) {
      keepAs(folder, kept)
      return { ...(await connect(duckdb, kept)), problem }
    }
    const database = await connect(duckdb, folder)
    const close = (): void => {
      database.close()
      remove()
    }
    return { ...database, problem, close }
  } catch (error) {
    remove()
    throw error
  }
}

/** Only what is whole gets the name that others look for. */
function keepAs(folder: string, kept: string): void {
  try {
    renameSync(folder, kept)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Another run was quicker; which of the two is said depends on the file system.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    rmSync(folder, { recursive: true, force: true })
  }
}

async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api')
  } catch {
    throw new MissingDuckDB('DuckDB is not installed: npm install @duckdb/node-api')
  }
}

/** A database in memory, whose tables are files of a folder; what is too much for memory goes to one beside it. */
async function connect(duckdb: DuckDB, folder: string): Promise<Omit<Database, 'problem'>> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    temp_directory: `${unfinished(folder)}.more`,
  })
  const connection = await instance.connect()
  const close = (): void => {
    connection.closeSync()
    instance.closeSync()
  }
  try {
    const views = tableNames.map(
      table =>
        `CREATE VIEW ${table} AS FROM read_parquet('${tableFile(folder, table).replaceAll("'", "''")}')`,
    )
    for (const statement of [...views, ...createViews]) await connection.run(statement)
  } catch (error) {
    close()
    throw error
  }
  return { connection, close }
}

async function openKept(duckdb: DuckDB, folder: string): Promise<Database | null> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null
  try {
    const database = await connect(duckdb, folder)
    // What is asked is kept.
    utimesSync(folder, Date.now() / 1000, Date.now() / 1000)
    return { ...database, problem: null }
  } catch {
    // Damaged: it is made anew.
    rmSync(folder, { recursive: true, force: true })
    return null
  }
}

/** Makes the tables; what ended the reading before its time. */
async function makeTables(
  reader: RecordingReader,
  folder: string,
  { file, args, threads, progress }: OpenOptions,
): Promise<Error | null> {
  // Logs, which are read as recordings are but have no blocks, are read here.
  if (threads !== undefined && 'blocks' in reader) {
    const stat = statSync(file)
    if (stat.isFile() && stat.size >= largeRecording) {
      reader.close()
      const done = new Int32Array(new SharedArrayBuffer(4))
      progress?.beside(() => done[0]! / (stat.size / 1024))
      return collectBeside(threads, Buffer.from(file), { metadata: reader.metadata, args, folder, done })
    }
  }
  const files = new TableFiles(folder)
  const problem = collectRows(reader, args, files, records => progress?.look(records))
  files.close()
  return problem
}

/** Bytes of a recording that takes longer to be read than a thread takes to start. */
const largeRecording = 1 << 20
