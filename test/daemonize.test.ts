/** -D: the process that was called is the program. And what else a program must not notice, or the caller must be told. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { run, scratch, sysglass } from './tracers.ts'

const timeout = 60_000
/** Its own pid, then process group and session of itself and of its tracer. */
const script =
  'tracer=$(sed -n "s/^TracerPid:.//p" /proc/$$/status); echo $$; cut -d" " -f5,6 /proc/$$/stat /proc/$tracer/stat; exit 3'

suite('-D', { concurrency: 2 }, () => {
  for (const [option, own] of Object.entries({
    '-D': { group: false, session: false },
    '-DD': { group: true, session: false },
    '-DDD': { group: true, session: true },
  }))
    test(`${option}: the program has the caller's child's pid, the tracer is elsewhere`, {
      timeout,
    }, async () => {
      const file = join(scratch, `daemon${option}`)
      let pid: number | undefined
      const { status, stdout, stderr } = await run(
        [sysglass, option, '-o', file, '-e', 'trace=execve', 'sh', '-c', script],
        {
          started: child => {
            pid = child.pid
          },
        },
      )
      assert.equal(stderr, '')
      assert.equal(status, 3)
      const [self, program, tracer] = stdout.trim().split('\n')
      assert.equal(Number(self), pid)
      const [[group, session], [tracerGroup, tracerSession]] = [program!.split(' '), tracer!.split(' ')]
      assert.equal(tracerGroup !== group, own.group)
      assert.equal(tracerSession !== session, own.session)
      // The tracer had our stderr to the end, so it is done.
      const lines = readFileSync(file, 'latin1').trim().split('\n')
      assert.match(lines[0]!, /^execve\("[^"]*sh", \["sh", "-c", /)
      assert.equal(lines.at(-1), '+++ exited with 3 +++')
    })

  test('what cannot be executed', { timeout }, async () => {
    const { status, stderr } = await run([sysglass, '-D', '-e', 'trace=none', '/'])
    assert.equal(status, 1)
    assert.equal(stderr, `${sysglass}: exec: Permission denied\n+++ exited with 1 +++\n`)
  })
})

test('why execve failed stands between the call and the end', { timeout }, async () => {
  const { status, stderr } = await run([sysglass, '/'])
  assert.equal(status, 1)
  const [call, ...more] = stderr.split('\n')
  assert.match(
    call!,
    /^execve\("\/", \["\/"\], 0x[0-9a-f]+ \/\* \d+ vars \*\/\) += -1 EACCES \(Permission denied\)$/,
  )
  assert.deepEqual(more, [`${sysglass}: exec: Permission denied`, '+++ exited with 1 +++', ''])
})

test('signals that were blocked, and had come, are so for the program', { timeout }, async () => {
  const block = 'use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(10, 15)); kill 15, $$; exec @ARGV'
  const command = [sysglass, '-I2', '-o', '/dev/null', 'grep', '-E', '^(ShdPnd|SigBlk)', '/proc/self/status']
  const { status, stdout } = await run(['perl', '-e', block, ...command])
  assert.equal(stdout, 'ShdPnd:\t0000000000004000\nSigBlk:\t0000000000004200\n')
  assert.equal(status, 0)
})

test('-I 1: no handler of ours stands between the tracer and a signal that ends it', {
  timeout,
}, async () => {
  const caught = 'sed -n "s/^SigCgt:.//p" /proc/$(sed -n "s/^TracerPid:.//p" /proc/$$/status)/status'
  // SIGHUP and SIGQUIT. Of SIGINT and SIGTERM node always has handlers, which give the terminal back and die on the spot.
  const endings = (1n << 0n) | (1n << 2n)
  const handled = async (...options: string[]): Promise<bigint> => {
    const { stdout } = await run([sysglass, ...options, '-o', '/dev/null', 'sh', '-c', caught])
    return BigInt(`0x${stdout.trim()}`) & endings
  }
  assert.equal(await handled('-I1'), 0n)
  assert.equal(await handled('-I2'), endings)
})

const clone = process.arch === 'arm64' ? 220 : 56
/** A child that ends at once, made with these flags of clone beside SIGCHLD. */
const cloning = (flags: number): string[] => [
  'perl',
  '-e',
  `my $pid = syscall(${clone}, ${flags + 17}, 0, 0, 0, 0); exit unless $pid; wait; print $pid`,
]
const CLONE_PTRACE = 0x2000

test('a child that makes itself traced is let go, and told of', { timeout }, async () => {
  const options = ['-e', 'trace=none', '-e', 'signal=none']
  const { stdout, stderr } = await run([sysglass, ...options, ...cloning(CLONE_PTRACE)])
  assert.match(stdout, /^\d+$/)
  assert.ok(stderr.includes(`${sysglass}: Detached unknown pid ${stdout}\n`), stderr)
  const quiet = await run([sysglass, '-q', ...options, ...cloning(CLONE_PTRACE)])
  assert.match(quiet.stdout, /^\d+$/)
  assert.equal(quiet.stderr, '+++ exited with 0 +++\n')
})

test('-d says whether the kernel tells of calls', { timeout }, async () => {
  const { stderr } = await run([sysglass, '-d', '-o', '/dev/null', 'true'])
  assert.match(stderr, new RegExp(`^${sysglass}: PTRACE_GET_SYSCALL_INFO works$`, 'm'))
})
