import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { syscallNumbers } from '../abi/syscalls.ts'
import { manualOf, summaries, summaryOf } from './summaries.ts'

const names = [...new Set(Object.values(syscallNumbers).flatMap(numbers => Object.keys(numbers)))]

describe('summaries of calls', () => {
  test('every call of each architecture has one', () => {
    assert.deepEqual(
      names.filter(name => summaryOf(name) === undefined),
      [],
    )
  })

  test('they are lines, and of calls that there are', () => {
    for (const [name, line] of Object.entries(summaries)) {
      assert.ok(names.includes(name), name)
      assert.match(line, /^[A-Z].{9,110}[^.]$/u, name)
    }
  })

  test('names that are no calls have none', () => {
    for (const name of ['', 'nothing', 'constructor', '__proto__', 'toString']) {
      assert.equal(summaryOf(name), undefined)
      assert.equal(manualOf(name), undefined)
    }
  })

  test('the manual is named by page and section', () => {
    assert.equal(manualOf('read'), 'read(2)')
    assert.equal(manualOf('clock_gettime64'), 'clock_gettime(2)')
    assert.equal(manualOf('fcntl64'), 'fcntl(2)')
    assert.equal(manualOf('stat64'), 'stat64(2)')
    assert.equal(manualOf('lsm_list_modules'), undefined)
  })
})
