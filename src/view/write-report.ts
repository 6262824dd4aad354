/** One file that holds the page and what it shows: see report-data.ts. */
import { deflateRawSync } from 'node:zlib'
import { CallDetailer } from './call-details.ts'
import type { ComparisonFeed } from './comparison-feed.ts'
import type { RecordingFeed } from './recording-feed.ts'
import type { ComparisonReportData, ReportData, ReportDetails } from './report-data.ts'
import { StoreAnswers } from './store-answers.ts'

/** Calls that are packed together. */
const callsTogether = 256
/** Bytes that a report has of a string or a buffer, and of a range of memory. */
const limits = { text: 256, memory: 1024 }

/** Where the page has room for data. */
const place = '<!-- report -->'

/** A page with what it shows, as one html. */
export function writeReport(html: string, data: ReportData | ComparisonReportData): string {
  if (!html.includes(place)) throw new Error('the page has no room for a report')
  const packed = pack(data)
  return html.replace(place, () => `<script>globalThis.sysglassReport='${packed}'</script>`)
}

/** Base64 has no `<`: nothing in it ends the script that it stands in. */
const pack = (value: unknown): string => deflateRawSync(Buffer.from(JSON.stringify(value))).toString('base64')

/** The calls of a feed that is complete. */
export function reportData(feed: RecordingFeed, title: string, note: string | null): ReportData {
  const { store } = feed.collector
  const column = (values: Float64Array | Uint16Array | Uint32Array | Int32Array): number[] =>
    Array.from(values.subarray(0, store.count))
  return {
    version: 1,
    title,
    metadata: { ...feed.metadata },
    note,
    began: store.began,
    span: store.span,
    columns: {
      begin: column(store.begin),
      // JSON has null for what is no number.
      took: column(store.took),
      result: column(store.result),
      name: column(store.name),
      error: column(store.error),
      task: column(store.task),
      fd: column(store.fd),
      path: column(store.path),
      line: column(store.line),
    },
    names: store.names.map(({ name, kind }) => ({ name, kind })),
    errors: store.errors.list,
    paths: store.paths.list,
    comms: store.comms.list,
    // The first is the one that stands for none.
    lines: Array.from({ length: store.lines.count - 1 }, (_, i) => store.lines.text(i + 1)),
    lanes: store.lanes.map(({ tid, pid, comm, begin, end }) => ({ tid, pid, comm, begin, end })),
    taskLanes: store.taskLane,
    taskComms: store.taskComm,
    processes: store.processes,
    details: details(feed),
    callsTogether,
  }
}

/** Both recordings of a comparison that is complete, and what there is between them. */
export function comparisonReportData(
  { sides, table }: ComparisonFeed,
  titles: readonly [string, string],
  notes: readonly string[],
): ComparisonReportData {
  const { pairs, count, before, after, kinds } = table!
  return {
    version: 1,
    titles,
    notes,
    sides: [reportData(sides[0], titles[0], null), reportData(sides[1], titles[1], null)],
    pairs,
    before: Array.from(before.subarray(0, count)),
    after: Array.from(after.subarray(0, count)),
    kinds: Array.from(kinds.subarray(0, count)),
  }
}

function details(feed: RecordingFeed): string[] {
  const { store } = feed.collector
  const answers = new StoreAnswers(store, '')
  const detailer = new CallDetailer(limits)
  const packed: string[] = []
  for (let from = 0; from < store.count; from += callsTogether) {
    const calls: ReportDetails[] = []
    for (let id = from; id < Math.min(store.count, from + callsTogether); id++) {
      const { row: _, ...rest } = detailer.details(answers.row(id), store.began, feed.records(id))
      calls.push(rest)
    }
    packed.push(pack(calls))
  }
  return packed
}
