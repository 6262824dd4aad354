/** Programs that mean no good, and tracers that die: nothing hangs, crashes or is left stopped. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { compareTraces, describe } from './compare-traces.ts'
import { endOfSession, sessionMembers, sleep } from './sessions.ts'
import { environment, newFile, run, scratch, type Tracer, trace, tracerCommand } from './tracers.ts'

const compiled = new Map<string, string>()
/** A program of test/programs, compiled when first asked for. */
function program(name: string): string {
  let file = compiled.get(name)
  if (file === undefined) {
    file = join(scratch, name.replace('/', '-'))
    const source = fileURLToPath(new URL(`programs/${name}.c`, import.meta.url))
    execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, source])
    compiled.set(name, file)
  }
  return file
}

const skip = oracleMissing() ?? false
const perl = (script: string): string[] => ['perl', '-e', script]

suite('hostile programs', { concurrency: 2 }, () => {
  const likeStrace: Readonly<Record<string, () => string[]>> = {
    'dies by SIGSEGV': () => perl('kill "SEGV", $$; sleep 5'),
    'dies by SIGKILL': () => perl('kill "KILL", $$; sleep 5'),
    'dies by a real-time signal': () => perl('kill 40, $$; sleep 5'),
    'stops, is continued, dies': () => [program('capture/signals')],
    'calls of 32 bits': () => [program('capture/int80')],
    'wild pointers and lengths': () => [program('capture/wild')],
    'exec of a script without an interpreter': () =>
      perl('open(F, ">s"); print F "#!/nowhere\\n"; close F; chmod 0755, "s"; exec "./s"; exit 9'),
  }
  for (const [name, command] of Object.entries(likeStrace))
    test(name, { skip, timeout: 60_000 }, async () => {
      // What hangs on who is quicker does not come every time, and at last in a run of strace's too; a bug does.
      const byStrace: string[] = []
      for (let attempt = 1; ; attempt++) {
        const [theirs, again, ours] = [
          await trace('strace', ['-f'], command()),
          await trace('strace', ['-f'], command()),
          await trace('sysglass', ['-f'], command()),
        ]
        byStrace.push(again.text)
        assert.deepEqual(
          [ours.status, ours.signal, ours.stdout],
          [theirs.status, theirs.signal, theirs.stdout],
        )
        const { differences } = compareTraces({ ours: ours.text, theirs: theirs.text, again: byStrace })
        const own = differences.filter(({ unstable }) => !unstable)
        if (own.length === 0) return
        assert.ok(attempt < 5, `\n${describe(own)}`)
      }
    })

  test('exec by a thread that does not lead', { timeout: 60_000 }, async () => {
    const { status, text } = await trace('sysglass', ['-f'], [program('capture/thread-execve')])
    assert.equal(status, 0)
    assert.match(text, /\+\+\+ superseded by execve in pid \d+ \+\+\+\n/)
    assert.match(text, /\+\+\+ exited with 0 \+\+\+\n$/)
  })

  test('a thousand children', { timeout: 120_000 }, async () => {
    const { status, text } = await trace('sysglass', ['-f'], [program('capture/forks'), '1000'])
    assert.equal(status, 0)
    assert.equal(text.match(/\+\+\+ exited with \d+ \+\+\+$/gm)?.length, 1001)
  })

  // strace itself writes tens of gigabytes about this one.
  test('lengths that no program means, memory without an end', { timeout: 60_000 }, async () => {
    const { status, signal, stderr, text } = await trace('sysglass', ['-f'], [program('hostile/lengths')])
    assert.deepEqual([status, signal, stderr], [0, null, ''])
    assert.match(text, /\+\+\+ exited with 0 \+\+\+\n$/)
    assert.ok(text.length < 5_000_000, `${text.length} bytes of trace`)
  })

  test('killed at a random moment', { timeout: 120_000 }, async () => {
    for (let i = 0; i < 8; i++) {
      const delay = Math.random() * 300
      const script = `select(undef, undef, undef, ${delay / 1000}); kill "KILL", getppid`
      // A child kills its parent, which only makes calls.
      const { signal, text } = await trace(
        'sysglass',
        ['-f'],
        perl(`if (!fork) { ${script}; exit } 1 while getppid`),
      )
      assert.equal(signal, 'SIGKILL', `after ${delay} ms`)
      assert.match(text, /\+\+\+ killed by SIGKILL \+\+\+\n/)
    }
  })
})

/** Makes calls and children for a second or so, and says in the end that it was not disturbed. */
const busy =
  'i=0; while [ $i -lt 40 ]; do i=$((i+1)); (exit 3); read x </dev/null; done; sleep 0.2; echo finished >>"$OUT"'

