/** The list of strace's tests that pass and fail, and how a run changes it. The tests themselves are not run here. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface List {
  readonly suite: string
  readonly passes: { readonly [stage: string]: readonly string[] }
  readonly fails: { readonly [test: string]: string }
}
interface Lists {
  readonly noCause: string
  updated(
    list: List,
    stages: readonly { readonly name: string; readonly tests: readonly string[] }[],
    results: ReadonlyMap<string, string>,
  ): List
  problems(list: List): readonly string[]
}
const { noCause, updated, problems } = (await import(
  new URL('../scripts/conformance-list.mjs', import.meta.url).href
)) as Lists

test('no test is in the list twice, and whatever fails has a cause', () => {
  const list = JSON.parse(readFileSync(new URL('conformance.json', import.meta.url), 'utf8')) as List
  assert.deepEqual(problems(list), [])
})

test('a list that contradicts itself is told of', () => {
  const list = { suite: 's', passes: { a: ['one', 'two'], b: ['two'] }, fails: { one: 'why', three: ' ' } }
  assert.deepEqual(problems(list), [
    'two is listed twice',
    'one passes and fails',
    'three has no cause of one line',
  ])
})

test('a run moves tests between pass and fail, and causes of what still fails stay', () => {
  const list = {
    suite: 's',
    passes: { a: ['kept', 'lost'], b: [] },
    fails: { gained: 'was wrong', still: 'is hard', unrun: 'not looked at' },
  }
  const stages = [
    { name: 'a', tests: ['kept', 'lost', 'gained', 'still', 'unrun'] },
    { name: 'b', tests: ['new', 'never ran'] },
  ]
  const results = new Map([
    ['lost', 'FAIL'],
    ['gained', 'PASS'],
    ['still', 'SKIP'],
    ['new', 'ERROR'],
    ['of no stage', 'PASS'],
  ])
  assert.deepEqual(updated(list, stages, results), {
    suite: 's',
    passes: { a: ['gained', 'kept'], b: [] },
    fails: { lost: noCause, new: noCause, still: 'is hard', unrun: 'not looked at' },
  })
})
