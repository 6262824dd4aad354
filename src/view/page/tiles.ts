/**
 * What the timeline has to draw: tiles of some hundred columns at a power of two milliseconds a column, kept while they are of use.
 * What is not there yet is asked for, and meanwhile drawn from tiles of other scales.
 */
import { firstWhere } from '../first-where.ts'
import type { Filter, LaneTimeline, Source } from '../protocol.ts'
import { isAbort, messageOf } from './page-state.ts'
import type { Range } from './view-state.ts'

export const tileColumns = 512
/** Questions at a time: more would only wait for each other. */
const mostAtOnce = 3
/** Lanes in a question: addresses may not be long without end. */
const mostLanes = 64
/** Numbers that are kept, about 8 bytes each. */
const mostNumbers = 6_000_000

/** What one lane shows in one tile. */
export interface Tile extends Range {
  readonly lane: LaneTimeline
  /** How long the recording was when this was asked. */
  readonly span: number
  readonly complete: boolean
}

interface Slot extends Range {
  readonly tiles: Map<number, Tile>
}

interface Wanted extends Range {
  readonly key: string
}

/** The level whose columns are as wide as a pixel, or a little narrower. */
export const levelFor = (millisecondsPerPixel: number): number =>
  Math.max(-24, Math.floor(Math.log2(millisecondsPerPixel) + 1e-9))

export class Tiles {
  readonly #source: Source
  readonly #changed: () => void
  readonly #failed: (message: string) => void
  #slots = new Map<string, Slot>()
  /** Those of the last filter: better than nothing until the new ones are here. */
  #before = new Map<string, Slot>()
  #numbers = 0
  #filter = ''
  readonly #asked = new Map<string, AbortController>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #wanted: readonly Wanted[] = []
  #lanes: readonly number[] = []
  #query: { filter: Filter; span: number; complete: boolean } | undefined
  #pause = 0

  constructor(source: Source, changed: () => void, failed: (message: string) => void) {
    this.#source = source
    this.#changed = changed
    this.#failed = failed
  }

  /** Says what is in sight now; questions for what is not any more are given up. */
  want(
    range: Range,
    pixels: number,
    lanes: readonly number[],
    filter: Filter,
    span: number,
    complete: boolean,
  ): void {
    const level = levelFor((range.to - range.from) / pixels)
    const length = tileColumns * 2 ** level
    const key = JSON.stringify(filter)
    if (key !== this.#filter) {
      this.#filter = key
      this.#before = this.#slots
      this.#slots = new Map()
      this.#numbers = 0
      for (const controller of this.#asked.values()) controller.abort()
      this.#asked.clear()
    }
    const wanted: Wanted[] = []
    const last = Math.floor(Math.min(range.to, span) / length)
    for (let index = Math.max(0, Math.floor(range.from / length)); index <= last; index++)
      wanted.push({ key: `${level}:${index}`, from: index * length, to: (index + 1) * length })
    // The middle first: that is where people look.
    const middle = (range.from + range.to) / 2
    wanted.sort((a, b) => Math.abs(a.from + a.to - 2 * middle) - Math.abs(b.from + b.to - 2 * middle))
    this.#wanted = wanted
    this.#lanes = lanes
    this.#query = { filter, span, complete }
    const keys = new Set(wanted.map(({ key }) => key))
    for (const [key, controller] of this.#asked)
      if (!keys.has(key)) {
        controller.abort()
        this.#asked.delete(key)
      }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#ask()
    }, 30)
  }

  /** What there is of a lane in this stretch: at best the level's own tiles, else coarser ones, with finer ones over them. */
  find(tid: number, range: Range, level: number): Tile[] {
    const found: Tile[] = []
    const length = tileColumns * 2 ** level
    for (let index = Math.max(0, Math.floor(range.from / length)); index * length < range.to; index++) {
      const own = this.#slots.get(`${level}:${index}`)?.tiles.get(tid)
      if (own !== undefined) {
        found.push(own)
        continue
      }
      const part = { from: index * length, to: (index + 1) * length }
      const other =
        this.#coarser(this.#slots, tid, level, index, part) ??
        this.#coarser(this.#before, tid, level, index, part)
      if (other !== undefined) found.push(other)
      for (let finer = 1; finer <= 2; finer++)
        for (let i = index * 2 ** finer; i < (index + 1) * 2 ** finer; i++) {
          const tile = this.#slots.get(`${level - finer}:${i}`)?.tiles.get(tid)
          if (tile !== undefined) found.push(tile)
        }
    }
    return found
  }

