/** Who may ask: whoever has opened the one link that was printed, from the page itself and from nowhere else. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What becomes of a request. */
export type Admission =
  | { readonly admit: true }
  /** The link was opened: the browser gets this cookie, and goes on to the page. */
  | { readonly admit: false; readonly cookie: string }
  | { readonly admit: false; readonly refusal: string }

const refused = (refusal: string): Admission => ({ admit: false, refusal })

export class Access {
  readonly token: string = randomBytes(24).toString('base64url')
  readonly #session = randomBytes(24).toString('base64url')
  readonly #host: string
  readonly #cookie: string
  #used = false

  /** `port`: where we are asked at, on the loopback. */
  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`
    // Cookies do not know ports: two servers must not take each other's.
    this.#cookie = `glass-${port}`
  }

  get link(): string {
    return `http://${this.#host}/?token=${this.token}`
  }

  admit({ headers }: IncomingMessage, url: URL): Admission {
    // A name that somebody has lead to us is none of ours.
    if (headers.host !== this.#host) return refused('This address is not the one that was printed.')
    if (headers.origin !== undefined && headers.origin !== `http://${this.#host}`)
      return refused('Other pages may not ask here.')
    const token = url.searchParams.get('token')
    if (token !== null) {
      if (this.#used || !isSame(token, this.token))
        return refused('This link has been used, or is not the one that was printed. Start glass view again.')
      this.#used = true
      return {
        admit: false,
        cookie: `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`,
      }
    }
    const own = (headers.cookie ?? '')
      .split(';')
      .map(pair => pair.trim().split('='))
      .find(([name]) => name === this.#cookie)
    if (own === undefined || !isSame(own[1] ?? '', this.#session))
      return refused('Open the link that glass view has printed.')
    return { admit: true }
  }
}

/** In time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
