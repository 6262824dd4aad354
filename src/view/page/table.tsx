/** All calls as a table: only the rows in sight exist, whatever their number. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Column, Filter, Row } from '../protocol.ts'
import type { FilterColumn } from './conditions.ts'
import { LongGrid } from './long-grid.tsx'
import { usePicked } from './page-state.ts'
import type { Store } from './store.ts'
import { GridRow, shownColumns } from './table-row.tsx'
import { useChosenRow } from './use-chosen-row.ts'
import { takeRowKey, useLongRows } from './use-long-rows.ts'

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
  const { rows } = long
  useEffect(() => rows.refresh(), [overview])
  useEffect(() => store.set({ found: rows.fresh ? rows.total : null }), [rows.total, rows.fresh])

  const { place, choose } = useChosenRow(long, selected, {
    idOf: row => row.id,
    placeOf: async (id, signal) => (await store.source.place(filter, sort, descending, id, signal)).offset,
    select: id => store.select(id),
  })
  const chosen = place === null ? undefined : rows.row(place)
  const keys = (event: KeyboardEvent): void => {
    if (takeRowKey(event, place, long, choose) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter') {
      if (chosen === undefined) choose(long.first)
      else store.zoomTo(chosen)
    } else if (event.key === '=') {
      if (chosen !== undefined) store.toggle({ column: 'name', is: 'equal', value: chosen.name })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <LongGrid
      long={long}
      label="Calls"
      chosen={chosen?.id === selected ? place : null}
      empty={
        overview.calls > 0
          ? 'No call is like that.'
          : overview.complete
            ? 'There are no calls in it.'
            : 'No calls yet.'
      }
      onKeyDown={keys}
      head={shownColumns.map(({ column, title, what }) => (
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
      draw={(row, at) => (
        <GridRow
          key={at.index}
          place={at}
          row={row}
          search={filter.text}
          chosen={row !== undefined && row.id === selected}
          onChoose={() => choose(at.index)}
          onOnly={(column, value) => store.toggle({ column, is: 'equal', value })}
        />
      )}
    />
  )
}
