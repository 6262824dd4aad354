/** `glass diff --view` as its users have it: what works on Linux and failed in gVisor, in Chromium. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { hash, noBrowser, openPage, startBrowser, texts, until } from './browser.ts'
import { environment, glass, run, scratch } from './tracers.ts'

const folder = join(scratch, 'view-diff')
const file = (name: string): string => join(folder, name)
const report = file('report.html')
const log = fileURLToPath(new URL('gvisor/logs/refused.log', import.meta.url))
/** The log is of amd64. */
const skip = noBrowser !== false ? noBrowser : process.arch === 'x64' ? false : 'the log is of amd64'
let browser: Browser

const record = async (name: string, program: readonly string[]): Promise<void> => {
  const options = { cwd: folder, timeout: 120_000 }
  const { status, stderr } = await run([glass, 'record', '-f', '-o', file(name), ...program], options)
  assert.equal(status, 0, stderr)
}

before(async () => {
  if (skip !== false) return
  mkdirSync(folder)
  const source = fileURLToPath(new URL('gvisor/logs/refused.c', import.meta.url))
  const compiled = await run(['cc', '-static', '-O1', '-w', '-o', file('refused'), source], {
    timeout: 120_000,
  })
  assert.equal(compiled.status, 0, compiled.stderr)
  await record('linux.rec', [file('refused')])
  const script = 'cat data; ls data > /dev/null; [ ! -e more ] || cat more; exit 0'
  writeFileSync(file('data'), 'a\n')
  await record('first.rec', ['sh', '-c', script])
  rmSync(file('data'))
  writeFileSync(file('more'), '<img src=x onerror=globalThis.broken=1>\n')
  await record('second.rec', ['sh', '-c', script])
  const made = await run([glass, 'diff', file('first.rec'), file('second.rec'), '--export', report], {
    timeout: 120_000,
  })
  assert.equal(made.status, 0, made.stderr)
  browser = await startBrowser()
})
after(() => browser?.close())

const inBrowser = (name: string, look: () => Promise<void>): void => {
  test(name, { skip, timeout: 240_000 }, look)
}

/** Opens a comparison, has a look, and holds the page to having no complaint. */
async function onPage(
  address: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { page, complaints, requests, close } = await openPage(browser, address, options)
  try {
    await page.locator('.compared-row .call-name').first().waitFor()
    await look(page)
    assert.equal(await page.evaluate('globalThis.broken'), undefined)
    assert.deepEqual(complaints, [])
    const { origin, protocol } = new URL(address)
    const own = protocol === 'file:' ? 'file:' : `${origin}/`
    assert.deepEqual(
      requests.filter(asked => !asked.startsWith(own) && !asked.startsWith('data:')),
      [],
    )
  } finally {
    await close()
  }
}

const kind = (page: Page, name: string) =>
  page
    .getByRole('group', { name: 'Kinds of rows' })
    .getByRole('button', { name: new RegExp(`\\b${name}\\b`) })

inBrowser('what works on Linux and failed in gVisor, served', async () => {
  const server = spawn(glass, ['diff', file('linux.rec'), log, '--view', '--no-times'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(server, 'close')
  try {
    let said = ''
    for await (const part of server.stdout.iterator({ destroyOnReturn: false })) {
      said += String(part)
      if (said.includes('\n')) break
    }
    await onPage(said.trim(), async page => {
      assert.match(await page.title(), /^linux\.rec → refused\.log/)
      // Nothing but what succeeded before.
      for (const name of ['otherwise', 'missing', 'added', 'slower']) await kind(page, name).click()
      await until(
        texts(page, '.cell.sign'),
        ([, ...signs]) => signs.length > 0 && signs.every(sign => sign === '✗'),
      )
      const row = page.locator('.compared-row', { hasText: 'pidfd_open' })
      assert.match((await row.textContent()) ?? '', /pidfd_open.*= 3.*pidfd_open.*= -1 ENOSYS/)
      await row.click()
      const both = page.getByRole('complementary', { name: 'Both calls' })
      const [before, after] = [
        both.locator('section.details').first(),
        both.locator('section.details').last(),
      ]
      await after.locator('.outcome', { hasText: 'ENOSYS' }).waitFor()
      assert.equal(await before.locator('.outcome').textContent(), 'returned')
      assert.match((await before.textContent()) ?? '', /pidfd_open\(2\)/)
      // Whoever gets the link sees the same.
      await until(hash(page), text => /kinds=failing&row=\d+$/.test(text))
    })
  } finally {
    server.kill('SIGTERM')
    assert.deepEqual(await closed, [143, null])
  }
})

inBrowser('a report: processes, kinds, words, and the next difference by key', () =>
  onPage(pathToFileURL(report).href, async page => {
    const found = page.locator('.found b')
    const all = Number(await found.textContent())
    assert.ok(all > 10)
    // A process that only the second run has.
    await page.getByRole('option', { name: '+ cat more' }).click()
    await until(
      texts(page, '.cell.sign'),
      ([, ...signs]) => signs.length > 10 && signs.every(sign => sign === '+'),
    )
    await page.locator('#search').fill('onerror')
    await page.locator('.compared-row mark').first().click()
    const both = page.getByRole('complementary', { name: 'Both calls' })
    await both.locator('.hex', { hasText: '3c 69 6d 67' }).waitFor()
    assert.match((await both.textContent()) ?? '', /Only the second made the call/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('x')
    await page.locator('.grid.pair-grid').focus()
    await page.keyboard.press('Home')
    await page.locator('.pair.chosen').waitFor()
    await page.keyboard.press('a')
    // What is alike comes in between, and is passed over.
    await page.keyboard.press('6')
    await until(texts(page, '.found b'), ([count]) => Number(count) > all)
    await page.keyboard.press('n')
    const chosen = page.locator('.compared-row.chosen')
    await chosen.waitFor()
    assert.notEqual(await chosen.locator('.sign').textContent(), '')
    const first = await chosen.getAttribute('aria-rowindex')
    await page.keyboard.press('n')
    await until(
      () => chosen.getAttribute('aria-rowindex'),
      index => index !== first,
    )
    await page.keyboard.press('p')
    await page.locator(`.compared-row.chosen[aria-rowindex="${first}"]`).waitFor()
    // Conditions are those of either side.
    await page.keyboard.press('/')
    await page.keyboard.type('name=openat errno=ENOENT data')
    await page.keyboard.press('Enter')
    await until(
      texts(page, '.compared-row'),
      rows => rows.length > 0 && rows.every(row => /openat.*data/s.test(row) && row.includes('ENOENT')),
    )
    await page.locator('.grid').last().focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }),
)

inBrowser('a link, a narrow window and both colours', async () => {
  const grounds: unknown[] = []
  for (const colorScheme of ['dark', 'light'] as const)
    await onPage(
      `${pathToFileURL(report).href}#kinds=failing&f=name%3Dopenat`,
      async page => {
        await until(
          texts(page, '.cell.sign'),
          ([, ...signs]) => signs.length > 0 && signs.every(sign => sign === '✗'),
        )
        assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 400)
        for (const part of ['.pairs', '.table', '.both'])
          assert.ok((await page.locator(part).boundingBox())!.height > 50, part)
        grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
      },
      { colorScheme, viewport: { width: 400, height: 800 } },
    )
  assert.notEqual(grounds[0], grounds[1])
})
