/** Every program of test/programs under strace and under sysglass, line for line. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { compareTraces, type Difference, describe } from './compare-traces.ts'
import { scratch, trace } from './tracers.ts'

const folder = fileURLToPath(new URL('programs', import.meta.url))

const optionSets: readonly (readonly string[])[] = [
  [],
  ['-v', '-s', '200'],
  ['-X', 'raw'],
  ['-X', 'verbose'],
  ['-xx'],
  ['-y'],
  ['-tt'],
]
/** Without SYSGLASS_ALL_OPTIONS each program is run plain and with two more sets, not the same for all. */
const all = process.env.SYSGLASS_ALL_OPTIONS === '1'
const setsFor = (index: number, name: string) =>
  all
    ? optionSets
    : optionSets
        .filter((_, n) => n === 0 || n % 3 === index % 3)
        .map(options => (straceAborts[name] === options.join(' ') ? ['-X', 'raw'] : options))

/** Options with which strace 6.1 itself aborts; others stand in for them. */
const straceAborts: Readonly<Record<string, string>> = { 'signals-masks': '-X verbose' }

/** Programs that are not compared, and why. */
const notComparable: Readonly<Record<string, string>> = {}

/** A 32-bit program has no C library: few machines have one for it. */
const compilerOptions = (name: string): string[] =>
  name.startsWith('i386-')
    ? '-m32 -nostdlib -static -ffreestanding -fno-pic -no-pie -fno-stack-protector -idirafter /usr/include/x86_64-linux-gnu'.split(
        ' ',
      )
    : ['-pthread']

/** Lines that hang on whether a child or its parent comes first. */
const hangsOnScheduling: Readonly<Record<string, RegExp>> = {
  'process-clone': /^(?:TIME )?(?:wait4|waitid|--- SIG)/,
  // How often it looks whether a child is where it should be.
  'process-killed': /^(?:TIME )?(?:openat|read\(5|close|wait4|--- SIG)/,
}

const names = readdirSync(folder)
  .filter(name => name.endsWith('.c'))
  .map(name => name.slice(0, -2))
  .sort()

suite('programs', { concurrency: 2 }, () => {
  for (const [index, name] of names.entries()) {
    const elsewhere = name.startsWith('i386-') && process.arch !== 'x64' ? 'no such programs here' : null
    const skip = oracleMissing() ?? notComparable[name] ?? elsewhere ?? false
    test(name, { skip, timeout: 120_000 }, async t => {
      const file = join(scratch, name)
      execFileSync('cc', [...compilerOptions(name), '-O1', '-w', '-o', file, join(folder, `${name}.c`)])
      for (const options of setsFor(index, name))
        await t.test(options.join(' ') || 'plain', async inner => {
          const once = (tracer: 'strace' | 'sysglass') =>
            trace(tracer, ['-f', ...options], [`./${name}`], { stdio: 'ignore' })
          const attempt = async (): Promise<readonly Difference[] | 'strace aborts'> => {
            // One after the other: they use the same files.
            const theirs = await once('strace')
            if (theirs.text.includes('<detached ...>')) return 'strace aborts'
            const again = await once('strace')
            const ours = await once('sysglass')
            const { differences } = compareTraces({
              ours: ours.text,
              theirs: theirs.text,
              again: [again.text],
            })
            const racy = hangsOnScheduling[name]
            const bugs = differences.filter(
              ({ unstable, theirs, ours }) => !unstable && racy?.test(theirs ?? ours ?? '') !== true,
            )
            assert.deepEqual([ours.status, ours.signal], [theirs.status, theirs.signal])
            return bugs
          }
          // What hangs on who is quicker does not come every time; a bug does.
          let bugs = await attempt()
          for (let n = 1; n < 3 && bugs !== 'strace aborts' && bugs.length > 0; n++) bugs = await attempt()
          if (bugs === 'strace aborts') return inner.skip('strace 6.1 itself aborts here')
          assert.equal(bugs.length, 0, `\n${describe(bugs)}`)
        })
    })
  }
})
