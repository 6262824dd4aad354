/** `glass diff --view`: a comparison as a page, or as a report. */
import { basename } from 'node:path'
import { commonDetail } from '../../analysis/compared-calls.ts'
import type { Times } from '../../analysis/slower-calls.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { ComparisonFeed } from '../../view/comparison-feed.ts'
import { comparisonQuestions } from '../../view/comparison-questions.ts'
import type { ViewServer } from '../../view/view-server.ts'
import { comparisonReportData, writeReport } from '../../view/write-report.ts'
import { isSameFile } from '../resolve-program.ts'
import {
  endings,
  endServer,
  pageHtml,
  reportCalls,
  type ServingWish,
  saveReport,
  servePage,
} from './serve-page.ts'
import { latin1, readable } from './viewable-recording.ts'
import { CommandEnd } from './words.ts'

export interface ComparisonWish extends ServingWish {
  /** The report to write; undefined: to serve the page. */
  readonly report: string | undefined
  /** Calls of each recording in a report. */
  readonly most: number | undefined
  readonly times: Times
}

const stdout = descriptorSink(1)

/** Shows what the second recording has otherwise. Served, it ends with ^C. */
export async function viewComparison(files: readonly [string, string], wish: ComparisonWish): Promise<void> {
  let server: ViewServer | undefined
  for (const name of endings) process.on(name, () => void endServer(server, name))
  const { report } = wish
  if (report !== undefined)
    for (const file of files)
      if (isSameFile(latin1(file), latin1(report)))
        throw new CommandEnd(`'${file}' is what is to be compared`)
  const [before, after] = [await readable(files[0]), await readable(files[1])]
  const detail = commonDetail(before.metadata, after.metadata)
  const feed = new ComparisonFeed([before.path, after.path], detail, wish.times)
  const titles = titlesOf(files)
  if (report !== undefined) {
    await feed.read(wish.most ?? reportCalls)
    const notes = [
      ...feed.sides.flatMap(({ cut, collector }, i) =>
        cut
          ? `Of ${titles[i]} these are the first ${collector.store.count.toLocaleString('en')} calls; it has more.`
          : [],
      ),
      ...feed.problems(),
    ]
    const html = writeReport(pageHtml('diff'), comparisonReportData(feed, titles, notes))
    return saveReport(report, html, `${feed.table!.count.toLocaleString('en')} rows`, notes)
  }
  const reading = feed.read()
  const page = { questions: comparisonQuestions(feed, titles), progress: feed, html: pageHtml('diff') }
  server = await servePage(page, wish, line => stdout.write(line))
  await reading
}

/** What recordings are called: their files, with their folders where the names are the same. */
function titlesOf([first, second]: readonly [string, string]): readonly [string, string] {
  const names = [basename(first), basename(second)] as const
  return names[0] === names[1] ? [first, second] : names
}
