/** What is looked for: a field for words and conditions, a chip for each condition, and the kinds of calls as a legend that filters. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type CallKind, type Condition, callKinds, isEverything } from '../protocol.ts'
import {
  type Comparison,
  comparisonsOf,
  type FilterColumn,
  filterColumns,
  formatCondition,
  hasCondition,
  isNumeric,
  parseNumber,
  parseSearch,
  withCondition,
  without,
} from './conditions.ts'
import { showCount, showDuration, showTime, visible } from './shown-text.ts'
import { type Store, usePicked } from './store.ts'

export function SearchField({ store }: { store: Store }): JSX.Element {
  const [filter] = usePicked(store, state => [state.filter])
  const [typed, setTyped] = useState(filter.text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (document.activeElement !== input.current || filter.text === '') setTyped(filter.text)
  }, [filter.text])
  const search = (text: string): void => {
    if (text !== store.state.filter.text) store.filter({ ...store.state.filter, text })
  }
  return (
    <label class="search">
      <span class="search-sign" aria-hidden="true">
        /
      </span>
      <input
        ref={input}
        id="search"
        type="text"
        spellcheck={false}
        autocomplete="off"
        value={typed}
        placeholder="text, or conditions: errno=ENOENT duration>5ms path~/etc"
        aria-label="Search calls, or filter them by conditions"
        onInput={event => {
          const text = event.currentTarget.value
          setTyped(text)
          clearTimeout(timer.current)
          // What looks like a condition waits until it is finished.
          if (parseSearch(text).conditions.length === 0 && !/^[a-z]+(?:!=|[=~<>])$/.test(text))
            timer.current = setTimeout(() => search(text.trim()), 180)
        }}
        onKeyDown={event => {
          event.stopPropagation()
          if (event.key === 'Escape') {
            event.preventDefault()
            if (typed === '') event.currentTarget.blur()
            setTyped('')
            clearTimeout(timer.current)
            search('')
          } else if (event.key === 'Enter') {
            clearTimeout(timer.current)
            const { conditions, text } = parseSearch(typed)
            let filter = { ...store.state.filter, text }
            for (const condition of conditions) filter = withCondition(filter, condition)
            setTyped(text)
            store.filter(filter)
          } else if (event.key === 'ArrowDown') {
            event.preventDefault()
            document.querySelector<HTMLElement>('.grid')?.focus()
          }
        }}
      />
    </label>
  )
}

const words: Readonly<Record<Comparison, string>> = {
  equal: 'is',
  different: 'is not',
  contains: 'contains',
  above: 'at least',
  below: 'at most',
}

/** A condition in words. */
export function describe({ column, is, value }: Condition): string {
  const shown =
    typeof value === 'number' && column === 'duration'
      ? showDuration(value)
      : typeof value === 'number' && column === 'time'
        ? `${showTime(value)} s`
        : String(value)
  return `${column} ${words[is]} ${shown}`
}

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
      <div class="chips" role="list" aria-label="Conditions">
        {filter.conditions
          .filter(({ column }) => column !== 'kind')
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

/** Asks for a condition on a column. */
function ConditionForm({
  store,
  first,
  onEnd,
}: {
  store: Store
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
