/** A chip for each condition, and the form that asks for one. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Condition, callKinds, isEverything } from '../protocol.ts'
import {
  type Comparison,
  comparisonsOf,
  type FilterColumn,
  filterColumns,
  formatCondition,
  isNumeric,
  parseNumber,
  withCondition,
  without,
} from './conditions.ts'
import { type SharedPage, usePicked } from './page-state.ts'
import { showDuration, showTime, visible } from './shown-text.ts'

const words: Readonly<Record<Comparison, string>> = {
  equal: 'is',
  different: 'is not',
  contains: 'contains',
  above: 'at least',
  below: 'at most',
}

/** A condition in words. */
function describe({ column, is, value }: Condition): string {
  const shown =
    typeof value === 'number' && column === 'duration'
      ? showDuration(value)
      : typeof value === 'number' && column === 'time'
        ? `${showTime(value)} s`
        : String(value)
  return `${column} ${words[is]} ${shown}`
}

/** `except`: a column whose conditions are shown elsewhere. */
export function Conditions({
  store,
  asked,
  onAsk,
  except,
}: {
  store: SharedPage
  asked: FilterColumn | null
  onAsk: (column: FilterColumn | null) => void
  except?: FilterColumn
}): JSX.Element {
  const [filter] = usePicked(store, state => [state.filter])
  return (
    <div class="chips" role="list" aria-label="Conditions">
      {filter.conditions
        .filter(({ column }) => column !== except)
        .map(condition => (
          <span key={formatCondition(condition)} class="chip" role="listitem">
            {visible(describe(condition))}
            <button
              type="button"
              aria-label={`Take away: ${visible(describe(condition))}`}
              onClick={() => store.filter(without(filter, condition))}
            >
              {'\u00d7'}
            </button>
          </span>
        ))}
      <button
        type="button"
        class="quiet"
        aria-expanded={asked !== null}
        onClick={() => onAsk(asked === null ? 'name' : null)}
      >
        + condition
      </button>
      {!isEverything(filter) && (
        <button type="button" class="quiet" onClick={() => store.clearFilter()}>
          show all
        </button>
      )}
      {asked !== null && <ConditionForm store={store} first={asked} onEnd={() => onAsk(null)} />}
    </div>
  )
}

/** Asks for a condition on a column. */
function ConditionForm({
  store,
  first,
  onEnd,
}: {
  store: SharedPage
  first: FilterColumn
  onEnd: () => void
}): JSX.Element {
  const [column, setColumn] = useState(first)
  const [is, setIs] = useState<Comparison>(comparisonsOf(first)[0]!)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    setColumn(first)
    setIs(comparisonsOf(first)[0]!)
    input.current?.focus()
  }, [first])
  const apply = (): void => {
    const value = isNumeric(column) ? parseNumber(column, text) : text
    if (value === undefined || value === '') {
      setWrong(isNumeric(column) ? 'A number is wanted, as 12, 5ms or 2.5s.' : 'What should it be?')
      return
    }
    store.filter(withCondition(store.state.filter, { column, is, value }))
    onEnd()
  }
  return (
    <form
      class="condition-form"
      aria-label="Condition"
      onSubmit={event => {
        event.preventDefault()
        apply()
      }}
      onKeyDown={event => {
        event.stopPropagation()
        if (event.key === 'Escape') onEnd()
      }}
    >
      <select
        aria-label="Column"
        value={column}
        onChange={event => {
          const chosen = event.currentTarget.value as FilterColumn
          setColumn(chosen)
          setIs(comparisonsOf(chosen)[0]!)
        }}
      >
        {filterColumns.map(name => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Comparison"
        value={is}
        onChange={event => setIs(event.currentTarget.value as Comparison)}
      >
        {comparisonsOf(column).map(comparison => (
          <option key={comparison} value={comparison}>
            {words[comparison]}
          </option>
        ))}
      </select>
      {column === 'kind' ? (
        <select aria-label="Value" value={text} onChange={event => setText(event.currentTarget.value)}>
          <option value="">…</option>
          {callKinds.map(kind => (
            <option key={kind} value={kind}>
              {kind}
            </option>
          ))}
        </select>
      ) : (
        <input
          ref={input}
          type="text"
          spellcheck={false}
          aria-label="Value"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
      )}
      <button type="submit" class="primary">
        Filter
      </button>
      <button type="button" class="quiet" aria-label="Close" onClick={onEnd}>
        {'\u00d7'}
      </button>
      {wrong !== '' && <span class="wrong">{wrong}</span>}
    </form>
  )
}
