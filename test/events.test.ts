/** --event-socket and `glass events`, one talking to the other. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const settings = { timeout: 120_000 }

test('a listener prints what two programs do', settings, async () => {
  const path = join(folder, 'events')
  const listener = spawn(join(root, 'glass'), ['events', path, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  listener.stdout.setEncoding('utf8').on('data', part => {
    text += part
  })
  while (!existsSync(path)) await sleep(20)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  for (const file of ['/etc/passwd', '/etc/hosts']) {
    const args = ['-o', '/dev/null', '--event-socket', path, '-e', 'trace=openat', 'cat', file]
    const { status, stderr } = spawnSync(join(root, 'sysglass'), args, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    assert.equal(status, 0)
    assert.doesNotMatch(stderr, /dropped/)
  }
  while (!/exit.*\/etc\/hosts/.test(text)) await sleep(20)
  const events = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const exits = events.filter(e => e.event === 'exit' && /\/etc\/(passwd|hosts)$/.test(e.args[1]))
  assert.deepEqual(
    exits.map(e => [e.process, e.function, e.return, e.errno, e.args[2]]),
    [1, 2].map(() => ['cat', 'openat', '0x3', 0, 'O_RDONLY|0x0']),
  )
  listener.kill()
  await new Promise(resolve => listener.once('exit', resolve))
  assert.ok(!existsSync(path))
})

test('without a listener events are counted, and the program runs as ever', settings, () => {
  const args = ['-o', '/dev/null', '--event-socket', join(folder, 'nobody'), 'sh', '-c', 'exit 3']
  const { status, stderr } = spawnSync(join(root, 'sysglass'), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  assert.equal(status, 3)
  assert.match(stderr, /nobody: nobody listens yet \(ENOENT\)\n.*nobody: \d+ events dropped\n$/s)
})

test('a path that somebody listens on is not taken', settings, async () => {
  const path = join(folder, 'taken')
  const first = spawn(join(root, 'glass'), ['events', path], { stdio: 'ignore' })
  while (!existsSync(path)) await sleep(20)
  const second = spawnSync(join(root, 'glass'), ['events', path], { encoding: 'utf8' })
  assert.equal(second.status, 1)
  assert.match(second.stderr, /somebody listens there already\n$/)
  first.kill()
})
