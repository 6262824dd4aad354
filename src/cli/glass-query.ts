/** `glass query` and the questions that have names: a recording answers. */
import { createInterface } from 'node:readline/promises'
import { type Database, openDatabase } from '../analysis/database.ts'
import { drawTree, type ProcessRow } from '../analysis/process-tree.ts'
import { histogram, type QuestionName, questions } from '../analysis/questions.ts'
import { asCsv, asJsonLines, asTable, type Cell, type Rows } from '../analysis/show-rows.ts'
import { descriptorSink } from '../sinks/byte-sink.ts'
import { CommandEnd, guarded, parseWords } from './glass-words.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { pathBytes } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

interface Wish {
  readonly file: string
  readonly show: (rows: Rows) => string
  readonly to: string | undefined
  readonly cache: boolean
}

/** `glass query FILE [SQL]`. */
export const query = ({ argv0, words }: StartContext): Promise<void> =>
  named(`${argv0} query`, async name => {
    const { wish, rest } = readWords(words, 2)
    const sql = rest[0] ?? (process.stdin.isTTY ? undefined : await readAll())
    const db = await open(name, wish, sql === undefined || asksForArguments(sql))
    try {
      if (sql === undefined) await prompt(db, wish)
      else await answer(db, sql, wish)
    } finally {
      db.close()
    }
  })

/** `glass top FILE` and its like. */
export const ask = ({ argv0, words }: StartContext, question: QuestionName): Promise<void> =>
  named(`${argv0} ${question}`, async name => {
    const { wish } = readWords(words, 1)
    const db = await open(name, wish, false)
    try {
      const { sql } = questions[question]
      if (wish.to !== undefined) return await answer(db, sql, wish)
      let rows = await run(db, sql)
      if (question === 'processes') rows = tree(rows)
      stdout.write(Buffer.from(wish.show(rows)))
      if (question === 'latency' && wish.show === asTable)
        stdout.write(Buffer.from(`\n${bars(await run(db, histogram))}`))
    } finally {
      db.close()
    }
  })

const named = (name: string, work: (name: string) => Promise<void>): Promise<void> =>
  guarded(name, () => work(name))

function readWords(words: readonly string[], most: number): { wish: Wish; rest: readonly string[] } {
  const { values, positionals } = parseWords(words, {
    csv: { type: 'boolean' },
    json: { type: 'boolean' },
    to: { type: 'string' },
    'no-cache': { type: 'boolean' },
  })
  const [file, ...rest] = positionals
  if (file === undefined) throw new CommandEnd('which recording? --help tells more')
  if (positionals.length > most) throw new CommandEnd(`too much: '${positionals[most]}'`)
  const show = values.csv === true ? asCsv : values.json === true ? asJsonLines : asTable
  return { wish: { file, show, to: values.to, cache: values['no-cache'] !== true }, rest }
}

/** Decoding arguments takes most of the time: only where the question can see them. */
const asksForArguments = (sql: string): boolean => /\bargs\b|\*/i.test(sql)

async function open(name: string, { file, cache }: Wish, args: boolean): Promise<Database> {
  const path = Buffer.from(file)
  const db = await openDatabase({ file: path, open: () => openAnyRecording(path), args, cache })
  if (db.problem !== null)
    stderr.write(Buffer.from(`${name}: ${db.problem.message}; what comes before that is there\n`))
  return db
}

async function run({ connection }: Database, sql: string): Promise<Rows> {
  try {
    const reader = await connection.runAndReadAll(sql)
    const names = reader.columnNames()
    return { names, rows: reader.getRowsJson().map(row => row.map(cellOf)) }
  } catch (error) {
    throw new CommandEnd((error as Error).message)
  }
}

/** DuckDB's JSON has numbers of 64 bits as text: those that JavaScript can count are numbers here. */
function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^-?\d{1,15}$/.test(value) ? Number(value) : value
}

async function answer(db: Database, sql: string, { show, to }: Wish): Promise<void> {
  if (to === undefined) return stdout.write(Buffer.from(show(await run(db, sql))))
  const format = /\.(parquet|csv|json)$/.exec(to)?.[1]
  if (format === undefined) throw new CommandEnd(`${to}: the name must end in .parquet, .csv or .json`)
  const target = pathBytes(to).toString('latin1').replaceAll("'", "''")
  await run(db, `COPY (${sql.trim().replace(/;$/, '')}) TO '${target}' (FORMAT ${format})`)
}

async function prompt(db: Database, wish: Wish): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'sql> ' })
  let sql = ''
  lines.prompt()
  for await (const line of lines) {
    sql += `${line}\n`
    if (sql.trim() === '') sql = ''
    else if (/;\s*$/.test(line) || sql === `${line}\n`) {
      if (/^\s*(exit|quit|\.exit|\.quit)\s*;?\s*$/.test(sql)) break
      try {
        await answer(db, sql, wish)
      } catch (error) {
        if (!(error instanceof CommandEnd)) throw error
        stdout.write(Buffer.from(`${error.message}\n`))
      }
      sql = ''
    }
    lines.prompt()
  }
  lines.close()
}

async function readAll(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

function tree({ names, rows }: Rows): Rows {
  const [pid, parent, command] = ['pid', 'parent', 'command'].map(name => names.indexOf(name)) as [
    number,
    number,
    number,
  ]
  const nodes = rows.map(row => ({
    pid: row[pid] as number,
    parent: row[parent] as number | null,
    command: String(row[command]),
    row,
  }))
  const drawn = drawTree<ProcessRow & { readonly row: readonly Cell[] }>(nodes)
  const kept = names.map((_, i) => i).filter(i => i !== parent && i !== command)
  return {
    names: [...kept.map(i => names[i]!), 'command'],
    rows: drawn.map(node => [...kept.map(i => node.row[i]!), node.command]),
  }
}

/** Characters of the longest bar. */
const longest = 50

function bars({ rows }: Rows): string {
  const most = Math.max(1, ...rows.map(([, calls]) => Number(calls)))
  const microseconds = (n: number): string =>
    n < 1000 ? `${n} µs` : n < 1e6 ? `${Math.round(n / 1000)} ms` : `${Math.round(n / 1e6)} s`
  return rows
    .map(([step, calls]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((Number(calls) / most) * longest)))
      return `${microseconds(2 ** Number(step)).padStart(8)}  ${String(calls).padStart(9)}  ${bar}\n`
    })
    .join('')
}
