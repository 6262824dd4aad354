/** A real browser for tests of pages: Debian's Chromium, driven by playwright-core. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const found = spawnSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'], {
  encoding: 'utf8',
})
const executablePath: string = found.stdout.trim()

/** Why there are no tests in a browser here; false where there are. */
export const noBrowser: string | false = executablePath === '' ? 'no chromium on this machine' : false

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    // Root has no sandbox, and containers little shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: 120_000,
  })

export interface Opened {
  readonly page: Page
  /** What the page complained of, and whom it asked for something. */
  readonly complaints: string[]
  readonly requests: string[]
  close(): Promise<void>
}

/** Opens an address in a window of its own; `options` say how large it is, and which colours its user likes. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await page.goto(address)
  return { page, complaints, requests, close: () => context.close() }
}

/** Waits until something that is asked again and again is as wanted. */
export async function until<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 60_000
  for (;;) {
    const value = await ask()
    if (wanted(value)) return value
    if (Date.now() > end) assert.fail(`not as wanted within a minute: ${JSON.stringify(value)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
/** Asks for the page's own part of its address. */
export const hash = (page: Page) => (): Promise<string> => page.evaluate('location.hash')
/** Asks for the texts of what a selector finds. */
export const texts = (page: Page, selector: string) => (): Promise<string[]> =>
  page.locator(selector).allInnerTexts()
