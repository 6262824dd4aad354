/** Programs in gVisor's notation, line by line against what runsc printed for them. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run, sysglass } from '../tracers.ts'
import { alike, kernelDifferences, partial } from './known-differences.ts'
import { normalise } from './normalise.ts'

const glass = join(dirname(sysglass), 'glass')
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sg-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Far more than it takes, also on a machine that does much else. */
const timeout = 110_000

const names = readdirSync(join(here, 'progs'))
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))
  .sort()

const skip =
  process.arch !== 'x64'
    ? 'the golden texts are those of amd64'
    : spawnSync('cc', ['--version']).status !== 0
      ? 'no C compiler'
      : process.getuid!() !== 0
        ? 'the golden texts are those of root'
        : false

test('programs print what they print under runsc', { skip, concurrency: 2, timeout: 600_000 }, async t => {
  let compared = 0
  let excused = 0
  await Promise.all(
    names.map((name, index) =>
      t.test(name, { timeout: 120_000 }, async () => {
        const directory = freeDirectory()
        const program = join(folder, name)
        execFileSync('cc', [
          '-w',
          '-O1',
          `-DDIRN="${directory}"`,
          '-o',
          program,
          join(here, 'progs', `${name}.c`),
        ])
        const output = join(folder, `${name}.out`)
        // Every other program through a recording, which must hold all that the notation wants.
        if (index % 2 === 0)
          await run([sysglass, '--format=gvisor', '-f', '-o', output, program], {
            env: { TZ: 'UTC' },
            timeout,
          })
        else {
          const recording = join(folder, `${name}.rec`)
          await run([sysglass, '--format=recording', '-f', '-o', recording, program], { timeout })
          await run([glass, 'replay', recording, '--format=gvisor', '-o', output], {
            env: { TZ: 'UTC' },
            timeout,
          })
        }
        rmSync(directory, { recursive: true, force: true })
        const trace = readFileSync(output, 'latin1').replaceAll(directory, '/tmp/gvp')
        const ours = normalise(trace)
        for (const [stream, wanted] of golden(name)) {
          const limit = partial[`${name}/${stream}`]?.lines ?? wanted.length
          const known = new Set(
            kernelDifferences.filter(([p, s]) => p === name && s === stream).map(([, , line]) => line),
          )
          const shown = (lines: readonly string[]) =>
            lines.slice(0, limit).map((line, i) => (known.has(i) ? `(${kindOf(line)})` : alike(name, line)))
          // A line that Linux has no counterpart of may be the last one.
          const got = ours.get(stream) ?? []
          const expected = shown(wanted)
          if (known.has(wanted.length - 1) && got.length === wanted.length - 1) expected.pop()
          assert.deepEqual(shown(got), expected, `stream ${stream}`)
          compared += Math.min(limit, wanted.length) - known.size
          excused += known.size
        }
      }),
    ),
  )
  t.diagnostic(`${compared} lines the same, ${excused} left out because the kernels answer differently`)
})

/** A directory whose path is as long as the one that the texts know: lengths are results. */
function freeDirectory(): string {
  for (let n = Math.floor(Math.random() * 1296); ; n = (n + 1) % 1296) {
    const path = `/tmp/g${n.toString(36).padStart(2, '0')}`
    if (path === '/tmp/gvp') continue
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Which call a line is of, and whether it is its end. */
const kindOf = (line: string): string => /^.*? ([EX] \w+)\(/s.exec(line)?.[1] ?? line

function golden(name: string): Map<number, string[]> {
  const streams = new Map<number, string[]>()
  let lines: string[] = []
  for (const line of readFileSync(join(here, 'golden', `${name}.txt`), 'latin1').split('\n')) {
    const stream = /^== stream (\d+)$/.exec(line)
    if (stream !== null) streams.set(Number(stream[1]), (lines = []))
    else if (line !== '') lines.push(line)
  }
  return streams
}
