/** A recording in DuckDB: filled once, and kept in the user's cache for the next question. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBAppender, DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { RecordingReader } from '../record/recording-reader.ts'
import { MissingDuckDB } from './missing-duckdb.ts'
import { batch, type Columns, RowCollector } from './rows.ts'
import {
  createStaged,
  createTables,
  createViews,
  dropStaged,
  type StagedType,
  stagedType,
  type TableName,
  tables,
} from './tables.ts'

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
  // First what may fail: no file is made in vain.
  const reader = options.open()
  const making = kept === null ? ':memory:' : `${kept}.${process.pid}`
  const { connection, close } = await connect(duckdb, making)
  const problem = await fill(duckdb, connection, reader, options.args)
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

async function connect(
  duckdb: DuckDB,
  file: string,
  settings?: Record<string, string>,
): Promise<Omit<Database, 'problem'>> {
  const instance = await duckdb.DuckDBInstance.create(file, settings)
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

/** Null where nothing can be kept: what is recorded is no file, or the cache cannot be written. */
function cacheFile({ file, args }: OpenOptions): string | null {
  try {
    const path = realpathSync(file, 'buffer')
    const stat = statSync(path)
    if (!stat.isFile()) return null
    const { size, mtimeMs, ino } = stat
    const key = createHash('sha256')
      .update(path)
      .update(`\0${size} ${mtimeMs} ${ino} ${shape} ${args}`)
      .digest('hex')
    const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sysglass')
    // What was recorded is its owner's alone.
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    process.umask(0o077)
    dropOld(folder)
    return join(folder, `${key.slice(0, 32)}.duckdb`)
  } catch {
    return null
  }
}

/** Tables that nobody has asked for so long go. */
const keptDays = 7

function dropOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const { atimeMs, mtimeMs } = statSync(file)
    if (Date.now() - Math.max(atimeMs, mtimeMs) > keptDays * 86_400_000) rmSync(file, { force: true })
  }
}

/** Fills the tables; what ended the reading before its time. */
async function fill(
  duckdb: DuckDB,
  connection: DuckDBConnection,
  reader: RecordingReader,
  args: boolean,
): Promise<Error | null> {
  for (const statement of createStaged) await connection.run(statement)
  const texts = new TextNumbers(await Appender.of(duckdb, connection, 'texts', ['INTEGER', 'VARCHAR']))
  const appenders = {} as { [table in TableName]: Appender }
  for (const name of Object.keys(tables) as TableName[])
    appenders[name] = await Appender.of(
      duckdb,
      connection,
      `staged_${name}`,
      tables[name].map(([, type]) => stagedType[type]),
    )
  const into = (name: TableName) => {
    const numbered = tables[name].map(([, type]) => type === 'VARCHAR')
    return (columns: Columns): void =>
      appenders[name].append(columns.map((values, i) => (numbered[i] ? texts.numbersOf(values) : values)))
  }
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
  texts.end()
  for (const appender of Object.values(appenders)) appender.close()
  for (const statement of [...createTables, ...dropStaged, ...createViews]) await connection.run(statement)
  return problem
}

/** Rows for a table, in batches of columns. */
class Appender {
  readonly #duckdb: DuckDB
  readonly #appender: DuckDBAppender
  readonly #types: readonly DuckDBType[]

  private constructor(duckdb: DuckDB, appender: DuckDBAppender, types: readonly DuckDBType[]) {
    this.#duckdb = duckdb
    this.#appender = appender
    this.#types = types
  }

  static async of(
    duckdb: DuckDB,
    connection: DuckDBConnection,
    table: string,
    types: readonly StagedType[],
  ): Promise<Appender> {
    const appender = await connection.createAppender(table)
    return new Appender(
      duckdb,
      appender,
      types.map(type => duckdb[type]),
    )
  }

  append(columns: Columns): void {
    const chunk = this.#duckdb.DuckDBDataChunk.create(this.#types, columns[0]!.length)
    columns.forEach((values, i) => {
      chunk.setColumnValues(i, values as DuckDBValue[])
    })
    this.#appender.appendDataChunk(chunk)
  }

  close(): void {
    this.#appender.closeSync()
  }
}

/** Texts that are remembered at once: others get a second number, which means the same. */
const mostTexts = 1 << 18

/** Texts by number: handing DuckDB a text costs a call into native code, a column of numbers one for them all. */
class TextNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #new: [number[], string[]] = [[], []]
  readonly #appender: Appender
  #count = 0

  constructor(appender: Appender) {
    this.#appender = appender
  }

  numbersOf(texts: readonly unknown[]): (number | null)[] {
    return texts.map(text => (text === null ? null : this.#numberOf(text as string)))
  }

  end(): void {
    this.#flush()
    this.#appender.close()
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#count++
      if (this.#numbers.size >= mostTexts) this.#numbers.clear()
      this.#numbers.set(text, number)
      this.#new[0].push(number)
      this.#new[1].push(text)
      if (this.#new[0].length === batch) this.#flush()
    }
    return number
  }

  #flush(): void {
    if (this.#new[0].length === 0) return
    this.#appender.append(this.#new)
    this.#new[0].length = 0
    this.#new[1].length = 0
  }
}
