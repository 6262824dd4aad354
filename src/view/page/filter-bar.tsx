/** The kinds of calls as a legend that filters, the conditions, and how many calls they leave. */
import type { JSX } from 'preact'
import { type CallKind, type Condition, callKinds, isEverything } from '../protocol.ts'
import { type FilterColumn, hasCondition } from './conditions.ts'
import { Conditions } from './conditions-bar.tsx'
import { usePicked } from './page-state.ts'
import { showCount } from './shown-text.ts'
import type { Store } from './store.ts'

export function FilterBar({
  store,
  asked,
  onAsk,
}: {
  store: Store
  asked: FilterColumn | null
  onAsk: (column: FilterColumn | null) => void
}): JSX.Element {
  const [filter, found, all] = usePicked(store, state => [state.filter, state.found, state.overview.calls])
  return (
    <div class="filter-bar">
      <Legend store={store} />
      <Conditions store={store} asked={asked} onAsk={onAsk} except="kind" />
      {!isEverything(filter) && found !== null && (
        <span class="found" role="status">
          <b>{showCount(found)}</b> of {showCount(all)}
        </span>
      )}
    </div>
  )
}

function Legend({ store }: { store: Store }): JSX.Element {
  const { filter } = store.state
  const only = (kind: CallKind): Condition => ({ column: 'kind', is: 'equal', value: kind })
  const not = (kind: CallKind): Condition => ({ column: 'kind', is: 'different', value: kind })
  const chosen = callKinds.find(kind => hasCondition(filter, only(kind)))
  return (
    <div class="legend" role="group" aria-label="Kinds of calls">
      {callKinds.map(kind => {
        const off = hasCondition(filter, not(kind)) || (chosen !== undefined && chosen !== kind)
        return (
          <button
            key={kind}
            type="button"
            class={off ? 'off' : ''}
            aria-pressed={chosen === kind}
            title={`Only ${kind}; with shift: all but ${kind}`}
            onClick={event => store.toggle(event.shiftKey ? not(kind) : only(kind))}
          >
            <i class={`swatch kind-${kind}`} />
            {kind}
          </button>
        )
      })}
      <button
        type="button"
        class={hasCondition(filter, failedOnly) ? 'chosen' : ''}
        aria-pressed={hasCondition(filter, failedOnly)}
        title="Only calls that failed"
        onClick={() => store.toggle(failedOnly)}
      >
        <i class="swatch failed-mark" />
        failed
      </button>
    </div>
  )
}

const failedOnly: Condition = { column: 'outcome', is: 'equal', value: 'failed' }
