/** The page of a comparison: a bar, the kinds of differences, the processes, rows of calls side by side, both calls in full. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { BarActions, useTheme } from './bar-actions.tsx'
import type { FilterColumn } from './conditions.ts'
import { Conditions } from './conditions-bar.tsx'
import { DiffDetails } from './diff-details.tsx'
import { diffKeyParts, takeDiffKeys } from './diff-keys.ts'
import { DiffKinds } from './diff-kinds.tsx'
import type { DiffStore } from './diff-store.ts'
import { DiffTable } from './diff-table.tsx'
import { Help } from './help.tsx'
import { Notice } from './notice.tsx'
import { usePicked } from './page-state.ts'
import { PairList } from './pair-list.tsx'
import { SearchField } from './search-field.tsx'
import { showCount, visible } from './shown-text.ts'
import { Splitter } from './splitter.tsx'

export function DiffApp({ store }: { store: DiffStore }): JSX.Element {
  const [help, overview] = usePicked(store, state => [state.help, state.overview])
  const [theme, turnTheme] = useTheme()
  const [asked, setAsked] = useState<FilterColumn | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    takeDiffKeys(store, turnTheme, abort.signal)
    return () => abort.abort()
  }, [store])
  return (
    <>
      <header class="bar">
        <DiffTitle store={store} />
        <SearchField store={store} />
        <BarActions store={store} theme={theme} onTheme={turnTheme} />
      </header>
      {overview.notes.length > 0 && (
        <p class="note" role="note">
          {overview.notes.map(visible).join(' ')}
        </p>
      )}
      <div class="filter-bar">
        <DiffKinds store={store} />
        <Conditions store={store} asked={asked} onAsk={setAsked} />
        <Found store={store} />
      </div>
      {overview.complete ? (
        <main class="parts">
          <div class="compared">
            <PairList store={store} />
            <Splitter property="--pairs-width" label="Width of the list of processes" vertical least={120} />
            <DiffTable store={store} />
          </div>
          <Splitter
            property="--details-height"
            label="Height of the details"
            vertical={false}
            least={80}
            reversed
          />
          <DiffDetails store={store} />
        </main>
      ) : (
        <p class="empty">The recordings are being read and compared{'\u2026'}</p>
      )}
      <Notice store={store} />
      {help && <Help parts={diffKeyParts} onEnd={() => store.set({ help: false })} />}
    </>
  )
}

function DiffTitle({ store }: { store: DiffStore }): JSX.Element {
  const [{ titles, calls, complete }, progress] = usePicked(store, state => [state.overview, state.progress])
  const share = progress.read ?? 0
  return (
    <div class="title">
      <h1>
        sysglass
        <span class="program" title={visible(titles.join(' \u2192 '))}>
          {visible(titles[0])} <span class="faint">{'\u2192'}</span> {visible(titles[1])}
        </span>
      </h1>
      <span class="faint totals">
        {showCount(calls[0])} and {showCount(calls[1])} calls
      </span>
      {!complete && (
        <span class="reading">
          <progress max={1} value={share} aria-label="Read in" />
          {share < 1 ? `${Math.floor(share * 100)} % read` : 'comparing'}
        </span>
      )}
      {progress.error !== undefined && <span class="failed">{visible(progress.error)}</span>}
    </div>
  )
}

function Found({ store }: { store: DiffStore }): JSX.Element | null {
  const [found] = usePicked(store, state => [state.found])
  return found === null ? null : (
    <span class="found" role="status">
      <b>{showCount(found)}</b> {found === 1 ? 'row' : 'rows'}
    </span>
  )
}
