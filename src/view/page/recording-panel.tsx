/** What was noted with the recording, and the processes in it. */
import type { JSX } from 'preact'
import { usePicked } from './page-state.ts'
import { showCount, showDuration, visible } from './shown-text.ts'
import type { Store } from './store.ts'
import { ValueTree } from './value-tree.tsx'

export function RecordingPanel({ store }: { store: Store }): JSX.Element {
  const [{ title, began, span, calls, lanes, processes, metadata }] = usePicked(store, state => [
    state.overview,
  ])
  const start = new Date(began)
  return (
    <div class="details">
      <dl class="facts">
        <dt>program</dt>
        <dd class="wraps">{visible(title)}</dd>
        {began > 0 && !Number.isNaN(start.getTime()) && (
          <>
            <dt>began</dt>
            <dd>{start.toISOString().replace('T', ' ').replace('Z', ' UTC')}</dd>
          </>
        )}
        <dt>lasted</dt>
        <dd>{showDuration(span)}</dd>
        <dt>calls</dt>
        <dd>{showCount(calls)}</dd>
        <dt>processes</dt>
        <dd>
          {showCount(processes.length)} <span class="faint">with {showCount(lanes.length)} threads</span>
        </dd>
      </dl>
      <section class="part">
        <h3>Noted with it</h3>
        <ValueTree value={metadata} label="Metadata" />
      </section>
    </div>
  )
}
