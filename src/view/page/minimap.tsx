/** The whole recording in a strip: how busy it was when, and which part of it the timeline shows. */
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { LaneTimeline } from '../protocol.ts'
import { timeless } from './conditions.ts'
import { usePicked } from './page-state.ts'
import { readPalette } from './palette.ts'
import type { Store } from './store.ts'
import { clampRange, panRange } from './time-scale.ts'
import { useAnswer } from './use-answer.ts'

/** Columns that are asked for, whatever the strip's width. */
const columnCount = 600
/** Lanes that are summed up: those with most calls. */
const mostLanes = 64

interface Sums {
  readonly busy: Float64Array
  readonly failed: Float64Array
  readonly span: number
}

/** All lanes in one: time in calls and failures for each column. Waiting is no work, and left out where columns tell of it. */
function sum(lanes: readonly LaneTimeline[], span: number, waits: (name: number) => boolean): Sums {
  const busy = new Float64Array(columnCount)
  const failed = new Float64Array(columnCount)
  const step = span / columnCount
  for (const { columns = [], calls = [] } of lanes) {
    for (let i = 0; i + 4 < columns.length; i += 5) {
      const column = columns[i]!
      if (column < 0 || column >= columnCount) continue
      busy[column]! += columns[i + 3]!
      failed[column]! += columns[i + 4]!
    }
    for (let i = 0; i + 4 < calls.length; i += 5) {
      const column = Math.floor(calls[i + 1]! / step)
      if (column < 0 || column >= columnCount || waits(calls[i + 3]!)) continue
      busy[column]!++
      failed[column]! += calls[i + 4]!
    }
  }
  return { busy, failed, span }
}

export function Minimap({ store }: { store: Store }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const sums = useRef<Sums | null>(null)
  const [overview, filter] = usePicked(store, state => [state.overview, state.filter, state.range])
  const asked = JSON.stringify(timeless(filter))
  const { value } = useAnswer(
    async (signal): Promise<Sums | null> => {
      const { span, lanes, names } = store.state.overview
      if (span <= 0 || lanes.length === 0) return null
      const busiest = [...lanes].sort((a, b) => b.calls - a.calls).slice(0, mostLanes)
      const tids = busiest.map(({ tid }) => tid)
      const answer = await store.source.timeline(0, span, columnCount, tids, JSON.parse(asked), signal)
      return sum(answer.lanes, span, name => names[name]?.kind === 'waiting')
    },
    asked,
    overview,
    500,
  )
  useEffect(() => {
    sums.current = value
    if (canvas.current !== null) draw(canvas.current, store, value)
  }, [value])

  useEffect(() => {
    const element = canvas.current!
    const redraw = (): void => draw(element, store, sums.current)
    const observer = new ResizeObserver(redraw)
    observer.observe(element)
    const themes = new MutationObserver(redraw)
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const ends = store.listen((state, before) => {
      if (state.range !== before.range || state.overview !== before.overview) redraw()
    })
    return () => {
      observer.disconnect()
      themes.disconnect()
      ends()
    }
  }, [store])

  const drag = (event: PointerEvent): void => {
    const element = event.currentTarget as HTMLCanvasElement
    if (event.type === 'pointerdown') element.setPointerCapture(event.pointerId)
    else if (!element.hasPointerCapture(event.pointerId)) return
    const box = element.getBoundingClientRect()
    const { span } = store.state.overview
    const at = ((event.clientX - box.left) / Math.max(1, box.width)) * span
    const { from, to } = store.range
    store.look(clampRange({ from: at - (to - from) / 2, to: at + (to - from) / 2 }, span))
  }
  const { span } = overview
  const { from, to } = store.range
  return (
    <canvas
      ref={canvas}
      class="minimap"
      role="slider"
      tabIndex={0}
      aria-label="Part of the recording that the timeline shows"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={span > 0 ? Math.round(((from + to) / 2 / span) * 100) : 0}
      onPointerDown={drag}
      onPointerMove={drag}
      onKeyDown={event => {
        const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
        if (way === 0) return
        event.preventDefault()
        event.stopPropagation()
        store.look(panRange(store.range, way * (to - from) * 0.25, span))
      }}
    />
  )
}

function draw(canvas: HTMLCanvasElement, store: Store, sums: Sums | null): void {
  const { width: wide, height: high } = canvas.getBoundingClientRect()
  const ratio = devicePixelRatio
  const [width, height] = [Math.max(1, Math.round(wide * ratio)), Math.max(1, Math.round(high * ratio))]
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) return
  const palette = readPalette()
  context.clearRect(0, 0, width, height)
  const { span } = store.state.overview
  if (sums !== null && span > 0) {
    const most = Math.max(1, ...sums.busy)
    const step = ((sums.span / span) * width) / columnCount
    // A square root, so that little is still to be seen beside much; failures take their share of a bar.
    for (let i = 0; i < columnCount; i++) {
      const busy = sums.busy[i]!
      if (busy === 0) continue
      const bar = Math.max(1, Math.sqrt(busy / most) * (height - 4 * ratio))
      const left = Math.floor(i * step)
      const right = Math.max(left + 1, Math.floor((i + 1) * step))
      context.fillStyle = palette.faint
      context.fillRect(left, height - bar, right - left, bar)
      if (sums.failed[i] === 0) continue
      context.fillStyle = palette.failedText
      const failed = Math.max(ratio, (bar * sums.failed[i]!) / busy)
      context.fillRect(left, height - failed, right - left, failed)
    }
  }
  const { from, to } = store.range
  const [left, right] = span > 0 ? [(from / span) * width, (to / span) * width] : [0, width]
  context.fillStyle = palette.shade
  context.fillRect(0, 0, left, height)
  context.fillRect(right, 0, width - right, height)
  if (store.state.range === null) return
  context.fillStyle = palette.accent
  context.fillRect(Math.min(left, width - 2 * ratio), 0, Math.max(2 * ratio, right - left), 2 * ratio)
  context.fillRect(Math.min(left, width - 2 * ratio), 0, ratio, height)
  context.fillRect(Math.max(right - ratio, 0), 0, ratio, height)
}
