/** What the parts of a recording's page share: what is looked at, and what is known of the recording. */
import type { Column, Overview, Progress, Row, Source } from '../protocol.ts'
import { askingAgain, messageOf, PageState, type SharedState } from './page-state.ts'
import { clampRange, covers, rangeAround } from './time-scale.ts'
import { firstView, formatHash, parseHash, type Range, type View } from './view-state.ts'

export interface State extends View, SharedState {
  readonly overview: Overview
  readonly progress: Progress
  /** While the program runs: what is seen stays at the end, until the user goes elsewhere. */
  readonly following: boolean
  /** A stretch that the user has marked in the timeline. */
  readonly marked: Range | null
  readonly folded: ReadonlySet<number>
  /** Row of the lanes that keys move. */
  readonly lane: string | null
}

const nothing: Overview = {
  title: '',
  began: 0,
  span: 0,
  calls: 0,
  complete: false,
  lanes: [],
  processes: [],
  names: [],
  metadata: {},
}

export class Store extends PageState<State> {
  readonly source: Source

  constructor(source: Source) {
    const initial: State = {
      ...firstView,
      ...parseHash(location.hash),
      overview: nothing,
      progress: { calls: 0, span: 0, read: 0, complete: false },
      following: true,
      marked: null,
      folded: new Set(),
      lane: null,
      help: false,
      found: null,
      notice: '',
    }
    super(initial, formatHash, parseHash)
    this.source = source
  }

  /** What the timeline shows. */
  get range(): Range {
    const { range, overview } = this.state
    const span = Math.max(overview.span, 1e-3)
    return range === null ? { from: 0, to: span } : clampRange(range, span)
  }

  /** The user looks there: the end is no longer followed, unless it is in sight. */
  look(range: Range): void {
    const { span, complete } = this.state.overview
    const clamped = clampRange(range, span)
    if (covers(clamped, span)) this.set({ range: null, following: true })
    else this.set({ range: clamped, following: !complete && clamped.to >= span })
  }

  /** Shows a call in the timeline, with something beside it. */
  zoomTo({ time, duration }: Pick<Row, 'time' | 'duration'>): void {
    this.look(rangeAround({ from: time, to: time + (duration ?? 0) }, 0.2, this.state.overview.span))
  }

  sort(column: Column): void {
    const { sort, descending } = this.state
    // What one wants to see first of a duration is the longest.
    this.set({ sort: column, descending: sort === column ? !descending : column === 'duration' })
  }

  select(id: number | null): void {
    this.set({ selected: id, ...(id === null ? {} : { panel: 'call' as const, following: false }) })
  }

  fold(pid: number): void {
    const folded = new Set(this.state.folded)
    if (!folded.delete(pid)) folded.add(pid)
    this.set({ folded })
  }

  /** Asks how things stand, and then whenever there is more. */
  begin(): void {
    const ask = askingAgain(
      async () => this.#grown(await this.source.overview()),
      error => {
        // What has been told of the end says more than that an answer did not come.
        if (this.state.progress.error === undefined) this.tell(messageOf(error))
      },
    )
    this.source.progress(progress => {
      this.set({ progress })
      if (progress.error !== undefined) this.tell(progress.error)
      ask()
    })
  }

  #grown(overview: Overview): void {
    const { range, following, overview: before } = this.state
    document.title = overview.title === '' ? 'sysglass' : `${overview.title} \u2013 sysglass`
    const by = overview.span - before.span
    const slides = following && range !== null && !before.complete && before.span > 0 && by > 0
    this.set({
      overview,
      ...(slides ? { range: { from: range.from + by, to: range.to + by } } : {}),
    })
  }
}
