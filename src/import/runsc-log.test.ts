import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import type { Era } from '../dialects/gvisor/eras.ts'
import { putQuoted } from '../dialects/gvisor/go-quote.ts'
import { GvisorPrinter } from '../dialects/gvisor/gvisor-printer.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { goUnquote } from './go-unquote.ts'
import { goNanoseconds, parseRunscLine } from './runsc-line.ts'
import { RunscLogReader } from './runsc-log.ts'

const golden = fileURLToPath(new URL('../../test/gvisor/golden', import.meta.url))

/** Lines that runsc printed, with the head that they have in a log. */
function goldenLines(): string[] {
  return readdirSync(golden).flatMap(name =>
    readFileSync(`${golden}/${name}`, 'latin1')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('== '))
      .map(line => `I1123 08:30:14.889484    4831 strace.go:576] [   1:   1] ${line}`)
      // What the files leave out because it differs from run to run.
      .map(line =>
        line
          .replace(/#p(\d+)/g, (_, n) => `0x7f${(Number(n) * 4096).toString(16)}`)
          .replace('(T)', '(1.5\u00c2\u00b5s)'),
      ),
  )
}

/** The log's lines as gVisor's printer has them again. */
function throughRecords(
  lines: readonly string[],
  era: Era = 'head',
): { printed: string[]; reader: RunscLogReader } {
  const text = new TextBuffer()
  const output = { buffer: () => text, lineEnded: () => {}, ended: () => {}, onFlush: () => {} }
  const printer = new GvisorPrinter({ logSize: 1024, era, escapePaths: false }, output)
  const reader = new RunscLogReader({ arch: 'amd64', year: 2026 }, (bytes, view, offset) =>
    printer.record(bytes, view, offset),
  )
  for (const line of lines) reader.line(line)
  reader.end()
  return { printed: text.toString().split('\n').slice(0, -1), reader }
}

test('what runsc printed is understood, and most of it prints the same again', () => {
  const lines = goldenLines()
  const { printed, reader } = throughRecords(lines)
  assert.ok(reader.counts.lines > 600)
  assert.ok(reader.counts.odd < reader.counts.lines * 0.05, `${reader.counts.odd} of ${reader.counts.lines}`)
  const again = new Set(printed)
  const wanted = lines
    .map(line => line.replace(/^.*?\] (?=\[)/, ''))
    .filter(line => !/ E .*\.\.\.|#|= 0x|= 0 \(0x0\) errno/.test(line))
  const missing = wanted.filter(line => !again.has(line))
  assert.ok(wanted.length > 100, String(wanted.length))
  assert.ok(
    missing.length < wanted.length * 0.05,
    `${missing.length} of ${wanted.length}:\n${missing.slice(0, 10).join('\n')}`,
  )
})

test('structures come back: the same lines again', () => {
  const lines = readFileSync(join(golden, '../logs/structures.log'), 'latin1').trimEnd().split('\n')
  const { printed, reader } = throughRecords(lines, '2022')
  assert.deepEqual({ ...reader.counts }, { lines: lines.length, odd: 0, others: 0 })
  assert.deepEqual(
    printed,
    lines.map(line => line.replace(/^.*?\] (?=\[)/, '')),
  )
})

test('the length that stands right behind an address is its own', () => {
  const lines = [
    '[   1:   1] a E accept4(0x3 socket:[1], 0x7f1000, 0x7f1010 {length=16}, SOCK_CLOEXEC)',
    '[   1:   1] a X accept4(0x3 socket:[1], 0x7f1000 {Family: AF_INET, Addr: 127.0.0.1, Port: 5}, 0x7f1010 {length=16}, SOCK_CLOEXEC) = 4 (0x4) (1s)',
  ]
  assert.deepEqual(throughRecords(lines).printed, lines)
})

test('a path in a structure may look like anything', () => {
  const line = (first: string) =>
    `[   1:   1] a E poll(0x7f1000 [{FD: 0x3 ${first}, Events: POLLIN, REvents: ...}], 0x1, 0x0)`
  const lines = ['/a, b', '/{FD: "', '/a], 0x1 {b', '/[x', '"}], 0x1, 0x0)'].map(line)
  const { printed, reader } = throughRecords(lines)
  assert.equal(reader.counts.odd, 0)
  assert.equal(printed.length, lines.length)
  assert.deepEqual([printed[0], printed[3]], [lines[0], lines[3]])
})

test('names of threads may look like calls', () => {
  const line =
    '[   1:  12] a E b(c) X open(0x1 /x E y(z), O_RDONLY|0x0, 0o0) = -1 errno=2 (no such file or directory) (1m0.5s)'
  assert.deepEqual(parseRunscLine(line), {
    clock: null,
    pid: 1,
    tid: 12,
    comm: 'a E b(c)',
    letter: 'X',
    call: 'open',
    args: '0x1 /x E y(z), O_RDONLY|0x0, 0o0',
    outcome: { result: 2n ** 64n - 1n, errno: 2, nanoseconds: 60.5e9 },
  })
  assert.equal(parseRunscLine('[   1:   1] Initialized'), null)
})

test('a log in JSON is read as one in text', () => {
  const text = 'comm E write(0x3 /tmp/caf\u00e9 \n<x>, 0x1f "a\\n", 0x2)'
  const wanted = parseRunscLine(`[   1:   2] ${Buffer.from(text).toString('latin1')}`)
  assert.equal(wanted?.call, 'write')
  for (const key of ['msg', 'log']) {
    const message = { [key]: `[   1:   2] ${text}`, level: 'info', time: '2026-11-29T02:19:24.190305138Z' }
    // Go's encoder escapes what HTML takes for its own.
    const line = Buffer.from(JSON.stringify(message).replaceAll('<', '\\u003c')).toString('latin1')
    const milliseconds = Date.UTC(2026, 10, 29, 2, 19, 24) + 190.305138
    assert.deepEqual(parseRunscLine(line), { ...wanted, clock: { milliseconds } })
  }
  const others = ['{', '{}', 'null', '{"msg":5}', '{"msg":"Version 1"}', '{"log":null}']
  assert.deepEqual(
    others.map(line => parseRunscLine(line)),
    others.map(() => null),
  )
})

test('durations are Go’s', () => {
  for (const [text, value] of [
    ['0s', 0],
    ['12ns', 12],
    ['1.5\u00b5s', 1500],
    ['2h3m4.5s', 7384.5e9],
    ['x', null],
    ['5', null],
  ] as const)
    assert.equal(goNanoseconds(text), value)
})

test('quoted text gives its bytes back', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: 'binary' }).map(s => Buffer.from(s)),
      ),
      bytes => {
        const out = new TextBuffer(64)
        putQuoted(out, bytes, 0, bytes.length)
        assert.deepEqual([...goUnquote(out.toString().slice(1, -1))!], [...bytes])
      },
    ),
  )
})

