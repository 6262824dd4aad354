/** What lies over the timeline: words on what is under the pointer, and what can be done with a stretch that is marked. */
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { CallLine } from './call-line.tsx'
import { withinTime } from './conditions.ts'
import { showCount, showDuration, visible } from './shown-text.ts'
import type { Store } from './store.ts'
import type { Pointed } from './timeline-canvas.ts'

/** How long the pointer rests on a call before its line is asked for. */
const restMs = 200

/** What lies under the pointer, in words. */
export function Tip({
  store,
  at,
  width,
}: {
  store: Store
  at: { x: number; y: number; what: Pointed }
  width: number
}): JSX.Element | null {
  const { call, column } = at.what
  const [line, setLine] = useState<{ id: number; text: string } | null>(null)
  const id = call?.id ?? -1
  useEffect(() => {
    if (id < 0) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      store.source.call(id, controller.signal).then(
        ({ row }) => {
          if (!controller.signal.aborted) setLine({ id, text: row.line })
        },
        // Then there is the name alone.
        () => {},
      )
    }, restMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [id])
  if (call === undefined && column === undefined) return null
  const left = at.x > width / 2
  return (
    <div
      class="tip"
      role="tooltip"
      style={{ transform: `translate(calc(var(--tree-width) + ${at.x}px), ${at.y + 14}px)` }}
      data-side={left ? 'left' : 'right'}
    >
      <div>
        {call !== undefined && (
          <>
            <b class={call.failed ? 'failed' : ''}>{visible(call.name)}</b>{' '}
            {showDuration(call.end - call.begin)}
            {call.failed && <span class="failed"> failed</span>}
            {line?.id === call.id && (
              <div class="tip-line cell">
                <CallLine line={line.text} />
              </div>
            )}
          </>
        )}
        {column !== undefined && (
          <>
            <b>{showCount(column.calls)}</b> {column.calls === 1 ? 'call' : 'calls'}, mostly {column.kind},{' '}
            {Math.round(column.share * 100)} % of the time
            {column.failed > 0 && <span class="failed"> {showCount(column.failed)} failed</span>}
          </>
        )}
      </div>
    </div>
  )
}

/** What can be done with a stretch that is marked. */
export function MarkedBar({ store }: { store: Store }): JSX.Element {
  const { marked, filter } = store.state
  const { from, to } = marked!
  return (
    <div class="marked-bar" role="toolbar" aria-label="Marked stretch">
      <span>{showDuration(to - from)}</span>
      <button
        type="button"
        onClick={() => {
          store.filter(withinTime(filter, from, to))
          store.set({ marked: null })
        }}
      >
        Filter by it
      </button>
      <button
        type="button"
        onClick={() => {
          store.look({ from, to })
          store.set({ marked: null })
        }}
      >
        Zoom to it
      </button>
      <button type="button" aria-label="Unmark" onClick={() => store.set({ marked: null })}>
        {'\u00d7'}
      </button>
    </div>
  )
}
