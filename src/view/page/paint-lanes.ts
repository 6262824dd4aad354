/** Draws lanes: pixels for their bars, and where names have room. */
import { callKinds, type Overview } from '../protocol.ts'
import type { LaneRow } from './lane-rows.ts'
import type { Palette } from './palette.ts'
import type { PixelLayer } from './pixel-layer.ts'
import { levelFor, type Tile, type Tiles, tileColumns } from './tiles.ts'
import type { Range } from './view-state.ts'

/** Of a row, in CSS pixels: its height, where its bars begin and end, and where failures are marked below them. */
export const row = { height: 20, top: 3, bottom: 15, failedTop: 16, failedBottom: 18 } as const

export interface Label {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly waiting: boolean
}

export interface Scene {
  readonly range: Range
  readonly rows: readonly LaneRow[]
  /** How far the rows are scrolled, in CSS pixels. */
  readonly scroll: number
  readonly chosen: string | null
  readonly hovered: string | null
  readonly names: Overview['names']
  readonly span: number
  readonly ratio: number
  readonly ticks: readonly number[]
  /** Of a letter, in device pixels. */
  readonly letter: number
}

const waiting = callKinds.indexOf('waiting')

/** The rows of which something is in sight. */
export const rowsInSight = (rows: readonly LaneRow[], scroll: number, height: number): [number, number] => [
  Math.max(0, Math.floor(scroll / row.height)),
  Math.min(rows.length, Math.ceil((scroll + height) / row.height)),
]

/** Fills the layer with what is in sight, and tells which names go over it. */
export function paintLanes(layer: PixelLayer, scene: Scene, tiles: Tiles, palette: Palette): Label[] {
  const { range, rows, scroll, ratio } = scene
  const scale = layer.width / (range.to - range.from)
  const level = levelFor(1 / scale)
  const labels: Label[] = []
  for (const tick of scene.ticks) {
    const x = Math.round((tick - range.from) * scale)
    layer.rect(x, 0, x + 1, layer.height, palette.line)
  }
  const [first, last] = rowsInSight(rows, scroll, layer.height / ratio)
  for (let i = first; i < last; i++) {
    const { key, lane } = rows[i]!
    const y = Math.round((i * row.height - scroll) * ratio)
    const px = (css: number): number => y + Math.round(css * ratio)
    const background = key === scene.chosen ? palette.rowChosen : key === scene.hovered ? palette.rowHover : 0
    if (background !== 0) layer.rect(0, y, layer.width, px(row.height), background)
    if (lane === null) continue
    const born = Math.round((lane.begin - range.from) * scale)
    const died = Math.round(((lane.end ?? scene.span) - range.from) * scale)
    layer.rect(
      born,
      px(row.bottom),
      Math.max(died, born + 1),
      px(row.bottom) + Math.ceil(ratio),
      palette.life,
    )
    const bar: Bar = {
      top: px(row.top),
      bottom: px(row.bottom),
      failedTop: px(row.failedTop),
      failedBottom: px(row.failedBottom),
    }
    // A call that does not return (exit_group) ends with its thread.
    const limit = lane.end === null ? layer.width : Math.min(Math.max(died, born + 1), layer.width)
    // Tiles overlap in calls that go across their edges: such a call is drawn once.
    let drawn = -1
    for (const tile of tiles.find(lane.tid, range, level)) {
      if (tile.lane.columns !== undefined) paintColumns(layer, tile, range, scale, limit, bar, palette)
      if (tile.lane.calls !== undefined)
        drawn = paintCalls(layer, tile.lane.calls, drawn, range, scale, limit, bar, scene, palette, labels)
    }
  }
  return labels
}

interface Bar {
  readonly top: number
  readonly bottom: number
  readonly failedTop: number
  readonly failedBottom: number
}

/** Columns: as high as the share of the time that calls took in them. */
function paintColumns(
  layer: PixelLayer,
  { lane, from, to }: Tile,
  range: Range,
  scale: number,
  limit: number,
  bar: Bar,
  palette: Palette,
): void {
  const columns = lane.columns!
  const step = ((to - from) / tileColumns) * scale
  const start = (from - range.from) * scale
  const full = bar.bottom - bar.top
  // Several columns may share a pixel: the highest is seen.
  let [lastX, lastHeight] = [-1, 0]
  for (let i = 0; i + 4 < columns.length; i += 5) {
    const x = Math.floor(start + columns[i]! * step)
    if (x >= limit) return
    const right = Math.max(x + 1, Math.floor(start + (columns[i]! + 1) * step))
    if (right <= 0) continue
    if (columns[i + 4]! > 0) layer.rect(x, bar.failedTop, right, bar.failedBottom, palette.failed)
    const height = Math.max(2, Math.round(Math.min(1, columns[i + 2]!) * full))
    if (x === lastX && height <= lastHeight) continue
    lastX = x
    lastHeight = height
    layer.rect(x, bar.bottom - height, right, bar.bottom, palette.kinds[columns[i + 1]!] ?? palette.life)
  }
}

/** Calls one by one; a gap of a pixel tells two apart where there is room. */
function paintCalls(
  layer: PixelLayer,
  calls: readonly number[],
  drawn: number,
  range: Range,
  scale: number,
  limit: number,
  bar: Bar,
  scene: Scene,
  palette: Palette,
  labels: Label[],
): number {
  let last = drawn
  for (let i = 0; i + 4 < calls.length; i += 5) {
    const id = calls[i]!
    if (id === drawn) continue
    last = id
    const x = Math.round((calls[i + 1]! - range.from) * scale)
    const end = Math.min(limit, Math.round((calls[i + 2]! - range.from) * scale))
    if (end < 0 || x >= layer.width || x > limit) continue
    const right = Math.max(x + 1, end - x > 4 ? end - 1 : end)
    const named = scene.names[calls[i + 3]!]
    const kind = named === undefined ? -1 : callKinds.indexOf(named.kind)
    layer.rect(x, bar.top, right, bar.bottom, palette.kinds[kind] ?? palette.life)
    if (calls[i + 4] === 1) layer.rect(x, bar.failedTop, right, bar.failedBottom, palette.failed)
    if (named === undefined) continue
    const left = Math.max(x, 0)
    const room = Math.floor((Math.min(right, layer.width) - left - 6 * scene.ratio) / scene.letter)
    if (room < 2) continue
    const text =
      named.name.length <= room ? named.name : room < 4 ? '' : `${named.name.slice(0, room - 1)}\u2026`
    if (text !== '')
      labels.push({
        x: left + 3 * scene.ratio,
        y: (bar.top + bar.bottom) / 2,
        text,
        waiting: kind === waiting,
      })
  }
  return last
}
