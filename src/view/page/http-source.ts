/** The questions of pages, asked of the server that sent them. */
import type {
  Choice,
  ComparedDetails,
  ComparedPlace,
  ComparedRows,
  ComparisonOverview,
  ComparisonSource,
} from '../comparison-protocol.ts'
import type {
  CallDetails,
  Column,
  Filter,
  Overview,
  Place,
  Progress,
  Rows,
  Source,
  Statistics,
  Timeline,
} from '../protocol.ts'

/** Asks; what goes wrong becomes an error that says so in the server's words. */
async function ask<T>(path: string, parameters: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const query = new URLSearchParams(parameters).toString()
  const response = await fetch(`/api/${path}${query === '' ? '' : `?${query}`}`, {
    ...(signal === undefined ? {} : { signal }),
    headers: { accept: 'application/json' },
  })
  if (!response.ok) {
    const text = (await response.text()).trim()
    throw new Error(text === '' ? `the server answered ${response.status}` : text.slice(0, 500))
  }
  return (await response.json()) as T
}

const asText = (filter: Filter): string => JSON.stringify(filter)

/** A source that talks to the server. */
export const httpSource: Source = {
  overview: signal => ask<Overview>('overview', {}, signal),
  timeline: (from, to, width, lanes, filter, signal) =>
    ask<Timeline>(
      'timeline',
      {
        from: String(from),
        to: String(to),
        width: String(width),
        lanes: lanes.join(','),
        filter: asText(filter),
      },
      signal,
    ),
  rows: (filter, sort, descending, offset, limit, signal) =>
    ask<Rows>(
      'rows',
      {
        filter: asText(filter),
        sort,
        descending: descending ? '1' : '0',
        offset: String(offset),
        limit: String(limit),
      },
      signal,
    ),
  place: (filter, sort: Column, descending, id, signal) =>
    ask<Place>(
      'place',
      { filter: asText(filter), sort, descending: descending ? '1' : '0', id: String(id) },
      signal,
    ),
  call: (id, signal) => ask<CallDetails>('call', { id: String(id) }, signal),
  statistics: (filter, signal) => ask<Statistics>('statistics', { filter: asText(filter) }, signal),
  progress: tellProgress,
}

const choiceOf = ({ kinds, pair, filter }: Choice): Record<string, string> => ({
  kinds: kinds.join(','),
  pair: pair === null ? '' : String(pair),
  filter: asText(filter),
})

/** A source of a comparison that talks to the server. */
export const httpComparison: ComparisonSource = {
  overview: signal => ask<ComparisonOverview>('overview', {}, signal),
  rows: (choice, offset, limit, signal) =>
    ask<ComparedRows>('rows', { ...choiceOf(choice), offset: String(offset), limit: String(limit) }, signal),
  place: (choice, row, signal) =>
    ask<ComparedPlace>('place', { ...choiceOf(choice), row: String(row) }, signal),
  details: (row, signal) => ask<ComparedDetails>('details', { row: String(row) }, signal),
  progress: tellProgress,
}

function tellProgress(tell: (progress: Progress) => void): void {
  const events = new EventSource('/api/progress')
  let last: Progress = { calls: 0, span: 0, read: null, complete: false }
  let failures = 0
  const end = (error: string): void => {
    events.close()
    tell({ ...last, complete: true, error })
  }
  events.onmessage = ({ data }: MessageEvent<string>) => {
    failures = 0
    last = JSON.parse(data) as Progress
    tell(last)
  }
  // It stays open when all is there: whoever looks wants to know when nobody answers any more.
  events.addEventListener('end', ({ data }: MessageEvent<string>) => end(String(JSON.parse(data))))
  // The browser tries again by itself; once is enough.
  events.onerror = () => {
    if (++failures > 1 || events.readyState === EventSource.CLOSED)
      end('glass has gone: what is here stays, and nothing more can be asked.')
  }
}
