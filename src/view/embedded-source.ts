/** What a report's page is fed from: the data that stand in it. Runs in browsers, and in node for tests. */
import { CallStore, ThreadLane } from './call-store.ts'
import type { Source } from './protocol.ts'
import type { ReportData, ReportDetails } from './report-data.ts'
import { StoreAnswers } from './store-answers.ts'

/** Opens what `globalThis.sysglassReport` holds. */
export async function openReport(packed: string): Promise<Source> {
  const data = (await unpack(packed)) as ReportData
  const store = storeOf(data)
  const answers = new StoreAnswers(store, data.title)
  const note = data.note ?? undefined
  /** The lot that was looked at last. */
  let lot: { readonly number: number; readonly calls: readonly ReportDetails[] } | undefined
  return {
    overview: async () => answers.overview(data.metadata, note),
    timeline: async (from, to, width, lanes, filter) => answers.timeline(from, to, width, lanes, filter),
    rows: async (filter, sort, descending, offset, limit) =>
      answers.rows(filter, sort, descending, offset, limit),
    place: async (filter, sort, descending, id) => answers.place(filter, sort, descending, id),
    statistics: async filter => answers.statistics(filter),
    async call(id) {
      if (!(id >= 0 && id < store.count)) throw new Error(`There is no call ${id}.`)
      const number = Math.floor(id / data.callsTogether)
      if (lot?.number !== number)
        lot = { number, calls: (await unpack(data.details[number]!)) as ReportDetails[] }
      return { row: answers.row(id), ...lot.calls[id % data.callsTogether]! }
    },
    progress(tell) {
      tell({ calls: store.count, span: store.span / 1e6, read: 1, complete: true })
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
