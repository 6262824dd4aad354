/** The prompt of `glass query`: statements from a terminal, each answered when its `;` has come. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Database } from '../../analysis/database.ts'
import { isQuestion, questions } from '../../analysis/questions.ts'
import type { Rows } from '../../analysis/show-rows.ts'
import { endsStatement, isBlank, statementsOf } from '../../analysis/sql-text.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { answerQuestion, showForPeople } from './answer-question.ts'
import { allRows, firstRows } from './ask-database.ts'
import { CommandEnd } from './words.ts'

const help = `A statement ends with ';' and may have many lines.

  .tables         the tables
  .schema         their columns; .schema TABLE: those of one
  .${Object.keys(questions).join(' .')}
                  questions that have a name
  .help           this
  .quit           as ^D does

^C cancels what is asked.
`
const [first, further] = ['sql> ', '...> ']
/** Nobody reads more; --to and other formats have them all. */
const mostRows = 500
/** Statements that are remembered from one time to the next. */
const mostHistory = 1000

/** Asks and answers until the input ends. `show` makes text of rows. */
export async function prompt(db: Database, show: (rows: Rows) => string): Promise<void> {
  const history = new History()
  const words = await completions(db)
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: first,
    history: history.read(),
    historySize: mostHistory,
    removeHistoryDuplicates: true,
    completer: (line: string) => complete(line, words),
  })
  say(`'.help' tells more.\n`)
  await new Session(db, show, lines, history).done
}

const say = (text: string): void => descriptorSink(1).write(Buffer.from(text))

class Session {
  readonly done: Promise<void>
  readonly #db: Database
  readonly #show: (rows: Rows) => string
  readonly #lines: Interface
  readonly #history: History
  /** Lines that came while a question was being answered. */
  readonly #waiting: string[] = []
  #sql = ''
  #asking = false
  #interrupting: NodeJS.Timeout | undefined
  #closed = false

  constructor(db: Database, show: (rows: Rows) => string, lines: Interface, history: History) {
    this.#db = db
    this.#show = show
    this.#lines = lines
    this.#history = history
    this.done = new Promise((resolve, reject) => {
      lines.on('line', line => {
        this.#waiting.push(line)
        this.#work(resolve).catch(reject)
      })
      lines.on('SIGINT', () => this.#cancel())
      lines.on('close', () => {
        this.#closed = true
        if (!this.#asking) {
          say('\n')
          resolve()
        }
      })
    })
    lines.prompt()
  }

  async #work(over: () => void): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      if ((await this.#line(line)) === 'over') {
        this.#waiting.length = 0
        this.#lines.close()
      }
      clearInterval(this.#interrupting)
      this.#interrupting = undefined
    }
    this.#asking = false
    if (this.#closed) return over()
    this.#lines.setPrompt(this.#sql === '' ? first : further)
    this.#lines.prompt()
  }

  async #line(line: string): Promise<'over' | undefined> {
    if (this.#sql === '' && /^\s*(?:\.|(?:exit|quit)\s*;?\s*$)/.test(line)) return this.#command(line.trim())
    const sql = `${this.#sql}${line}\n`
    this.#sql = isBlank(sql) ? '' : sql
    if (this.#sql === '' || !endsStatement(sql)) return undefined
    this.#sql = ''
    this.#history.add(sql)
    await this.#answer(sql)
    return undefined
  }

  async #command(line: string): Promise<'over' | undefined> {
    const [command, argument] = line.replace(/;$/, '').trim().split(/\s+/) as [string, string?]
    const name = command.replace(/^\./, '')
    this.#history.add(line)
    if (name === 'quit' || name === 'exit') return 'over'
    if (name === 'help') say(help)
    else if (name === 'tables')
      await this.#answer(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY ALL",
      )
    else if (name === 'schema') await this.#answer(schemaOf(argument))
    else if (isQuestion(name))
      await this.#try(async () => say(await answerQuestion(this.#db, name, this.#show)))
    else say(`There is no ${command}; .help tells what there is.\n`)
    return undefined
  }

  #answer(sql: string): Promise<void> {
    return this.#try(async () => {
      for (const statement of statementsOf(sql)) {
        const rows = await firstRows(this.#db, statement, mostRows)
        say(this.#show(rows))
        if (this.#show === showForPeople && rows.more) say(`(the first ${mostRows} rows; there are more)\n`)
      }
    })
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof CommandEnd)) throw error
      say(`${error.message}\n`)
    }
  }

  /** ^C: the question that is being answered, else what was begun to be typed. */
  #cancel(): void {
    if (this.#asking) {
      // Until it is over: DuckDB forgets what came before it had begun.
      this.#interrupting ??= setInterval(() => this.#db.connection.interrupt(), 50)
      return
    }
    this.#sql = ''
    say('\n')
    this.#lines.setPrompt(first)
    // What stands in the line goes: the same as ^E ^U.
    this.#lines.write(null, { ctrl: true, name: 'e' })
    this.#lines.write(null, { ctrl: true, name: 'u' })
    this.#lines.prompt()
  }
}

const schemaOf = (table: string | undefined): string =>
  `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
   WHERE table_schema = 'main' ${table === undefined ? '' : `AND table_name = '${table.replaceAll("'", "''")}'`}
   ORDER BY table_name, ordinal_position`

const keywords =
  'select from where group by order limit having join using count sum avg min max distinct filter desc'

async function completions(db: Database): Promise<readonly string[]> {
  const { rows } = await allRows(
    db,
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'
     UNION SELECT column_name FROM information_schema.columns WHERE table_schema = 'main'`,
  )
  const commands = ['tables', 'schema', 'help', 'quit', ...Object.keys(questions)].map(name => `.${name}`)
  return [...commands, ...keywords.split(' '), ...rows.map(([name]) => String(name))]
}

function complete(line: string, words: readonly string[]): [string[], string] {
  const word = /\.?\w*$/.exec(line)?.[0] ?? ''
  return [word === '' ? [] : words.filter(known => known.startsWith(word.toLowerCase())), word]
}

/** Statements of earlier times, a line each, in the user's own folder. Where it cannot be written, it does without. */
class History {
  readonly #folder = join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'sysglass')
  readonly #file = join(this.#folder, 'history')

  /** The latest first, as readline has them. */
  read(): string[] {
    try {
      const all = readFileSync(this.#file, 'utf8')
        .split('\n')
        .filter(line => line !== '')
      const kept = all.slice(-mostHistory)
      if (all.length > 2 * mostHistory) writeFileSync(this.#file, `${kept.join('\n')}\n`, { mode: 0o600 })
      return kept.reverse()
    } catch {
      return []
    }
  }

  add(statement: string): void {
    try {
      // What was asked tells of what was recorded: its owner's alone.
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      appendFileSync(this.#file, `${statement.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`, { mode: 0o600 })
    } catch {
      // Asking matters more.
    }
  }
}
