/** All calls as a table: only the rows in sight exist, whatever their number. */
import type { JSX } from 'preact'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import type { FilterColumn } from './conditions.ts'
import { extentOf, LongScroll } from './long-scroll.ts'
import { RowPages } from './row-pages.ts'
import { showCount, visible } from './shown-text.ts'
import { isAbort, type Store, usePicked } from './store.ts'
import { GridRow, shownColumns } from './table-row.tsx'

export const rowHeight = 20

export function Table({
  store,
  onFilter,
}: {
  store: Store
  onFilter: (column: FilterColumn) => void
}): JSX.Element {
  const [filter, sort, descending, selected, overview, following, running] = usePicked(store, state => [
    state.filter,
    state.sort,
    state.descending,
    state.selected,
    state.overview,
    state.following,
    !state.progress.complete && state.progress.read === null,
  ])
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const scroller = useRef<HTMLDivElement>(null)
  const scroll = useRef<LongScroll | null>(null)
  const [height, setHeight] = useState(0)
  /** Where the chosen call stands, as far as that is known. */
  const [place, setPlace] = useState<number | null>(null)
  const pages = useRef<RowPages | null>(null)
  pages.current ??= new RowPages(store.source, { filter, sort, descending }, () => draw(undefined))
  const rows = pages.current

  useEffect(() => {
    const abort = new AbortController()
    const element = scroller.current!
    const moves = new LongScroll(
      element,
      () => draw(undefined),
      () => {
        if (store.state.following !== moves.atEnd) store.set({ following: moves.atEnd })
      },
      abort.signal,
    )
    scroll.current = moves
    const sizes = new ResizeObserver(() => setHeight(element.clientHeight - rowHeight))
    sizes.observe(element)
    return () => {
      abort.abort()
      sizes.disconnect()
      rows.stop()
    }
  }, [])

  const { order } = rows
  if (order.filter !== filter || order.sort !== sort || order.descending !== descending) {
    rows.reorder({ filter, sort, descending })
    if (scroll.current !== null) scroll.current.top = 0
  }
  useEffect(() => {
    scroll.current?.to(0)
  }, [filter, sort, descending])
  useEffect(() => rows.refresh(), [overview])

  const total = rows.total ?? 0
  useEffect(() => store.set({ found: rows.fresh ? rows.total : null }), [rows.total, rows.fresh])
  const extent = extentOf(total * rowHeight, height)
  // While a program runs, the table goes to its last calls, as far as they are here.
  const ran = useRef(false)
  ran.current ||= running
  const follows = ran.current && following && sort === 'time' && !descending && selected === null
  useEffect(() => {
    const stays = scroll.current!
    stays.resize(extent)
    if (follows) stays.to(rows.end * rowHeight - height)
  }, [extent.real, follows, rows.end])

  // Another call was chosen, or rows are others: where does it stand now?
  useEffect(() => {
    if (selected === null) {
      setPlace(null)
      return
    }
    if (place !== null && rows.row(place)?.id === selected) return
    const controller = new AbortController()
    store.source
      .place(filter, sort, descending, selected, controller.signal)
      .then(({ offset }) => {
        if (controller.signal.aborted) return
        setPlace(offset)
        if (offset !== null) reveal(offset)
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) setPlace(null)
      })
    return () => controller.abort()
  }, [selected, filter, sort, descending, rows.total === null])

  const reveal = (index: number): void => {
    const moves = scroll.current!
    const top = index * rowHeight
    const [above, below] = [moves.top - top, top + rowHeight - moves.top - height]
    if (above <= 0 && below <= 0) return
    // A step beyond the edge moves by a step; a jump puts it into the middle.
    const near = 3 * rowHeight
    if (above > 0 && above <= near) moves.to(top)
    else if (below > 0 && below <= near) moves.to(top + rowHeight - height)
    else moves.to(top - (height - rowHeight) / 2)
  }
  const choose = (index: number): void => {
    const wanted = Math.min(Math.max(0, index), total - 1)
    if (wanted < 0) return
    reveal(wanted)
    const known = rows.row(wanted)
    setPlace(wanted)
    if (known !== undefined) store.select(known.id)
    else
      store.source
        .rows(filter, sort, descending, wanted, 1)
        .then(answer => {
          if (answer.rows[0] !== undefined) store.select(answer.rows[0].id)
        })
        .catch(() => {})
  }

  const top = scroll.current?.top ?? 0
  const first = Math.max(0, Math.floor(top / rowHeight))
  const last = Math.min(total, Math.ceil((top + height) / rowHeight) + 1)
  useEffect(() => rows.want(first, last, follows), [first, last, follows, total, filter, sort, descending])

  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = place ?? first - 1
    const page = Math.max(1, Math.floor(height / rowHeight) - 1)
    const moves: Record<string, () => void> = {
      ArrowDown: () => choose(at + 1),
      ArrowUp: () => choose(at - 1),
      PageDown: () => choose(at + page),
      PageUp: () => choose(at - page),
      Home: () => choose(0),
      End: () => choose(total - 1),
      Enter: () => {
        const row = place === null ? undefined : rows.row(place)
        if (row === undefined) return choose(first)
        store.zoomTo(row)
      },
      '=': () => {
        const row = place === null ? undefined : rows.row(place)
        if (row !== undefined) store.toggle({ column: 'name', is: 'equal', value: row.name })
      },
    }
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }

  const indices = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  const chosenShown = place !== null && place >= first && place < last && rows.row(place)?.id === selected
  return (
    <section class="table" aria-label="Calls">
      <div
        class="grid"
        role="grid"
        ref={scroller}
        tabIndex={0}
        aria-rowcount={total + 1}
        aria-colcount={shownColumns.length}
        aria-label={`Calls, ${showCount(total)} rows`}
        {...(chosenShown ? { 'aria-activedescendant': `row-${place}` } : {})}
        onKeyDown={keys}
      >
        <div class="grid-head" role="row" aria-rowindex={1}>
          {shownColumns.map(({ column, title, what }) => (
            <div
              key={column}
              class={`cell ${column}`}
              role="columnheader"
              aria-sort={sort === column ? (descending ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                class="sort"
                title={`${title}: ${what}. Sort by it`}
                onClick={() => store.sort(column)}
              >
                {title}
                <span class="arrow">{sort === column ? (descending ? '\u2193' : '\u2191') : ''}</span>
              </button>
              <button
                type="button"
                class={`funnel${filter.conditions.some(c => c.column === column) ? ' on' : ''}`}
                title={`Filter by ${title.toLowerCase()}`}
                aria-label={`Filter by ${title.toLowerCase()}`}
                onClick={() => onFilter(column)}
              >
                {'\u2261'}
              </button>
            </div>
          ))}
        </div>
        <div class="grid-rows" role="presentation" style={{ height: `${Math.max(0, height)}px` }}>
          {indices.map(index => {
            const row = rows.row(index)
            return (
              <GridRow
                key={index}
                index={index}
                row={row}
                top={index * rowHeight - top}
                search={filter.text}
                chosen={row !== undefined && row.id === selected}
                onChoose={() => choose(index)}
                onOnly={(column, value) => store.toggle({ column, is: 'equal', value })}
              />
            )
          })}
          {rows.total === 0 && (
            <div class="empty">
              {rows.error !== null
                ? visible(rows.error)
                : overview.calls === 0
                  ? 'No calls yet.'
                  : 'No call is like that.'}
            </div>
          )}
        </div>
        <div class="grid-spacer" style={{ height: `${extent.bar}px` }} />
      </div>
    </section>
  )
}
