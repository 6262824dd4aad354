/** The server behind the page: HTTP on the loopback, for one browser. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Access } from './access.ts'
import { dataHeaders, pageHeaders } from './page-headers.ts'
import type { ProgressTeller } from './protocol.ts'
import { BadRequest, Parameters } from './request-parameters.ts'

/** What pages ask at `/api/NAME`, and what gives the answer. */
export type Questions = Readonly<Record<string, (parameters: Parameters) => unknown>>

export interface ViewOptions {
  readonly questions: Questions
  readonly progress: ProgressTeller
  readonly html: string
  /** 0: any that is free. */
  readonly port: number
  /** Something is wrong with us; whoever asked gets no answer. */
  readonly onFault: (error: unknown) => void
}

export interface ViewServer {
  /** To be opened once. */
  readonly link: string
  /** Tells open pages that there are no more answers, and why; then ends. */
  close(why: string): Promise<void>
}

/** Serves; rejects with node's error where the port cannot be had. */
export async function startViewServer(options: ViewOptions): Promise<ViewServer> {
  // A page may ask for a thousand threads by their numbers.
  const server = createServer({ maxHeaderSize: 1 << 20 })
  await listen(server, options.port)
  const access = new Access((server.address() as AddressInfo).port)
  const listeners = new ProgressListeners(options.progress)
  const answer = answers(options, listeners)
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
    async close(why) {
      server.close()
      await listeners.end(why)
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

function answers(
  { questions, html }: ViewOptions,
  listeners: ProgressListeners,
): ReadonlyMap<string, Answer> {
  const json =
    (ask: (parameters: Parameters) => unknown): Answer =>
    (parameters, response) => {
      const body = JSON.stringify(ask(parameters))
      response.writeHead(200, { ...dataHeaders, 'Content-Type': 'application/json; charset=utf-8' }).end(body)
    }
  return new Map<string, Answer>([
    ['/', (_, response) => response.writeHead(200, pageHeaders(html)).end(html)],
    ['/api/progress', (_, response) => listeners.add(response)],
    ...Object.entries(questions).map(([name, ask]): [string, Answer] => [`/api/${name}`, json(ask)]),
  ])
}

/** Milliseconds for pages to hear of the end. */
const patience = 500

/** Pages that hear of progress, as server-sent events, and of the end: an event of its own. */
class ProgressListeners {
  readonly #progress: ProgressTeller
  readonly #open = new Set<ServerResponse>()

  constructor(progress: ProgressTeller) {
    this.#progress = progress
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { ...dataHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
    const end = this.#progress.onProgress(progress => response.write(`data: ${JSON.stringify(progress)}\n\n`))
    this.#open.add(response)
    response.on('close', () => {
      this.#open.delete(response)
      end()
    })
  }

  async end(why: string): Promise<void> {
    const told = [...this.#open].map(response => {
      const gone = once(response, 'close')
      response.end(`event: end\ndata: ${JSON.stringify(why)}\n\n`)
      return gone
    })
    await Promise.race([Promise.all(told), sleep(patience)])
  }
}

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { ...dataHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
