/** The timeline's canvas: draws when something has changed, at most once a frame, and knows what lies under the pointer. */
import { callKinds } from '../protocol.ts'
import { timeless } from './conditions.ts'
import type { LaneRow } from './lane-rows.ts'
import { type Label, paintLanes, row, rowsInSight, type Scene } from './paint-lanes.ts'
import { type Palette, readPalette } from './palette.ts'
import { PixelLayer } from './pixel-layer.ts'
import { showDuration, showTick } from './shown-text.ts'
import type { Store } from './store.ts'
import { levelFor, Tiles, tileColumns } from './tiles.ts'
import { roundStep, ticks } from './time-scale.ts'
import type { Range } from './view-state.ts'

/** Of the axis above the lanes. */
export const rulerHeight = 24
const tickDistance = 110

export interface Pointed {
  readonly row: LaneRow
  readonly time: number
  /** A call where they are drawn one by one. */
  readonly call?: {
    readonly id: number
    readonly begin: number
    readonly end: number
    readonly name: string
    readonly failed: boolean
  }
  /** Otherwise what a column tells. */
  readonly column?: {
    readonly calls: number
    readonly failed: number
    readonly share: number
    readonly kind: string
  }
}

/** The call that is chosen, as far as it must be drawn. */
export interface Mark extends Range {
  readonly tid: number
}

export class TimelineCanvas {
  rows: readonly LaneRow[] = []
  scroll = 0
  hover: { x: number; y: number } | null = null
  selected: Mark | null = null
  readonly #store: Store
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #layer = new PixelLayer()
  readonly #tiles: Tiles
  #palette: Palette | undefined
  #labels: readonly Label[] = []
  #letter = 7
  #width = 0
  #height = 0
  #ratio = 1
  #frame = 0
  #lanesChanged = true

