/** The page of `glass view` in a real browser, over made-up calls: what hands, keys and eyes find there. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
// @ts-expect-error a script without types
import { buildPage } from '../scripts/build-page.mjs'
import { hash, noBrowser, type Opened, openPage, startBrowser, texts, until } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-page-'))
const file = join(folder, 'page.html')
let browser: Browser

before(async () => {
  if (noBrowser !== false) return
  await buildPage('src/view/page/test-main.ts', file)
  browser = await startBrowser()
})
after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the page, has a look at it, and holds it to having no complaint and asking nobody. */
async function onPage(
  query: string,
  look: (page: Page, opened: Opened) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const opened = await openPage(browser, `${pathToFileURL(file)}${query}`, options)
  try {
    await opened.page.locator('.row .call-name').first().waitFor()
    await look(opened.page, opened)
    assert.deepEqual(opened.complaints, [])
    assert.deepEqual(
      opened.requests.filter(address => !address.startsWith('file:') && !address.startsWith('data:')),
      [],
    )
  } finally {
    await opened.close()
  }
}
const inBrowser = (name: string, run: () => Promise<void>): void => {
  test(name, { skip: noBrowser, timeout: 180_000 }, run)
}

/** Pixels of the lanes that are not empty. */
const drawn = (page: Page): Promise<number> =>
  page.locator('.lanes-canvas').evaluate((element: unknown) => {
    // What runs in the browser knows the browser's types, this file does not.
    const canvas = element as {
      width: number
      height: number
      getContext(kind: '2d'): {
        getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray }
      }
    }
    const { data } = canvas.getContext('2d').getImageData(0, 24, canvas.width, canvas.height - 24)
    let count = 0
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) count++
    return count
  })

const lanesBox = async (page: Page) => (await page.locator('.lanes-canvas').boundingBox())!

inBrowser('it shows lanes, calls, processes and numbers', () =>
  onPage('', async page => {
    assert.match(await page.title(), /^make -j4 all/)
    await until(
      () => drawn(page),
      count => count > 10_000,
    )
    const tree = await texts(page, '[role=treeitem]')()
    assert.ok(tree.length > 5 && tree[0]!.includes('make'))
    assert.ok((await texts(page, '.ending.bad')()).includes('KILL'))
    assert.match((await page.locator('.totals').textContent()) ?? '', /20.000 calls/)
    assert.match((await page.locator('.figures').textContent()) ?? '', /calls20.000/)
  }),
)

inBrowser('wheel, keys, drags and the strip above move and zoom', () =>
  onPage('', async page => {
    const box = await lanesBox(page)
    await page.mouse.move(box.x + box.width / 2, box.y + 100)
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -400)
    const length = (text: string): number => {
      const [from = 0, to = 0] = (/t=([^&]*)/.exec(text)?.[1] ?? '0-1e9').split('-').map(Number)
      return to - from
    }
    // The address follows a little later: each step is waited for until it is done, not until something has changed.
    const zoomed = await until(hash(page), text => length(text) < 5)
    await page.keyboard.press('w')
    const nearer = await until(hash(page), text => Math.abs(length(text) / length(zoomed) - 0.7) < 0.01)
    await page.keyboard.press('d')
    await until(hash(page), text => text !== nearer && Math.abs(length(text) - length(nearer)) < 1e-3)
    const moved = await hash(page)()
    await page.mouse.move(box.x + 400, box.y + 100)
    await page.mouse.down()
    await page.mouse.move(box.x + 200, box.y + 100, { steps: 4 })
    await page.mouse.up()
    const dragged = await until(hash(page), text => text !== moved)
    await page.locator('.minimap').click({ position: { x: 30, y: 10 } })
    await until(hash(page), text => text !== dragged)
    await page.keyboard.press('0')
    await until(hash(page), text => !text.includes('t='))
  }),
)

inBrowser('two fingers zoom', () =>
  onPage(
    '',
    async page => {
      const box = await lanesBox(page)
      const session = await page.context().newCDPSession(page)
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
        session.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: xs.map((x, id) => ({ x: box.x + x, y: box.y + 120, id })),
        })
      await touch('touchStart', 300, 400)
      for (let i = 1; i <= 5; i++) await touch('touchMove', 300 - i * 20, 400 + i * 20)
      await touch('touchEnd')
      await until(hash(page), text => text.includes('t='))
    },
    { hasTouch: true },
  ),
)

