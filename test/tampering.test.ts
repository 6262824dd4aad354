/** -e inject= and -e fault=, beside strace's. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'

const sysglass = fileURLToPath(new URL('../sysglass', import.meta.url))
const program = ['perl', '-e', 'print getppid; require Cwd; Cwd::getcwd() for 1..5']

const injections = [
  'getcwd,getppid:error=ENOENT',
  'getppid:retval=42:delay_enter=1000',
  'getppid:delay_exit=1000',
  'getcwd:poke_exit=@arg1=41414100',
  'getcwd:poke_enter=@arg1=41414100:retval=4',
  'getcwd:poke_enter=@arg1=41414100:delay_exit=100',
  'getppid:signal=SIGUSR1',
  'getppid:signal=SIGCHLD',
  'getppid:signal=SEGV:error=EPERM',
  'getppid:error=EINTR:syscall=getpid',
  'getppid:retval=5:syscall=getpid',
  'getcwd:retval=0x7fffffff:when=2..3',
  'getcwd:error=4000',
  'getcwd:error=514:when=2+2',
  'getcwd:error=EIO:when=3+',
  'getcwd:error=EIO:when=1..4+2',
  'getcwd:error=EIO:when=4',
  // The execve that the program starts by is let alone.
  'execve:error=EPERM',
]

/** The trace and what became of the program, without what differs from run to run. */
function run(tracer: string, injection: string) {
  const args = ['-e', 'trace=getpid,getppid,getcwd', '-e', `inject=${injection}`, ...program]
  const { status, signal, stderr } = spawnSync(tracer, args, { encoding: 'latin1' })
  const lines = stderr
    .replace(/0x[0-9a-f]+/g, 'ADDRESS')
    // What lies in a buffer that the call did not fill.
    .replace(/getcwd\("[^A/][^"]*"/g, 'getcwd(BYTES')
    .replace(/^(getp?pid\(\) +)= \d{3,}/gm, '$1= PID')
    .replace(/(.*\)) +=/g, '$1 =')
  return { status, signal, lines }
}

for (const injection of injections)
  test(`inject=${injection}`, { skip: oracleMissing() ?? false, timeout: 60_000 }, () => {
    const ours = run(sysglass, injection)
    const theirs = run('strace', injection)
    // Either may have to set up first.
    assert.deepEqual(
      { ...ours, lines: ours.lines.replace(/^sysglass: (installing|building).*\n/gm, '') },
      theirs,
    )
  })

test('what cannot be done is told', { skip: oracleMissing() ?? false, timeout: 60_000 }, () => {
  const program = ['perl', '-e', 'getppid; require Cwd; Cwd::getcwd()']
  const injections = ['getppid:poke_enter=@arg1=00', 'getcwd:poke_exit=@arg2=00'].flatMap(i => [
    '-e',
    `inject=${i}`,
  ])
  const messages = (tracer: string) =>
    spawnSync(tracer, ['-e', 'trace=getppid,getcwd', ...injections, ...program], { encoding: 'latin1' })
      .stderr.split('\n')
      .flatMap(line => /Failed to tamper.*/.exec(line)?.[0].replace(/\d+:/, 'PID:') ?? [])
  const told = messages(sysglass)
  assert.ok(told.length > 1)
  assert.deepEqual(told, messages('strace'))
})
