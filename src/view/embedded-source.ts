/** What a report's page is fed from: the data that stand in it. Runs in browsers, and in node for tests. */
import { CallStore, ThreadLane } from './call-store.ts'
import { ComparedTable, noCall } from './compared-table.ts'
import { ComparisonAnswers } from './comparison-answers.ts'
import type { ComparisonSource } from './comparison-protocol.ts'
import type { CallDetails, Source } from './protocol.ts'
import type { ComparisonReportData, ReportData, ReportDetails } from './report-data.ts'
import { StoreAnswers } from './store-answers.ts'

/** Opens what `globalThis.sysglassReport` holds. */
export async function openReport(packed: string): Promise<Source> {
  const data = (await unpack(packed)) as ReportData
  const { store, answers, call } = new EmbeddedRecording(data)
  const note = data.note ?? undefined
  return {
    overview: async () => answers.overview(data.metadata, note),
    timeline: async (from, to, width, lanes, filter) => answers.timeline(from, to, width, lanes, filter),
    rows: async (filter, sort, descending, offset, limit) =>
      answers.rows(filter, sort, descending, offset, limit),
    place: async (filter, sort, descending, id) => answers.place(filter, sort, descending, id),
    statistics: async filter => answers.statistics(filter),
    call,
    progress(tell) {
      tell({ calls: store.count, span: store.span / 1e6, read: 1, complete: true })
    },
  }
}

/** A recording that stands in the page. */
class EmbeddedRecording {
  readonly store: CallStore
  readonly answers: StoreAnswers
  readonly #data: ReportData
  /** The lot that was looked at last. */
  #lot: { readonly number: number; readonly calls: readonly ReportDetails[] } | undefined

  constructor(data: ReportData) {
    this.#data = data
    this.store = storeOf(data)
    this.answers = new StoreAnswers(this.store, data.title)
  }

  /** A call in full. Rejects where there is none of that number. */
  readonly call = async (id: number): Promise<CallDetails> => {
    if (!(id >= 0 && id < this.store.count)) throw new Error(`There is no call ${id}.`)
    const { callsTogether, details } = this.#data
    const number = Math.floor(id / callsTogether)
    if (this.#lot?.number !== number)
      this.#lot = { number, calls: (await unpack(details[number]!)) as ReportDetails[] }
    return { row: this.answers.row(id), ...this.#lot.calls[id % callsTogether]! }
  }
}

/** Opens what `globalThis.sysglassReport` holds in the report of a comparison. */
export async function openComparisonReport(packed: string): Promise<ComparisonSource> {
  const data = (await unpack(packed)) as ComparisonReportData
  const [before, after] = [new EmbeddedRecording(data.sides[0]), new EmbeddedRecording(data.sides[1])]
  const table = new ComparedTable()
  table.pairs.push(...data.pairs)
  for (const [row, kind] of data.kinds.entries()) table.add(data.before[row]!, data.after[row]!, kind)
  const answers = new ComparisonAnswers(table, before.answers, after.answers)
  const calls = [before.store.count, after.store.count] as const
  const details = (side: EmbeddedRecording, id: number): Promise<CallDetails> | null =>
    id === noCall ? null : side.call(id)
  return {
    overview: async () => ({
      titles: data.titles,
      calls,
      complete: true,
      pairs: table.pairs,
      counts: table.counts(),
      metadata: [data.sides[0].metadata, data.sides[1].metadata],
      notes: data.notes,
    }),
    rows: async (choice, offset, limit) => answers.rows(choice, offset, limit),
    place: async (choice, row) => answers.place(choice, row),
    async details(row) {
      if (!(row >= 0 && row < table.count)) throw new Error(`There is no row ${row}.`)
      const [a, b] = [details(before, table.before[row]!), details(after, table.after[row]!)]
      return { row: answers.row(row), before: await a, after: await b }
    },
    progress(tell) {
      const span = Math.max(before.store.span, after.store.span) / 1e6
      tell({ calls: calls[0] + calls[1], span, read: 1, complete: true })
    },
  }
}

async function unpack(packed: string): Promise<unknown> {
  const bytes = Uint8Array.from(atob(packed), char => char.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(stream).text())
}

function storeOf(data: ReportData): CallStore {
  const store = new CallStore()
  store.began = data.began
  for (const { name, kind } of data.names) store.names.push({ name, kind, calls: 0 })
  for (const text of data.errors) store.errors.numberOf(text)
  for (const text of data.paths) store.paths.numberOf(text)
  for (const text of data.comms) store.comms.numberOf(text)
  for (const text of data.lines) {
    const bytes = Uint8Array.from(text, char => char.charCodeAt(0))
    store.lines.numberOf(bytes, 0, bytes.length)
  }
  for (const { tid, pid, comm, begin, end } of data.lanes) {
    const lane = new ThreadLane(store.lanes.length, tid, pid, comm, begin)
    lane.end = end
    store.lanes.push(lane)
  }
  store.taskLane.push(...data.taskLanes)
  store.taskComm.push(...data.taskComms)
  const { begin, took, result, name, error, task, fd, path, line } = data.columns
  for (let i = 0; i < begin.length; i++)
    store.add({
      begin: begin[i]!,
      took: took[i] ?? Number.NaN,
      result: result[i] ?? Number.NaN,
      name: name[i]!,
      error: error[i]!,
      task: task[i]!,
      fd: fd[i]!,
      path: path[i]!,
      line: line[i]!,
    })
  store.span = data.span
  store.processes = data.processes
  store.complete = true
  return store
}
