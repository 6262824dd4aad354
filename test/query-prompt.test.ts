/** The prompt of `glass query`, at a terminal. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { duckDBMissing, environment, glass, run, scratch } from './tracers.ts'

const recording = join(scratch, 'prompt.rec')
const session = fileURLToPath(new URL('terminal-session.py', import.meta.url))
const missing = await duckDBMissing()
const env = {
  ...environment,
  TERM: 'xterm',
  XDG_STATE_HOME: join(scratch, 'state'),
  XDG_CACHE_HOME: join(scratch, 'cache'),
}

/** What is shown after each step, until the text to wait for is there. */
function type(...steps: readonly (readonly [keys: string, waitFor: string])[]) {
  const { stdout, stderr } = spawnSync('python3', [session, glass, 'query', recording], {
    input: JSON.stringify([['', 'sql> '], ...steps]),
    env,
    encoding: 'utf8',
    timeout: 200_000,
  })
  assert.equal(stderr, '')
  const { transcript, status } = JSON.parse(stdout) as { transcript: string[]; status: number }
  assert.equal(transcript.length, steps.length + 1, `waited in vain: ${transcript.at(-1)}`)
  assert.equal(status, 0)
  return transcript.slice(1)
}

suite('the prompt', { skip: missing, timeout: 600_000 }, () => {
  before(async () => {
    const { status } = await run([glass, 'record', '-o', recording, 'cat', '/etc/passwd'])
    assert.equal(status, 0)
  })

  test('statements of several lines, commands, mistakes', () => {
    const shown = type(
      ['select count(*) as n\n', '...> '],
      ["from calls where name = 'execve' or name = ';'\n", '...> '],
      [';\n', 'sql> '],
      ['.tables\n', 'sql> '],
      ['.schema signals\n', 'sql> '],
      ['selec 1;\n', 'sql> '],
      ['.nosuch\n', 'sql> '],
      ['.help\n', 'sql> '],
      ['.top\n', 'sql> '],
      ["select args->>'pathname' as p from calls where name = 'execve';\n", 'sql> '],
      ['.quit\n', ''],
    )
    assert.match(shown[2]!, /n\r\n-\r\n1\r\n/)
    assert.match(shown[3]!, /calls\r\nconnections\r\n/)
    assert.match(shown[4]!, /signals +sender +INTEGER/)
    assert.match(shown[5]!, /Parser Error: syntax error at or near "selec"/)
    assert.doesNotMatch(shown[5]!, / at .*\.[cj]s/)
    assert.match(shown[6]!, /There is no \.nosuch; \.help tells/)
    assert.match(shown[7]!, /\.quit/)
    assert.match(shown[8]!, /total_ms/)
    assert.match(shown[9]!, /\/cat\r\n/)
  })

  test('^C cancels a question, and what was begun; ^D ends', () => {
    const endless = 'select count(*) from range(100000000000) a, range(1000) b;'
    const shown = type(
      ['select 1,\n', '...> '],
      ['\u0003', 'sql> '],
      // The echo of the line's end: from then on it is being answered.
      [`${endless}\n`, 'b;\r'],
      ['\u0003', 'sql> '],
      ['select 42 as x;\n', 'sql> '],
      ['\u0004', ''],
    )
    assert.match(shown[3]!, /INTERRUPT Error/)
    assert.match(shown[4]!, /42/)
  })

  test('what was asked is there the next time, and nobody else’s', () => {
    const [again] = type(['\u001b[A\n', '42\r'], ['\u0004', ''])
    assert.match(again!, /select 42 as x;/)
    const file = join(env.XDG_STATE_HOME, 'sysglass/history')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readFileSync(file, 'utf8'), /^select count\(\*\) as n from calls where/m)
  })
})
