/** Real programs with --backend=ptrace and --backend=ebpf: of their lines 99.5 in a hundred are the same, and none is missing. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe as suite, type TestContext, test } from 'node:test'
import { compareTraces, describe } from './compare-traces.ts'
import { type RealProgram, realPrograms, sameEveryRun } from './real-programs.ts'
import { ebpfRefused, scratch, trace } from './tracers.ts'

const refused = ebpfRefused()

const names = ['ls', 'cat', 'git log', 'git status', 'make', 'python3', 'curl']
/** What differs hangs on who was quicker, and does not come every time; a bug does. */
const rounds = 4

suite('real programs under eBPF', { skip: refused, timeout: 300_000 }, () => {
  let made: Awaited<ReturnType<typeof realPrograms>>
  before(async () => {
    const folder = join(scratch, 'ebpf-real')
    mkdirSync(folder)
    made = await realPrograms(folder)
  })
  after(() => made.close())
  for (const name of names)
    test(name, { timeout: 120_000 }, async t => {
      const program = made.programs.find(candidate => candidate.name === name)
      assert.ok(program)
      await check(program, t)
    })
})

async function check(program: RealProgram, t: TestContext): Promise<void> {
  const traced = (backend: string) => {
    program.prepare?.()
    const surroundings = { cwd: program.cwd ?? scratch, timeout: 60_000 }
    return trace('sysglass', ['-f', `--backend=${backend}`], program.command, surroundings)
  }
  const byPtrace: string[] = []
  for (let round = 1; ; round++) {
    const ours = await traced('ebpf')
    const [theirs, again] = [await traced('ptrace'), await traced('ptrace')]
    byPtrace.push(theirs.text, again.text)
    assert.deepEqual([ours.status, ours.signal, ours.stderr], [theirs.status, theirs.signal, theirs.stderr])
    assert.doesNotMatch(ours.text, /calls lost/)
    const { lines, differences } = compareTraces(
      { ours: ours.text, theirs: byPtrace[0]!, again: byPtrace.slice(1) },
      sameEveryRun,
    )
    const own = differences.filter(({ unstable }) => !unstable)
    const allowed = program.racy ? lines / 100 : lines / 200
    t.diagnostic(`${lines} lines; ${own.length} differ from those by ptrace`)
    if (own.length <= allowed) return
    if (round === rounds) assert.fail(`too many differ:\n${describe(own)}`)
  }
}
