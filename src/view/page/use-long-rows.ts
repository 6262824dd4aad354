/** Tables of any length: only the rows in sight exist, and are asked for; those around them scroll as if they were there. */
import type { RefObject } from 'preact'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { type Extent, extentOf, LongScroll } from './long-scroll.ts'
import { type AskRows, RowPages } from './row-pages.ts'

export const rowHeight = 20

export interface LongRows<R, O> {
  readonly rows: RowPages<R, O>
  /** Rows in all, as far as that is known. */
  readonly total: number
  /** The element that scrolls: a head of one row, then rows, then a spacer as long as `extent.bar`. */
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly extent: Extent
  /** Pixels of rows above what is seen, and of what is seen. */
  readonly top: number
  readonly height: number
  /** Rows in sight, the last one not among them. */
  readonly first: number
  readonly last: number
  /** Scrolls as far as it takes to see a row. */
  reveal(index: number): void
}

interface Following {
  /** The end is kept in sight. */
  readonly follows: boolean
  /** The user has scrolled, to the end or elsewhere. */
  readonly onHand: (atEnd: boolean) => void
}
const followsNothing: Following = { follows: false, onHand: () => {} }

/** @param order what decides which rows there are; its values are compared one by one */
export function useLongRows<R, O extends object>(
  ask: AskRows<R, O>,
  order: O,
  { follows, onHand }: Following = followsNothing,
): LongRows<R, O> {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const scroller = useRef<HTMLDivElement>(null)
  const scroll = useRef<LongScroll | null>(null)
  const [height, setHeight] = useState(0)
  const pages = useRef<RowPages<R, O> | null>(null)
  pages.current ??= new RowPages(ask, order, () => draw(undefined))
  const rows = pages.current

  useEffect(() => {
    const abort = new AbortController()
    const element = scroller.current!
    const moves = new LongScroll(
      element,
      () => draw(undefined),
      () => onHand(moves.atEnd),
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

  const values = Object.values(order)
  const before = Object.values(rows.order)
  if (values.some((value, i) => !Object.is(value, before[i]))) {
    rows.reorder(order)
    if (scroll.current !== null) scroll.current.top = 0
  }
  useEffect(() => {
    scroll.current?.to(0)
  }, values)

  const total = rows.total ?? 0
  const extent = extentOf(total * rowHeight, height)
  useEffect(() => {
    const stays = scroll.current!
    stays.resize(extent)
    if (follows) stays.to(rows.end * rowHeight - height)
  }, [extent.real, follows, rows.end])

  const top = scroll.current?.top ?? 0
  const first = Math.max(0, Math.floor(top / rowHeight))
  const last = Math.min(total, Math.ceil((top + height) / rowHeight) + 1)
  useEffect(() => rows.want(first, last, follows), [first, last, follows, total, ...values])

  const reveal = (index: number): void => {
    const moves = scroll.current!
    const place = index * rowHeight
    const [above, below] = [moves.top - place, place + rowHeight - moves.top - height]
    if (above <= 0 && below <= 0) return
    // A step beyond the edge moves by a step; a jump puts it into the middle.
    const near = 3 * rowHeight
    if (above > 0 && above <= near) moves.to(place)
    else if (below > 0 && below <= near) moves.to(place + rowHeight - height)
    else moves.to(place - (height - rowHeight) / 2)
  }
  return { rows, total, scroller, extent, top, height, first, last, reveal }
}

/**
 * Takes a key that leads to another row than the chosen one, or from none to the first in sight; whether it was one. The row may lie
 * beyond the ends.
 */
export function takeRowKey(
  event: KeyboardEvent,
  chosen: number | null,
  { first, height, total }: Pick<LongRows<unknown, unknown>, 'first' | 'height' | 'total'>,
  choose: (index: number) => void,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const at = chosen ?? first - 1
  const page = Math.max(1, Math.floor(height / rowHeight) - 1)
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: total - 1,
  }
  const wanted = places[event.key]
  if (wanted === undefined) return false
  event.preventDefault()
  event.stopPropagation()
  choose(wanted)
  return true
}
