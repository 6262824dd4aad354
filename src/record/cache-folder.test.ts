import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { after, test } from 'node:test'
import { cacheFolder, namedCache } from './cache-folder.ts'

const before = process.env.XDG_CACHE_HOME
after(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = before
})

test('a cache is never where one happens to be', () => {
  const usual = `${homedir()}/.cache/sysglass`
  for (const named of ['', 'here', './here']) {
    process.env.XDG_CACHE_HOME = named
    assert.equal(namedCache(), undefined)
    assert.equal(cacheFolder(), usual)
  }
  process.env.XDG_CACHE_HOME = '/var/cache/mine'
  assert.equal(cacheFolder(), '/var/cache/mine/sysglass')
})
