/** `glass query` and the questions that have names: a recording answers. */
import { basename, join } from 'node:path'
import { type Database, type ImportProgress, openDatabase } from '../../analysis/database.ts'
import { needsArguments } from '../../analysis/needed-arguments.ts'
import { type QuestionName, questions } from '../../analysis/questions.ts'
import { asCsv, asJsonLines, printable, type Rows } from '../../analysis/show-rows.ts'
import { statementsOf } from '../../analysis/sql-text.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { OverwrittenLine } from '../progress-line.ts'
import type { StartContext } from '../start-context.ts'
import { answerQuestion, showForPeople } from './answer-question.ts'
import { allRows, rowsToFile } from './ask-database.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { prompt } from './sql-prompt.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

interface Wish {
  readonly file: string
  readonly show: (rows: Rows) => string
  readonly to: string | undefined
  readonly cache: boolean
}

/** `glass query FILE [SQL]`; `name` is what messages begin with. */
export const query = ({ argv0, words }: StartContext, name: string = `${argv0} query`): Promise<void> =>
  guarded(name, async () => {
    const { wish, rest } = readWords(words, 2)
    const sql = rest[0] ?? (process.stdin.isTTY ? undefined : await readAll())
    const db = await open(name, wish, sql === undefined || (await needsArguments(sql)))
    try {
      if (sql === undefined) await prompt(db, wish.show)
      else await answer(db, sql, wish)
    } finally {
      db.close()
    }
  })

/** `glass top FILE` and its like. */
export const ask = ({ argv0, words }: StartContext, question: QuestionName): Promise<void> =>
  guarded(`${argv0} ${question}`, async () => {
    const { wish } = readWords(words, 1)
    const db = await open(`${argv0} ${question}`, wish, false)
    try {
      if (wish.to !== undefined) await rowsToFile(db, questions[question].sql, wish.to)
      else stdout.write(Buffer.from(await answerQuestion(db, question, wish.show)))
    } finally {
      db.close()
    }
  })

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
  const show = values.csv === true ? asCsv : values.json === true ? asJsonLines : showForPeople
  return { wish: { file, show, to: values.to, cache: values['no-cache'] !== true }, rest }
}

async function open(name: string, { file, cache }: Wish, args: boolean): Promise<Database> {
  const path = Buffer.from(file)
  const threads = { rows: join(__dirname, 'row-worker.cjs'), unpack: join(__dirname, 'unpack-worker.cjs') }
  const progress = new ReadingProgress(file)
  const options = { file: path, open: () => openAnyRecording(path), args, cache, threads, progress }
  const db = await openDatabase(options).finally(() => progress.end())
  if (db.problem !== null)
    stderr.write(Buffer.from(`${name}: ${db.problem.message}; what comes before that is there\n`))
  return db
}

/** How the reading of a recording comes on, on a terminal: the first question waits for it. */
class ReadingProgress implements ImportProgress {
  readonly #line: OverwrittenLine | null
  #tell = (): string => ''

  constructor(file: string) {
    const name = printable(basename(file)).slice(0, longestName)
    this.#line = stderr.terminal ? new OverwrittenLine(stderr, () => `reading ${name}${this.#tell()}`) : null
  }

  beside(part: () => number): void {
    this.#tell = () => `: ${Math.floor(part() * 100)} %`
  }

  look(records: number): void {
    this.#tell = () => `: ${records} records`
    this.#line?.look()
  }

  end(): void {
    this.#line?.end()
  }
}

/** Of what may be longer than a terminal's line. */
const longestName = 40

async function answer(db: Database, sql: string, { show, to }: Wish): Promise<void> {
  if (to !== undefined) return rowsToFile(db, sql, to)
  for (const statement of statementsOf(sql)) stdout.write(Buffer.from(show(await allRows(db, statement))))
}

async function readAll(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
