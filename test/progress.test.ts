/** A terminal is told how a recording comes on; pipes and the terminals of programs are left alone. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { environment, glass, scratch } from './tracers.ts'

const file = join(scratch, 'progress.rec')
const seen = join(scratch, 'progress-seen')
/** Works until the terminal has shown something. */
const untilSeen = `/bin/true; while [ ! -e ${seen} ]; do sleep 0.1; done`
/** Works for longer than the line takes to come. */
const short = '/bin/true; sleep 1.5'

/** What a terminal shows of a command that has it as its stderr: python opens one. */
async function onTerminal(...command: string[]): Promise<string> {
  rmSync(seen, { force: true })
  const shown = join(scratch, 'terminal')
  const code = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[3], sys.argv[3:])
out = open(sys.argv[1], 'wb')
while True:
  try: data = os.read(fd, 4096)
  except OSError: break
  if not data: break
  out.write(data)
  if b'calls, ' in data: open(sys.argv[2], 'w').close()
os.waitpid(pid, 0)
`
  const child = spawn('python3', ['-c', code, shown, seen, ...command], {
    env: environment,
    stdio: 'ignore',
    timeout: 60_000,
  })
  assert.deepEqual(await once(child, 'exit'), [0, null])
  return readFileSync(shown, 'latin1')
}

test('with --progress a line tells calls, rate and size, and goes at the end', {
  timeout: 120_000,
}, async () => {
  const text = await onTerminal(glass, 'record', '-f', '--progress', '-o', file, 'sh', '-c', untilSeen)
  assert.match(text, /\r[1-9]\d* calls, \d+\/s, \d+\.\d MB\x1b\[K/)
  assert.match(text, /\r\x1b\[K$/)
})

test('without it the terminal is the program’s; with -p it is ours', { timeout: 120_000 }, async () => {
  assert.equal(await onTerminal(glass, 'record', '-f', '-o', file, 'sh', '-c', short), '')
  rmSync(seen, { force: true })
  const sleeper = spawn('sh', ['-c', untilSeen], { stdio: 'ignore' })
  const text = await onTerminal(glass, 'record', '-f', '-q', '-o', file, '-p', String(sleeper.pid))
  assert.match(text, /\r\d+ calls, \d+\/s, /)
})

test('a pipe gets none', () => {
  const words = ['record', '-f', '--progress', '-o', file, 'sh', '-c', short]
  assert.equal(spawnSync(glass, words, { encoding: 'latin1', env: environment }).stderr, '')
})
