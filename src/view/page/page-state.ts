/** What parts of a page share, kept in its address as far as a link should lead there again; and who wants to know of changes. */
import { useEffect, useReducer, useRef } from 'preact/hooks'
import type { Condition, Filter } from '../protocol.ts'
import { emptyFilter, toggled } from './conditions.ts'

/** What every page has. */
export interface SharedState {
  readonly filter: Filter
  /** Rows that the filter leaves; null while that is being asked. */
  readonly found: number | null
  readonly help: boolean
  /** Something to tell for a moment. */
  readonly notice: string
}

/** A page as those of its parts see it that every page has. */
export interface SharedPage {
  readonly state: SharedState
  set(change: Partial<SharedState>): void
  listen(listener: () => void): () => void
  filter(filter: Filter): void
  clearFilter(): void
  copyLink(): void
}

type Listener<S> = (state: S, before: S) => void

export class PageState<S extends SharedState> implements SharedPage {
  #state: S
  readonly #format: (state: S) => string
  readonly #listeners = new Set<Listener<S>>()
  #hashTimer: ReturnType<typeof setTimeout> | undefined

  /**
   * @param format what of the state the part of an address after the # has
   * @param parse the same, read
   */
  constructor(initial: S, format: (state: S) => string, parse: (hash: string) => Partial<S>) {
    this.#state = initial
    this.#format = format
    addEventListener('hashchange', () => {
      if (location.hash.replace(/^#/, '') !== format(this.#state)) this.set(parse(location.hash))
    })
  }

  get state(): S {
    return this.#state
  }

  set(change: Partial<S>): void {
    const before = this.#state
    // How many rows another filter leaves is not known yet.
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
    const hash = this.#format(this.#state)
    if (hash !== location.hash.replace(/^#/, ''))
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`)
  }

  listen(listener: Listener<S>): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  filter(filter: Filter): void {
    this.set({ filter } as Partial<S>)
  }

  toggle(condition: Condition): void {
    this.filter(toggled(this.#state.filter, condition))
  }

  clearFilter(): void {
    this.filter(emptyFilter)
  }

  /** Shows a sentence for some seconds. */
  tell(notice: string): void {
    this.set({ notice } as Partial<S>)
    setTimeout(() => {
      if (this.#state.notice === notice) this.set({ notice: '' } as Partial<S>)
    }, 6000)
  }

  /** Puts the page's address where it can be pasted. */
  copyLink(): void {
    this.writeHash()
    if (navigator.clipboard === undefined) this.tell('The link is in the address bar.')
    else
      navigator.clipboard.writeText(location.href).then(
        () => this.tell('The link is copied.'),
        () => this.tell('The link is in the address bar.'),
      )
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** Draws a component again when one of the values that `pick` gives has changed. */
export function usePicked<S, T extends readonly unknown[]>(
  store: { readonly state: S; listen(listener: () => void): () => void },
  pick: (state: S) => T,
): T {
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

/**
 * Asks once, and again whenever `again` was called meanwhile: a source that is slow is asked one thing at a time. What `ask`
 * rejects with goes to `failed`.
 */
export function askingAgain(ask: () => Promise<void>, failed: (error: unknown) => void): () => void {
  let asking = false
  let more = false
  const run = async (): Promise<void> => {
    if (asking) {
      more = true
      return
    }
    asking = true
    do {
      more = false
      await ask().catch(failed)
    } while (more)
    asking = false
  }
  return () => void run()
}
