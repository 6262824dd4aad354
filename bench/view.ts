/**
 * `npm run bench:view`: the page of `glass view` over ten million calls, in Chromium.
 *
 *     npm run bench:view -- [--calls N] [--recording FILE]
 *
 * Tells how long it takes to the first paint of the timeline and until all is read in, drives the wheel and the keys, and tells the
 * longest frames; how long filters take; and how long until all is there when it is opened again. Beside what a clock says stands the
 * CPU time of the page's main thread for the longest piece of work, which a busy machine does not change.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startBrowser } from '../test/browser.ts'
import { sysglass } from './tracers.ts'
import { compileLoop } from './workloads.ts'

const { values: options } = parseArgs({
  options: { calls: { type: 'string', default: '10000000' }, recording: { type: 'string' } },
})
const glass = fileURLToPath(new URL('../glass', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sysglass-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const say = (name: string, value: string): void => console.log(`${name.padEnd(44)} ${value}`)
const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`

/** Four threads that write and read, with so many calls in all. */
function record(): string {
  const file = join(folder, 'loop.rec')
  const program = [compileLoop(folder), 't', '4', options.calls, '0']
  execFileSync(sysglass, ['--backend=auto', '-f', '--format=recording', '-o', file, ...program], {
    stdio: 'ignore',
  })
  return file
}

/** Starts `glass view`; its link comes in a line. */
function serve(file: string): { link: Promise<string>; stop: () => Promise<void> } {
  // What is kept of ten million calls is half a gigabyte: it goes with the folder.
  const env = { ...process.env, XDG_CACHE_HOME: folder }
  const server = spawn(glass, ['view', file], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const link = new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (data: Buffer) => {
      const found = /http:\S+/.exec(String(data))
      if (found !== null) resolve(found[0])
    })
    server.on('close', () => reject(new Error('glass view has ended')))
  })
  const closed = once(server, 'close')
  return {
    link,
    async stop() {
      server.kill('SIGINT')
      await closed
    },
  }
}

/** Until something is drawn in the lanes. */
const painted = `(() => {
  const canvas = document.querySelector('.lanes-canvas')
  if (canvas === null || document.querySelector('.tree-row') === null) return false
  const { data } = canvas.getContext('2d').getImageData(0, 28, canvas.width, Math.max(1, Math.min(40, canvas.height - 28)))
  const colours = new Set(new Uint32Array(data.buffer))
  return colours.size > 3
})()`

/** Notes how far apart frames are, until asked. */
const watchFrames = `(() => {
  const frames = []
  let last = performance.now()
  let on = true
  const next = now => {
    frames.push(now - last)
    last = now
    if (on) requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
  globalThis.endFrames = () => ((on = false), frames.slice(2))
})()`

interface Driven {
  readonly frames: number[]
  /** CPU ms of the longest tasks of the page's main thread. */
  readonly tasks: number[]
}

async function drive(page: Page, act: () => Promise<void>): Promise<Driven> {
  const browser = page.context().browser()!
  await browser.startTracing(page, {
    categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'],
  })
  await page.evaluate(watchFrames)
  await act()
  const frames = await page.evaluate<number[]>('globalThis.endFrames()')
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as {
    traceEvents: { name: string; pid: number; tid: number; tdur?: number; args?: { name?: string } }[]
  }
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  const tasks = traceEvents
    .filter(({ pid, tid, tdur }) => tdur !== undefined && mains.has(`${pid}:${tid}`))
    .map(({ tdur }) => tdur! / 1000)
    .sort((a, b) => b - a)
  return { frames: frames.sort((a, b) => b - a), tasks }
}

function tell(name: string, { frames, tasks }: Driven): void {
  const over = frames.filter(frame => frame > 50).length
  say(
    name,
    `${frames.length} frames, longest ${frames.slice(0, 3).map(ms).join(', ')}; ${over} over 50 ms; longest task ${ms(tasks[0] ?? 0)} of CPU`,
  )
}

/** Opens the recording again: until all of it is there, from the start of glass on. */
async function openAgain(): Promise<void> {
  const from = performance.now()
  const again = serve(file)
  try {
    const page = await browser.newPage({ bypassCSP: true })
    await page.goto(await again.link)
    await allIn(page)
    say('opened again, everything is there', ms(performance.now() - from))
    await page.close()
  } finally {
    await again.stop()
  }
}

const allIn = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    `!/^0 /.test(document.querySelector('.totals')?.textContent ?? '0 ') && document.querySelector('.reading') === null`,
    undefined,
    { timeout: 600_000 },
  )

const file = options.recording ?? record()
const begun = performance.now()
const server = serve(file)
const browser = await startBrowser()
try {
  const link = await server.link
  say('glass view has its link', ms(performance.now() - begun))
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    // The page forbids scripts of others, ours too.
    bypassCSP: true,
  })
  const asked = performance.now()
  await page.goto(link)
  await page.waitForFunction(painted, undefined, { polling: 20, timeout: 120_000 })
  say('the timeline is painted, after the link', ms(performance.now() - asked))
  await page.locator('.row .call-name').first().waitFor({ timeout: 120_000 })
  say('the table has rows', ms(performance.now() - asked))
  await allIn(page)
  say('everything is read in', ms(performance.now() - asked))
  say('load of the machine', loadavg()[0]!.toFixed(1))
  say('calls', (await page.locator('.totals').textContent()) ?? '')

  const box = (await page.locator('.lanes-canvas').boundingBox())!
  const [x, y] = [box.x + box.width * 0.6, box.y + 90]
  await page.mouse.move(x, y)
  tell(
    'zooming in and out by the wheel',
    await drive(page, async () => {
      for (let i = 0; i < 60; i++) {
        await page.mouse.wheel(0, i < 36 ? -240 : 360)
        await page.waitForTimeout(16)
      }
    }),
  )
  await page.keyboard.press('0')
  for (let i = 0; i < 12; i++) await page.keyboard.press('w')
  tell(
    'moving by drags and keys',
    await drive(page, async () => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press(i % 10 < 5 ? 'd' : 'a')
        await page.waitForTimeout(16)
      }
      await page.mouse.down()
      for (let i = 0; i < 40; i++) {
        await page.mouse.move(x - i * 8, y)
        await page.waitForTimeout(8)
      }
      await page.mouse.up()
    }),
  )
  await page.locator('.grid').hover()
  tell(
    'scrolling the table',
    await drive(page, async () => {
      for (let i = 0; i < 60; i++) {
        await page.mouse.wheel(0, 20_000)
        await page.waitForTimeout(16)
      }
    }),
  )

  for (const text of ['name=read', 'duration>1ms', 'x00', 'errno=ENOENT']) {
    await page.keyboard.press('x')
    await page.waitForTimeout(1500)
    await page.locator('#search').fill(text)
    const from = performance.now()
    await page.keyboard.press('Enter')
    await page.waitForFunction(`/\\d/.test(document.querySelector('.found')?.textContent ?? '')`, undefined, {
      polling: 10,
      timeout: 60_000,
    })
    say(`filter ${text}`, `${ms(performance.now() - from)}, ${await page.locator('.found').textContent()}`)
    await page.locator('#search').fill('')
    await page.keyboard.press('Escape')
  }
  await page.close()
  await server.stop()
  await openAgain()
} finally {
  await browser.close()
  await server.stop()
}
