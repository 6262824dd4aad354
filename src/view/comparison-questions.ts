/** What the page of a comparison asks, answered by a server. */
import { CallDetailer } from './call-details.ts'
import { noCall } from './compared-table.ts'
import { ComparisonAnswers } from './comparison-answers.ts'
import type { ComparisonFeed } from './comparison-feed.ts'
import {
  type Choice,
  type ComparedDetails,
  type ComparisonOverview,
  isRowKind,
  rowKinds,
} from './comparison-protocol.ts'
import type { CallDetails } from './protocol.ts'
import { feedAnswers } from './recording-questions.ts'
import { BadRequest, type Parameters } from './request-parameters.ts'
import type { Questions } from './view-server.ts'

/** @param titles what the recordings are called */
export function comparisonQuestions(feed: ComparisonFeed, titles: readonly [string, string]): Questions {
  const [before, after] = [feedAnswers(feed.sides[0], titles[0]), feedAnswers(feed.sides[1], titles[1])]
  const detailer = new CallDetailer()
  let answers: ComparisonAnswers | null = null
  const compared = (): ComparisonAnswers => {
    if (feed.table === null) throw new BadRequest('The recordings are still being compared.')
    answers ??= new ComparisonAnswers(feed.table, before, after)
    return answers
  }
  const details = (side: 0 | 1, id: number): CallDetails | null => {
    if (id === noCall) return null
    const from = feed.sides[side]
    const row = (side === 0 ? before : after).row(id)
    return detailer.details(row, from.collector.store.began, from.records(id))
  }
  return {
    overview: () => comparisonOverview(feed, titles),
    rows: p => compared().rows(choiceIn(p), p.count('offset', 0), p.count('limit', 100)),
    place: p => compared().place(choiceIn(p), p.count('row')),
    details(p): ComparedDetails {
      const row = p.count('row')
      const from = compared()
      const table = feed.table!
      if (row >= table.count) throw new BadRequest(`There is no row ${row}.`)
      return {
        row: from.row(row),
        before: details(0, table.before[row]!),
        after: details(1, table.after[row]!),
      }
    },
  }
}

function comparisonOverview(feed: ComparisonFeed, titles: readonly [string, string]): ComparisonOverview {
  const { sides, table } = feed
  return {
    titles,
    calls: [sides[0].collector.store.count, sides[1].collector.store.count],
    complete: table !== null,
    pairs: table?.pairs ?? [],
    counts: table?.counts() ?? rowKinds.map(() => 0),
    metadata: [{ ...sides[0].metadata }, { ...sides[1].metadata }],
    notes: feed.problems(),
  }
}

function choiceIn(parameters: Parameters): Choice {
  const kinds = parameters.words('kinds')
  if (!kinds.every(isRowKind)) throw new BadRequest(`'kinds' must be of: ${rowKinds.join(', ')}.`)
  return {
    kinds,
    pair: parameters.optionalCount('pair'),
    filter: parameters.filter('filter'),
  }
}
