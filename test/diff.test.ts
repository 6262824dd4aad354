/** What a second run did otherwise. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { glass, run, scratch } from './tracers.ts'

const folder = join(scratch, 'diff')
const file = (name: string) => join(folder, name)
const script = 'cat data; ls data >/dev/null; [ ! -e more ] || cat more'

const record = (name: string) =>
  run([glass, 'record', '-f', '-o', file(name), 'sh', '-c', script], { cwd: folder, timeout: 60_000 })
const diff = async (...words: string[]) => {
  const { status, stdout, stderr } = await run([glass, 'diff', ...words], { timeout: 60_000 })
  return { status, stderr, text: Buffer.from(stdout, 'latin1').toString() }
}

suite('differences', { timeout: 120_000 }, () => {
  before(async () => {
    mkdirSync(folder)
    writeFileSync(file('data'), 'a\n')
    await record('first')
    await record('second')
    rmSync(file('data'))
    writeFileSync(file('more'), 'b\n')
    await record('third')
  })

  test('two runs of the same', async () => {
    const { status, text, stderr } = await diff(file('first'), file('second'), '--no-times')
    assert.equal(stderr, '')
    assert.match(text, /^3 processes, 0 of them differ; \d+ calls alike\n$/)
    assert.equal(status, 0)
  })

  test('a file that is gone, and a process more', async () => {
    const { status, text } = await diff(file('first'), file('third'))
    assert.equal(status, 1)
    assert.match(
      text,
      /^cat data \(\d+ and \d+\): \d+ calls alike\n(?: {2}.*\n)* {2}! openat\(data\) = ok, then ENOENT\n/m,
    )
    assert.match(text, /^ {2}- read\(.*\/data\) = ok/m)
    assert.match(text, /^cat more \(only in the second, \d+\): 0 calls alike\n/m)
    const { text: json } = await diff(file('first'), file('third'), '--json')
    const processes = json
      .trim()
      .split('\n')
      .map(
        line =>
          JSON.parse(line) as {
            command: string
            changes: { change: string; before?: string; after?: string }[]
          },
      )
    const changed = processes.find(({ command }) => command === 'cat data')?.changes
    assert.ok(
      changed?.some(
        ({ change, before, after }) => change === 'otherwise' && before === 'ok' && after === 'ENOENT',
      ),
    )
  })

  test('what works on Linux, and failed in gVisor', async t => {
    if (process.arch !== 'x64') return t.skip('the log is of amd64')
    const logs = fileURLToPath(new URL('gvisor/logs', import.meta.url))
    execFileSync('cc', ['-static', '-O1', '-w', '-o', file('refused'), join(logs, 'refused.c')])
    await run([glass, 'record', '-f', '-o', file('linux'), file('refused')], { timeout: 60_000 })
    const { status, text } = await diff(file('linux'), join(logs, 'refused.log'))
    assert.equal(status, 1)
    assert.match(text, /^ {2}! clone3\(\) = EINVAL, then ENOSYS\n/m)
    assert.match(text, /^ {2}! pidfd_open\(\) = ok, then ENOSYS\n/m)
    assert.doesNotMatch(text, /passwd|such/)
  })

  test("strace's text beside a recording", async () => {
    writeFileSync(file('data'), 'a\n')
    const { status: traced } = await run(['strace', '-f', '-o', file('text'), 'sh', '-c', script], {
      cwd: folder,
    })
    assert.equal(traced, 0)
    rmSync(file('data'))
    const alike = await diff(file('second'), file('text'), '--no-times')
    assert.match(alike.text, /^cat more|^3 processes|sh -c/m)
    // The second run had no file 'more'.
    assert.match(alike.text, /^cat more \(only in the second, \d+\)/m)
    assert.match(alike.text, /^\d processes, 2 of them differ; \d+ calls alike$/m)
    const third = await diff(file('third'), file('text'), '--no-times')
    assert.match(third.text, /^ {2}! openat\(data\) = ENOENT, then ok$/m)
  })

  test('a run in gVisor of now', async t => {
    const logs = file('runsc')
    mkdirSync(logs)
    const options = ['--network=none', '--platform=ptrace', '--ignore-cgroups', '--debug', '--strace']
    const program = ['/bin/sh', '-c', 'cat /etc/passwd >/dev/null; ls /nosuch; exit 0']
    const { status, stderr } = await run(['runsc', ...options, `--debug-log=${logs}/`, 'do', ...program], {
      timeout: 120_000,
    }).catch((error: Error) => ({ status: null, stderr: error.message }))
    if (status !== 0) return t.skip(`runsc does not run here: ${stderr.trim().split('\n')[0]}`)
    const log = readdirSync(logs).find(name => name.endsWith('.boot.txt'))
    await run([glass, 'record', '-f', '-o', file('native'), ...program], { timeout: 60_000 })
    const { text, status: differs } = await diff(file('native'), join(logs, log!), '--no-times')
    assert.equal(differs, 1)
    // Processes meet, since the log tells who made whom and what was executed.
    assert.match(text, /^cat \/etc\/passwd \(\d+ and \d+\): \d+ calls alike$/m)
    assert.match(text, /^ls \/nosuch \(\d+ and \d+\): \d+ calls alike$/m)
    assert.match(text, /^ {2}! rseq\(\) = ok, then ENOSYS$/m)
    assert.doesNotMatch(text, /passwd\) = ok, then|\(only in/)
  })

  test('trouble has a status of its own', async () => {
    const fails = async (words: string[], message: RegExp) => {
      const { status, stderr } = await diff(...words)
      assert.equal(status, 2)
      assert.match(stderr, message)
    }
    await fails([file('first')], /two recordings are needed/)
    await fails([file('first'), file('nosuch')], /Can't open '.*nosuch'/)
    await fails([file('first'), file('more')], /more: is not a recording\n$/)
    const torn = file('torn')
    writeFileSync(torn, readFileSync(file('first')).subarray(0, -30))
    const { stderr } = await diff(file('first'), torn)
    assert.match(stderr, /torn: .*; what comes before that is compared\n/)
  })
})
