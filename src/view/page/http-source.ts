/** The questions of the page, asked of the server that sent it. */
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
  progress(tell) {
    const events = new EventSource('/api/progress')
    let last: Progress | undefined
    events.onmessage = ({ data }: MessageEvent<string>) => {
      last = JSON.parse(data) as Progress
      if (last.complete) events.close()
      tell(last)
    }
    // The browser tries again by itself, unless the server is gone for good.
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED)
        tell({ calls: 0, span: 0, read: null, ...last, complete: true, error: 'The server has gone.' })
    }
  },
}
