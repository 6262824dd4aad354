/** All that is known of the chosen call. */
import type { JSX } from 'preact'
import type { CallDetails, Condition, Row } from '../protocol.ts'
import { CallContent, CallFacts, CallHead } from './call-content.tsx'
import { hasCondition } from './conditions.ts'
import { usePicked } from './page-state.ts'
import { visible } from './shown-text.ts'
import type { Store } from './store.ts'
import type { SelectedCall } from './use-selected.ts'

export function CallPanel({ store, selected }: { store: Store; selected: SelectedCall }): JSX.Element {
  const { details, error } = selected
  if (error !== null) return <p class="empty failed">{visible(error)}</p>
  if (details === null)
    return (
      <p class="empty">{selected.id === null ? 'Choose a call in the table or the timeline.' : '\u2026'}</p>
    )
  return <Details key={details.row.id} store={store} details={details} />
}

function Details({ store, details }: { store: Store; details: CallDetails }): JSX.Element {
  const [{ began }] = usePicked(store, state => [state.overview])
  return (
    <div class="details">
      <CallHead details={details} />
      <CallFacts row={details.row} began={began} />
      <Actions store={store} row={details.row} />
      <CallContent details={details} />
    </div>
  )
}

function Actions({ store, row }: { store: Store; row: Row }): JSX.Element {
  const [filter] = usePicked(store, state => [state.filter])
  const only = (title: string, condition: Condition): JSX.Element => (
    <button
      type="button"
      class={`quiet${hasCondition(filter, condition) ? ' on' : ''}`}
      aria-pressed={hasCondition(filter, condition)}
      onClick={() => store.toggle(condition)}
    >
      {title}
    </button>
  )
  return (
    <div class="actions" role="toolbar" aria-label="What to do with this call">
      <button type="button" class="quiet" onClick={() => store.zoomTo(row)}>
        zoom to it
      </button>
      <span class="faint">only</span>
      {only(visible(row.name), { column: 'name', is: 'equal', value: row.name })}
      {only('this thread', { column: 'tid', is: 'equal', value: row.tid })}
      {row.path !== null && only('this path', { column: 'path', is: 'equal', value: row.path })}
      {row.errno !== null && only(visible(row.errno), { column: 'errno', is: 'equal', value: row.errno })}
    </div>
  )
}
