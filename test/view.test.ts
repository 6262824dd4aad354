/** `glass view` as its users have it: a server or a report at one end, Chromium at the other. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { noBrowser, type Opened, openPage, startBrowser } from './browser.ts'
import { environment, glass, run, scratch } from './tracers.ts'

const folder = join(scratch, 'view-browser')
const recording = join(folder, 'program.rec')
const report = join(folder, 'report.html')
/** A file's name that would like to be more. */
const hostile = '</script><img src=x onerror=globalThis.broken=1>\u001b[31m'
const script = 'cat data > /dev/null; cat nosuch 2> /dev/null; cat "$NAME" > /dev/null; exit 3'
const options = { cwd: folder, env: { NAME: hostile }, timeout: 120_000 }
let browser: Browser

before(async () => {
  if (noBrowser !== false) return
  mkdirSync(folder)
  writeFileSync(join(folder, 'data'), `${'data '.repeat(40)}<b>\u0007`)
  await run([glass, 'record', '-f', '-o', recording, 'sh', '-c', script], options)
  const { status, stderr } = await run([glass, 'view', '--export', report, recording], options)
  assert.equal(status, 0, stderr)
  browser = await startBrowser()
})
after(() => browser?.close())

const inBrowser = (name: string, look: () => Promise<void>): void => {
  test(name, { skip: noBrowser, timeout: 240_000 }, look)
}

/** Starts `glass view`; gives its link, which comes in a line. */
async function serve(words: readonly string[]): Promise<{ link: string; child: ChildProcess }> {
  const child = spawn(glass, ['view', ...words], {
    cwd: folder,
    // Without a terminal, which would make ^C the program's.
    detached: true,
    env: { ...environment, NAME: hostile },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const link = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', data => {
        said += String(data)
        const found = /^http:\S+(?=\n)/m.exec(said)
        if (found !== null) resolve(found[0])
      })
    child.on('close', () => reject(new Error(said)))
  })
  return { link, child }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.on('close', resolve))
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await ended
}

/** What both must show of that program. */
async function looksRight({ page, complaints }: Opened): Promise<void> {
  await page.locator('.reading, .live').waitFor({ state: 'detached' })
  const processes = page.locator('[role=treeitem]')
  await processes.nth(3).waitFor()
  assert.ok((await processes.allInnerTexts()).some(text => /^\W*sh\s+\d+\s+3\s/.test(text)))
  // A file that is not there, in the table, in the numbers and in full.
  await page.keyboard.press('/')
  await page.keyboard.type('errno=ENOENT nosuch')
  await page.keyboard.press('Enter')
  await page.locator('.found', { hasText: /^1 of/ }).waitFor()
  await page.locator('.row .call-name').click()
  const panel = page.getByRole('tabpanel')
  await panel.locator('.notation').first().waitFor()
  const details = (await panel.textContent()) ?? ''
  assert.match(details, /openat\(AT_FDCWD.*"nosuch", O_RDONLY\) = -1 ENOENT \(No such file or directory\)/)
  assert.match(details, /openat\(AT_FDCWD .* nosuch, O_RDONLY\|0x0, 0o0\) = -1 errno=2/)
  assert.match(details, /openat\(2\)/)
  // What was read, as bytes.
  await page.locator('#search').fill('name=read data')
  await page.locator('#search').press('Enter')
  await page.getByRole('button', { name: /^Take away: errno/ }).click()
  await page.locator('.row', { hasText: 'data data' }).first().click()
  await panel.locator('.hex', { hasText: '64 61 74 61 20' }).waitFor()
  // A name full of markup is a name.
  await page.locator('#search').fill('onerror')
  await page.locator('#search').press('Enter')
  await page.getByRole('button', { name: /^Take away: name/ }).click()
  await page.locator('.row', { hasText: '</script><img src=x' }).first().waitFor()
  assert.equal(await page.evaluate('globalThis.broken'), undefined)
  assert.equal(await page.locator('img').count(), 0)
  assert.deepEqual(complaints, [])
}

inBrowser('a recording is served, and nothing is asked of anybody else', async () => {
  const { link, child } = await serve([recording])
  const opened = await openPage(browser, link)
  try {
    await looksRight(opened)
    const { origin } = new URL(link)
    assert.deepEqual(
      opened.requests.filter(address => !address.startsWith(`${origin}/`) && !address.startsWith('data:')),
      [],
    )
  } finally {
    await opened.close()
    await end(child)
  }
})

inBrowser('a report is opened as a file', async () => {
  const opened = await openPage(browser, pathToFileURL(report).href)
  try {
    await looksRight(opened)
    assert.deepEqual(
      opened.requests.filter(address => !address.startsWith('file:') && !address.startsWith('data:')),
      [],
    )
  } finally {
    await opened.close()
  }
})

inBrowser('a program is watched while it runs', async () => {
  // It goes on until the page has been seen.
  const go = join(folder, 'go')
  const waits = `until test -e ${go}; do cat data > /dev/null; sleep 0.1; done; cat last-file`
  const { link, child } = await serve(['--', 'sh', '-c', waits])
  const opened = await openPage(browser, link)
  try {
    const { page } = opened
    await page.getByRole('button', { name: 'live' }).waitFor()
    await page.locator('.row .call-name').first().waitFor()
    const grid = page.getByRole('grid')
    const count = async (): Promise<number> => Number(await grid.getAttribute('aria-rowcount'))
    const first = await count()
    for (const until = Date.now() + 60_000; (await count()) <= first; ) {
      assert.ok(Date.now() < until, 'nothing more within a minute')
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    writeFileSync(go, '')
    await page.getByRole('button', { name: 'live' }).waitFor({ state: 'detached' })
    // The end is in sight, without a hand.
    await page.locator('.row', { hasText: 'exit_group' }).first().waitFor()
    await page.locator('#search').fill('last-file')
    await page.locator('.row', { hasText: 'openat' }).first().waitFor()
    assert.deepEqual(opened.complaints, [])
  } finally {
    writeFileSync(go, '')
    await opened.close()
    await end(child)
  }
})

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  inBrowser(`${signal} ends the program and the server, and the page says so`, async () => {
    const { link, child } = await serve(['--', 'sh', '-c', 'echo $$ > running; while :; do sleep 0.1; done'])
    const opened = await openPage(browser, link)
    try {
      const { page } = opened
      await page.getByRole('button', { name: 'live' }).waitFor()
      await page.locator('.row .call-name').first().waitFor()
      const closed = new Promise(resolve => child.on('close', resolve))
      child.kill(signal)
      await page.locator('.title .failed', { hasText: 'glass has ended' }).waitFor()
      await page.getByRole('button', { name: 'live' }).waitFor({ state: 'detached' })
      assert.equal(await closed, 128 + constants.signals[signal])
      const program = Number(readFileSync(join(folder, 'running'), 'utf8'))
      assert.throws(() => process.kill(program, 0), /ESRCH/)
    } finally {
      await opened.close()
      await end(child)
    }
  })
