/** Programs in gVisor's notation, line by line against what runsc printed for them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { alike, kernelDifferences, partial } from './known-differences.ts'
import { newFolder, programNames, traceProgram } from './run-program.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const folder = newFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

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
    programNames.map((name, index) =>
      t.test(name, { timeout: 120_000 }, async () => {
        // Every other program through a recording.
        const ours = await traceProgram(name, folder, index % 2 === 1)
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
