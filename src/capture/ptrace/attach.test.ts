import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ThreadOrigin } from '../../record/layout.ts'
import { isCaptureError } from '../backend.ts'
import { startPtrace } from './start-ptrace.ts'
import { bundledWorker, everything, program, run, startCapture, temporary } from './test-capture.ts'

const time = { timeout: 60_000 }

interface Ended {
  readonly code: number | null
  readonly signal: string | null
}

/** A program that runs untraced until its flag is lowered, and then exits with 42. */
class Busy {
  pid = 0
  readonly ready: Promise<void>
  readonly #ended: Promise<Ended>
  readonly #flag: string

  constructor(threads: number) {
    this.#flag = temporary(`flag-${Math.random()}`)
    writeFileSync(this.#flag, '')
    // Not a child of ours: those cannot be attached.
    const script = '"$@" & echo $! >&3; wait $!'
    const shell = spawn(
      '/bin/sh',
      ['-c', script, 'sh', program('busy-threads'), String(threads), this.#flag],
      {
        stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      },
    )
    const pid = new Promise(resolve => (shell.stdio[3] as Readable).once('data', resolve))
    const ready = new Promise(resolve => shell.stdout!.once('data', resolve))
    this.ready = Promise.all([pid, ready]).then(([text]) => {
      this.pid = Number(String(text))
    })
    this.#ended = new Promise(resolve => shell.once('exit', (code, signal) => resolve({ code, signal })))
    const timer = setTimeout(() => this.signal('SIGKILL'), 50_000)
    this.#ended.finally(() => clearTimeout(timer))
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name)
  }

  lower(): Promise<Ended> {
    rmSync(this.#flag, { force: true })
    return this.#ended
  }
}

test('attaches to all threads, and the program goes on when let go', time, async () => {
  const busy = new Busy(5)
  await busy.ready
  const { capture, records, done, until } = await startAttached(busy.pid)
  await until(
    () => new Set(records.filter(r => r.call === 'access' && r.kind === 'exit').map(r => r.tid)).size === 5,
  )
  const threads = records.filter(r => r.kind === 'thread')
  assert.equal(threads.length, 6)
  assert.ok(threads.every(t => t.origin === ThreadOrigin.attached && t.pid === busy.pid))
  capture.stop('detach')
  assert.deepEqual(await done, { status: null })
  assert.equal(records.filter(r => r.kind === 'detached').length, 6)
  assert.deepEqual(await busy.lower(), { code: 42, signal: null })
})

async function startAttached(pid: number, follow = true) {
  const test = await startCapture({ attach: [pid], follow })
  return {
    capture: test.capture,
    records: test.records,
    done: test.done,
    until: (holds: () => boolean) => test.until(() => holds()),
  }
}

test(
  'without follow only the thread itself is attached, and what it does to its end is seen',
  time,
  async () => {
    const busy = new Busy(2)
    await busy.ready
    const { records, done } = await startAttached(busy.pid, false)
    assert.deepEqual(await busy.lower(), { code: 42, signal: null })
    assert.deepEqual(await done, { status: null })
    assert.deepEqual([...new Set(records.slice(1, -1).map(r => r.tid))], [busy.pid])
    assert.deepEqual(
      records.slice(-2).map(r => `${r.kind} ${r.value}`),
      ['exited 42', 'end 0'],
    )
  },
)

test('attached and let go again and again, a program does not notice', time, async () => {
  const busy = new Busy(3)
  await busy.ready
  for (let i = 0; i < 10; i++) {
    const { capture, done } = await startAttached(busy.pid)
    await sleep(i * 3)
    capture.stop('detach')
    await done
  }
  assert.deepEqual(await busy.lower(), { code: 42, signal: null })
})

test('a stopped program stays stopped, also when let go', time, async () => {
  const busy = new Busy(1)
  await busy.ready
  busy.signal('SIGSTOP')
  await sleep(50)
  const { capture, records, done, until } = await startAttached(busy.pid)
  await until(() => records.filter(r => r.kind === 'stopped').length === 2)
  capture.stop('detach')
  await done
  const waiting = busy.lower()
  assert.equal(await Promise.race([waiting, sleep(200, 'stopped')]), 'stopped')
  busy.signal('SIGCONT')
  assert.deepEqual(await waiting, { code: 42, signal: null })
})

test('a tracer that is killed leaves an attached program alone', time, async () => {
  const busy = new Busy(3)
  await busy.ready
  const script = `
    import { startCapture } from '${new URL('./test-capture.ts', import.meta.url).href}'
    startCapture({ attach: [${busy.pid}] }).then(c => c.until(r => r.kind === 'exit')).then(() => console.log('attached'))`
  const tracer = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise(resolve => tracer.stdout.once('data', resolve))
  tracer.kill('SIGKILL')
  await new Promise(resolve => tracer.once('exit', resolve))
  assert.deepEqual(await busy.lower(), { code: 42, signal: null })
})

test('what cannot be attached is an error with its reason', time, async () => {
  const gone = spawn('/bin/true')
  await new Promise(resolve => gone.once('exit', resolve))
  const none = await startPtrace({ ...everything, attach: [gone.pid!] }, { worker: bundledWorker() })
  assert.ok(isCaptureError(none))
  assert.deepEqual([none.error, none.errno, none.pid], ['attach', 3, gone.pid!])
  const child = spawn('/bin/sleep', ['10'])
  const ours = await startPtrace({ ...everything, attach: [child.pid!] }, { worker: bundledWorker() })
  assert.ok(isCaptureError(ours))
  child.kill()
  const self = await startPtrace({ ...everything, attach: [process.pid] }, { worker: bundledWorker() })
  assert.ok(isCaptureError(self))
  assert.deepEqual([self.error, self.errno], ['attach', 1])

  const busy = new Busy(1)
  await busy.ready
  const some = await startCapture({ attach: [gone.pid!, busy.pid] })
  assert.deepEqual(
    some.capture.problems.map(p => [p.pid, p.errno]),
    [[gone.pid, 3]],
  )
  await busy.lower()
  assert.deepEqual(await some.done, { status: null })
})

test('a started program that is stopped gets the signal, and what it started goes on', time, async () => {
  const started = await startCapture(run('/bin/sh', '-c', '/bin/sleep 50 & wait'))
  await started.until(r => r.call === 'clock_nanosleep')
  const [, shell, sleeper] = started.records.map(r => r.tid).filter((tid, i, all) => all.indexOf(tid) === i)
  started.capture.stop({ signal: 15 })
  assert.deepEqual(await started.done, { status: null })
  assert.equal(started.records.filter(r => r.kind === 'detached').length, 2)
  while (stateOf(shell!) !== 'Z') await sleep(10)
  assert.equal(stateOf(sleeper!), 'S')
  process.kill(sleeper!, 'SIGKILL')
})

/** A process's state as /proc has it: R, S, …; Z for a dead one, whether its parent has waited for it or not. */
function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/.*\) (.).*/s, '$1')
  } catch {
    return 'Z'
  }
}

test('process.exit does not wait for what is traced', time, async () => {
  const script = `
    import { startCapture, run } from '${new URL('./test-capture.ts', import.meta.url).href}'
    startCapture(run('/bin/sleep', '50')).then(c => c.until(r => r.call === 'clock_nanosleep')).then(() => process.exit(9))`
  // What it started lives on, and would keep a descriptor of ours open.
  const begun = performance.now()
  const tracer = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: 'ignore',
  })
  const code = await new Promise(resolve => tracer.once('exit', resolve))
  assert.equal(code, 9)
  assert.ok(performance.now() - begun < 40_000)
})
