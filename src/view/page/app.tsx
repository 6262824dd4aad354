/** The page as a whole: a bar, the timeline, the table, and a panel beside it. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { BarActions, useTheme } from './bar-actions.tsx'
import { CallPanel } from './call-panel.tsx'
import type { FilterColumn } from './conditions.ts'
import { FilterBar } from './filter-bar.tsx'
import { Help } from './help.tsx'
import { follow, keyParts, takeKeys } from './keys.ts'
import { Notice } from './notice.tsx'
import { NumbersPanel } from './numbers-panel.tsx'
import { usePicked } from './page-state.ts'
import { RecordingPanel } from './recording-panel.tsx'
import { SearchField } from './search-field.tsx'
import { showCount, showDuration, visible } from './shown-text.ts'
import { Splitter } from './splitter.tsx'
import type { Store } from './store.ts'
import { Table } from './table.tsx'
import { Timeline } from './timeline.tsx'
import { useSelected } from './use-selected.ts'
import { type Panel, panels } from './view-state.ts'

export function App({ store }: { store: Store }): JSX.Element {
  const [help] = usePicked(store, state => [state.help])
  const [theme, turnTheme] = useTheme()
  const [asked, setAsked] = useState<FilterColumn | null>(null)
  const selected = useSelected(store)

  useEffect(() => {
    const abort = new AbortController()
    takeKeys(store, turnTheme, abort.signal)
    return () => abort.abort()
  }, [store])

  return (
    <>
      <header class="bar">
        <Title store={store} />
        <SearchField store={store} />
        <BarActions store={store} theme={theme} onTheme={turnTheme} />
      </header>
      <Note store={store} />
      <FilterBar store={store} asked={asked} onAsk={setAsked} />
      <main class="parts">
        <Timeline store={store} selected={selected} />
        <Splitter property="--timeline-height" label="Height of the timeline" vertical={false} least={120} />
        <div class="below">
          <Table store={store} onFilter={setAsked} />
          <Splitter property="--panel-width" label="Width of the panel" vertical least={240} reversed />
          <Panels store={store} selected={selected} />
        </div>
      </main>
      <Notice store={store} />
      {help && <Help parts={keyParts} onEnd={() => store.set({ help: false })} />}
    </>
  )
}

function Title({ store }: { store: Store }): JSX.Element {
  const [{ title, calls, span }, progress, following] = usePicked(store, state => [
    state.overview,
    state.progress,
    state.following,
  ])
  return (
    <div class="title">
      <h1>
        sysglass
        {title !== '' && (
          <span class="program" title={visible(title)}>
            {visible(title)}
          </span>
        )}
      </h1>
      <span class="faint totals">
        {showCount(calls)} {calls === 1 ? 'call' : 'calls'} in {showDuration(span)}
      </span>
      {!progress.complete && progress.read === null && (
        <button
          type="button"
          class={`live${following ? ' on' : ''}`}
          aria-pressed={following}
          title="Follow the end (f)"
          onClick={() => follow(store)}
        >
          live
        </button>
      )}
      {!progress.complete && progress.read !== null && (
        <span class="reading">
          <progress max={1} value={progress.read} aria-label="Read in" />
          {Math.floor(progress.read * 100)} % read
        </span>
      )}
      {progress.error !== undefined && <span class="failed">{visible(progress.error)}</span>}
    </div>
  )
}

/** What one should know before anything else. */
function Note({ store }: { store: Store }): JSX.Element | null {
  const [overview] = usePicked(store, state => [state.overview])
  return overview.note === undefined ? null : (
    <p class="note" role="note">
      {visible(overview.note)}
    </p>
  )
}

const titles: Readonly<Record<Panel, string>> = { call: 'Call', numbers: 'Numbers', recording: 'Recording' }

function Panels({
  store,
  selected,
}: {
  store: Store
  selected: ReturnType<typeof useSelected>
}): JSX.Element {
  const [panel] = usePicked(store, state => [state.panel])
  return (
    <aside class="panel">
      <div class="tabs" role="tablist" aria-label="Panel">
        {panels.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={panel === name}
            aria-controls="panel"
            tabIndex={panel === name ? 0 : -1}
            onClick={() => store.set({ panel: name })}
            onKeyDown={event => {
              const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
              if (step === 0) return
              event.preventDefault()
              event.stopPropagation()
              const next = panels[(panels.indexOf(panel) + step + panels.length) % panels.length]!
              store.set({ panel: next })
              document.getElementById(`tab-${next}`)?.focus()
            }}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      {/* Reachable, so that keys scroll it. */}
      <div class="panel-content" id="panel" role="tabpanel" tabIndex={0} aria-labelledby={`tab-${panel}`}>
        {panel === 'call' && <CallPanel store={store} selected={selected} />}
        {panel === 'numbers' && <NumbersPanel store={store} />}
        {panel === 'recording' && <RecordingPanel store={store} />}
      </div>
    </aside>
  )
}
