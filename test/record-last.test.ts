/** `glass record --last`: what a long-running program did last, at its end, at a signal, after a crash. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { endOfSession, sleep } from './sessions.ts'
import { environment, glass, run, scratch, sysglass } from './tracers.ts'

const command = join(scratch, 'busy')
const patience = 60_000

/** Writes noise so many times (0: for ever), with a child that sleeps. */
const program = `
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
  int n = atoi(argv[1]), noise = open("/dev/urandom", O_RDONLY), null = open("/dev/null", O_WRONLY);
  char buf[1000];
  pid_t child = fork();
  if (child == 0) { prctl(PR_SET_NAME, "sleeper"); pause(); }
  prctl(PR_SET_NAME, "worker");
  for (int i = 0; n == 0 || i < n; i++) { read(noise, buf, sizeof buf); write(null, buf, sizeof buf); }
  kill(child, SIGTERM);
  waitpid(child, 0, 0);
  return 7;
}
`
before(() => {
  writeFileSync(`${command}.c`, program)
  execFileSync('cc', ['-w', '-o', command, `${command}.c`])
})

const replay = (file: string, ...options: string[]) =>
  spawnSync(glass, ['replay', file, ...options], { encoding: 'latin1', maxBuffer: 1 << 28, env: environment })

test('the last part is kept, with the names of who was there before', { timeout: 120_000 }, async () => {
  const file = join(scratch, 'last.rec')
  const { status, stderr } = await run([glass, 'record', '-f', '--last', '1MB', '-o', file, command, '4000'])
  assert.deepEqual([status, stderr], [7, ''])
  assert.ok(statSync(file).size < 1.3e6, `${statSync(file).size} bytes`)
  assert.equal(existsSync(`${file}.new`), false)
  const text = replay(file, '-f', '--decode-pids=comm', '-q')
  assert.equal(text.status, 0)
  assert.equal(text.stdout.includes('execve('), false)
  const shows = (what: RegExp): void => assert.ok(what.test(text.stdout), String(what))
  shows(/\d+<sleeper>\] pause\( <unfinished \.\.\.>\n/)
  shows(/\d+<worker>\] write\(/)
  shows(/\+\+\+ exited with 7 \+\+\+\n$/)
})

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + patience; !holds(); await sleep(20))
    if (Date.now() > end) assert.fail(`${what} did not come`)
}

test('SIGUSR1 copies it, and a crash leaves it', { timeout: 240_000 }, async () => {
  const file = join(scratch, 'service.rec')
  const tracer = spawn(glass, ['record', '-f', '--last', '1MB', '-o', file, command, '0'], {
    env: environment,
    stdio: 'ignore',
    detached: true,
  })
  try {
    const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
    let largest = 0
    await until(() => size() < (largest = Math.max(largest, size())), 'a file that was replaced')
    process.kill(tracer.pid!, 'SIGUSR1')
    await until(() => existsSync(`${file}.1`), 'a copy')
    process.kill(tracer.pid!, 'SIGUSR1')
    await until(() => existsSync(`${file}.2`), 'a second copy')
    process.kill(tracer.pid!, 'SIGKILL')
    await once(tracer, 'exit')
    for (const name of [file, `${file}.1`]) {
      const { status, stdout, stderr } = replay(name, '-f', '-q')
      assert.equal(status, 0, stderr)
      assert.match(stderr, /the recording was stopped before the trace ended/)
      assert.ok(stdout.split('\n').length > 100)
    }
  } finally {
    try {
      process.kill(-tracer.pid!, 'SIGKILL')
    } catch {
      // All have ended.
    }
    await endOfSession(tracer.pid!)
  }
})

test('what cannot be is said', () => {
  const refused = (...options: string[]): string => {
    const { status, stderr } = spawnSync(glass, ['record', ...options, 'true'], {
      encoding: 'latin1',
      env: environment,
    })
    assert.equal(status, 1)
    return stderr
  }
  assert.match(refused('-o', 'x', '--last', '5'), /invalid --last argument: '5'/)
  assert.match(refused('-o', 'x', '--last', '10k'), /invalid --last argument: '10k'/)
  assert.match(refused('-o', 'x', '-A', '--last', '5m'), /--last needs a file of its own/)
  assert.match(refused('-o', '|cat', '--last', '5m'), /--last needs a file of its own/)
  const live = spawnSync(sysglass, ['--last', '5m', 'true'], { encoding: 'latin1', env: environment })
  assert.match(live.stderr, /--last is for recordings/)
})