  /** The nearest coarser tile that has this place, cut to it. */
  #coarser(
    slots: ReadonlyMap<string, Slot>,
    tid: number,
    level: number,
    index: number,
    part: Range,
  ): Tile | undefined {
    for (let up = 0; up <= 30; up++) {
      const tile = slots.get(`${level + up}:${Math.floor(index / 2 ** up)}`)?.tiles.get(tid)
      if (tile !== undefined) return up === 0 ? tile : cutColumns(tile, part)
    }
    return undefined
  }

  #ask(): void {
    const query = this.#query
    if (query === undefined || Date.now() < this.#pause) return
    for (const { key, from, to } of this.#wanted) {
      if (this.#asked.size >= mostAtOnce) return
      if (this.#asked.has(key)) continue
      const slot = this.#slots.get(key)
      const missing = this.#lanes.filter(tid => isStale(slot?.tiles.get(tid), query)).slice(0, mostLanes)
      if (missing.length > 0) void this.#load({ from, to, tiles: slot?.tiles ?? new Map() }, key, missing)
    }
  }

  async #load(slot: Slot, key: string, lanes: readonly number[]): Promise<void> {
    const { filter, span, complete } = this.#query!
    const asked = this.#filter
    const controller = new AbortController()
    this.#asked.set(key, controller)
    try {
      const { from, to } = slot
      const answer = await this.#source.timeline(from, to, tileColumns, lanes, filter, controller.signal)
      if (asked !== this.#filter) return
      for (const lane of answer.lanes) {
        const old = slot.tiles.get(lane.tid)
        if (old !== undefined) this.#numbers -= sizeOf(old)
        const tile = { lane, from, to, span, complete }
        slot.tiles.set(lane.tid, tile)
        this.#numbers += sizeOf(tile)
      }
      // A lane that the answer leaves out has nothing there: it is not asked for again.
      for (const tid of lanes)
        if (slot.tiles.get(tid)?.span !== span || slot.tiles.get(tid)?.complete !== complete)
          slot.tiles.set(tid, { lane: { tid }, from, to, span, complete })
      this.#slots.delete(key)
      this.#slots.set(key, slot)
      this.#forget()
      this.#changed()
    } catch (error) {
      if (!isAbort(error)) {
        this.#failed(messageOf(error))
        // Once more after a while, when something makes us draw.
        this.#pause = Date.now() + 2000
      }
    } finally {
      if (this.#asked.get(key) === controller) this.#asked.delete(key)
      this.#ask()
    }
  }

  /** Lets go of what has not been asked for longest, but for what is in sight. */
  #forget(): void {
    const inSight = new Set(this.#wanted.map(({ key }) => key))
    for (const [key, slot] of this.#slots) {
      if (this.#numbers <= mostNumbers) return
      if (inSight.has(key)) continue
      for (const tile of slot.tiles.values()) this.#numbers -= sizeOf(tile)
      this.#slots.delete(key)
    }
  }
}

/** Not there, or asked when the recording had not got to its end yet. */
const isStale = (tile: Tile | undefined, { span, complete }: { span: number; complete: boolean }): boolean =>
  tile === undefined || (!tile.complete && tile.to > tile.span && (span > tile.span || complete))

const sizeOf = ({ lane }: Tile): number => 16 + (lane.columns?.length ?? 0) + (lane.calls?.length ?? 0)

/** The columns of a tile that lie in a stretch, as a tile of their own: the rest is shown by others. */
function cutColumns(tile: Tile, part: Range): Tile {
  const { columns } = tile.lane
  if (columns === undefined) return tile
  const step = (tile.to - tile.from) / tileColumns
  const [first, last] = [Math.floor((part.from - tile.from) / step), Math.ceil((part.to - tile.from) / step)]
  const [start, end] = [lowerBound(columns, first), lowerBound(columns, last)]
  return { ...tile, lane: { tid: tile.lane.tid, columns: columns.slice(start, end) } }
}

/** Where, in fives, the first column stands that is not before this one. */
const lowerBound = (columns: readonly number[], column: number): number =>
  firstWhere(columns.length / 5, place => columns[place * 5]! >= column) * 5
