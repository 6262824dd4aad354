import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { callPages, folder } from '../../scripts/generate-call-pages.ts'
import { declarationOf } from '../syscalls/index.ts'
import { callNames, callPage } from './call-page.ts'
import { pageText } from './page-text.ts'

describe('pages of calls', () => {
  test('docs/calls is what npm run generate writes', () => {
    const pages = callPages()
    assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort())
    for (const [name, text] of pages)
      assert.ok(readFileSync(join(folder, name), 'utf8') === text, `docs/calls/${name}: npm run generate`)
  })

  test('there is one for each call, with its numbers, its result and an example', () => {
    for (const name of callNames()) {
      const page = callPage(name)!
      assert.ok(page.numbers.length > 0, name)
      const titles = page.parts.map(part => part.title)
      assert.equal(titles[0], 'Arguments', name)
      const example = page.parts.find(part => part.title === 'Example')!
      // A call that stands for others is shown as one of them.
      const meant = Object.keys(declarationOf(name, 'i386').inMemory?.calls ?? {})
      assert.match(example.rows[0]![0]!, new RegExp(`^(${[name, ...meant].join('|')})\\(.*\\) += `), name)
    }
  })

  test('a page tells types, flags, what is captured, and the call in both notations', () => {
    const text = pageText(callPage('openat')!)
    assert.match(text, /^openat: .*\nopenat\(2\) {3}amd64 257, arm64 56, i386 295\n/)
    assert.match(text, /pathname +enter +→ path\n/)
    assert.match(text, /O_DIRECT +0x4000 +arm64: 0x10000\n/)
    assert.match(text, / {2}openat\(AT_FDCWD, "\/etc\/hosts", O_RDONLY\|O_CREAT, 0644\) = 4\n/)
    assert.match(
      text,
      / {2}X openat\(AT_FDCWD \/root, 0x[0-9a-f]+ \/etc\/hosts, O_RDONLY\|O_CREAT, 0o644\) = 4 \(0x4\)\n/,
    )
  })

  test('what is no call has none', () => {
    for (const name of ['', 'nothing', 'constructor', '__proto__']) assert.equal(callPage(name), undefined)
  })
})
