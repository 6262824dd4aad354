/** What the parts of the page share: what is looked at, what is known of the recording, and who wants to know of changes. */
import { useEffect, useReducer, useRef } from 'preact/hooks'
import type { Column, Condition, Filter, Overview, Progress, Row, Source } from '../protocol.ts'
import { emptyFilter, toggled } from './conditions.ts'
import { clampRange, covers, rangeAround } from './time-scale.ts'
import { firstView, formatHash, parseHash, type Range, type View } from './view-state.ts'

export interface State extends View {
  readonly overview: Overview
  readonly progress: Progress
  /** While the program runs: what is seen stays at the end, until the user goes elsewhere. */
  readonly following: boolean
  /** A stretch that the user has marked in the timeline. */
  readonly marked: Range | null
  readonly folded: ReadonlySet<number>
  /** Row of the lanes that keys move. */
  readonly lane: string | null
  readonly help: boolean
  /** Calls that the filter leaves; null while that is being asked. */
  readonly found: number | null
  /** Something to tell for a moment. */
  readonly notice: string
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

type Listener = (state: State, before: State) => void

export class Store {
  readonly source: Source
  #state: State
  readonly #listeners = new Set<Listener>()
  #hashTimer: ReturnType<typeof setTimeout> | undefined

  constructor(source: Source) {
    this.source = source
    this.#state = {
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
    addEventListener('hashchange', () => {
      if (location.hash.replace(/^#/, '') !== formatHash(this.#state)) this.set(parseHash(location.hash))
    })
  }

  get state(): State {
    return this.#state
  }

  set(change: Partial<State>): void {
    const before = this.#state
    // How many calls another filter leaves is not known yet.
    const uncounted = change.filter !== undefined && change.filter !== before.filter ? { found: null } : {}
    this.#state = { ...before, ...uncounted, ...change }
    for (const listener of this.#listeners) listener(this.#state, before)
    // Browsers allow only so many changes of the address in a while.
    this.#hashTimer ??= setTimeout(() => {
      this.#hashTimer = undefined
      this.writeHash()
    }, 250)
  }

  /** Brings the page's address up to date. */
  writeHash(): void {
    const hash = formatHash(this.#state)
    if (hash !== location.hash.replace(/^#/, ''))
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`)
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What the timeline shows. */
  get range(): Range {
    const { range, overview } = this.#state
    const span = Math.max(overview.span, 1e-3)
    return range === null ? { from: 0, to: span } : clampRange(range, span)
  }

  /** The user looks there: the end is no longer followed, unless it is in sight. */
  look(range: Range): void {
    const { span, complete } = this.#state.overview
    const clamped = clampRange(range, span)
    if (covers(clamped, span)) this.set({ range: null, following: true })
    else this.set({ range: clamped, following: !complete && clamped.to >= span })
  }

  /** Shows a call in the timeline, with something beside it. */
  zoomTo({ time, duration }: Pick<Row, 'time' | 'duration'>): void {
    this.look(rangeAround({ from: time, to: time + (duration ?? 0) }, 0.2, this.#state.overview.span))
  }

  filter(filter: Filter): void {
    this.set({ filter })
  }

  toggle(condition: Condition): void {
    this.filter(toggled(this.#state.filter, condition))
  }

  clearFilter(): void {
    this.filter(emptyFilter)
  }

  sort(column: Column): void {
    const { sort, descending } = this.#state
    // What one wants to see first of a duration is the longest.
    this.set({ sort: column, descending: sort === column ? !descending : column === 'duration' })
  }

  select(id: number | null): void {
    this.set({ selected: id, ...(id === null ? {} : { panel: 'call' as const, following: false }) })
  }

  fold(pid: number): void {
    const folded = new Set(this.#state.folded)
    if (!folded.delete(pid)) folded.add(pid)
    this.set({ folded })
  }

  /** Asks how things stand, and then whenever there is more. */
  begin(): void {
    let asking = false
    let again = false
    const ask = async (): Promise<void> => {
      if (asking) {
        again = true
        return
      }
      asking = true
      try {
        this.#grown(await this.source.overview())
      } catch (error) {
        this.tell(messageOf(error))
      }
      asking = false
      if (again) {
        again = false
        await ask()
      }
    }
    this.source.progress(progress => {
      this.set({ progress })
      if (progress.error !== undefined) this.tell(progress.error)
      void ask()
    })
  }

  #grown(overview: Overview): void {
    const { range, following, overview: before } = this.#state
    document.title = overview.title === '' ? 'sysglass' : `${overview.title} \u2013 sysglass`
    const by = overview.span - before.span
    const slides = following && range !== null && !before.complete && before.span > 0 && by > 0
    this.set({
      overview,
      ...(slides ? { range: { from: range.from + by, to: range.to + by } } : {}),
    })
  }

  /** Shows a sentence for some seconds. */
  tell(notice: string): void {
    this.set({ notice })
    setTimeout(() => {
      if (this.#state.notice === notice) this.set({ notice: '' })
    }, 6000)
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** Draws a component again when one of the values that `pick` gives has changed. */
export function usePicked<T extends readonly unknown[]>(store: Store, pick: (state: State) => T): T {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const picked = pick(store.state)
  const drawn = useRef(picked)
  drawn.current = picked
  useEffect(() => {
    const look = (): void => {
      if (pick(store.state).some((value, i) => !Object.is(value, drawn.current[i]))) draw(undefined)
    }
    // Something may have changed between the drawing and now.
    look()
    return store.listen(look)
  }, [store])
  return picked
}
