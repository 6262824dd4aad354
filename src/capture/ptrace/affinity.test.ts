import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { Writable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { onlyCalls, program, run, startCapture, temporary } from './test-capture.ts'

const time = { timeout: 60_000, skip: availableParallelism() < 2 && 'there is one CPU only' }

/** What the program says of its masks, under a capture with `options`. */
async function traced(options: object): Promise<string> {
  const file = temporary(`said-${Math.random()}`)
  // A program inherits our own descriptor 1.
  const { program: started } = run('/bin/sh', '-c', `exec "${program('affinity')}" > "${file}"`)
  const capture = await startCapture(
    { ...options, ...(started && { program: started }) },
    50_000,
    () => false,
  )
  assert.deepEqual(await capture.done, { status: 0 })
  return readFileSync(file, 'latin1')
}

const untraced = () => execFileSync(program('affinity'), { encoding: 'latin1' })

for (const [name, options] of Object.entries({
  'while it pays': { pin: 'auto' },
  'of filtered calls': { pin: 'always', filterInKernel: true, calls: onlyCalls('getpid') },
  'without the children': { pin: 'always', follow: false },
} as const))
  test(`programs see the masks that they have without us: ${name}`, time, async () => {
    const said = traced(options)
    // A mask in /proc is not given back where opening it is not seen.
    const lines = (text: string) =>
      name === 'of filtered calls' ? text.replace(/^Cpus_allowed.*\n/m, '') : text
    assert.equal(lines(await said), lines(untraced()))
  })

/** The CPUs that a process may run on, as /proc has them. */
const cpusOf = (pid: number): string =>
  /^Cpus_allowed_list:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]!

/** A program, not a child of ours, that makes calls in a stream until it is ended. */
async function startHot() {
  const shell = spawn('/bin/sh', ['-c', '"$0" hot <&3 & echo $!; wait', program('affinity')], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const ended = new Promise(resolve => shell.once('exit', resolve))
  const input = shell.stdio[3] as Writable
  input.on('error', () => {})
  let said = ''
  shell.stdout!.setEncoding('latin1').on('data', text => {
    said += text
  })
  while (!/^\d+$/m.test(said) || !said.includes('ready')) await sleep(10)
  const end = async () => {
    input.end('x')
    await ended
  }
  return { pid: Number(/^\d+$/m.exec(said)![0]), end }
}

test(
  'a program that makes calls in a stream shares a CPU with us, and is free when let go',
  time,
  async () => {
    const { pid, end } = await startHot()
    const before = cpusOf(pid)
    const capture = await startCapture({ attach: [pid], pin: 'always' }, 50_000, () => false)
    while (cpusOf(pid) === before) await sleep(10)
    assert.match(cpusOf(pid), /^\d+$/)
    capture.capture.stop('detach')
    await capture.done
    assert.equal(cpusOf(pid), before)
    await end()
  },
)

test(
  'what was attached keeps its mask: were we killed, it would have the narrowed one for good',
  time,
  async () => {
    const { pid, end } = await startHot()
    const before = cpusOf(pid)
    let records = 0
    const capture = await startCapture({ attach: [pid], pin: 'auto' }, 50_000, () => {
      records++
      return false
    })
    for (const some of [5_000, 10_000, 20_000]) {
      while (records < some) await sleep(10)
      assert.equal(cpusOf(pid), before)
    }
    capture.capture.stop('detach')
    await capture.done
    await end()
  },
)
