/**
 * `npm run bench`: tracing side by side with strace and perf trace, in turn, in one run.
 *
 *     npm run bench -- [--rounds N] [--scale X] [--only TEXT] [--json FILE] [--readme] [--long]
 *
 * Prints medians and ratios and writes every figure to bench/results.json (or FILE). `--readme` puts the tables into
 * README.md. `--long` also runs a build of seconds and `npm ci`, traces ten million calls to a file and a million calls a second for a minute by eBPF, and watches
 * memory. Machines are noisy: use one that is idle.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median, peakMemory, type Row } from './measure.ts'
import { markdown, table } from './report.ts'
import { type Sustained, sustained } from './sustained.ts'
import { exitsAlone, filteringTracers, findTracers, sysglass } from './tracers.ts'
import { building, compileLoop, installing, makeWorkloads, type Workload } from './workloads.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'string', default: join(root, 'bench/results.json') },
    readme: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const scale = Number(options.scale)
const folder = mkdtempSync(join(tmpdir(), 'sysglass-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const wanted = (name: string): boolean => name.includes(options.only)
const say = (text: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : '')
}

/** Whoever runs first pays for the build. */
execFileSync(sysglass, ['-o', '/dev/null', 'true'], { stdio: ['ignore', 'ignore', 'inherit'] })

function tracing(): Row[] {
  const tracers = findTracers()
  return [...makeWorkloads(folder, scale), ...(options.long ? [building(folder), installing(folder)] : [])]
    .filter(({ name }) => wanted(name))
    .map(workload => {
      say(workload.name)
      return measure(workload, tracers, rounds)
    })
}

/** Calls that a filter leaves out, and how long it takes to start. */
function filtering(): Row[] {
  const loop: Workload = {
    name: 'untraced calls under a filter',
    argv: [join(folder, 'loop'), 't', '1', String(Math.round(200_000 * scale)), '0'],
    cwd: folder,
    measure: 'per-call',
  }
  if (!wanted(loop.name)) return []
  compileLoop(folder)
  return [measure(loop, filteringTracers(), rounds)]
}

function starting(): Row[] {
  const nothing: Workload = { name: 'start', argv: [], cwd: folder, measure: 'elapsed' }
  if (!wanted(nothing.name)) return []
  const starters = [
    { name: 'true', prefix: ['true'] },
    { name: 'node -e 0', prefix: [process.execPath, '-e', '0'] },
    { name: 'strace -o /dev/null true', prefix: ['strace', '-o', '/dev/null', 'true'] },
    { name: 'sysglass -o /dev/null true', prefix: [sysglass, '-o', '/dev/null', 'true'] },
  ]
  return [measure(nothing, starters, Math.max(rounds, 20))]
}

interface Printing {
  readonly calls: number
  readonly recordingBytes: number
  readonly straceBytes: number
  readonly callsPerSecond: { readonly [format: string]: number }
}

/** A recording's size beside strace's text, and how fast it becomes text. */
function printing(): Printing | null {
  if (!wanted('printing')) return null
  say('printing')
  const calls = Math.round(400_000 * scale)
  const [recording, text] = [join(folder, 'loop.recording'), join(folder, 'loop.strace')]
  const glass = join(root, 'glass')
  const program = [compileLoop(folder), 't', '1', String(calls), '0']
  execFileSync(glass, ['record', '-o', recording, ...program])
  execFileSync('strace', ['-f', '-o', text, ...program])
  const callsPerSecond: { [format: string]: number } = {}
  const elapsed = (format: string, file: string): number => {
    const begun = performance.now()
    execFileSync(glass, ['replay', file, '--format', format, '-o', '/dev/null'])
    return performance.now() - begun
  }
  const empty = join(folder, 'empty.recording')
  execFileSync(glass, ['record', '-o', empty, 'true'])
  for (const format of ['strace', 'gvisor', 'json']) {
    const times = Array.from({ length: 5 }, () => elapsed(format, recording) - elapsed(format, empty))
    callsPerSecond[format] = Math.round((calls / median(times)) * 1e3)
  }
  return { calls, recordingBytes: statSync(recording).size, straceBytes: statSync(text).size, callsPerSecond }
}

