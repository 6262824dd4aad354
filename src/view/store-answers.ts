/** The page's questions answered from a store. Runs in node and in browsers. */
import type { CallStore } from './call-store.ts'
import { listColumns, numberColumns, outcomeOf, valueIn } from './call-values.ts'
import { ChosenCalls } from './choose-calls.ts'
import { firstInOrder, placeInOrder } from './first-in-order.ts'
import { kept } from './kept-answers.ts'
import { orderLanes } from './lane-order.ts'
import {
  type Column,
  type Filter,
  isEverything,
  type LaneTimeline,
  type Overview,
  type Place,
  type Row,
  type Rows,
  type Statistics,
  type Timeline,
} from './protocol.ts'
import { sortByKey } from './sort-calls.ts'
import { statisticsOf } from './statistics.ts'
import { idsByTime, placeByTime } from './time-order.ts'
import { laneTimeline } from './timelines.ts'

/** Rows that are given at once at most, and pixels. */
const mostRows = 500
const mostPixels = 8192
/** Filters and orders that are kept: each takes some bytes a call. */
const keptFilters = 6
const keptOrders = 3
/** So many rows of an order are found without sorting all. */
const shortOrder = 2000

interface Order {
  readonly calls: number
  readonly ids: Uint32Array
}

export class StoreAnswers {
  readonly #store: CallStore
  readonly #title: string
  readonly #lineOf: (id: number) => string
  readonly #filters = new Map<string, ChosenCalls>()
  readonly #orders = new Map<string, Order>()

  /** @param lineOf the line of a call where the store has none */
  constructor(
    store: CallStore,
    title: string,
    lineOf: (id: number) => string = id => `${store.names[store.name[id]!]!.name}(…)`,
  ) {
    this.#store = store
    this.#lineOf = lineOf
    this.#title = title
  }

  overview(metadata: Overview['metadata'], note: string | undefined): Overview {
    const { began, span, count, complete, lanes, processes, names } = this.#store
    const commands = new Map(processes.map(({ pid, comm }) => [pid, comm]))
    return {
      title: this.#title,
      began,
      span: span / 1e6,
      calls: count,
      complete,
      lanes: orderLanes(lanes, processes).map(lane => ({
        tid: lane.tid,
        pid: lane.pid,
        comm: lane.comm === '' ? (commands.get(lane.pid) ?? '') : lane.comm,
        begin: lane.begin / 1e6,
        end: lane.end === null ? null : lane.end / 1e6,
        calls: lane.count,
        ...(lane.inCall === null || complete
          ? {}
          : { inCall: { name: lane.inCall.name, begin: lane.inCall.begin / 1e6 } }),
      })),
      processes,
      names: names.map(({ name, kind, calls }) => ({ name, kind, calls })),
      metadata,
      ...(note === undefined ? {} : { note }),
    }
  }