inBrowser('conditions and words leave what they say, and are taken away again', () =>
  onPage('', async page => {
    await page.keyboard.press('/')
    await page.keyboard.type('errno=ENOENT duration>10us libc')
    await page.keyboard.press('Enter')
    await until(texts(page, '.chip'), chips => chips.length === 2)
    await until(texts(page, '.row'), rows => rows.length > 5 && rows.every(row => /libc.*ENOENT/s.test(row)))
    assert.match((await page.locator('.found').textContent()) ?? '', /^\d+ of 20.000$/)
    assert.ok((await page.locator('.row mark').count()) > 0)
    await until(hash(page), text => text.includes('f=errno%3DENOENT'))
    // Out of the words, out of the field.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('x')
    await until(texts(page, '.chip'), chips => chips.length === 0)
    // By the form, and by clicks on what there is most of, a bar of the histogram and a kind.
    await page.getByLabel('Filter by call').click()
    await page.getByRole('textbox', { name: 'Value' }).fill('futex')
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await until(
      texts(page, '.row .call-name'),
      names => names.length > 5 && names.every(name => name === 'futex'),
    )
    await page
      .locator('.top-list button', { hasText: /^read/ })
      .or(page.locator('.chip button'))
      .first()
      .click()
    await until(texts(page, '.row .call-name'), names => new Set(names).size > 1)
    await page.locator('.top-list button').first().click()
    await until(texts(page, '.row .call-name'), names => new Set(names).size === 1)
    await page.getByRole('button', { name: 'show all' }).click()
    await page.locator('.histogram button').nth(2).click()
    await until(texts(page, '.chip'), chips => chips.filter(chip => chip.includes('duration')).length === 2)
    await page.getByRole('button', { name: 'show all' }).click()
    await page.locator('.legend button', { hasText: 'network' }).click()
    const network = /^(connect|sendto|recvfrom)$/
    await until(
      texts(page, '.row .call-name'),
      names => names.length > 5 && names.every(name => network.test(name)),
    )
  }),
)

inBrowser('columns sort; a marked stretch filters by time', () =>
  onPage('', async page => {
    await page.locator('.duration .sort').click()
    const slowest = page.locator('[role=columnheader][aria-sort=descending]')
    assert.equal((await slowest.textContent())?.startsWith('Took'), true)
    await until(texts(page, '.row .duration'), ([first]) => first !== undefined && /\d ms$/.test(first))
    const box = await lanesBox(page)
    await page.mouse.move(box.x + 200, box.y + 8)
    await page.mouse.down()
    await page.mouse.move(box.x + 300, box.y + 8, { steps: 4 })
    await page.mouse.up()
    await page.getByRole('button', { name: 'Filter by it' }).click()
    await until(
      texts(page, '.chip'),
      chips => chips.length === 2 && chips.every(chip => chip.startsWith('time')),
    )
    await until(texts(page, '.found'), ([text]) => text !== undefined && !text.startsWith('20'))
  }),
)

inBrowser('a call that is chosen is shown everywhere', () =>
  onPage('', async page => {
    await page.locator('.row').nth(4).click()
    const panel = page.getByRole('tabpanel')
    await panel.locator('.hex').waitFor()
    const text = (await panel.textContent()) ?? ''
    for (const part of [/strace/, /gVisor/, /7f 45 4c 46/, /O_RDONLY\|O_CLOEXEC/, /opens a file/])
      assert.match(text, part)
    await until(hash(page), text => /call=4(&|$)/.test(text))
    await page.keyboard.press('Enter')
    await until(hash(page), text => text.includes('t='))
    // By keys to the next one, in the table and in its thread.
    await page.keyboard.press('ArrowDown')
    await until(hash(page), text => /call=5(&|$)/.test(text))
    await page.keyboard.press('.')
    await until(hash(page), text => !/call=5(&|$)/.test(text))
    // From the timeline into the table: the call in the middle of what is seen.
    await page.keyboard.press('z')
    const box = await lanesBox(page)
    const chosen = await hash(page)()
    await page.keyboard.press('Escape')
    await until(hash(page), text => !text.includes('call='))
    const row = await page.locator('[role=treeitem]').allInnerTexts()
    await until(
      async () => {
        for (let i = 0; i < row.length && !(await hash(page)()).includes('call='); i++) {
          await page.mouse.click(box.x + box.width / 2, box.y + 24 + i * 20 + 10)
          await new Promise(resolve => setTimeout(resolve, 300))
        }
        return hash(page)()
      },
      text => text.includes('call='),
    )
    assert.notEqual(chosen, '')
    await page.locator('.row.chosen').waitFor()
  }),
)