async function long(): Promise<{ calls: number; bytes: number; seconds: number; lines: number } | null> {
  if (!options.long || !wanted('ten million')) return null
  say('ten million calls')
  const calls = 10_000_000
  const out = join(folder, 'long.txt')
  const peak = await peakMemory([
    sysglass,
    '-f',
    '-o',
    out,
    compileLoop(folder),
    't',
    '1',
    String(calls),
    '0',
  ])
  const lines = Number(
    execFileSync('grep', ['-cE', '(read|write)\\([34], ".{32}"\\.\\.\\., 64\\) = 64$', out], {
      encoding: 'latin1',
    }),
  )
  return { calls, lines, ...peak }
}

/** A million calls a second from two threads for a minute: every one is in the recording, or counted as lost. */
async function sustaining(): Promise<{ [options: string]: Sustained } | null> {
  if (!options.long || !wanted('sustained')) return null
  const all: { [options: string]: Sustained } = {}
  const rate = { threads: 2, perSecond: 1_000_000, seconds: Math.max(1, Math.round(60 * scale)) }
  for (const words of [exitsAlone, ['--decode-fds=none'], [], [...exitsAlone, '--lossless=no']]) {
    const name = words.join(' ')
    say(`sustained ${name}`)
    all[name] = await sustained(folder, rate, words)
  }
  return all
}

const machine = { cpu: cpus()[0]?.model ?? '', cpus: cpus().length, kernel: release(), node: process.version }
const rows = tracing()
const filtered = filtering()
const start = starting()
const printed = printing()
const memory = await long()
const kept = await sustaining()
say('')

const parts: string[] = []
if (rows.length > 0) parts.push(table(rows))
if (filtered.length > 0) parts.push(plain(filtered))
if (start.length > 0) parts.push(plain(start))
if (printed !== null)
  parts.push(
    markdown([
      [
        'a recording of a loop',
        'calls',
        'bytes a call',
        "bytes a call of strace's text",
        ...Object.keys(printed.callsPerSecond).map(f => `${f}, calls/s`),
      ],
      [
        '',
        String(printed.calls),
        (printed.recordingBytes / printed.calls).toFixed(1),
        (printed.straceBytes / printed.calls).toFixed(1),
        ...Object.values(printed.callsPerSecond).map(String),
      ],
    ]),
  )
if (memory !== null)
  parts.push(
    `${memory.calls} calls traced to a file in ${memory.seconds.toFixed(0)} s: ${memory.lines} lines, at most ${(memory.bytes / 1e6).toFixed(0)} MB resident.`,
  )
for (const [name, { made, recorded, lost, seconds, cpu, bytes }] of Object.entries(kept ?? {}))
  parts.push(
    `eBPF, ${name || 'all that is told'}: ${made} calls in ${seconds.toFixed(0)} s, ${recorded} recorded and ${lost} lost; the tracer used ${(cpu / seconds).toFixed(2)} CPUs and at most ${(bytes / 1e6).toFixed(0)} MB.`,
  )
const text = `${parts.join('\n\n')}\n`
process.stdout.write(text)
writeFileSync(
  options.json,
  `${JSON.stringify({ machine, date: new Date().toISOString(), rounds, tracing: rows, filtering: filtered, starting: start, printing: printed, memory, sustained: kept }, null, 1)}\n`,
)
if (options.readme) quote(text)

function plain(list: readonly Row[]): string {
  const names = [...new Set(list.flatMap(row => Object.keys(row.medians)))]
  return markdown([
    ['', ...names],
    ...list.map(row => [
      `${row.workload} (${row.unit})`,
      ...names.map(n => row.medians[n]?.toFixed(2) ?? ''),
    ]),
  ])
}

/** Replaces what stands between the marks in README.md. */
function quote(tables: string): void {
  const path = join(root, 'README.md')
  const old = readFileSync(path, 'utf8')
  const [from, to] = ['<!-- bench -->\n', '<!-- /bench -->']
  const [a, b] = [old.indexOf(from), old.indexOf(to)]
  if (a < 0 || b < a) throw new Error('README.md has no place for the table')
  writeFileSync(path, `${old.slice(0, a + from.length)}\n${tables}\n${old.slice(b)}`)
}
