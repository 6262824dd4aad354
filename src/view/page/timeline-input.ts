/**
 * Hands on the timeline. The wheel zooms where the pointer is, and moves sideways with shift; a drag moves; a drag on the axis, or
 * with shift, marks a stretch; one finger moves, two zoom.
 */
import type { Store } from './store.ts'
import { clampRange, panRange, zoomRange } from './time-scale.ts'
import { rulerHeight, type TimelineCanvas } from './timeline-canvas.ts'
import type { Range } from './view-state.ts'

/** A press that moves less is a click. */
const clickReach = 4

interface Press {
  readonly x: number
  readonly y: number
  readonly range: Range
  readonly scroll: number
  readonly marks: boolean
  moved: boolean
}

export interface Hands {
  /** A click on a place; null where something else was meant. */
  click(x: number, y: number): void
  scrollTo(top: number): void
  hover(at: { x: number; y: number } | null): void
}

/** Listens until the signal ends it. */
export function takeInput(
  canvas: HTMLCanvasElement,
  timeline: TimelineCanvas,
  store: Store,
  hands: Hands,
  signal: AbortSignal,
): void {
  const fingers = new Map<number, { x: number; y: number }>()
  let press: Press | null = null
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const span = (): number => store.state.overview.span
  const begin = (x: number, y: number, marks: boolean): Press => ({
    x,
    y,
    range: store.range,
    scroll: timeline.scroll,
    marks,
    moved: false,
  })

  canvas.addEventListener(
    'wheel',
    event => {
      event.preventDefault()
      const unit = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 400 : 1
      const [dx, dy] = event.shiftKey ? [event.deltaY || event.deltaX, 0] : [event.deltaX, event.deltaY]
      const range = store.range
      const length = range.to - range.from
      if (Math.abs(dx) > Math.abs(dy))
        store.look(panRange(range, (dx * unit * length) / Math.max(1, timeline.width), span()))
      else if (dy !== 0) {
        // A pinch on a touchpad comes as a wheel with ctrl, in smaller steps.
        const factor = Math.exp(dy * unit * (event.ctrlKey ? 0.01 : 0.002))
        store.look(zoomRange(range, factor, timeline.timeAt(place(event).x), span()))
      }
    },
    { passive: false, signal },
  )

  canvas.addEventListener(
    'pointerdown',
    event => {
      if (event.button !== 0) return
      canvas.setPointerCapture(event.pointerId)
      const { x, y } = place(event)
      fingers.set(event.pointerId, { x, y })
      press = begin(x, y, (event.shiftKey || y < rulerHeight) && fingers.size === 1)
      // A second finger: what follows is a pinch, and no click.
      if (fingers.size > 1) press.moved = true
    },
    { signal },
  )

  canvas.addEventListener(
    'pointermove',
    event => {
      const { x, y } = place(event)
      const before = fingers.get(event.pointerId)
      if (before === undefined || press === null) {
        hands.hover({ x, y })
        return
      }
      if (fingers.size === 2) {
        const other = [...fingers].find(([id]) => id !== event.pointerId)![1]
        const [was, is] = [Math.abs(before.x - other.x), Math.abs(x - other.x)]
        fingers.set(event.pointerId, { x, y })
        const at = timeline.timeAt((before.x + other.x) / 2)
        const zoomed = zoomRange(store.range, Math.max(was, 20) / Math.max(is, 20), at, span())
        const perPixel = (zoomed.to - zoomed.from) / Math.max(1, timeline.width)
        store.look(panRange(zoomed, (-(x - before.x) / 2) * perPixel, span()))
        return
      }
      fingers.set(event.pointerId, { x, y })
      if (!press.moved && Math.hypot(x - press.x, y - press.y) < clickReach) return
      press.moved = true
      if (press.marks) {
        const [a, b] = [timeline.timeAt(press.x), timeline.timeAt(x)].sort((p, q) => p - q)
        store.set({ marked: { from: Math.max(0, a!), to: Math.min(span(), b!) } })
        hands.hover({ x, y })
        return
      }
      hands.hover(null)
      canvas.classList.add('moving')
      const { range } = press
      const moved = ((press.x - x) / Math.max(1, timeline.width)) * (range.to - range.from)
      store.look(clampRange({ from: range.from + moved, to: range.to + moved }, span()))
      hands.scrollTo(press.scroll + press.y - y)
    },
    { signal },
  )

  const lift = (event: PointerEvent): void => {
    const known = fingers.delete(event.pointerId)
    canvas.classList.remove('moving')
    if (!known || press === null) return
    if (fingers.size > 0) {
      // The finger that is left goes on from where it is.
      const [rest] = fingers.values()
      press = { ...begin(rest!.x, rest!.y, false), moved: true }
      return
    }
    const { moved, marks, x, y } = press
    press = null
    if (moved || event.type === 'pointercancel') return
    if (marks && y < rulerHeight) store.set({ marked: null })
    else hands.click(x, y)
  }
  canvas.addEventListener('pointerup', lift, { signal })
  canvas.addEventListener('pointercancel', lift, { signal })
  canvas.addEventListener('pointerleave', () => hands.hover(null), { signal })
  canvas.addEventListener(
    'dblclick',
    event => {
      const { x, y } = place(event)
      const { marked } = store.state
      if (y >= rulerHeight) store.look(zoomRange(store.range, 0.25, timeline.timeAt(x), span()))
      else if (marked !== null) store.look(marked)
    },
    { signal },
  )
}
