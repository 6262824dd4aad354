/** Real programs: their output and end are as without us, and the trace is strace's, call by call in each process. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe as suite, type TestContext, test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { type Comparison, compareTraces, type Difference, describe } from './compare-traces.ts'
import { type RealProgram, realPrograms, sameEveryRun } from './real-programs.ts'
import { type Ended, run, scratch, type Tracer, trace } from './tracers.ts'

const names = ['ls', 'cat', 'git log', 'git status', 'make', 'python3', 'node', 'curl', 'npm ci']

suite('real programs', { timeout: 300_000 }, () => {
  let made: Awaited<ReturnType<typeof realPrograms>>
  before(async () => {
    const folder = join(scratch, 'real')
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

/**
 * What the programs do hangs on the machine too: a poll that found nothing yet, an arena that lies elsewhere. A wrong
 * line of ours comes in every round; what a program does once in ten runs some run of strace has by then done as well.
 */
const rounds = 4

async function check(program: RealProgram, t: TestContext): Promise<void> {
  const surroundings = { cwd: program.cwd ?? scratch, timeout: 60_000 }
  const traced = (tracer: Tracer) => {
    program.prepare?.()
    return trace(tracer, ['-f'], program.command, surroundings)
  }
  program.prepare?.()
  const untraced = await run(program.command, surroundings)
  const compared: Awaited<ReturnType<typeof traced>>[] = []
  for (let round = 1; ; round++) {
    const ours = await traced('sysglass')
    assert.deepEqual(outcome(program, ours), outcome(program, untraced))
    const missing = oracleMissing()
    if (missing !== null) return t.diagnostic(`not compared with strace: ${missing}`)
    for (let runs = program.racy || round > 1 ? 3 : 2; runs > 0; runs--) compared.push(await traced('strace'))
    const [theirs, ...again] = compared
    const comparison = compareTraces(
      { ours: ours.text, theirs: theirs!.text, again: again.map(({ text }) => text) },
      sameEveryRun,
    )
    try {
      return judge(comparison, program, t)
    } catch (error) {
      if (round === rounds) throw error
      t.diagnostic(`round ${round}: ${(error as Error).message}`)
    }
  }
}

/** What the program's user sees; of a racy one the lines, not their order. */
function outcome({ racy, output = text => text }: RealProgram, { status, signal, stdout, stderr }: Ended) {
  const lines = (text: string): string[] => (racy ? output(text).split('\n').sort() : [output(text)])
  return { status, signal, stdout: lines(stdout), stderr: lines(stderr) }
}

/** Calls that only happen when threads or processes get in each other's way: strace may not have met one. */
const onlyInRaces = /^(?:futex|sched_yield|rt_sigreturn|--- SIGCHLD|restart_syscall)/
/** What allocators and locks do hangs on which thread comes first. */
const hangsOnScheduling = /^(?:futex|sched_yield|mmap|munmap|mprotect|madvise|brk)\b/

function judge({ lines, differences }: Comparison, { racy }: RealProgram, t: TestContext): void {
  const excused = ({ unstable, strange, theirs, ours }: Difference): boolean =>
    unstable || (racy === true && !strange && hangsOnScheduling.test(theirs ?? ours ?? ''))
  const unstable = differences.filter(excused)
  const own = differences.filter(difference => !excused(difference))
  const strange = differences.filter(({ strange, ours }) => strange && !onlyInRaces.test(ours ?? ''))
  t.diagnostic(
    `${lines} lines; ${own.length} differ from strace's (${((own.length / lines) * 100).toFixed(2)} %), ` +
      `${unstable.length} more in calls in which strace's own runs differ or that hang on scheduling; ${strange.length} look like none of strace's`,
  )
  if (own.length > 0) t.diagnostic(describe(own))
  assert.equal(strange.length, 0, `lines that strace would not print:\n${describe(strange)}`)
  assert.ok(own.length <= (racy ? lines / 100 : 0), `too many differ:\n${describe(own)}`)
}
