/** What happens to a program is what happens to it untraced: the program tells of it, and is asked under every way to trace. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ebpfRefused, run, scratch, sysglass } from './tracers.ts'

const source = fileURLToPath(new URL('programs/outcomes/outcomes.c', import.meta.url))
const program = join(scratch, 'outcomes')
execFileSync('cc', ['-O1', '-w', '-pthread', '-o', program, source])

suite('signals, stops, filters and ends', { concurrency: 2, timeout: 300_000 }, async () => {
  const untraced = run([program])
  const ways = {
    '-f': ['-f'],
    'one process': [],
    '-D': ['-D', '-f'],
    '-c': ['-c', '-f'],
    ebpf: ['-f', '--backend=ebpf'],
  }
  for (const [name, options] of Object.entries(ways)) {
    const skip = name === 'ebpf' ? (ebpfRefused() ?? false) : false
    test(name, { timeout: 120_000, skip }, async () => {
      const { status, stdout } = await untraced
      assert.equal(status, 77)
      const traced = await run([sysglass, ...options, '-o', '/dev/null', program], { timeout: 100_000 })
      assert.equal(traced.stdout, stdout)
      assert.equal(traced.status, 77)
    })
  }
})
