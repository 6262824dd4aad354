import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { errnoNames } from '../abi/errno.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import type { AnyCall, TraceEvent } from '../calls/call.ts'
import { EventReader } from '../calls/event-reader.ts'
import { callPrinter } from '../dialects/strace/call-printer.ts'
import { defaultStyle, type Style } from '../dialects/strace/style.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { testFrame } from '../record/test-frames.ts'
import { declarationOf } from '../syscalls/index.ts'
import { parseStraceLine } from './strace-line.ts'
import { StraceLogReader } from './strace-log.ts'

function readLog(lines: readonly string[]) {
  const calls: AnyCall[] = []
  const events: TraceEvent[] = []
  const reader = new EventReader({ limit: 4096, events: true }, event => {
    if (event.kind === 'call') calls.push(event)
    else events.push(event)
  })
  const log = new StraceLogReader({ arch: 'amd64', written: Date.UTC(2026, 0, 2) }, (bytes, view, offset) =>
    reader.record(bytes, view, offset),
  )
  for (const line of lines) log.line(line)
  log.end()
  reader.end()
  return { calls, events, counts: log.counts }
}

test('lines of all the forms that strace has', () => {
  const { calls, events, counts } = readLog(
    String.raw`100 execve("/bin/sh", ["sh", "-c", "a long text of thirty-two bytes "...], 0x7ffc /* 3 vars */) = 0
100 openat(AT_FDCWD</root>, "a\"b\303\266\0012", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 3</root/a b>
100 pipe2([4, 5], O_CLOEXEC)          = 0
100 umask(022)                        = 077
100 connect(3<socket:[12]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.1.2.3")}, 16) = -1 EINPROGRESS (Operation now in progress)
100 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>
101 set_robust_list(0x7f0000000010, 24) = 0
100 <... clone resumed>, child_tidptr=0x7f10) = 101
100 wait4(-1,  <unfinished ...>
101 kill(100, SIGUSR1)                = 0
100 <... wait4 resumed>0x7ffc10, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=7} ---
101 exit_group(3)                     = ?
101 +++ exited with 3 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=7, si_status=3, si_utime=0, si_stime=0} ---
some text of the program
100 writev(1, [{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], 2) = 3
100 kill(100, SIGKILL <unfinished ...>) = ?
100 +++ killed by SIGKILL +++`.split('\n'),
  )
  assert.equal(counts.others, 1)
  assert.equal(counts.odd, 0)
  const named = (name: string): AnyCall[] => calls.filter(call => call.name === name)
  const args = (name: string) => named(name).map(call => call.args as Record<string, unknown>)
  assert.deepEqual(args('execve')[0]?.argv, ['sh', '-c', 'a long text of thirty-two bytes '])
  const [open] = named('openat')
  assert.ok(open?.name === 'openat')
  assert.equal(open.args.pathname, 'a"b\u00f6\u00012')
  assert.equal(open.args.mode, 0o644)
  assert.equal(open.args.dirfd.path, '/root')
  assert.deepEqual([...open.args.flags.names].sort(), ['O_CLOEXEC', 'O_CREAT', 'O_RDWR'])
  assert.equal(open.returns?.path, '/root/a b')
  assert.deepEqual(args('pipe2')[0]?.pipefd, [{ fd: 4 }, { fd: 5 }])
  assert.equal(named('umask')[0]?.result, 0o77n)
  assert.deepEqual(args('connect')[0]?.addr, { family: 'AF_INET', address: '10.1.2.3', port: 80 })
  assert.equal(named('connect')[0]?.errno, 'EINPROGRESS')
  assert.equal(named('clone')[0]?.result, 101n)
  assert.deepEqual(
    named('wait4').map(call => [call.errno, call.result]),
    [
      ['ERESTARTSYS', -512n],
      [null, 101n],
    ],
  )
  assert.equal(named('exit_group')[0]?.outcome, 'unfinished')
  assert.equal(named('kill')[1]?.outcome, 'unfinished')
  const [write] = named('writev')
  assert.ok(write?.name === 'writev')
  assert.deepEqual(
    write.args.iov?.map(({ data, length }) => [data?.text(), length]),
    [
      ['ab', 2n],
      ['c', 1n],
    ],
  )
  assert.deepEqual(
    events.map(event => [event.kind, event.tid, 'signal' in event ? event.signal : null]),
    [
      ['start', 100, null],
      ['start', 101, null],
      ['signal', 100, 'SIGUSR1'],
      ['exit', 101, null],
      ['signal', 100, 'SIGCHLD'],
      ['exit', 100, 'SIGKILL'],
    ],
  )
  const [, child] = events
  assert.ok(child?.kind === 'start')
  assert.deepEqual([child.parent, child.comm], [100, 'sh'])
  const signal = events[2]
  assert.ok(signal?.kind === 'signal' && signal.info !== null && 'pid' in signal.info)
  assert.deepEqual([signal.info.code, signal.info.pid, signal.info.uid], ['SI_USER', 101, 7])
})

