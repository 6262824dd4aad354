/** What the build puts in the place of sources: it must be what they are. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as esbuild from 'esbuild'
import { dataReader, writeData } from '../scripts/data-files.mjs'
import { layouts } from '../src/abi/layouts.ts'
import * as sets from '../src/abi/sets.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))
const src = new URL('../src', import.meta.url).pathname

/** What a reader exports, run as in a bundle that stands beside the files. */
function read(name: string): Record<string, unknown> {
  const module = { exports: {} }
  new Function('module', 'require', '__dirname', dataReader(name))(
    module,
    createRequire(import.meta.url),
    folder,
  )
  return module.exports
}

const text = (set: object): string =>
  JSON.stringify(set, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))

test('names of numbers and layouts are read from files as they stand in the sources', async () => {
  await writeData(esbuild, src, folder)
  const readSets = read('sets')
  for (const [name, set] of Object.entries(sets)) {
    // A part that there is not is there as undefined.
    assert.deepEqual(JSON.parse(text({ ...(readSets[name] as object) })), JSON.parse(text(set)), name)
    assert.equal(readSets[name], readSets[name])
  }
  const readLayouts = read('layouts').layouts as Record<string, unknown>
  for (const [name, layout] of Object.entries(layouts)) assert.deepEqual(readLayouts[name], layout, name)
  for (const missing of ['no_such', '', 'toString', 'a\tb']) {
    assert.equal(readSets[missing], undefined)
    assert.equal(readLayouts[missing], undefined)
  }
})
