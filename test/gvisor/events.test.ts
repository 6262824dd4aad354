/** Messages of the event channel beside lines of the same run: the same names, calls, arguments and results, in the same order. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, sysglass } from '../tracers.ts'
import { buildProgram, newFolder } from './run-program.ts'

const folder = newFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

interface Event {
  readonly event: 'enter' | 'exit'
  readonly process: string
  readonly function: string
  readonly args: readonly string[]
  readonly return: string
  readonly error: string
  readonly errno: number
}

/** An event as the line that it belongs to. A call that failed has returned nothing. */
function lineOf({ event, process, function: name, args, return: result, error, errno }: Event): string {
  const head = `${process} ${event === 'enter' ? 'E' : 'X'} ${name}(${args.join(', ')})`
  if (event === 'enter') return head
  return `${head} = ${errno === 0 ? result : `${result} errno=${errno} (${error})`}`
}

/** What an event has of a line: neither the numbers of its thread, nor the result in decimal, nor how long it took. */
const comparable = (line: string): string =>
  line
    .replace(/^\[[^\]]*\] /, '')
    .replace(/ = \d+ \((0x[0-9a-f]+)\) \([^()]*\)$/, ' = $1')
    .replace(/ = -1 (errno=\d+ \(.*\)) \([^()]*\)$/, ' = 0x0 $1')

const skip = process.arch === 'x64' ? false : 'the programs are for amd64'

test('events say what lines say', { skip, timeout: 240_000 }, async t => {
  const path = join(folder, 'socket')
  const listener = spawn(join(dirname(sysglass), 'glass'), ['events', path, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => listener.kill())
  let text = ''
  listener.stdout.setEncoding('utf8').on('data', part => {
    text += part
  })
  while (!existsSync(path)) await sleep(20)
  // Signal handlers that return, and threads that are named and execute programs.
  for (const name of ['08_signal', '26_threads']) {
    text = ''
    const { program, directory } = buildProgram(name, folder)
    t.after(() => rmSync(directory, { recursive: true, force: true }))
    const output = join(folder, name)
    const options = ['--event-socket', path, '--event-wait=60000', '--event-log-size=1024']
    await run([sysglass, '--format=gvisor', '-f', '-o', `${output}.out`, ...options, program], {
      timeout: 110_000,
    })
    const lines = readFileSync(`${output}.out`, 'utf8').trimEnd().split('\n').map(comparable)
    assert.ok(lines.length > 100)
    while (text.split('\n').length <= lines.length) await sleep(20)
    const events: Event[] = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual(events.map(lineOf), lines)
  }
})
