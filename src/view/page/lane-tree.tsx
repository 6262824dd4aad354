/** The tree of processes and threads that stands before the lanes: one row a lane, only those in sight. */
import type { JSX } from 'preact'
import type { LaneRow } from './lane-rows.ts'
import { row as rowSize } from './paint-lanes.ts'
import { shortCount, showDuration, visible } from './shown-text.ts'
import type { Store } from './store.ts'

interface Props {
  readonly store: Store
  readonly rows: readonly LaneRow[]
  readonly first: number
  readonly last: number
  readonly scroll: number
  readonly chosen: string | null
  readonly hovered: string | null
  /** Chooses a row, and brings it into sight. */
  readonly choose: (index: number) => void
}

export function LaneTree({ store, rows, first, last, scroll, chosen, hovered, choose }: Props): JSX.Element {
  const at = rows.findIndex(({ key }) => key === chosen)
  const keys = (event: KeyboardEvent): void => {
    const current = rows[at]
    const done = ((): boolean => {
      switch (event.key) {
        case 'ArrowDown':
          choose(at + 1)
          return true
        case 'ArrowUp':
          choose(at < 0 ? 0 : at - 1)
          return true
        case 'Home':
          choose(0)
          return true
        case 'End':
          choose(rows.length - 1)
          return true
        case 'ArrowRight':
          if (current?.expandable && !current.expanded) store.fold(current.pid)
          else choose(at + 1)
          return true
        case 'ArrowLeft': {
          if (current === undefined) return true
          if (current.expanded) store.fold(current.pid)
          else choose(rows.slice(0, at).findLastIndex(({ depth }) => depth < current.depth))
          return true
        }
        case ' ':
          if (current?.expandable) store.fold(current.pid)
          return true
        case 'Enter':
          if (current !== undefined) only(current)
          return true
        default:
          return false
      }
    })()
    if (!done) return
    event.preventDefault()
    event.stopPropagation()
  }
  const only = ({ process, pid, lane }: LaneRow): void =>
    store.toggle(
      process === null && lane !== null
        ? { column: 'tid', is: 'equal', value: lane.tid }
        : { column: 'pid', is: 'equal', value: pid },
    )
  return (
    <div
      class="tree"
      role="tree"
      tabIndex={0}
      aria-label="Processes and threads"
      {...(chosen === null ? {} : { 'aria-activedescendant': `lane-${chosen}` })}
      onKeyDown={keys}
    >
      {rows.slice(first, last).map((row, i) => (
        <TreeRow
          key={row.key}
          row={row}
          top={(first + i) * rowSize.height - scroll}
          chosen={row.key === chosen}
          hovered={row.key === hovered}
          onChoose={() => choose(first + i)}
          onFold={() => store.fold(row.pid)}
          onOnly={() => only(row)}
        />
      ))}
    </div>
  )
}

interface RowProps {
  readonly row: LaneRow
  readonly top: number
  readonly chosen: boolean
  readonly hovered: boolean
  readonly onChoose: () => void
  readonly onFold: () => void
  readonly onOnly: () => void
}

function TreeRow({ row, top, chosen, hovered, onChoose, onFold, onOnly }: RowProps): JSX.Element {
  const { key, depth, pid, lane, process, comm, expandable, expanded, position, siblings } = row
  const number = process === null ? (lane?.tid ?? pid) : pid
  return (
    <div
      id={`lane-${key}`}
      class={`tree-row${chosen ? ' chosen' : ''}${hovered ? ' hovered' : ''}${process === null ? ' thread' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={chosen}
      {...(expandable ? { 'aria-expanded': expanded } : {})}
      style={{ transform: `translateY(${top}px)`, paddingLeft: `${4 + Math.min(depth, 8) * 12}px` }}
      title={visible(describe(row))}
      onClick={onChoose}
      onDblClick={onOnly}
      onKeyDown={() => {}}
    >
      {expandable ? (
        <button
          type="button"
          class="fold"
          tabIndex={-1}
          aria-label={expanded ? 'Fold' : 'Unfold'}
          onClick={event => {
            event.stopPropagation()
            onFold()
          }}
        >
          {expanded ? '\u25be' : '\u25b8'}
        </button>
      ) : (
        <span class="fold" />
      )}
      <span class="comm">{visible(comm) || '?'}</span>
      <span class="number">{number}</span>
      <Ending row={row} />
      <span class="calls">{lane === null ? '' : shortCount(lane.calls)}</span>
    </div>
  )
}

/** How a process ended, where it was not well. */
function Ending({ row: { process } }: { row: LaneRow }): JSX.Element | null {
  if (process === null) return null
  if (process.signal !== null)
    return <span class="ending bad">{visible(process.signal.replace(/^SIG/, ''))}</span>
  if (process.code === null)
    return process.end === null ? <span class="ending alive" title="not seen to end" /> : null
  return <span class={`ending${process.code === 0 ? '' : ' bad'}`}>{process.code}</span>
}

function describe({ process, lane, comm, pid }: LaneRow): string {
  if (process === null) return `${comm}, thread ${lane?.tid ?? '?'} of ${pid}, ${lane?.calls ?? 0} calls`
  const { command, begin, end, code, signal } = process
  const lasted = end === null ? 'not seen to end' : `lived ${showDuration(end - begin)}`
  const ended = signal !== null ? `, killed by ${signal}` : code === null ? '' : `, exit status ${code}`
  return `${command === '' ? comm : command}\n${pid}: ${lasted}${ended}`
}
