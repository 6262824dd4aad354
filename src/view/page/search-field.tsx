/** A field for words and conditions. */
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { parseSearch, withCondition } from './conditions.ts'
import { type SharedPage, usePicked } from './page-state.ts'

export function SearchField({ store }: { store: SharedPage }): JSX.Element {
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
            // The rows of the table, whatever other lists there are.
            document.querySelector<HTMLElement>('.table .grid')?.focus()
          }
        }}
      />
    </label>
  )
}
