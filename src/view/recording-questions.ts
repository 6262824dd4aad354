/** What the page of a recording asks, answered while the recording is read. */
import { CallDetailer } from './call-details.ts'
import { CallLines } from './call-lines.ts'
import type { RecordingFeed } from './recording-feed.ts'
import { BadRequest } from './request-parameters.ts'
import { StoreAnswers } from './store-answers.ts'
import type { Questions } from './view-server.ts'

/** The answers to what is asked of one recording's calls; lines that the store has no room for are printed anew. */
export function feedAnswers(feed: RecordingFeed, title: string): StoreAnswers {
  const lines = new CallLines()
  return new StoreAnswers(feed.collector.store, title, id => {
    const records = feed.records(id)
    return records === null ? '' : lines.text(records)
  })
}

/** @param title what the page is titled */
export function recordingQuestions(feed: RecordingFeed, title: string): Questions {
  const { store } = feed.collector
  const from = feedAnswers(feed, title)
  const detailer = new CallDetailer()
  return {
    overview: () => from.overview({ ...feed.metadata }, undefined),
    timeline: p =>
      from.timeline(
        p.number('from'),
        p.number('to'),
        p.number('width'),
        p.lanes('lanes'),
        p.filter('filter'),
      ),
    rows: p =>
      from.rows(
        p.filter('filter'),
        p.column('sort'),
        p.flag('descending'),
        p.count('offset', 0),
        p.count('limit', 100),
      ),
    place: p => from.place(p.filter('filter'), p.column('sort'), p.flag('descending'), p.count('id')),
    statistics: p => from.statistics(p.filter('filter')),
    call(p) {
      const id = p.count('id')
      if (id >= store.count) throw new BadRequest(`There is no call ${id}.`)
      return detailer.details(from.row(id), store.began, feed.records(id))
    },
  }
}
