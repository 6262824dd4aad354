/** What one run keeps the next one reads, for the same key and the same code alone; what others might have written is not read. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KeptFiles, slotOf } from './kept-files.ts'
import { packPrograms, unpackPrograms } from './packed-programs.ts'
import type { PlanAssembly } from './plan-assembly.ts'

const home = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(home, { recursive: true }))
const folder = join(home, 'cache')
const kept = new KeptFiles(folder, 'code 1')
const content = Buffer.from('content')

test('what was kept is read for its key, by the code that kept it', () => {
  assert.equal(kept.read('a', 'key'), undefined)
  kept.write('a', 'key', content)
  assert.deepEqual(kept.read('a', 'key'), content)
  assert.deepEqual(readdirSync(folder), ['a'])
  assert.equal(kept.read('a', 'ke'), undefined)
  assert.equal(kept.read('a', 'keycontent'), undefined)
  assert.equal(new KeptFiles(folder, 'code 2').read('a', 'key'), undefined)
  kept.write('a', 'other', Buffer.from('more'))
  assert.equal(kept.read('a', 'key'), undefined)
  assert.equal(kept.read('a', 'other')?.toString(), 'more')
})

test('the folder that XDG_CACHE_HOME names is made', () => {
  const { XDG_CACHE_HOME: before } = process.env
  const named = join(home, 'named')
  process.env.XDG_CACHE_HOME = named
  try {
    const there = new KeptFiles(undefined, 'code 1')
    there.write('a', 'key', content)
    assert.deepEqual(there.read('a', 'key'), content)
    assert.deepEqual(readdirSync(join(named, 'sysglass')), ['a'])
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
    rmSync(named, { recursive: true })
  }
})

test('run from source nothing is kept', () => {
  const none = new KeptFiles(join(home, 'none'), null)
  none.write('a', 'key', content)
  assert.deepEqual(readdirSync(home), ['cache'])
  assert.equal(none.read('a', 'key'), undefined)
})

test('a file that others may write, or that is a link, is not read', () => {
  kept.write('b', 'key', content)
  symlinkSync('b', join(folder, 'link'))
  assert.equal(kept.read('link', 'key'), undefined)
  chmodSync(join(folder, 'b'), 0o620)
  assert.equal(kept.read('b', 'key'), undefined)
})

test('a folder that cannot be made keeps nothing', () => {
  const nowhere = new KeptFiles('/proc/self/sysglass', 'code 1')
  nowhere.write('a', 'key', content)
  assert.equal(nowhere.read('a', 'key'), undefined)
})

test('packed programs are unpacked as they were; cut off they are not', () => {
  const program: PlanAssembly = {
    name: 'plan0',
    uses: [[[0, 'enter']], [[17, 'exit']]],
    maps: [{ at: 1, map: 'ring' }],
    code: Buffer.from('0123456789abcdef'),
    types: Buffer.from('types'),
    functions: Buffer.alloc(0),
  }
  const programs = [program, { ...program, name: 'plan1', uses: [] }]
  const rest = { missing: ['1 exit'], size: 3 }
  const bytes = packPrograms(programs, rest)
  assert.deepEqual(unpackPrograms(bytes), { programs, rest })
  for (let length = 0; length < bytes.length; length++)
    assert.equal(unpackPrograms(bytes.subarray(0, length)), undefined)
  kept.write('plans', 'key', bytes)
  truncateSync(join(folder, 'plans'), 20)
  assert.equal(unpackPrograms(kept.read('plans', 'key') ?? Buffer.alloc(0)), undefined)
})

test('names are few', () => {
  for (const key of ['', 'a', 'b'.repeat(1000)]) assert.ok(slotOf(key, 16) < 16)
})
