/** A real browser for tests of pages: Debian's Chromium, driven by playwright-core. */
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
