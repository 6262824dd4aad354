/** Rows of calls side by side: those of the first recording on the left, those of the second on the right. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Choice, ComparedRow } from '../comparison-protocol.ts'
import type { Row } from '../protocol.ts'
import { CallLine, marked } from './call-line.tsx'
import { kindTexts } from './diff-kinds.tsx'
import type { DiffStore } from './diff-store.ts'
import { isAbort, usePicked } from './page-state.ts'
import { showCount, showDuration, visible } from './shown-text.ts'
import { rowByKey, rowHeight, useLongRows } from './use-long-rows.ts'

export function DiffTable({ store }: { store: DiffStore }): JSX.Element {
  const [kinds, pair, filter, selected, { titles }] = usePicked(store, state => [
    state.kinds,
    state.pair,
    state.filter,
    state.row,
    state.overview,
  ])
  /** Where the chosen row stands among those that are shown. */
  const [place, setPlace] = useState<number | null>(null)
  const long = useLongRows<ComparedRow, Choice>(
    (choice, offset, limit, signal) => store.source.rows(choice, offset, limit, signal),
    { kinds, pair, filter },
  )
  const { rows, total, top, height, first, last, reveal } = long
  useEffect(() => store.set({ found: rows.fresh ? rows.total : null }), [rows.total, rows.fresh])

  useEffect(() => {
    if (selected === null) return setPlace(null)
    if (place !== null && rows.row(place)?.row === selected) return
    const controller = new AbortController()
    store.source.place({ kinds, pair, filter }, selected, controller.signal).then(
      ({ offset }) => {
        if (controller.signal.aborted) return
        setPlace(offset)
        if (offset !== null) reveal(offset)
      },
      (error: unknown) => {
        if (!isAbort(error)) setPlace(null)
      },
    )
    return () => controller.abort()
  }, [selected, kinds, pair, filter, rows.total === null])

  const choose = (index: number): void => {
    const wanted = Math.min(Math.max(0, index), total - 1)
    // Before the first answer nobody knows which row that is.
    if (wanted < 0 || !rows.fresh) return
    reveal(wanted)
    setPlace(wanted)
    const known = rows.row(wanted)
    if (known !== undefined) store.set({ row: known.row })
    else
      store.source.rows(store.choice, wanted, 1).then(
        answer => {
          if (answer.rows[0] !== undefined) store.set({ row: answer.rows[0].row })
        },
        () => {},
      )
  }
  const keys = (event: KeyboardEvent): void => {
    const wanted = rowByKey(event.key, place, long)
    if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    choose(wanted)
  }
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  const chosenShown = place !== null && place >= first && place < last && rows.row(place)?.row === selected
  return (
    <section class="table" aria-label="Calls side by side">
      <div
        class="grid"
        role="grid"
        ref={long.scroller}
        tabIndex={0}
        aria-rowcount={total + 1}
        aria-label={`Calls side by side, ${showCount(total)} rows`}
        {...(chosenShown ? { 'aria-activedescendant': `row-${place}` } : {})}
        onKeyDown={keys}
      >
        <div class="grid-head" role="row" aria-rowindex={1}>
          <Head name="sign" title="" />
          <Head name="comm" title="Command" />
          <Head name="side" title={titles[0]} />
          <Head name="duration" title="Took" />
          <Head name="side" title={titles[1]} />
          <Head name="duration" title="Took" />
        </div>
        <div class="grid-rows" role="presentation" style={{ height: `${Math.max(0, height)}px` }}>
          {indices.map(index => {
            const row = rows.row(index)
            return (
              <DiffRow
                key={index}
                index={index}
                row={row}
                top={index * rowHeight - top}
                search={filter.text}
                chosen={row !== undefined && row.row === selected}
                onChoose={() => choose(index)}
              />
            )
          })}
          {rows.total === 0 && (
            <div class="empty">
              {rows.error !== null
                ? visible(rows.error)
                : filter.text === '' && filter.conditions.length === 0 && kinds.length > 4
                  ? 'No differences here.'
                  : 'No row is like that.'}
            </div>
          )}
        </div>
        <div class="grid-spacer" style={{ height: `${long.extent.bar}px` }} />
      </div>
    </section>
  )
}

const Head = ({ name, title }: { name: string; title: string }): JSX.Element => (
  <div class={`cell ${name}`} role="columnheader" title={visible(title)}>
    {visible(title)}
  </div>
)

function DiffRow({
  index,
  row,
  top,
  search,
  chosen,
  onChoose,
}: {
  index: number
  row: ComparedRow | undefined
  top: number
  search: string
  chosen: boolean
  onChoose: () => void
}): JSX.Element {
  return (
    <div
      id={`row-${index}`}
      class={`row compared-row${chosen ? ' chosen' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
      onKeyDown={() => {}}
    >
      {row === undefined ? (
        <span class="awaited" />
      ) : (
        <>
          <div class={`cell sign row-${row.kind}`} role="gridcell" title={kindTexts[row.kind].what}>
            {row.kind === 'same' ? '' : kindTexts[row.kind].sign}
          </div>
          <div class="cell comm" role="gridcell">
            {marked((row.before ?? row.after)?.comm ?? '', search)}
          </div>
          <Side row={row.before} search={search} kind={row.kind} />
          <Side row={row.after} search={search} kind={row.kind} />
        </>
      )}
    </div>
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
