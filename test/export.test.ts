/** Exports, read back by what is not ours: JSON Schema of the Trace Event Format, python's csv and json. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { Ajv } from 'ajv'
import { glass, run, scratch, sysglass } from './tracers.ts'

const recording = join(scratch, 'export.rec')
const output = (name: string) => join(scratch, `export.${name}`)

interface TraceEvent {
  readonly ph: string
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  readonly args?: Readonly<Record<string, unknown>>
}

/** What the format's description says of the kinds of events that we use. */
const schema = {
  type: 'object',
  required: ['traceEvents'],
  properties: {
    displayTimeUnit: { enum: ['ms', 'ns'] },
    traceEvents: {
      type: 'array',
      items: {
        type: 'object',
        required: ['ph', 'name', 'pid', 'tid'],
        properties: {
          ph: { enum: ['X', 'i', 'M'] },
          name: { type: 'string' },
          cat: { type: 'string' },
          pid: { type: 'integer' },
          tid: { type: 'integer' },
          ts: { type: 'number', minimum: 0 },
          dur: { type: 'number', minimum: 0 },
          s: { enum: ['g', 'p', 't'] },
          args: { type: 'object' },
        },
        allOf: [
          { if: { properties: { ph: { const: 'X' } } }, then: { required: ['ts', 'dur', 'args'] } },
          { if: { properties: { ph: { const: 'i' } } }, then: { required: ['ts', 's'] } },
          { if: { properties: { ph: { const: 'M' } } }, then: { required: ['args'] } },
        ],
      },
    },
  },
}

suite('exports', { timeout: 120_000 }, () => {
  before(async () => {
    const { status } = await run(
      [glass, 'record', '-f', '-o', recording, 'sh', '-c', 'cat /etc/passwd; kill -9 $$'],
      {
        timeout: 60_000,
      },
    )
    assert.notEqual(status, 0)
  })

  test('chrome: valid, every call once, with its arguments', async () => {
    const file = output('json')
    const ended = await run([glass, 'export', recording, '--to', 'chrome', '-o', file])
    assert.deepEqual([ended.status, ended.stderr], [0, ''])
    const trace = JSON.parse(readFileSync(file, 'utf8')) as {
      traceEvents: TraceEvent[]
    }
    const validate = new Ajv({ strict: false }).compile(schema)
    assert.ok(validate(trace), JSON.stringify(validate.errors))
    const { traceEvents: events } = trace
    const { stdout } = await run([glass, 'replay', recording, '--format=json'])
    const calls = stdout
      .split('\n')
      .filter(line => line.startsWith('{"kind":"call"'))
      .map(line => JSON.parse(line) as { name: string; tid: number })
    assert.deepEqual(
      events.filter(({ ph }) => ph === 'X').map(({ name, tid }) => [name, tid]),
      calls.map(({ name, tid }) => [name, tid]),
    )
    const opened = events.find(({ name, args }) => name === 'openat' && args?.pathname === '/etc/passwd')
    assert.equal(typeof opened?.args?.result, 'number')
    assert.ok(events.some(({ ph, name }) => ph === 'i' && name === 'killed by SIGKILL'))
    assert.ok(
      events.some(({ ph, name, args }) => ph === 'M' && name === 'process_name' && args?.name === 'cat'),
    )
  })

  test('csv: as many rows as calls, by another reader', async t => {
    const { status, stdout, stderr } = await run([glass, 'export', recording, '--to', 'csv'])
    if (stderr.includes('DuckDB is not installed')) return t.skip(stderr.trim())
    assert.equal(status, 0)
    const program =
      'import csv, sys; rows = list(csv.DictReader(sys.stdin)); print(len(rows), rows[0]["name"])'
    const [rows, first] = execFileSync('python3', ['-c', program], { input: Buffer.from(stdout, 'latin1') })
      .toString()
      .trim()
      .split(' ')
    const { stdout: json } = await run([glass, 'export', recording, '--to', 'jsonl'])
    assert.equal(Number(rows), json.split('\n').filter(line => line.startsWith('{"kind":"call"')).length)
    assert.equal(first, 'execve')
  })

  test('strace: what a replay prints', async () => {
    const file = output('strace')
    await run([glass, 'export', recording, '--to', 'strace', '-o', file])
    const replayed = output('replayed')
    await run([glass, 'replay', recording, '-o', replayed])
    assert.ok(readFileSync(file).equals(readFileSync(replayed)))
  })

  test('seccomp: a profile that allows what was called', async () => {
    const { status, stdout, stderr } = await run([glass, 'export', recording, '--to', 'seccomp'])
    assert.deepEqual([status, stderr], [0, ''])
    const profile = JSON.parse(stdout)
    const { stdout: json } = await run([glass, 'export', recording, '--to', 'jsonl'])
    const calls = json.split('\n').filter(line => line.startsWith('{"kind":"call"'))
    const names = [...new Set(calls.map(line => (JSON.parse(line) as { name: string }).name))].sort()
    assert.ok(names.includes('execve') && names.includes('kill'))
    assert.deepEqual(profile, {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: [process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64'],
      syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
    })
  })

  test('an output that cannot be written to is named, by the command that was called', async () => {
    for (const to of ['chrome', 'jsonl', 'strace', 'seccomp', 'otlp']) {
      const { status, stderr } = await run([glass, 'export', recording, '--to', to, '-o', '/dev/full'])
      assert.equal(status, 1, to)
      assert.ok(stderr.endsWith(`${glass} export: /dev/full: No space left on device\n`), stderr)
    }
    const nowhere = join(scratch, 'nosuch', 'report.html')
    const { status, stderr } = await run([glass, 'view', recording, '--most', '5', '--export', nowhere])
    assert.equal(status, 1)
    assert.equal(stderr, `${glass} view: ${nowhere}: No such file or directory\n`)
  })

  test('mistakes', async () => {
    const fails = async (words: string[], message: RegExp) => {
      const { status, stderr } = await run([glass, 'export', ...words])
      assert.equal(status, 1)
      assert.match(stderr, message)
    }
    await fails([recording], /--to (?:\w+, )*\w+: which\?/)
    await fails(['--to', 'chrome'], /one recording is needed/)
    await fails(['/nosuch', '--to', 'chrome'], /Can't open '\/nosuch': No such file or directory\n$/)
    await fails([sysglass, '--to', 'chrome'], /is not a recording\n$/)
    await fails([recording, '--to', 'chrome', '-o', '/nosuch/x'], /Can't open '\/nosuch\/x'/)
    await fails([recording, '--to', 'parquet'], /Parquet goes to a file/)
  })
})
