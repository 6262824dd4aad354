/** Rows of calls side by side: those of the first recording on the left, those of the second on the right. */
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { type Choice, type ComparedRow, rowKinds } from '../comparison-protocol.ts'
import { isEverything, type Row } from '../protocol.ts'
import { CallLine, marked } from './call-line.tsx'
import { kindTexts } from './diff-kinds.tsx'
import type { DiffStore } from './diff-store.ts'
import { LongGrid, LongGridRow } from './long-grid.tsx'
import { usePicked } from './page-state.ts'
import { showDuration, visible } from './shown-text.ts'
import { useChosenRow } from './use-chosen-row.ts'
import { takeRowKey, useLongRows } from './use-long-rows.ts'

export function DiffTable({ store }: { store: DiffStore }): JSX.Element {
  const [kinds, pair, filter, selected, { titles }] = usePicked(store, state => [
    state.kinds,
    state.pair,
    state.filter,
    state.row,
    state.overview,
  ])
  const long = useLongRows<ComparedRow, Choice>(
    (choice, offset, limit, signal) => store.source.rows(choice, offset, limit, signal),
    { kinds, pair, filter },
  )
  const { rows } = long
  useEffect(() => store.set({ found: rows.fresh ? rows.total : null }), [rows.total, rows.fresh])

  const { place, choose } = useChosenRow(long, selected, {
    idOf: ({ row }) => row,
    placeOf: async (row, signal) => (await store.source.place({ kinds, pair, filter }, row, signal)).offset,
    select: row => store.set({ row }),
  })
  return (
    <LongGrid
      long={long}
      label="Calls side by side"
      chosen={place !== null && rows.row(place)?.row === selected ? place : null}
      empty={
        isEverything(filter) && kinds.length >= rowKinds.length - 1
          ? 'No differences here.'
          : 'No row is like that.'
      }
      onKeyDown={event => void takeRowKey(event, place, long, choose)}
      head={
        <>
          <Head name="sign" title="" />
          <Head name="comm" title="Command" />
          <Head name="side" title={titles[0]} />
          <Head name="duration" title="Took" />
          <Head name="side" title={titles[1]} />
          <Head name="duration" title="Took" />
        </>
      }
      draw={(row, at) => (
        <LongGridRow
          key={at.index}
          place={at}
          class="compared-row"
          chosen={row !== undefined && row.row === selected}
          onChoose={() => choose(at.index)}
        >
          {row === undefined ? <span class="awaited" /> : <DiffCells row={row} search={filter.text} />}
        </LongGridRow>
      )}
    />
  )
}

const Head = ({ name, title }: { name: string; title: string }): JSX.Element => (
  <div class={`cell ${name}`} role="columnheader" title={visible(title)}>
    {visible(title)}
  </div>
)

function DiffCells({
  row: { kind, before, after },
  search,
}: {
  row: ComparedRow
  search: string
}): JSX.Element {
  return (
    <>
      <div class={`cell sign row-${kind}`} role="gridcell" title={kindTexts[kind].what}>
        {kind === 'same' ? '' : kindTexts[kind].sign}
      </div>
      <div class="cell comm" role="gridcell">
        {marked((before ?? after)?.comm ?? '', search)}
      </div>
      <Side row={before} search={search} kind={kind} />
      <Side row={after} search={search} kind={kind} />
    </>
  )
}

function Side({
  row,
  search,
  kind,
}: {
  row: Row | null
  search: string
  kind: ComparedRow['kind']
}): JSX.Element {
  if (row === null) return <div class="cell absent" role="gridcell" aria-colspan={2} />
  return (
    <>
      <div class={`cell side of-${kind}`} role="gridcell">
        <CallLine line={row.line} search={search} />
      </div>
      <div class={`cell duration of-${kind}`} role="gridcell">
        {row.duration === null ? '\u2026' : showDuration(row.duration)}
      </div>
    </>
  )
}
