/**
 * Runs strace's own test suite with sysglass in strace's place, and compares with the list of tests that passed before
 * (test/conformance.json): what passes no more is named, and makes the exit status 1.
 *
 *   npm run conformance -- [--suite DIR] [--stage NAME]... [--jobs N] [--quick] [--time] [--update] [TEST...]
 *
 * The suite is not part of this repository, nor needed to use or to test sysglass: it is strace's source package, and a
 * runner that calls its tests with any executable. --suite (or STRACE_SUITE) says where that runner is: a directory with
 * a program `run` that takes --strace, --stage, --jobs, --quick, --json and names of tests, and with stages.json.
 * --time runs every test with strace as well and tells, by stage, how many times as long ours took: on an idle machine.
 * --update writes the list anew for the tests that ran. It also names those that fail, with causes that people write
 * there: who found one puts it in the place of "cause not yet found".
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { noCause, problems, updated } from './conformance-list.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const listFile = join(root, 'test', 'conformance.json')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: process.env.STRACE_SUITE ?? '' },
    stage: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '2' },
    quick: { type: 'boolean', default: false },
    time: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
})

const runner = join(values.suite, 'run')
if (values.suite === '' || !existsSync(runner)) {
  console.error(
    values.suite === ''
      ? 'conformance: no suite: --suite DIR or STRACE_SUITE must name the directory of a runner of the tests in'
      : `conformance: ${values.suite} has no runner (a program named run) of the tests in`,
  )
  console.error(
    "strace's source package (Debian: apt-get source strace; upstream: https://strace.io); see scripts/conformance.mjs.",
  )
  process.exit(2)
}

/** Runs tests (all when no name is given); the result of each by name, and the seconds it took. */
function runTests(names, jobs, strace = join(root, 'sysglass')) {
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'))
  const json = join(directory, 'results.json')
  const options = ['--strace', strace, '--jobs', jobs, '--json', json]
  for (const stage of names.length > 0 ? [] : values.stage) options.push('--stage', stage)
  if (values.quick) options.push('--quick')
  spawnSync(runner, [...options, '--quiet', ...names], { stdio: ['ignore', 'inherit', 'inherit'] })
  const results = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')).results : undefined
  rmSync(directory, { recursive: true })
  if (results === undefined) process.exit(2)
  for (const [name, { seconds: taken }] of Object.entries(results)) {
    if (!seconds.has(name)) seconds.set(name, {})
    seconds.get(name)[strace === 'strace' ? 'strace' : 'ours'] ??= taken
  }
  return new Map(Object.entries(results).map(([name, { result }]) => [name, result]))
}

/** By test: the seconds that it took, with strace and with ours. */
const seconds = new Map()

const { stages } = JSON.parse(readFileSync(join(values.suite, 'stages.json'), 'utf8'))
const stageOf = new Map(stages.flatMap(({ name, tests }) => tests.map(test => [test, name])))
const list = {
  suite: 'strace 6.1',
  passes: {},
  fails: {},
  ...(existsSync(listFile) ? JSON.parse(readFileSync(listFile, 'utf8')) : {}),
}
const passedBefore = new Set(Object.values(list.passes).flat())

const results = runTests(positionals, values.jobs)
if (values.time) runTests([...results.keys()], values.jobs, 'strace')
const passes = name => results.get(name) === 'PASS'
let lost = [...results.keys()].filter(name => passedBefore.has(name) && !passes(name))
if (lost.length > 0 && lost.length <= 40) {
  // A busy machine makes tests run out of time: those that failed get a second chance, alone.
  for (const [name, result] of runTests(lost, '1')) if (result === 'PASS') results.set(name, result)
  lost = lost.filter(name => !passes(name))
}
const gained = [...results.keys()].filter(name => passes(name) && !passedBefore.has(name))

/** How many times as long tests took with ours. */
const times = names => {
  const sum = whose => names.reduce((sum, name) => sum + (seconds.get(name)?.[whose] ?? 0), 0)
  return values.time ? (sum('ours') / sum('strace')).toFixed(2).padStart(7) : ''
}
console.log(`\nstage         ran  passed  before${values.time ? '  times' : ''}`)
for (const { name: stage } of stages) {
  const ran = [...results.keys()].filter(name => stageOf.get(name) === stage)
  if (ran.length === 0) continue
  const now = ran.filter(passes).length
  const before = ran.filter(name => passedBefore.has(name)).length
  console.log(
    `${stage.padEnd(12)} ${String(ran.length).padStart(4)} ${String(now).padStart(7)} ${String(before).padStart(7)}${times(ran)}`,
  )
}
if (values.time) console.log(`in all${times([...results.keys()]).padStart(36)}`)
if (gained.length > 0) console.log(`\npass now: ${gained.sort().join(' ')}`)
if (lost.length > 0) console.log(`\npass no more: ${lost.sort().join(' ')}`)

if (values.update) {
  const next = updated(list, stages, results)
  for (const problem of problems(next)) console.error(`conformance: ${problem}`)
  writeFileSync(listFile, `${JSON.stringify(next, null, 2)}\n`)
  const open = Object.entries(next.fails).filter(([, cause]) => cause === noCause)
  console.log(`\n${listFile} written: ${Object.values(next.passes).flat().length} tests pass`)
  if (open.length > 0) console.log(`${noCause}: ${open.map(([test]) => test).join(' ')}`)
}
process.exitCode = lost.length > 0 && !values.update ? 1 : 0
