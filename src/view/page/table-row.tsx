/** A row of the table, and the columns that it has. */
import type { JSX } from 'preact'
import type { Column, Row } from '../protocol.ts'
import { CallLine, marked } from './call-line.tsx'
import { LongGridRow, type RowPlace } from './long-grid.tsx'
import { showDuration, showTime } from './shown-text.ts'

interface Shown {
  readonly column: Column
  readonly title: string
  readonly what: string
  readonly cell: (row: Row, search: string) => JSX.Element | string | (string | JSX.Element)[]
  readonly value: (row: Row) => string | number
}
export const shownColumns: readonly Shown[] = [
  {
    column: 'time',
    title: 'Time',
    what: 'seconds since the recording began',
    cell: row => showTime(row.time),
    value: row => row.time,
  },
  { column: 'tid', title: 'Thread', what: 'thread id', cell: row => String(row.tid), value: row => row.tid },
  {
    column: 'comm',
    title: 'Command',
    what: "the thread's name",
    cell: (row, search) => marked(row.comm, search),
    value: row => row.comm,
  },
  {
    column: 'duration',
    title: 'Took',
    what: 'from enter to exit',
    cell: row => (row.duration === null ? '\u2026' : showDuration(row.duration)),
    value: row => row.duration ?? 0,
  },
  {
    column: 'name',
    title: 'Call',
    what: 'as strace has it',
    cell: (row, search) => <CallLine line={row.line} search={search} />,
    value: row => row.name,
  },
]

interface GridRowProps {
  readonly place: RowPlace
  readonly row: Row | undefined
  readonly search: string
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly onOnly: (column: Column, value: string | number) => void
}

export function GridRow({ place, row, search, chosen, onChoose, onOnly }: GridRowProps): JSX.Element {
  return (
    <LongGridRow place={place} class="call-row" chosen={chosen} onChoose={onChoose}>
      {shownColumns.map(({ column, cell, value }) => (
        <div
          key={column}
          class={`cell ${column}`}
          role="gridcell"
          onDblClick={() => {
            if (row !== undefined && column !== 'time' && column !== 'duration') onOnly(column, value(row))
          }}
        >
          {row === undefined ? <span class="awaited" /> : cell(row, search)}
        </div>
      ))}
    </LongGridRow>
  )
}
