/** `glass import` and `glass replay` of a log that runsc wrote. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const glass = (...words: string[]) => spawnSync(join(root, 'glass'), words, { encoding: 'utf8' })
/** Node's test runner may be the first to build. */
const said = (text: string): string => text.replace(/^sysglass: .*\.\.\.\n/gm, '')

const log = join(folder, 'runsc.log')
writeFileSync(
  log,
  `I1123 08:30:14.889001    4831 main.go:230] a line of something else
I1123 08:30:14.889484    4831 strace.go:576] [   1:   1] cat E openat(AT_FDCWD /, 0x7f0010 etc/hosts, O_RDONLY|O_CLOEXEC, 0o0)
I1123 08:30:14.889584    4831 strace.go:614] [   1:   1] cat X openat(AT_FDCWD /, 0x7f0010 etc/hosts, O_RDONLY|O_CLOEXEC, 0o0) = 3 (0x3) (98.5µs)
I1123 08:30:14.889684    4831 strace.go:573] [   1:   1] cat E read(0x3 /etc/hosts, 0x7f1000, 0x20000)
I1123 08:30:14.889784    4831 strace.go:611] [   1:   1] cat X read(0x3 /etc/hosts, 0x7f1000 "127.0.0.1\\tlocalhost\\n", 0x20000) = 20 (0x14) (12.5µs)
I1123 08:30:14.889884    4831 strace.go:570] [   1:   1] cat E close(0x9 (bad FD))
I1123 08:30:14.889984    4831 strace.go:608] [   1:   1] cat X close(0x9 (bad FD)) = -1 errno=9 (bad file number) (1µs)
`,
)
const lines = `openat(AT_FDCWD, "etc/hosts", O_RDONLY|O_CLOEXEC) = 3
read(3, "127.0.0.1\\tlocalhost\\n", 131072) = 20
close(9)                                = -1 EBADF (Bad file descriptor)
`

test('a log replays in other notations', { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = glass('replay', log)
  assert.equal(said(stderr), '')
  assert.equal(stdout, lines)
  assert.equal(status, 0)
  const calls = glass('replay', log, '--format=json')
    .stdout.trim()
    .split('\n')
    .map(line => JSON.parse(line))
    .filter(call => call.kind === 'call')
  assert.deepEqual(
    calls.map(call => [call.name, call.args.pathname ?? call.args.buf ?? null, call.result, call.comm]),
    [
      ['openat', 'etc/hosts', 3, 'cat'],
      ['read', '127.0.0.1\tlocalhost\n', 20, 'cat'],
      ['close', null, -9, 'cat'],
    ],
  )
})

test('a sandbox has much to say before the first call', { timeout: 60_000 }, () => {
  const long = join(folder, 'long.log')
  const line = 'I1123 08:30:14.889001    4831 boot.go:230] a mount, a descriptor, a device\n'
  writeFileSync(long, Buffer.concat([Buffer.from(line.repeat(5000)), readFileSync(log)]))
  assert.equal(glass('replay', long).stdout, lines)
})

test('an import is a recording', { timeout: 60_000 }, () => {
  const recording = join(folder, 'recording')
  const { status, stderr } = glass('import', log, '-o', recording)
  assert.equal(said(stderr), `${join(root, 'glass')} import: 6 lines\n`)
  assert.equal(status, 0)
  assert.equal(statSync(recording).mode & 0o777, 0o600)
  assert.equal(glass('replay', recording).stdout, lines)
  assert.match(glass('replay', recording, '-c').stdout, /\b1 +1 close\n/)
})

test('what is wrong is said, and leaves nothing behind', { timeout: 60_000 }, () => {
  const other = join(folder, 'other.log')
  writeFileSync(other, 'nothing of the kind\n')
  const out = join(folder, 'out')
  for (const [words, message] of [
    [['import', other, '-o', out], `${other}: no line of strace's, or of gVisor's strace, in it`],
    [
      ['import', join(folder, 'missing'), '-o', out],
      `Can't open '${join(folder, 'missing')}': No such file or directory`,
    ],
    [['import', log], 'a log and -o FILE are needed'],
  ] as const) {
    const { status, stderr } = glass(...words)
    assert.equal(status, 1)
    assert.ok(stderr.includes(`glass import: ${message}\n`), stderr)
    assert.ok(!existsSync(out))
  }
  assert.equal(glass('replay', other).status, 1)
})

test("strace's text is as good as a recording", { timeout: 120_000 }, () => {
  const text = join(folder, 'strace.txt')
  const trace = spawnSync('strace', ['-f', '-tt', '-T', '-o', text, 'sh', '-c', 'cat /etc/passwd; exit 3'])
  if (trace.error !== undefined) throw trace.error
  const recording = join(folder, 'strace.rec')
  const { status, stderr } = glass('import', text, '-o', recording)
  assert.match(
    said(stderr),
    /^.*glass import: \d+ lines(?:, of which \d+ have arguments that were not understood)?\n$/,
  )
  assert.equal(status, 0)
  // Calls without structures stand there again, byte for byte.
  const simple = (lines: string): string[] =>
    lines
      .split('\n')
      .filter(
        line =>
          /^\d+ +[\d:.]+ (?:openat|read|write|close|access|exit_group|mmap)\(/.test(line) &&
          !/unfinished/.test(line),
      )
  const again = join(folder, 'again.txt')
  assert.equal(glass('replay', recording, '-o', again).status, 0)
  const [wanted, got] = [simple(readFileSync(text, 'latin1')), simple(readFileSync(again, 'latin1'))]
  assert.ok(wanted.length > 40)
  const there = new Set(got)
  assert.deepEqual(
    wanted.filter(line => !there.has(line)),
    [],
  )
  assert.match(glass('processes', text).stdout, /├─|└─|cat \/etc\/passwd/)
})