  /** Milliseconds; lanes that are not there are left out. */
  timeline(from: number, to: number, width: number, lanes: readonly number[], filter: Filter): Timeline {
    const stretch = {
      from: from * 1e6,
      to: Math.max(to, from + 1e-6) * 1e6,
      width: Math.min(Math.max(1, Math.floor(width)), mostPixels),
    }
    const marks = this.marks(filter)
    const wanted = new Set(lanes)
    const drawn: LaneTimeline[] = []
    for (const lane of this.#store.lanes) {
      if (!wanted.has(lane.tid)) continue
      const timeline = laneTimeline(this.#store, lane, stretch, marks)
      if (timeline !== null) drawn.push(timeline)
    }
    return { from, to, lanes: drawn }
  }

  rows(filter: Filter, sort: Column, descending: boolean, offset: number, limit: number): Rows {
    const chosen = this.#ids(filter)
    const total = chosen.length
    const end = Math.min(total, offset + Math.min(limit, mostRows))
    const rows: Row[] = []
    if (sort === 'time' && isEverything(filter)) {
      const first = descending ? total - end : offset
      const ids = idsByTime(this.#store, first, end - offset)
      if (descending) ids.reverse()
      return { total, offset, rows: ids.map(id => this.row(id)) }
    }
    const order = sort === 'id' ? chosen : this.#order(filter, sort)
    if (order === undefined && end <= shortOrder) {
      const first = firstInOrder(chosen, keyOfColumn(this.#store, sort), end, descending)
      for (let i = offset; i < end; i++) rows.push(this.row(first[i]!))
    } else {
      const ids = order ?? this.#sort(filter, sort)
      for (let i = offset; i < end; i++) rows.push(this.row(ids.at(descending ? total - 1 - i : i)!))
    }
    return { total, offset, rows }
  }

  place(filter: Filter, sort: Column, descending: boolean, id: number): Place {
    const chosen = this.#ids(filter)
    const total = chosen.length
    if (!chosen.has(id)) return { offset: null }
    const place =
      sort === 'time' && isEverything(filter)
        ? placeByTime(this.#store, id)
        : placeInOrder(chosen, keyOfColumn(this.#store, sort), id)
    return { offset: descending ? total - 1 - place : place }
  }

  statistics(filter: Filter): Statistics {
    return statisticsOf(this.#store, this.#chosen(filter)?.ids())
  }

  /** By id: 1 where a call is as the filter has it; undefined where all are. */
  marks(filter: Filter): Uint8Array | undefined {
    return this.#chosen(filter)?.marks()
  }

  row(id: number): Row {
    const store = this.#store
    const lane = store.laneOf(id)
    const result = store.result[id]!
    const took = store.took[id]!
    const name = store.names[store.name[id]!]!.name
    const line = store.lines.text(store.line[id]!)
    return {
      id,
      time: store.begin[id]! / 1e6,
      pid: lane.pid,
      tid: lane.tid,
      comm: String(valueIn(store, 'comm', id)),
      name,
      outcome: outcomeOf(store.error[id]!),
      result: Number.isNaN(result) ? null : String(result),
      errno: valueIn(store, 'errno', id) as string | null,
      duration: Number.isNaN(took) ? null : took / 1e6,
      path: valueIn(store, 'path', id) as string | null,
      line: line === '' ? this.#lineOf(id) : line,
    }
  }

  /** Undefined: all calls. */
  #chosen(filter: Filter): ChosenCalls | undefined {
    if (isEverything(filter)) return undefined
    return kept(this.#filters, keyOf(filter), keptFilters, () => new ChosenCalls(this.#store, filter))
  }

  /** What a filter leaves, by number. */
  #ids(filter: Filter): Ids {
    const ids = this.#chosen(filter)?.ids()
    const { count } = this.#store
    if (ids === undefined) return { length: count, at: place => place, has: id => id >= 0 && id < count }
    return { length: ids.length, at: place => ids[place]!, has: id => ids.includes(id) }
  }

  /** The whole order by a column, where it is known. */
  #order(filter: Filter, sort: Column): Uint32Array | undefined {
    const known = this.#orders.get(`${sort} ${keyOf(filter)}`)
    return known?.calls === this.#store.count ? known.ids : undefined
  }

  #sort(filter: Filter, sort: Column): Uint32Array {
    const store = this.#store
    const make = (): Order => {
      const ids = this.#chosen(filter)?.ids() ?? Uint32Array.from({ length: store.count }, (_, id) => id)
      return { calls: store.count, ids: sortByKey(ids, keyOfColumn(store, sort)) }
    }
    return kept(this.#orders, `${sort} ${keyOf(filter)}`, keptOrders, make, () => false).ids
  }
}

interface Ids {
  readonly length: number
  at(place: number): number
  has(id: number): boolean
}

const keyOf = ({ conditions, text }: Filter): string =>
  JSON.stringify([text, ...conditions.map(({ column, is, value }) => [column, is, value])])

/** A number for each call that sorts as the column does; NaN, which comes first, where there is nothing. */
function keyOfColumn(store: CallStore, column: Column): (id: number) => number {
  const list = listColumns[column]
  if (list === undefined) {
    const read = numberColumns[column]!
    return id => read(store, id) ?? Number.NaN
  }
  const values = Array.from({ length: list.length(store) }, (_, place) => list.at(store, place))
  const texts = [...new Set(values.filter(value => typeof value === 'string'))].sort((a, b) =>
    a < b ? -1 : 1,
  )
  const ranks = new Map(texts.map((text, rank) => [text, rank]))
  const keys = Float64Array.from(values, value => {
    if (value === null) return Number.NaN
    return typeof value === 'number' ? value : ranks.get(value)!
  })
  const places = list.places(store)
  return id => keys[places[id]!]!
}
