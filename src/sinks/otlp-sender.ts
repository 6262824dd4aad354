/** Sends bodies to a collector: OTLP over HTTP, in JSON. */
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

/** What went wrong, for people. */
export class OtlpError extends Error {}

export interface SenderOptions {
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  /** How long a collector that is busy is asked again, in ms. */
  readonly patience: number
}

/** Statuses at which the specification has one try again. */
const again: ReadonlySet<number> = new Set([429, 502, 503, 504])
const firstWait = 500
const longestWait = 8000
const timeout = 30_000

export class OtlpSender {
  /** Spans that the collector did not want, and its latest reason. */
  rejected = 0
  reason = ''
  readonly #options: SenderOptions

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Resolves when the collector has it; rejects with an OtlpError. */
  async send(body: unknown): Promise<void> {
    const { url, headers, patience } = this.#options
    const bytes = gzipSync(Buffer.from(JSON.stringify(body)))
    const until = performance.now() + patience
    for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
      let response: Response
      try {
        response = await fetch(url, {
          method: 'POST',
          body: bytes,
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers },
          redirect: 'error',
          signal: AbortSignal.timeout(timeout),
        })
      } catch (error) {
        throw new OtlpError(`${url}: ${causeOf(error)}`)
      }
      const answer = await response.text().catch(() => '')
      if (response.ok) return this.#accepted(answer)
      const pause = (secondsOf(response.headers.get('retry-after')) ?? wait / 1000) * 1000
      if (!again.has(response.status) || performance.now() + pause > until)
        throw new OtlpError(`${url}: ${response.status} ${response.statusText}${detail(answer)}`)
      await sleep(pause)
    }
  }

  #accepted(answer: string): void {
    try {
      const { partialSuccess } = JSON.parse(answer) as {
        partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string }
      }
      this.rejected += Number(partialSuccess?.rejectedSpans ?? 0)
      this.reason = partialSuccess?.errorMessage ?? this.reason
    } catch {
      // Not all collectors answer what the specification says; that they took it, the status tells.
    }
  }
}

function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}

/** fetch says what failed in its error's cause, which may be several. */
function causeOf(error: unknown): string {
  const { cause, message, name } = error as Error & { cause?: Error & { code?: string; errors?: Error[] } }
  if (name === 'TimeoutError') return `no answer within ${timeout / 1000} s`
  return cause?.errors?.[0]?.message ?? (cause?.message || cause?.code) ?? message
}

/** What a collector says of an error, on one line and printable. */
const detail = (answer: string): string => {
  const line = answer.replace(/[^\x20-\x7e]+/g, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, 200)}`
}
