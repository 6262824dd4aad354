/** `glass ctl`: calls are switched while a program runs in a loop. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { controlPath } from '../src/cli/control-socket.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const settings = { timeout: 180_000 }
const ctl = (...words: string[]) => spawnSync(join(root, 'glass'), ['ctl', ...words], { encoding: 'utf8' })
// It outlives a tracer that is killed, but not for long.
const loop =
  'my $end = time + 60; while (time < $end) { getppid; syscall(39); select(undef, undef, undef, 0.0005) }'

async function start(out: string, ...options: string[]) {
  const tracer = spawn(
    join(root, 'sysglass'),
    [...options, '-I', 'anywhere', '-o', out, 'perl', '-e', loop],
    {
      stdio: 'ignore',
    },
  )
  while (!read(out).includes('getppid')) await sleep(20)
  return tracer
}
const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
const count = (text: string, call: string): number => text.split(`${call}(`).length - 1

for (const format of ['strace', 'gvisor'])
  test(`calls go and come: --format=${format}`, settings, async () => {
    const out = join(folder, format)
    const tracer = await start(out, `--format=${format}`)
    const pid = String(tracer.pid)
    assert.equal(ctl(pid, 'enable', 'getpid').status, 0)
    const [before, ppid] = [count(read(out), 'getpid'), count(read(out), 'getppid')]
    while (count(read(out), 'getpid') < before + 10) await sleep(20)
    assert.equal(count(read(out), 'getppid'), ppid)
    assert.equal(ctl(pid, 'disable').status, 0)
    const quiet = read(out)
    await sleep(200)
    assert.equal(read(out), quiet)
    assert.equal(ctl(pid, 'enable-all').status, 0)
    while (count(read(out), 'getppid') < ppid + 10) await sleep(20)
    const wrong = ctl(pid, 'enable', 'getpid,nosuch')
    assert.equal(wrong.status, 1)
    assert.match(wrong.stderr, /ctl: syscall "nosuch" not found\n$/)
    tracer.kill()
    await new Promise(resolve => tracer.once('exit', resolve))
  })

test('a thousand switches: no hang, and no line of a call that was switched off', settings, async () => {
  const out = join(folder, 'many')
  const tracer = await start(out)
  assert.equal(ctl(String(tracer.pid), 'disable').status, 0)
  const socket = connect(controlPath(tracer.pid!))
  socket.setEncoding('utf8')
  let answers = ''
  socket.on('data', part => {
    answers += part
  })
  const ask = async (request: object): Promise<void> => {
    const seen = answers.length
    socket.write(`${JSON.stringify({ sink: 'log', ...request })}\n`)
    while (!answers.slice(seen).includes('\n')) await sleep(0)
    assert.equal(answers.slice(seen), '{"ok":true}\n')
  }
  for (let n = 0; n < 500; n++) {
    await ask({ command: 'enable', names: [n % 2 === 0 ? 'getpid' : 'getppid'] })
    await ask({ command: 'disable' })
    if (n % 50 === 0) {
      const text = read(out)
      await sleep(20)
      assert.equal(read(out), text)
    }
  }
  socket.destroy()
  tracer.kill()
  await new Promise(resolve => tracer.once('exit', resolve))
})

test('what a filter in the kernel leaves out cannot be added', settings, async () => {
  const out = join(folder, 'filtered')
  const tracer = await start(out, '-f', '-e', 'trace=getppid,getpid')
  const pid = String(tracer.pid)
  assert.equal(ctl(pid, 'enable', 'getpid').status, 0)
  assert.match(ctl(pid, 'enable', 'select').stderr, /select was left out of the trace when it began/)
  tracer.kill('SIGKILL')
  await new Promise(resolve => tracer.once('exit', resolve))
})

test('what is wrong is said', () => {
  for (const [words, message] of [
    [['999999999', 'disable'], '999999999: no such process'],
    [[String(process.pid), 'disable'], `${process.pid}: not a running sysglass`],
    [['x', 'disable'], 'the number of a process is needed'],
    [['1', 'explode'], "no command 'explode': enable CALLS, disable or enable-all"],
    [['1', 'disable', '--sink', 'drain'], "no sink 'drain': log or event"],
  ] as const) {
    const { status, stderr } = ctl(...words)
    assert.equal(status, 1)
    assert.ok(stderr.endsWith(`glass ctl: ${message}\n`), stderr)
  }
})
