/** What is kept of recordings goes when nobody asks for it, or when there is too much. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { cacheFile, unfinished } from './cache-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-cache-'))
process.env.XDG_CACHE_HOME = folder
after(() => rmSync(folder, { recursive: true }))

const recording = join(folder, 'a.rec')
writeFileSync(recording, 'anything')
const kept = cacheFile(recording, 'tables', '')!
const days = 86_400

/** A folder of tables, last asked for so long ago, of so many bytes that are not there. */
function tables(name: string, ago: number, bytes: number): string {
  const path = join(kept, '..', name)
  mkdirSync(path)
  const file = join(path, 'calls.parquet')
  writeFileSync(file, '')
  truncateSync(file, bytes)
  const then = Date.now() / 1000 - ago
  utimesSync(path, then, then)
  return path
}

test('folders of tables count for what is in them', () => {
  const paths = [
    tables('old.tables', 8 * days, 0),
    tables('recent.tables', 10, 3 * 2 ** 30),
    tables('before.tables', 20, 2 ** 29),
    tables('earlier.tables', 30, 2 ** 30),
    // Nobody has this number: it is above what numbers of processes can be.
    tables(`killed.tables.${2 ** 23}`, 5, 0),
    tables(unfinished('mine.tables'), 5, 0),
  ]
  assert.equal(cacheFile(recording, 'tables', ''), kept)
  assert.deepEqual(
    paths.map(path => existsSync(path)),
    [false, true, true, false, false, true],
  )
})
