/**
 * A recording is replayed as a trace with the same options prints: each program is traced, and recorded in another
 * run. What differs between two traces is not judged.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compareTraces, type Difference, describe } from './compare-traces.ts'
import { glass, run, scratch, trace } from './tracers.ts'

const folder = fileURLToPath(new URL('programs', import.meta.url))

const optionSets: readonly (readonly string[])[] = [
  [],
  ['-v', '-s', '200', '-y'],
  ['-e', 'trace=%file,%desc', '-xx', '-z'],
  ['-yy', '-e', 'trace=!%memory', '-e', 'signal=none'],
  ['-X', 'verbose', '-Z'],
]
/** Those that tell much in little time; all of them with SYSGLASS_ALL_OPTIONS. */
const chosen = [
  'descriptors-io',
  'network-messages',
  'process-clone',
  'signals-masks',
  'files-stat',
  'process-exec',
]
const all = process.env.SYSGLASS_ALL_OPTIONS === '1'
const names = readdirSync(folder)
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))
  .filter(name => all || chosen.includes(name))
  .sort()

suite('replays', { concurrency: 2 }, () => {
  for (const [index, name] of names.entries())
    test(name, { timeout: 180_000 }, async t => {
      const file = join(scratch, `replayed-${name}`)
      execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, join(folder, `${name}.c`)])
      const command = [`./replayed-${name}`]
      const recording = join(scratch, `${name}.rec`)
      const text = join(scratch, `${name}.replay`)
      for (const [n, options] of optionSets.entries()) {
        if (!all && n > 0 && n % 4 !== index % 4) continue
        await t.test(options.join(' ') || 'plain', async () => {
          const attempt = async (): Promise<readonly Difference[]> => {
            const live = () => trace('sysglass', ['-f', ...options], command, { stdio: 'ignore' })
            const [first, again] = [await live(), await live()]
            const recorded = await run([glass, 'record', '-f', '-o', recording, ...command], {
              stdio: 'ignore',
            })
            assert.deepEqual([recorded.status, recorded.signal], [first.status, first.signal])
            const { status, stderr } = await run([glass, 'replay', recording, '-f', ...options, '-o', text])
            assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
            const ours = execFileSync('cat', [text], { encoding: 'latin1' })
            const { differences, lines } = compareTraces({ ours, theirs: first.text, again: [again.text] })
            assert.ok(lines > 0)
            return differences.filter(({ unstable }) => !unstable)
          }
          // What hangs on who is quicker does not come every time; a bug does.
          let bugs = await attempt()
          for (let n = 1; n < 3 && bugs.length > 0; n++) bugs = await attempt()
          assert.equal(bugs.length, 0, `strace: the trace, sysglass: the replay\n${describe(bugs)}`)
        })
      }
    })
})
