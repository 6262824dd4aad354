/** All calls as a table: only the rows in sight exist, whatever their number. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Column, Filter, Row } from '../protocol.ts'
import type { FilterColumn } from './conditions.ts'
import { isAbort, usePicked } from './page-state.ts'
import { showCount, visible } from './shown-text.ts'
import type { Store } from './store.ts'
import { GridRow, shownColumns } from './table-row.tsx'
import { rowByKey, rowHeight, useLongRows } from './use-long-rows.ts'

interface Order {
  readonly filter: Filter
  readonly sort: Column
  readonly descending: boolean
}

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
  /** Where the chosen call stands, as far as that is known. */
  const [place, setPlace] = useState<number | null>(null)
  // While a program runs, the table goes to its last calls, as far as they are here.
  const ran = useRef(false)
  ran.current ||= running
  const long = useLongRows<Row, Order>(
    (order, offset, limit, signal) =>
      store.source.rows(order.filter, order.sort, order.descending, offset, limit, signal),
    { filter, sort, descending },
    {
      follows: ran.current && following && sort === 'time' && !descending && selected === null,
      onHand: atEnd => {
        if (store.state.following !== atEnd) store.set({ following: atEnd })
      },
    },
  )
  const { rows, total, top, height, first, last, reveal } = long
  useEffect(() => rows.refresh(), [overview])
  useEffect(() => store.set({ found: rows.fresh ? rows.total : null }), [rows.total, rows.fresh])

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

  const choose = (index: number): void => {
    const wanted = Math.min(Math.max(0, index), total - 1)
    // Before the first answer nobody knows which row that is.
    if (wanted < 0 || !rows.fresh) return
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

  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const wanted = rowByKey(event.key, place, long)
    const row = place === null ? undefined : rows.row(place)
    if (wanted !== undefined) choose(wanted)
    else if (event.key === 'Enter') {
      if (row === undefined) choose(first)
      else store.zoomTo(row)
    } else if (event.key === '=') {
      if (row !== undefined) store.toggle({ column: 'name', is: 'equal', value: row.name })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const indices = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  const chosenShown = place !== null && place >= first && place < last && rows.row(place)?.id === selected
  return (
    <section class="table" aria-label="Calls">
      <div
        class="grid"
        role="grid"
        ref={long.scroller}
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
        <div class="grid-spacer" style={{ height: `${long.extent.bar}px` }} />
      </div>
    </section>
  )
}
