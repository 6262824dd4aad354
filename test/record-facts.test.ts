/** What a recording tells beside calls: how it was made, and what processes used. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Header, RecordKind, Resources } from '../src/record/layout.ts'
import { openRecording } from '../src/record/recording-reader.ts'
import { environment, glass, run, scratch } from './tracers.ts'

/** A shell that starts one that counts and copies: its words name the processes. */
const script = `
  sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'
  dd if=/dev/zero of=copied bs=100000 count=10 2>/dev/null
  sleep 0.01
`

test('what processes have used is recorded as they end', { timeout: 120_000 }, async () => {
  const file = join(scratch, 'resources.rec')
  const { status, stderr } = await run([glass, 'record', '-f', '-o', file, 'sh', '-c', script])
  assert.deepEqual([status, stderr], [0, ''])
  const names = new Map<number, string>()
  const used = new Map<string, (what: keyof typeof Resources) => number>()
  for (const { bytes, view, offset } of openRecording(file).records()) {
    const kind = bytes[offset + Header.kind]
    const pid = view.getUint32(offset + Header.pid, true)
    if (kind === RecordKind.comm)
      names.set(
        pid,
        Buffer.from(bytes.slice(offset + 32, offset + 48))
          .toString('latin1')
          .split('\0')[0]!,
      )
    if (kind !== RecordKind.resources) continue
    const figures = bytes.slice(offset, offset + Resources.bytes)
    used.set(names.get(pid) ?? '', what => new DataView(figures.buffer).getFloat64(Resources[what], true))
  }
  assert.deepEqual([...used.keys()].sort(), ['dd', 'sh', 'sleep'])
  for (const figures of used.values()) {
    assert.ok(figures('cpu') > 0 && figures('cpu') < 100e9)
    assert.ok(figures('maxMemory') > 100_000 && figures('maxMemory') < 1e9)
  }
  const dd = used.get('dd')!
  assert.ok(dd('read') >= 1e6 && dd('written') >= 1e6 && dd('written') < 1.1e6)
  const sql =
    "select comm, cpu > 0 and max_memory > 100000 as used, bytes_written from processes where comm = 'dd'"
  const asked = spawnSync(glass, ['query', file, sql, '--json', '--no-cache'], { encoding: 'latin1' })
  const row = JSON.parse(asked.stdout)
  assert.deepEqual([row.comm, row.used], ['dd', true])
  assert.equal(Number(row.bytes_written), dd('written'))
  // Nobody is told of them who asks for a trace.
  const { stdout } = spawnSync(glass, ['replay', file, '-f'], { encoding: 'latin1', maxBuffer: 1 << 28 })
  assert.match(stdout, /\+\+\+ exited with 0 \+\+\+\n$/)
})

test('glass info tells how it was made', async () => {
  const file = join(scratch, 'info.rec')
  const command = [
    glass,
    'record',
    '-f',
    '-E',
    'ADDED=value',
    '-o',
    file,
    '/bin/echo',
    'two words',
    'line\nbreak',
  ]
  await run(command, { env: { SECRET: 'hidden' } })
  const ask = (...options: string[]): string =>
    spawnSync(glass, ['info', file, ...options], { encoding: 'latin1', env: environment }).stdout
  const text = ask()
  assert.match(text, /^program: +\/bin\/echo 'two words' 'line\\u000abreak'$/m)
  assert.match(text, /^options: .*-f/m)
  assert.match(text, /^kernel: .* (amd64|arm64)$/m)
  assert.match(text, /^environment: .*SECRET.*ADDED$/m)
  assert.equal(text.includes('hidden'), false)
  const json = JSON.parse(ask('--json'))
  assert.deepEqual(json.program, ['/bin/echo', 'two words', 'line\nbreak'])
  assert.equal(json.cwd, scratch)
})

test('more arguments than metadata hold make no recording that cannot be read', async () => {
  const file = join(scratch, 'long.rec')
  await run([
    glass,
    'record',
    '-o',
    file,
    '/bin/true',
    ...Array.from({ length: 12 }, () => 'x'.repeat(100_000)),
  ])
  const { status, stdout } = spawnSync(glass, ['replay', file], { encoding: 'latin1' })
  assert.equal(status, 0)
  assert.match(stdout, /^execve\("\/bin\/true", \["\/bin\/true", "x+"\.\.\., /)
})

test('a recording takes less than 8 % of its text', { timeout: 120_000 }, async () => {
  const [file, text] = [join(scratch, 'size.rec'), join(scratch, 'size.txt')]
  const find = ['find', fileURLToPath(new URL('../node_modules', import.meta.url)), '-size', '+100000k']
  assert.equal((await run([glass, 'record', '-f', '-o', file, ...find])).status, 0)
  const all = ['-f', '-v', '-yy', '-s', '1024', '-ttt', '-T']
  assert.equal((await run([glass, 'replay', ...all, '-o', text, file])).status, 0)
  const share = statSync(file).size / statSync(text).size
  assert.ok(share < 0.08, `${(100 * share).toFixed(1)} %`)
})