  constructor(canvas: HTMLCanvasElement, store: Store) {
    this.#store = store
    this.#canvas = canvas
    this.#context = canvas.getContext('2d', { alpha: true })!
    this.#tiles = new Tiles(
      store.source,
      () => this.redraw(),
      message => store.tell(message),
    )
  }

  get width(): number {
    return this.#width
  }

  /** Takes the size that the page gives it. */
  resize(): void {
    const { width, height } = this.#canvas.getBoundingClientRect()
    this.#ratio = devicePixelRatio
    this.#width = width
    this.#height = height
    this.#canvas.width = Math.max(1, Math.round(width * this.#ratio))
    this.#canvas.height = Math.max(1, Math.round(height * this.#ratio))
    this.redraw()
  }

  /** Other colours. */
  recolour(): void {
    this.#palette = undefined
    this.redraw()
  }

  /** Draws everything at the next frame. */
  redraw(): void {
    this.#lanesChanged = true
    this.touch()
  }

  /** Draws what lies over the lanes at the next frame. */
  touch(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  stop(): void {
    cancelAnimationFrame(this.#frame)
  }

  timeAt(x: number): number {
    const { from, to } = this.#store.range
    return from + (x / Math.max(1, this.#width)) * (to - from)
  }

  xOf(time: number): number {
    const { from, to } = this.#store.range
    return ((time - from) / (to - from)) * this.#width
  }

  rowAt(y: number): LaneRow | undefined {
    return y < rulerHeight ? undefined : this.rows[Math.floor((y - rulerHeight + this.scroll) / row.height)]
  }

  /** What is drawn at a place; calls that are narrower than a finger are found beside it as well. */
  pointed(x: number, y: number): Pointed | undefined {
    const at = this.rowAt(y)
    if (at === undefined) return undefined
    const time = this.timeAt(x)
    const range = this.#store.range
    const pixel = (range.to - range.from) / Math.max(1, this.#width)
    if (at.lane === null) return { row: at, time }
    const reach = { from: time - 3 * pixel, to: time + 3 * pixel }
    const { names } = this.#store.state.overview
    let best: Pointed | undefined
    let distance = 3 * pixel
    for (const tile of this.#tiles.find(at.lane.tid, reach, levelFor(pixel / this.#ratio))) {
      const { calls, columns } = tile.lane
      if (calls !== undefined)
        for (let i = 0; i + 4 < calls.length; i += 5) {
          const [id, begin] = [calls[i]!, calls[i + 1]!]
          const end = Math.min(calls[i + 2]!, at.lane.end ?? calls[i + 2]!)
          const away = time < begin ? begin - time : time > end ? time - end : 0
          if (away > distance || (best?.call !== undefined && away === distance && away > 0)) continue
          distance = away
          const name = names[calls[i + 3]!]?.name ?? ''
          best = { row: at, time, call: { id, begin, end, name, failed: calls[i + 4] === 1 } }
        }
      else if (columns !== undefined && best === undefined) {
        const wanted = Math.floor(((time - tile.from) / (tile.to - tile.from)) * tileColumns)
        for (let i = 0; i + 4 < columns.length && columns[i]! <= wanted + 1; i += 5)
          if (Math.abs(columns[i]! - wanted) <= 1)
            best = {
              row: at,
              time,
              column: {
                calls: columns[i + 3]!,
                failed: columns[i + 4]!,
                share: columns[i + 2]!,
                kind: callKinds[columns[i + 1]!] ?? 'other',
              },
            }
      }
    }
    return best ?? { row: at, time }
  }

  #draw(): void {
    const { overview, filter, marked, lane } = this.#store.state
    const range = this.#store.range
    const ratio = this.#ratio
    const palette = (this.#palette ??= readPalette())
    const context = this.#context
    const [width, height] = [this.#canvas.width, this.#canvas.height]
    const top = Math.round(rulerHeight * ratio)
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.font = palette.font.replace('11px', `${Math.round(11 * ratio)}px`)
    const marks = ticks(range, this.#width, tickDistance)
    if (this.#lanesChanged) {
      this.#lanesChanged = false
      this.#letter = context.measureText('mmmmmmmmmm').width / 10
      this.#layer.clear(width, Math.max(1, height - top))
      const scene: Scene = {
        range,
        rows: this.rows,
        scroll: this.scroll,
        chosen: lane,
        hovered: this.hover === null ? null : (this.rowAt(this.hover.y)?.key ?? null),
        names: overview.names,
        span: overview.span,
        ratio,
        ticks: marks,
        letter: this.#letter,
      }
      const [first, last] = rowsInSight(this.rows, this.scroll, this.#height - rulerHeight)
      const lanes = this.rows.slice(first, last).flatMap(({ lane }) => (lane === null ? [] : [lane.tid]))
      this.#tiles.want(range, width, lanes, timeless(filter), overview.span, overview.complete)
      this.#labels = paintLanes(this.#layer, scene, this.#tiles, palette)
    }
    context.clearRect(0, 0, width, top)
    this.#layer.put(context, 0, top)
    context.textBaseline = 'middle'
    context.fillStyle = palette.onKind
    for (const { x, y, text, waiting } of this.#labels) if (!waiting) context.fillText(text, x, y + top)
    context.fillStyle = palette.text
    for (const { x, y, text, waiting } of this.#labels) if (waiting) context.fillText(text, x, y + top)
    this.#drawRuler(marks, palette)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.#shadeOutside(palette)
    if (marked !== null) this.#drawMarked(marked, palette)
    this.#drawSelected(palette)
    this.#drawPointer(palette)
  }

  #drawRuler(marks: readonly number[], palette: Palette): void {
    const context = this.#context
    const range = this.#store.range
    const ratio = this.#ratio
    const step = roundStep(((range.to - range.from) * tickDistance) / Math.max(1, this.#width))
    context.fillStyle = palette.faint
    for (const tick of marks) {
      const x = Math.round(this.xOf(tick) * ratio)
      context.fillRect(x, Math.round((rulerHeight - 6) * ratio), Math.ceil(ratio), Math.round(6 * ratio))
      context.fillText(showTick(tick, step), x + 4 * ratio, (rulerHeight / 2) * ratio)
    }
  }

  /** What a filter by time leaves out. */
  #shadeOutside(palette: Palette): void {
    this.#context.fillStyle = palette.shade
    for (const { column, is, value } of this.#store.state.filter.conditions) {
      if (column !== 'time') continue
      const x = Math.max(0, Math.min(this.#width, this.xOf(Number(value))))
      if (is === 'above') this.#context.fillRect(0, rulerHeight, x, this.#height)
      else if (is === 'below') this.#context.fillRect(x, rulerHeight, this.#width - x, this.#height)
    }
  }

  #drawMarked(marked: Range, palette: Palette): void {
    const context = this.#context
    const [left, right] = [this.xOf(marked.from), this.xOf(marked.to)]
    context.fillStyle = palette.accentWash
    context.fillRect(left, 0, right - left, this.#height)
    context.fillStyle = palette.accent
    context.fillRect(Math.round(left), 0, 1, this.#height)
    context.fillRect(Math.round(right) - 1, 0, 1, this.#height)
    const text = showDuration(marked.to - marked.from)
    context.font = palette.font
    const width = context.measureText(text).width
    if (right - left < width + 16) return
    context.fillStyle = palette.surface
    context.fillRect((left + right - width) / 2 - 6, 3, width + 12, rulerHeight - 6)
    context.fillStyle = palette.accent
    context.fillText(text, (left + right - width) / 2, rulerHeight / 2)
  }

  #drawSelected(palette: Palette): void {
    const mark = this.selected
    if (mark === null) return
    const context = this.#context
    const left = this.xOf(mark.from)
    const right = Math.max(this.xOf(mark.to), left + 1)
    if (right < -20 || left > this.#width + 20) return
    context.fillStyle = palette.accent
    // A flag in the axis, so that it is found however narrow it is.
    const middle = Math.round((Math.max(left, 0) + Math.min(right, this.#width)) / 2)
    context.beginPath()
    context.moveTo(middle - 5, rulerHeight - 7)
    context.lineTo(middle + 5, rulerHeight - 7)
    context.lineTo(middle, rulerHeight - 1)
    context.fill()
    const index = this.rows.findIndex(({ lane }) => lane?.tid === mark.tid)
    const y = rulerHeight + index * row.height - this.scroll
    if (index < 0 || y < rulerHeight - row.height) return
    context.save()
    context.beginPath()
    context.rect(0, rulerHeight, this.#width, this.#height)
    context.clip()
    context.strokeStyle = palette.accent
    context.lineWidth = 2
    context.strokeRect(Math.round(left) - 1, y + 2, Math.max(3, Math.round(right - left) + 1), row.height - 4)
    context.restore()
  }

  #drawPointer(palette: Palette): void {
    if (this.hover === null) return
    const context = this.#context
    const x = Math.round(this.hover.x)
    context.fillStyle = palette.faint
    context.fillRect(x, rulerHeight, 1, this.#height)
    const text = showTick(this.timeAt(x), this.timeAt(1) - this.timeAt(0) || 1)
    context.font = palette.font
    const width = context.measureText(text).width
    const left = Math.min(Math.max(0, x - width / 2 - 6), this.#width - width - 12)
    context.fillStyle = palette.surface
    context.fillRect(left, 0, width + 12, rulerHeight - 1)
    context.fillStyle = palette.text
    context.fillText(text, left + 6, rulerHeight / 2)
  }
}
