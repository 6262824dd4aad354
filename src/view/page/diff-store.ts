/** What the parts of a comparison's page share. */
import {
  type Choice,
  type ComparedPlace,
  type ComparisonOverview,
  type ComparisonSource,
  type RowKind,
  rowKinds,
} from '../comparison-protocol.ts'
import type { Progress } from '../protocol.ts'
import { type DiffView, formatDiffHash, parseDiffHash, toggledKind } from './diff-view.ts'
import { askingAgain, messageOf, PageState, type SharedState } from './page-state.ts'

export interface DiffState extends DiffView, SharedState {
  readonly overview: ComparisonOverview
  readonly progress: Progress
}

const nothing: ComparisonOverview = {
  titles: ['', ''],
  calls: [0, 0],
  complete: false,
  pairs: [],
  counts: rowKinds.map(() => 0),
  metadata: [{}, {}],
  notes: [],
}

export class DiffStore extends PageState<DiffState> {
  readonly source: ComparisonSource

  constructor(source: ComparisonSource) {
    const initial: DiffState = {
      ...parseDiffHash(location.hash),
      overview: nothing,
      progress: { calls: 0, span: 0, read: 0, complete: false },
      help: false,
      found: null,
      notice: '',
    }
    super(initial, formatDiffHash, parseDiffHash)
    this.source = source
  }

  get choice(): Choice {
    const { kinds, pair, filter } = this.state
    return { kinds, pair, filter }
  }

  toggleKind(kind: RowKind): void {
    this.set({ kinds: toggledKind(this.state.kinds, kind) })
  }

  /** Another pair of processes, before or after the chosen one; all of them beyond the ends. */
  stepPair(by: number): void {
    const { pair, overview } = this.state
    const all = overview.pairs.length
    const next = pair === null ? (by > 0 ? 0 : all - 1) : pair + by
    this.set({ pair: next >= 0 && next < all ? next : null })
  }

  /** Chooses the next difference, or the one before, among the rows that are shown. */
  async stepDifference(way: 'previous' | 'next'): Promise<void> {
    const { source, choice } = this
    try {
      const offset = await this.#difference(way)
      if (offset === null) return this.tell(`There is no ${way} difference.`)
      const { rows } = await source.rows(choice, offset, 1)
      if (rows[0] !== undefined) this.set({ row: rows[0].row })
    } catch (error) {
      this.tell(messageOf(error))
    }
  }

  async #difference(way: 'previous' | 'next'): Promise<number | null> {
    const { source, choice } = this
    const { row } = this.state
    if (row !== null) return (await source.place(choice, row))[way]
    const { rows } = await source.rows(choice, 0, 1)
    const [first] = rows
    if (first === undefined || first.kind !== 'same') return first === undefined ? null : 0
    const place: ComparedPlace = await source.place(choice, first.row)
    return place[way]
  }

  /** Asks how things stand, and again when all is compared. */
  begin(): void {
    const ask = askingAgain(
      async () => {
        const overview = await this.source.overview()
        document.title = `${overview.titles.join(' \u2192 ')} \u2013 sysglass`
        this.set({ overview })
      },
      error => this.tell(messageOf(error)),
    )
    this.source.progress(progress => {
      this.set({ progress })
      if (progress.error !== undefined) this.tell(progress.error)
      if (!this.state.overview.complete) ask()
    })
  }
}
