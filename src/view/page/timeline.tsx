/** The timeline: a tree of processes on the left, their lanes beside it, the whole recording in a strip above. */
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { timeless, withCondition, withinTime } from './conditions.ts'
import { laneRows } from './lane-rows.ts'
import { LaneTree } from './lane-tree.tsx'
import { Minimap } from './minimap.tsx'
import { messageOf, usePicked } from './page-state.ts'
import { row as rowSize, rowsInSight } from './paint-lanes.ts'
import { showCount } from './shown-text.ts'
import type { Store } from './store.ts'
import { type Pointed, rulerHeight, TimelineCanvas } from './timeline-canvas.ts'
import { takeInput } from './timeline-input.ts'
import { MarkedBar, Tip } from './timeline-tip.tsx'
import type { SelectedCall } from './use-selected.ts'

export function Timeline({ store, selected }: { store: Store; selected: SelectedCall }): JSX.Element {
  const [overview, folded, lane, marked] = usePicked(store, state => [
    state.overview,
    state.folded,
    state.lane,
    state.marked,
  ])
  const rows = useMemo(() => laneRows(overview, folded), [overview, folded])
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const timeline = useRef<TimelineCanvas | null>(null)
  const [scroll, setScroll] = useState(0)
  const [height, setHeight] = useState(0)
  const [pointed, setPointed] = useState<{ x: number; y: number; what: Pointed } | null>(null)

  useEffect(() => {
    const view = new TimelineCanvas(canvas.current!, store)
    timeline.current = view
    const abort = new AbortController()
    takeInput(
      canvas.current!,
      view,
      store,
      {
        click(x, y) {
          const what = view.pointed(x, y)
          if (what === undefined) return
          store.set({ lane: what.row.key })
          if (what.call !== undefined) store.select(what.call.id)
        },
        scrollTo: top => scroller.current?.scrollTo({ top }),
        hover(at) {
          const before = view.hover === null ? undefined : view.rowAt(view.hover.y)
          view.hover = at
          const what = at === null ? undefined : view.pointed(at.x, at.y)
          setPointed(at === null || what === undefined ? null : { ...at, what })
          if (before !== what?.row) view.redraw()
          else view.touch()
        },
      },
      abort.signal,
    )
    const sizes = new ResizeObserver(() => {
      view.resize()
      setHeight(scroller.current?.clientHeight ?? 0)
    })
    sizes.observe(canvas.current!)
    // The canvas is as high as `setHeight` says, which goes by what is seen of the lanes.
    sizes.observe(scroller.current!)
    const themes = new MutationObserver(() => view.recolour())
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', () => view.recolour(), { signal: abort.signal })
    const ends = store.listen((state, before) => {
      const { range, overview, filter, marked, lane } = before
      if (
        state.range !== range ||
        state.overview !== overview ||
        state.filter !== filter ||
        state.lane !== lane
      )
        view.redraw()
      else if (state.marked !== marked) view.touch()
    })
    return () => {
      abort.abort()
      sizes.disconnect()
      themes.disconnect()
      ends()
      view.stop()
    }
  }, [store])

  useEffect(() => {
    const view = timeline.current!
    view.rows = rows
    view.scroll = scroll
    view.redraw()
  }, [rows, scroll])

  const reveal = (index: number): void => {
    const element = scroller.current
    if (element === null) return
    const top = index * rowSize.height
    const seen = element.clientHeight - rulerHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowSize.height > element.scrollTop + seen) element.scrollTop = top + rowSize.height - seen
  }

  const shown = selected.row
  /** Of the address that one came with: what it says of the range counts more than that the call is in sight. */
  const linked = useRef(store.state.range === null ? null : store.state.selected)
  useEffect(() => {
    const view = timeline.current!
    const { complete, span } = store.state.overview
    view.selected =
      shown === null
        ? null
        : {
            tid: shown.tid,
            from: shown.time,
            to: shown.duration === null ? (complete ? shown.time : span) : shown.time + shown.duration,
          }
    view.touch()
    if (shown === null) return
    // What is chosen elsewhere is brought into sight here.
    const { from, to } = store.range
    const fromLink = linked.current === shown.id
    linked.current = null
    if (fromLink) return
    if (shown.time + (shown.duration ?? 0) < from || shown.time > to) {
      const half = (to - from) / 2
      store.look({ from: shown.time - half, to: shown.time + half })
    }
    const index = rows.findIndex(({ lane: own }) => own?.tid === shown.tid)
    if (index < 0) return
    store.set({ lane: rows[index]!.key })
    reveal(index)
  }, [shown])

  const chooseLane = (index: number): void => {
    const wanted = Math.min(Math.max(index, 0), rows.length - 1)
    if (rows[wanted] === undefined) return
    store.set({ lane: rows[wanted].key })
    reveal(wanted)
  }
  const keys = (event: KeyboardEvent): void => {
    const at = rows.findIndex(({ key }) => key === lane)
    if (event.key === 'ArrowDown') chooseLane(at + 1)
    else if (event.key === 'ArrowUp') chooseLane(at - 1)
    else if (event.key === 'Enter') void chooseFirst(store, rows[at]?.lane?.tid)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const [first, last] = rowsInSight(rows, scroll, height)
  const processes = overview.processes.length
  const threads = overview.lanes.length
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="timeline-top">
        <div class="corner">
          {showCount(processes)} {processes === 1 ? 'process' : 'processes'}, {showCount(threads)}{' '}
          {threads === 1 ? 'thread' : 'threads'}
        </div>
        <Minimap store={store} />
      </div>
      <div
        class="lanes"
        ref={scroller}
        onScroll={event => setScroll(event.currentTarget.scrollTop)}
        tabIndex={-1}
      >
        <div class="lanes-view" style={{ height: `${height}px` }}>
          <div class="tree-frame">
            <LaneTree
              store={store}
              rows={rows}
              first={first}
              last={last}
              scroll={scroll}
              chosen={lane}
              hovered={pointed?.what.row.key ?? null}
              choose={chooseLane}
            />
          </div>
          <canvas
            ref={canvas}
            class="lanes-canvas"
            tabIndex={0}
            role="img"
            aria-label="Calls over time. Left and right move, plus and minus zoom, up and down choose a lane, enter its first call in sight."
            onKeyDown={keys}
          />
          {pointed !== null && <Tip store={store} at={pointed} width={timeline.current?.width ?? 0} />}
          {marked !== null && <MarkedBar store={store} />}
        </div>
        <div
          class="lanes-spacer"
          style={{ height: `${Math.max(0, rows.length * rowSize.height + rulerHeight - height)}px` }}
        />
      </div>
    </section>
  )
}

/** Chooses the first call that begins in sight, in one lane or in any. */
async function chooseFirst(store: Store, tid: number | undefined): Promise<void> {
  const { from, to } = store.range
  const seen = withinTime(timeless(store.state.filter), from, to)
  const filter = tid === undefined ? seen : withCondition(seen, { column: 'tid', is: 'equal', value: tid })
  try {
    const { rows } = await store.source.rows(filter, 'time', false, 0, 1)
    if (rows[0] !== undefined) store.select(rows[0].id)
  } catch (error) {
    store.tell(messageOf(error))
  }
}
