/** A terminal is told how a recording comes on, and how it is read; pipes and the terminals of programs are left alone. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeRecording, makeStream } from '../src/record/test-recordings.ts'
import { duckDBMissing, environment, glass, scratch } from './tracers.ts'

const file = join(scratch, 'progress.rec')
const seen = join(scratch, 'progress-seen')
/** Works until the terminal has shown something. */
const untilSeen = `/bin/true; while [ ! -e ${seen} ]; do sleep 0.1; done`
/** Works for longer than the line takes to come. */
const short = '/bin/true; sleep 1.5'

/** What a terminal shows of a command that has it as its stderr: python opens one. */
function onTerminal(...command: string[]): Promise<string> {
  return onTerminalUntil('calls, ', ...command)
}

/** The same; `seen` is there when it has shown this. */
async function onTerminalUntil(text: string, ...command: string[]): Promise<string> {
  rmSync(seen, { force: true })
  const shown = join(scratch, 'terminal')
  const code = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[4], sys.argv[4:])
out = open(sys.argv[1], 'wb')
while True:
  try: data = os.read(fd, 4096)
  except OSError: break
  if not data: break
  out.write(data)
  if sys.argv[3].encode() in data: open(sys.argv[2], 'w').close()
os.waitpid(pid, 0)
`
  const child = spawn('python3', ['-c', code, shown, seen, text, ...command], {
    env: environment,
    stdio: 'ignore',
    timeout: 110_000,
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

const missing = await duckDBMissing()

test('who asks the first question sees how the recording is read, on a terminal only, and it goes', {
  skip: missing,
  timeout: 240_000,
}, async () => {
  const answer = join(scratch, 'progress-answer')
  spawnSync(
    glass,
    ['record', '-f', '-o', file, 'sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9; do /bin/true; done'],
    {
      env: environment,
    },
  )
  // Recordings one behind the other are one; they come until the terminal has shown something.
  const forever = `until [ -e ${seen} ]; do cat ${file} || break; done | ${glass} query /dev/stdin "select count(*) > 9 as many from calls" --csv`
  const text = await onTerminalUntil(' records', 'sh', '-c', `${forever} >${answer}`)
  assert.match(text, /\rreading stdin: [1-9]\d* records\x1b\[K/)
  assert.match(text, /\r\x1b\[K$/)
  assert.equal(readFileSync(answer, 'latin1'), 'many\r\ntrue\r\n')
})

test('so does who asks of a large one, which other threads read', {
  skip: missing,
  timeout: 240_000,
}, async () => {
  const large = join(scratch, 'progress-large.rec')
  const dd = 'dd if=/dev/urandom of=/dev/null bs=1024 count=1100 status=none'
  spawnSync(glass, ['record', '-o', large, ...dd.split(' ')], { env: environment })
  // So many take longer to be read than the line takes to come.
  const part = makeRecording(makeStream(50_000), 1 << 20)
  for (let n = 0; n < 30; n++) appendFileSync(large, part)
  const query = `${glass} query ${large} "select count(*) > 9 as many from calls" --csv`
  const text = await onTerminalUntil(' %', 'sh', '-c', query)
  assert.match(text, /\rreading progress-large.rec: \d+ %\x1b\[K\r/)
  assert.match(text, /\r\x1b\[Kmany\r+\ntrue\r+\n$/)
})