inBrowser('what a trace holds is shown as text, whatever it is', () =>
  onPage('#q=onerror', async page => {
    await until(texts(page, '.row'), rows => rows.length > 5 && rows.every(row => row.includes('<img src=x')))
    await page.locator('.row').first().click()
    await page.getByRole('tabpanel').locator('.hex').waitFor()
    await page.getByRole('tab', { name: 'Recording' }).click()
    assert.equal(await page.evaluate('globalThis.broken'), undefined)
    assert.equal(await page.locator('#page img, #page script, #page b:not([class])').count(), 1)
    await page.goto(`${pathToFileURL(file)}#f=path~bell`)
    await until(texts(page, '.top-list'), lists =>
      lists.some(list => list.includes('\u2407\u241b[31mred\u27e8202e\u27e9')),
    )
  }),
)

inBrowser('a program that runs is followed', () =>
  onPage('?share=0.1', async page => {
    const total = async (): Promise<number> => {
      const count = await page.getByRole('grid').getAttribute('aria-rowcount')
      return Number(count)
    }
    await until(total, count => count === 2001)
    await page.getByRole('button', { name: 'live' }).waitFor()
    for (const share of [0.2, 0.5, 1]) {
      await page.evaluate(`grow(${share})`)
      await until(total, count => count === 20_000 * share + 1)
    }
    await page.getByRole('button', { name: 'live' }).waitFor({ state: 'detached' })
    // The end was in sight all the time.
    await until(
      async () => Number(await page.locator('.row').last().getAttribute('aria-rowindex')),
      index => index === 20_001,
    )
  }),
)

inBrowser('dark and light as the system has it, or as one likes', async () => {
  const ground = (page: Page): Promise<string> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor')
  const grounds: string[] = []
  for (const colorScheme of ['dark', 'light'] as const)
    await onPage(
      '',
      async page => {
        const own = await ground(page)
        grounds.push(own)
        // auto, light, dark: one of the two differs from what the system has.
        await page.keyboard.press('t')
        if (colorScheme === 'light') await page.keyboard.press('t')
        await until(
          () => ground(page),
          other => other !== own,
        )
      },
      { colorScheme },
    )
  assert.notEqual(grounds[0], grounds[1])
})

inBrowser('everything can be reached and read without a mouse', () =>
  onPage('', async page => {
    const seen = new Set<string>()
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab')
      seen.add(
        await page.evaluate(
          '((e) => e.getAttribute("role") ?? e.className ?? e.id)(document.activeElement ?? document.body)',
        ),
      )
    }
    for (const place of ['tree', 'grid', 'tab', 'slider', 'separator', 'img', 'tabpanel', 'funnel'])
      assert.ok(seen.has(place), `${place} is not among ${[...seen]}`)
    // Where the keys go is to be seen.
    await page.locator('.grid').focus()
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
    assert.equal(outline, 'solid')
    await page.locator('.tree').focus()
    const before = await page.locator('[role=treeitem]').count()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await until(
      () => page.locator('[role=treeitem]').count(),
      count => count < before,
    )
    // A lane and its first call, and then the call's own place in the table.
    await page.locator('.lanes-canvas').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await until(hash(page), text => text.includes('call='))
    await page.locator('.row.chosen').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // What has a role has a name.
    const names = page
      .locator('button')
      .evaluateAll((buttons: readonly unknown[]) =>
        (buttons as { ariaLabel: string | null; textContent: string }[]).map(
          b => b.ariaLabel ?? b.textContent,
        ),
      )
    assert.ok((await names).every(name => name.trim() !== ''))
  }),
)

inBrowser('a link leads to what was seen', () =>
  onPage('#t=100-200&f=name%3Dread&sort=-duration&call=37&panel=call', async page => {
    await until(
      texts(page, '.row .call-name'),
      names => names.length > 5 && names.every(name => name === 'read'),
    )
    assert.equal(await page.locator('[aria-sort=descending]').count(), 1)
    await page.getByRole('tabpanel').locator('.hex').waitFor()
    assert.match(await hash(page)(), /t=100-200/)
  }),
)

inBrowser('a narrow window has everything too', () =>
  onPage(
    '',
    async page => {
      const wide: number = await page.evaluate('document.documentElement.scrollWidth')
      assert.ok(wide <= 400)
      for (const part of ['.lanes-canvas', '.grid', '.panel-content'])
        assert.ok((await page.locator(part).boundingBox())!.height > 120, part)
      // A finger beside the line between two parts draws it, from where it is.
      const line = page.getByRole('separator', { name: 'Height of the timeline' })
      const canvas = page.locator('.lanes-canvas')
      const height = async (): Promise<number> => (await canvas.boundingBox())!.height
      const before = (await line.boundingBox())!.y
      const heightBefore = await height()
      await page.mouse.move(200, before + 8)
      await page.mouse.down()
      await page.mouse.move(200, before + 68)
      await page.mouse.up()
      await until(height, now => Math.abs(now - heightBefore - 60) <= 1)
    },
    { viewport: { width: 400, height: 800 }, hasTouch: true, isMobile: true },
  ),
)
