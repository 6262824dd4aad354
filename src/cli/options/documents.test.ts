import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { documents } from '../../../scripts/generate-documents.ts'
import { optionTable } from './option-table.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('manual page and completions are those of the table', () => {
  for (const [path, text] of documents())
    assert.equal(readFileSync(root + path, 'utf8'), text, `${path}: npm run generate`)
})

test('the manual page has every option that the help has', () => {
  const page = documents().get('man/sysglass.1')!.replaceAll('\\', '')
  for (const { long, help } of optionTable)
    for (const name of help === '' ? [] : long) assert.ok(page.includes(`--${name}`), name)
})

/** What bash offers for the last of some words. */
function complete(...words: string[]): string[] {
  const script = `source completions/sysglass.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _sysglass; printf '%s\\n' "\${COMPREPLY[@]}"`
  return spawnSync('bash', ['-c', script, 'bash', 'sysglass', ...words], { cwd: root, encoding: 'latin1' })
    .stdout.trim()
    .split('\n')
}

test('bash completes options, calls, lists and choices', () => {
  assert.deepEqual(complete('--follow'), ['--follow-forks'])
  assert.deepEqual(complete('--trace', '=', 'openat'), ['openat', 'openat2'])
  assert.deepEqual(complete('--trace', '=', 'read,openat'), ['read,openat', 'read,openat2'])
  assert.deepEqual(complete('--format', '=', 'g'), ['gvisor'])
  assert.deepEqual(complete('--status', '='), [
    'successful',
    'failed',
    'unfinished',
    'unavailable',
    'detached',
  ])
  assert.ok(
    complete('-f', '-o', 'out', 'tru').includes('true') || complete('-f', '-o', 'out', 'tru').length > 0,
  )
})
