/** Calls that strace 6.1 does not know: a program makes them and says what the trace should tell. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { syscallNumbers } from '../src/abi/syscalls.ts'
import { ebpfRefused, run, scratch, sysglass } from './tracers.ts'

/** The first call that strace 6.1 has no name for. */
const firstNewer = syscallNumbers.arm64.cachestat
const newer = Object.entries(syscallNumbers.arm64).flatMap(([name, number]) =>
  number >= firstNewer ? [name] : [],
)

const source = fileURLToPath(new URL('programs/newer/newer-calls.c', import.meta.url))
const program = join(scratch, 'newer-calls')
execFileSync('cc', ['-O1', '-w', '-o', program, source])

suite('calls that are newer than strace 6.1', () => {
  for (const backend of ['ptrace', 'ebpf'])
    test(`are told as their headers and manuals describe, by ${backend}`, async t => {
      const refused = backend === 'ebpf' && ebpfRefused()
      if (refused) return t.skip(refused)
      const cwd = join(scratch, backend)
      mkdirSync(cwd)
      const choice = [
        `--backend=${backend}`,
        '-a0',
        '-e',
        `trace=${newer.join()}`,
        '-e',
        'signal=none',
        '--quiet=all',
      ]
      const { status, stdout, stderr } = await run(
        [sysglass, ...choice, '-s', '200', '-o', 'trace', program],
        { cwd },
      )
      assert.equal(status, 0, stderr)
      const lines = readFileSync(join(cwd, 'trace'), 'utf8').replace(/^\+\+\+.*\n/gm, '')
      assert.deepEqual(lines.split('\n'), stdout.split('\n'))
    })

  test('are all made by the program', () => {
    const made = new Set(readFileSync(source, 'utf8').match(/(?<=make\(NR_)\w+/g))
    assert.deepEqual(
      newer.filter(name => !made.has(name)),
      [],
    )
  })
})