test('times of every kind', () => {
  const of = (...lines: string[]) => readLog(lines).calls.map(({ time, duration }) => [time, duration])
  const unix = of(
    '1 1700000000.250000 getpid() = 1 <0.000500>',
    '[pid 1] 1700000001.000000 getpid() = 1 <0.000001>',
  )
  assert.deepEqual(
    unix.map(row => row.map(n => Math.round(n! * 1000))),
    [
      [1700000000250_000, 500],
      [1700000001000_000, 1],
    ],
  )
  const [before, after] = of('23:59:59.5 getpid() = 1', '00:00:01 getpid() = 1')
  assert.equal(after![0]! - before![0]!, 1500)
  const [first, second] = of('     0.000000 getpid() = 1', '     0.002000 getpid() = 1')
  assert.equal(Math.round((second![0]! - first![0]!) * 1000), 2000)
  const [early, late] = of('08:16:30 (+     0.000000) getpid() = 1', '08:16:30 (+     0.000370) getpid() = 1')
  assert.equal(Math.round((late![0]! - early![0]!) * 1000), 370)
  // A call that was broken off lasted until it was resumed.
  const [slow] = of('7 1700000000.0 pause( <unfinished ...>', '7 1700000003.0 <... pause resumed>) = 0')
  assert.equal(slow![1], 3000)
  assert.equal(first![1], null)
})

/** Bytes that are quotes, commas and brackets more often than not. */
const bytes = fc.array(
  fc.oneof(fc.constantFrom(...Buffer.from('"\\,)( =<>{}[]/*\n\x000123abc')), fc.nat(255)),
  { maxLength: 60 },
)
const address = 0x7000_0000_0000
const word = fc.oneof(
  fc.constantFrom(address, address + 8, address + 64, 0, 1, 2, 3, 17, 4096, -1),
  fc.nat(),
  fc.bigInt(0n, 2n ** 64n - 1n),
)
const styles: readonly Style[] = [
  defaultStyle,
  { ...defaultStyle, escape: 'all' },
  { ...defaultStyle, descriptorPaths: true, constants: 'verbose', stringLimit: 100 },
  { ...defaultStyle, constants: 'raw', escape: 'non-ascii' },
]

test('what our own strace text says of any call is read back: name, arguments, result', () => {
  const names = Object.keys(syscallNumbers.amd64)
  const printers = new Map<string, ReturnType<typeof callPrinter>>()
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.nat(styles.length - 1),
      fc.array(word, { minLength: 6, maxLength: 6 }),
      bytes,
      fc.oneof(fc.nat(5), fc.integer({ min: -133, max: -1 }), fc.constantFrom(address)),
      (name, style, args, content, result) => {
        const key = `${name} ${style}`
        const printer =
          printers.get(key) ?? callPrinter(name, declarationOf(name, 'amd64'), 'amd64', styles[style]!)
        printers.set(key, printer)
        const memory = [{ address, bytes: Uint8Array.from([...content, 0]) }]
        const sysno = (syscallNumbers.amd64 as { readonly [name: string]: number })[name]!
        const frame = testFrame({ sysno, args, enter: memory, result, exit: memory })
        const [text, outcome] = [new TextBuffer(), new TextBuffer()]
        printer.args(text, frame, 0)
        printer.result(outcome, frame)
        const line = `${name}(${text.toString()}) = ${outcome.toString()}`
        const parsed = parseStraceLine(line)?.what
        assert.ok(parsed?.kind === 'call', line)
        assert.equal(parsed.call, name)
        assert.equal(parsed.args.join(', '), text.toString(), line)
        assert.equal(parsed.result, outcome.toString().trim())
        const { calls } = readLog([line])
        assert.equal(calls.length, 1, line)
        assert.equal(calls[0]!.name, name)
        if (result < 0 && errnoNames[-result] !== undefined)
          assert.equal(calls[0]!.errno, errnoNames[-result], line)
      },
    ),
    { numRuns: 1000 },
  )
})

test('no line is too odd', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'100 |[pid 7] |read(|<unfinished ...>|<... read resumed>|) = 0|) = -1 ENOENT (x)|--- SIGCHLD {si_pid=1} ---|+++ exited with 0 +++|1700000000.1 |12:00:00 |"abc"|...|{a=1, b=[|}]|0x7f|3</x>|, |clone(flags=CLONE_THREAD|openat(AT_FDCWD, "x", O_CREAT'.split(
        '|',
      ),
    ),
    fc.string({ unit: 'binary', maxLength: 4 }).map(text => Buffer.from(text).toString('latin1')),
  )
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 12 }), { maxLength: 12 }), lines => {
      readLog(lines.map(pieces => pieces.join('')))
    }),
    { numRuns: 300 },
  )
})

test('a line takes no longer than its length', () => {
  const n = 200_000
  for (const line of [
    `read(${'('.repeat(n)}`,
    `read(${'"'.repeat(n)}`,
    `read(${'a<'.repeat(n / 2)}`,
    `read(${'1<'.repeat(n / 2)}`,
    `read(${'{a='.repeat(n / 3)}`,
    `read(3, ${'[1, '.repeat(n / 4)}`,
    `read(3, "${'\\'.repeat(n)}`,
    `poll([${'{fd=1, events=POLLIN}, '.repeat(n / 24)}], 1, 0) = 1`,
    `execve("a", [${'"b", '.repeat(n / 5)}"c"], NULL) = 0`,
    `read(3) = ${' <0.1> (a)'.repeat(n / 10)}`,
    `read(3) = 1<${'>'.repeat(n)}`,
    `open("a", ${'O_RDWR|'.repeat(n / 7)}0) = 3`,
    `${' '.repeat(n)}x`,
    `kill(1, ${'/*'.repeat(n / 2)}) = 0`,
  ]) {
    const begun = process.cpuUsage()
    readLog([line])
    const { user } = process.cpuUsage(begun)
    assert.ok(user < 3_000_000, `${user} µs for ${line.slice(0, 40)}`)
  }
})