test('no line is too odd', () => {
  const lines = goldenLines()
  const change = fc.tuple(fc.nat(lines.length - 1), fc.nat(300), fc.string({ unit: 'binary', maxLength: 5 }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), changes => {
      throughRecords(changes.map(([i, at, text]) => lines[i]!.slice(0, at) + text + lines[i]!.slice(at + 1)))
    }),
    { numRuns: 300 },
  )
})

test("names that every object has are no names of gVisor's", () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    throughRecords([`[   1:   1] a E futex(0x1000, ${name}, 0x1, 0x0, 0x0, 0x0)`])
    const action = `0x1000 {Handler: ${name}, Flags: SA_RESTORER, Restorer: 0x1, Mask: []}`
    throughRecords([`[   1:   1] a E rt_sigaction(SIGINT, ${action}, null, 0x8)`])
  }
})

test('a line takes no longer than its length', () => {
  const n = 20_000
  const lines = [
    ...['mount', 'futex', 'execve', 'sendto', 'recvmmsg', 'openat'].flatMap(call =>
      ['0x1, ', '0x1 a, ', '0x1 "a", ', '0x1 , 0x2', '0x1 ["a", '].map(
        text => `[   1:   1] a E ${call}(${text.repeat(n)}!)`,
      ),
    ),
    // Of six names all but the last, again and again; and of numbers more than a function may get.
    `[   1:   1] a X uname(0x1 {Sysname: a${', Nodename: a, Release: a, Version: a, Machine: a'.repeat(n / 4)}}) = 0 (0x0) (1s)`,
    `[   1:   1] a E select(0x8, 0x1 [${'1 '.repeat(400_000)}], 0x0, 0x0, 0x0)`,
    `[   1:   1] a X getrusage(0x0, 0x1 {${'a:1 '.repeat(200_000)}}) = 0 (0x0) (1s)`,
    `[   1:   1] a X x(${') = 1 errno=1 () '.repeat(n)}(1s`,
    `[   1:   1]${' E a('.repeat(n)}`,
  ]
  for (const line of lines) {
    const begun = process.cpuUsage()
    throughRecords([line])
    const { user } = process.cpuUsage(begun)
    assert.ok(user < 3_000_000, `${user} µs for ${line.slice(0, 50)}`)
  }
})
