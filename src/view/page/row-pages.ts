/** The table's rows, a page at a time: asked for when they come into sight, given up when they leave it before they are there. */
import { isAbort, messageOf } from './page-state.ts'

const pageRows = 100
const mostPages = 80
/** Questions at a time. */
const mostAtOnce = 2

/** Rows from a place on, and how many there are in all. */
interface Answer<R> {
  readonly total: number
  readonly rows: readonly R[]
}

/** Asks for rows that are wanted in some order, or by some choice. */
export type AskRows<R, O> = (
  order: O,
  offset: number,
  limit: number,
  signal: AbortSignal,
) => Promise<Answer<R>>

interface Page<R> {
  readonly rows: readonly R[]
  readonly generation: number
}

export class RowPages<R, O> {
  /** Rows in all; null before the first answer to these conditions. */
  total: number | null = null
  error: string | null = null
  /** Whether what is here answers the present conditions. */
  fresh = false
  /** Where the last answer's rows end: as far as one can follow a program's calls and see them. */
  end = 0
  readonly #ask: AskRows<R, O>
  readonly #changed: () => void
  #order: O
  #pages = new Map<number, Page<R>>()
  #generation = 0
  readonly #asked = new Map<number, AbortController>()
  #wanted: readonly number[] = [0]
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ask: AskRows<R, O>, order: O, changed: () => void) {
    this.#ask = ask
    this.#order = order
    this.#changed = changed
  }

  get order(): O {
    return this.#order
  }

  /** Other conditions or another order: what was there is shown no more once the first answer is here. */
  reorder(order: O): void {
    this.#order = order
    this.#generation++
    this.#giveUp(() => true)
    this.#wanted = [0]
    this.#pages = new Map()
    this.fresh = false
    this.end = 0
    this.#soon(0)
  }

  /** The recording has grown: what is in sight is asked for again, and shown as it was until then. */
  refresh(): void {
    this.#generation++
    this.#soon(200)
  }

  row(index: number): R | undefined {
    return this.#pages.get(Math.floor(index / pageRows))?.rows[index % pageRows]
  }

  /** A row wherever it stands: asked for where it is not at hand. Undefined where there is none, or no answer. */
  async find(index: number): Promise<R | undefined> {
    const known = this.row(index)
    if (known !== undefined) return known
    try {
      const { rows } = await this.#ask(this.#order, index, 1, new AbortController().signal)
      return rows[0]
    } catch {
      return undefined
    }
  }

  /** Says which rows are in sight, and whether the last ones are wanted too. */
  want(first: number, last: number, follows: boolean): void {
    const wanted: number[] = []
    for (
      let page = Math.floor(first / pageRows);
      page <= Math.floor(Math.max(first, last - 1) / pageRows);
      page++
    )
      wanted.push(page)
    const end = Math.floor(Math.max(0, (this.total ?? 0) - 1) / pageRows)
    if (follows && !wanted.includes(end)) wanted.unshift(end)
    this.#wanted = wanted
    this.#giveUp(page => !wanted.includes(page))
    // While one scrolls fast, most pages are gone before they could be asked for.
    if (wanted.some(page => this.#isMissing(page))) this.#soon(this.#pages.size === 0 ? 0 : 25)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#giveUp(() => true)
  }

  #isMissing(page: number): boolean {
    return this.#pages.get(page)?.generation !== this.#generation && !this.#asked.has(page)
  }

  #giveUp(which: (page: number) => boolean): void {
    for (const [page, controller] of this.#asked)
      if (which(page)) {
        controller.abort()
        this.#asked.delete(page)
      }
  }

  #soon(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      for (const page of this.#wanted)
        if (this.#asked.size < mostAtOnce && this.#isMissing(page)) void this.#load(page)
    }, delay)
  }

  async #load(page: number): Promise<void> {
    const generation = this.#generation
    const controller = new AbortController()
    this.#asked.set(page, controller)
    try {
      const offset = page * pageRows
      const answer = await this.#ask(this.#order, offset, pageRows, controller.signal)
      if (controller.signal.aborted) return
      this.total = answer.total
      this.fresh = true
      this.end = Math.max(this.end, offset + answer.rows.length)
      this.error = null
      this.#pages.delete(page)
      this.#pages.set(page, { rows: answer.rows, generation })
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= mostPages) break
        if (!this.#wanted.includes(old)) this.#pages.delete(old)
      }
      this.#changed()
    } catch (error) {
      if (isAbort(error) || controller.signal.aborted) return
      this.error = messageOf(error)
      this.total ??= 0
      this.#pages.set(page, { rows: [], generation })
      this.#changed()
    } finally {
      if (this.#asked.get(page) === controller) this.#asked.delete(page)
      if (this.#wanted.some(wanted => this.#isMissing(wanted))) this.#soon(0)
    }
  }
}
