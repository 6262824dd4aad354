/** The chosen row of a long table: where it stands, and another one in its place. */
import { useEffect, useState } from 'preact/hooks'
import { isAbort } from './page-state.ts'
import type { LongRows } from './use-long-rows.ts'

export interface ChosenRow {
  /** Where it stands, as far as that is known. */
  readonly place: number | null
  /** Chooses the row at a place, or the one at the end that the place is beyond. */
  choose(index: number): void
}

interface Choosing<R> {
  /** What rows are chosen by. */
  readonly idOf: (row: R) => number
  /** Where a row stands by now; null where it is none of the rows. */
  readonly placeOf: (id: number, signal: AbortSignal) => Promise<number | null>
  readonly select: (id: number) => void
}

/** @param selected the row's id, null where none is chosen */
export function useChosenRow<R, O extends object>(
  { rows, total, reveal }: LongRows<R, O>,
  selected: number | null,
  { idOf, placeOf, select }: Choosing<R>,
): ChosenRow {
  const [place, setPlace] = useState<number | null>(null)
  // Another row was chosen, or rows are others: where does it stand now?
  useEffect(() => {
    if (selected === null) return setPlace(null)
    const there = place === null ? undefined : rows.row(place)
    if (there !== undefined && idOf(there) === selected) return
    const controller = new AbortController()
    placeOf(selected, controller.signal).then(
      found => {
        if (controller.signal.aborted) return
        setPlace(found)
        if (found !== null) reveal(found)
      },
      (error: unknown) => {
        if (!isAbort(error)) setPlace(null)
      },
    )
    return () => controller.abort()
  }, [selected, ...Object.values(rows.order), rows.total === null])

  const choose = (index: number): void => {
    const wanted = Math.min(Math.max(0, index), total - 1)
    // Before the first answer nobody knows which row that is.
    if (wanted < 0 || !rows.fresh) return
    reveal(wanted)
    setPlace(wanted)
    void rows.find(wanted).then(row => {
      if (row !== undefined) select(idOf(row))
    })
  }
  return { place, choose }
}