suite('a tracer that dies', { concurrency: 2 }, () => {
  const signals = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const
  for (const signal of signals)
    test(`by ${signal}, at random moments: started programs`, { timeout: 280_000 }, async () => {
      for (let i = 0; i < 12; i++) await killTracerOfStarted(signal, 50 + Math.random() * 700)
    })
  for (const signal of signals)
    test(`by ${signal}, at random moments: attached programs run on`, { timeout: 280_000 }, async () => {
      for (let i = 0; i < 5; i++) await killTracerOfAttached(signal, 100 + Math.random() * 600)
    })

  /** What strace does with the program that it started: it gets the signal too, or runs on, or the tracer takes no notice. */
  const treatments: readonly (readonly [NodeJS.Signals, readonly string[]])[] = [
    ['SIGINT', []],
    ['SIGTERM', []],
    ['SIGHUP', []],
    ['SIGQUIT', []],
    ['SIGTERM', ['-o', '/dev/null']],
    ['SIGINT', ['-o', '/dev/null']],
    ['SIGTERM', ['-I', '1']],
    ['SIGTERM', ['-I', '2', '-o', '/dev/null']],
    ['SIGTERM', ['-I', '3']],
    ['SIGKILL', ['-o', '/dev/null']],
    ['SIGPIPE', []],
  ]
  for (const [signal, options] of treatments)
    test(`as strace: ${signal} ${options.join(' ')}`, { skip, timeout: 60_000 }, async () => {
      assert.deepEqual(
        await treatment('sysglass', signal, options),
        await treatment('strace', signal, options),
      )
    })
})

async function killTracerOfStarted(signal: NodeJS.Signals, delay: number): Promise<void> {
  const out = newFile()
  const child = spawn(tracerCommand('sysglass'), ['-f', '-I', '2', '-o', '/dev/null', 'sh', '-c', busy], {
    detached: true,
    stdio: 'ignore',
    env: { ...environment, OUT: out },
  })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  await sleep(delay)
  const before = sessionMembers(child.pid!)
  child.kill(signal)
  await ended
  const left = await endOfSession(child.pid!)
  const situation = `${signal} after ${delay} ms, with ${JSON.stringify(before)}`
  assert.deepEqual(left, [], `left over: ${situation}`)
  // Who dies of SIGKILL cannot pass anything on: what runs by then runs to its end.
  const ran = before.some(({ name }) => name === 'sh') && before.length > 2
  if (signal === 'SIGKILL' && ran) assert.ok(existsSync(out), `the program did not finish: ${situation}`)
}

async function killTracerOfAttached(signal: NodeJS.Signals, delay: number): Promise<void> {
  const out = newFile()
  const env = { ...environment, OUT: out }
  const program = spawn('sh', ['-c', `sleep 0.1; ${busy}`], { detached: true, stdio: 'ignore', env })
  const code = new Promise<number | string | null>(resolve =>
    program.on('close', (status, by) => resolve(by ?? status)),
  )
  const options = ['-f', '-o', '/dev/null', '-p', String(program.pid)]
  const tracer = spawn(tracerCommand('sysglass'), options, { detached: true, stdio: 'ignore' })
  const ended = new Promise<void>(resolve => tracer.on('close', () => resolve()))
  await sleep(delay)
  tracer.kill(signal)
  await ended
  const situation = `${signal} after ${delay} ms`
  assert.deepEqual(await endOfSession(program.pid!), [], `left over: ${situation}`)
  assert.deepEqual(await endOfSession(tracer.pid!), [], `left over of the tracer: ${situation}`)
  assert.equal(await code, 0, situation)
  assert.equal(readFileSync(out, 'latin1'), 'finished\n', situation)
}

/** How tracer and program end when the tracer gets a signal. */
async function treatment(tracer: Tracer, signal: NodeJS.Signals, options: readonly string[]) {
  const out = newFile()
  // It says when it has begun: a tracer that has only started may not be listening yet. And it has no children:
  // strace hangs when it is to leave a program that waits for its vfork.
  const script = `sub say { open(my $out, ">>", $ENV{OUT}); print $out "@_\\n" }
    $SIG{$_} = sub { say("got $_[0]"); exit 7 } for qw(INT TERM HUP QUIT);
    say("begun"); for (1 .. 1000) { last if -e "$ENV{OUT}.sent"; select(undef, undef, undef, 0.05) }
    select(undef, undef, undef, 0.05) for 1 .. 20; say("finished")`
  const child = spawn(tracerCommand(tracer), ['-f', ...options, ...perl(script)], {
    detached: true,
    stdio: 'ignore',
    env: { ...environment, OUT: out },
  })
  const end = new Promise<[number | null, NodeJS.Signals | null]>(resolve =>
    child.on('close', (status, by) => resolve([status, by])),
  )
  const begun = () => existsSync(out) && readFileSync(out, 'latin1').includes('begun')
  for (let i = 0; i < 5000 && !begun(); i++) await sleep(10)
  child.kill(signal)
  writeFileSync(`${out}.sent`, '')
  const [status, by] = await end
  const left = await endOfSession(child.pid!)
  return { status, by, left, program: readFileSync(out, 'latin1').split('\n') }
}

test('a pipe that closes', { skip, timeout: 60_000 }, async () => {
  const piped = async (tracer: Tracer) => {
    const script = `{ "$TRACER" -f ls -l /usr/bin 2>&1 >/dev/null; echo $? >&3; } | head -1`
    const { stdout, stderr } = await run(['sh', '-c', `exec 3>&2; ${script}`], {
      env: { TRACER: tracerCommand(tracer) },
    })
    return { stdout: stdout.replace(/0x[0-9a-f]+/, 'ADDRESS'), status: stderr }
  }
  assert.deepEqual(await piped('sysglass'), await piped('strace'))
})
