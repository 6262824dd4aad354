/** The server behind the page: HTTP on the loopback, for one browser. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Access } from './access.ts'
import { CallDetailer } from './call-details.ts'
import { CallLines } from './call-lines.ts'
import { dataHeaders, pageHeaders } from './page-headers.ts'
import type { RecordingFeed } from './recording-feed.ts'
import { BadRequest, Parameters } from './request-parameters.ts'
import { StoreAnswers } from './store-answers.ts'

export interface ViewOptions {
  readonly feed: RecordingFeed
  /** What the page is titled. */
  readonly title: string
  readonly html: string
  /** 0: any that is free. */
  readonly port: number
  /** Something is wrong with us; whoever asked gets no answer. */
  readonly onFault: (error: unknown) => void
}

export interface ViewServer {
  /** To be opened once. */
  readonly link: string
  close(): void
}

/** Serves; rejects with node's error where the port cannot be had. */
export async function startViewServer(options: ViewOptions): Promise<ViewServer> {
  // A page may ask for a thousand threads by their numbers.
  const server = createServer({ maxHeaderSize: 1 << 20 })
  await listen(server, options.port)
  const access = new Access((server.address() as AddressInfo).port)
  const answer = answers(options)
  // One after the other, with a look at the sockets in between: whoever has scrolled on no longer wants an answer.
  let before: Promise<void> = Promise.resolve()
  server.on('request', (request, response) => {
    before = before
      .then(() => turn())
      .then(() => {
        if (response.destroyed) return
        try {
          respond(request, response, access, answer)
        } catch (error) {
          if (error instanceof BadRequest) return sendText(response, 400, error.message)
          response.destroy()
          options.onFault(error)
        }
      })
  })
  return {
    link: access.link,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })

type Answer = (parameters: Parameters, response: ServerResponse) => void

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  answer: ReadonlyMap<string, Answer>,
): void {
  const url = urlOf(request)
  if (url === null) return sendText(response, 400, 'This is no address.')
  const admission = access.admit(request, url)
  if (!admission.admit) {
    if ('refusal' in admission) return sendText(response, 403, admission.refusal)
    response.writeHead(303, { ...dataHeaders, Location: '/', 'Set-Cookie': admission.cookie }).end()
    return
  }
  if (request.method !== 'GET') return sendText(response, 405, 'There is nothing to be changed here.')
  const found = answer.get(url.pathname)
  if (found === undefined) return sendText(response, 404, 'There is nothing here.')
  found(new Parameters(url.searchParams), response)
}

function urlOf({ url = '/' }: IncomingMessage): URL | null {
  try {
    return new URL(url, 'http://127.0.0.1')
  } catch {
    return null
  }
}

function answers({ feed, title, html }: ViewOptions): ReadonlyMap<string, Answer> {
  const { store } = feed.collector
  const lines = new CallLines()
  const from = new StoreAnswers(store, title, id => {
    const records = feed.records(id)
    return records === null ? '' : lines.text(records)
  })
  const detailer = new CallDetailer()
  const json =
    (ask: (parameters: Parameters) => unknown): Answer =>
    (parameters, response) => {
      const body = JSON.stringify(ask(parameters))
      response.writeHead(200, { ...dataHeaders, 'Content-Type': 'application/json; charset=utf-8' }).end(body)
    }
  return new Map<string, Answer>([
    ['/', (_, response) => response.writeHead(200, pageHeaders(html)).end(html)],
    ['/api/overview', json(() => from.overview({ ...feed.metadata }, undefined))],
    [
      '/api/timeline',
      json(p =>
        from.timeline(
          p.number('from'),
          p.number('to'),
          p.number('width'),
          p.lanes('lanes'),
          p.filter('filter'),
        ),
      ),
    ],
    [
      '/api/rows',
      json(p =>
        from.rows(
          p.filter('filter'),
          p.column('sort'),
          p.flag('descending'),
          p.count('offset', 0),
          p.count('limit', 100),
        ),
      ),
    ],
    [
      '/api/place',
      json(p => from.place(p.filter('filter'), p.column('sort'), p.flag('descending'), p.count('id'))),
    ],
    ['/api/statistics', json(p => from.statistics(p.filter('filter')))],
    [
      '/api/call',
      json(p => {
        const id = p.count('id')
        if (id >= store.count) throw new BadRequest(`There is no call ${id}.`)
        return detailer.details(from.row(id), store.began, feed.records(id))
      }),
    ],
    ['/api/progress', (_, response) => tellProgress(feed, response)],
  ])
}

/** Server-sent events; the last one is that all is there. */
function tellProgress(feed: RecordingFeed, response: ServerResponse): void {
  response.writeHead(200, { ...dataHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
  const end = feed.onProgress(progress => response.write(`data: ${JSON.stringify(progress)}\n\n`))
  response.on('close', end)
}

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { ...dataHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
