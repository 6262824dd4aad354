/** What every long table is drawn as: a head that stays, the rows in sight, and as much to scroll as there are rows. */
import type { ComponentChildren, JSX } from 'preact'
import { showCount, visible } from './shown-text.ts'
import { type LongRows, rowHeight } from './use-long-rows.ts'

/** A row's place, and the pixels from the first one in sight to it. */
export interface RowPlace {
  readonly index: number
  readonly top: number
}

interface LongGridProps<R, O> {
  readonly long: LongRows<R, O>
  readonly label: string
  readonly head: ComponentChildren
  /** The chosen row, while it is in sight. */
  readonly chosen: number | null
  readonly draw: (row: R | undefined, place: RowPlace) => JSX.Element
  /** What is said where there is no row. */
  readonly empty: string
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function LongGrid<R, O>(props: LongGridProps<R, O>): JSX.Element {
  const { long, label, head, chosen, draw, empty, onKeyDown } = props
  const { rows, total, top, height, first, last } = long
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
  return (
    <section class="table" aria-label={label}>
      <div
        class="grid"
        role="grid"
        ref={long.scroller}
        tabIndex={0}
        aria-rowcount={total + 1}
        aria-label={`${label}, ${showCount(total)} rows`}
        {...(chosen !== null && chosen >= first && chosen < last
          ? { 'aria-activedescendant': rowId(chosen) }
          : {})}
        onKeyDown={onKeyDown}
      >
        <div class="grid-head" role="row" aria-rowindex={1}>
          {head}
        </div>
        <div class="grid-rows" role="presentation" style={{ height: `${Math.max(0, height)}px` }}>
          {indices.map(index => draw(rows.row(index), { index, top: index * rowHeight - top }))}
          {rows.total === 0 && <div class="empty">{rows.error === null ? empty : visible(rows.error)}</div>}
        </div>
        <div class="grid-spacer" style={{ height: `${long.extent.bar}px` }} />
      </div>
    </section>
  )
}

const rowId = (index: number): string => `row-${index}`

interface GridRowProps {
  readonly place: RowPlace
  readonly class: string
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly children: ComponentChildren
}

export function LongGridRow({
  place: { index, top },
  class: classes,
  chosen,
  onChoose,
  children,
}: GridRowProps): JSX.Element {
  return (
    <div
      id={rowId(index)}
      class={`row ${classes}${chosen ? ' chosen' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
      onKeyDown={() => {}}
    >
      {children}
    </div>
  )
}
