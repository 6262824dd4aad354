import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { renderHelp } from './help.ts'
import { optionTable } from './option-table.ts'
import { defaultOptions, type Options } from './options.ts'
import { parseOptions, renderMessages } from './parse-options.ts'
import { askStrace, oracleMissing } from './strace-oracle.ts'
import { versionText } from './version.ts'

function options(...words: string[]): Options {
  const result = parseOptions(words, { arch: 'amd64', ownPid: 4242 })
  assert.ok(result.ok, result.ok ? '' : `${words.join(' ')}: ${result.message}`)
  return result.options
}

/** What the words before the program change; `·` stands for a space in a word. */
function changes(line: string): Partial<Options> {
  const words = line === '' ? [] : line.split(' ').map(word => word.replaceAll('·', ' '))
  const got = options(...words, 'P')
  const { program: _, ...before } = defaultOptions()
  const changed = Object.entries(before).filter(([key, value]) => {
    try {
      assert.deepEqual(got[key as keyof Options], value)
      return false
    } catch {
      return true
    }
  })
  return Object.fromEntries(changed.map(([key]) => [key, got[key as keyof Options]]))
}

const time = (format: Options['timestamps']['format'], precision: Options['timestamps']['precision']) => ({
  timestamps: { format, precision },
})
const toFile = { quiet: new Set(['attach', 'personality']), interruptible: 3 }
const noCalls = { kind: 'set', names: new Set(), names32: new Set(), unknown: false }

const meanings: readonly [line: string, changed: object][] = [
  ['', {}],
  ['-a5', { column: 5 }],
  ['-a ·+5', { column: 5 }],
  ['--col 0', { column: 0 }],
  ['-s 1073741823', { stringLimit: 1073741823 }],
  ['-A -o x', { appendOutput: true, output: 'x', ...toFile }],
  ['-o x -o |y', { output: '|y', ...toFile }],
  ['-o x -I waiting', { output: 'x', quiet: toFile.quiet }],
  ['-o x -e quiet=none', { output: 'x', interruptible: 3 }],
  ['-o x -qq', { output: 'x', interruptible: 3, quiet: new Set(['attach', 'personality', 'exit']) }],
  ['-o x -ff', { output: 'x', ...toFile, follow: true, followSeparately: true }],
  ['-o x -f --output-separately', { output: 'x', ...toFile, follow: true }],
  ['-o x -F --output-separately', { output: 'x', ...toFile, follow: true, followSeparately: true }],
  ['--follow-forks', { follow: true }],
  ['-D', { daemonize: 1, interruptible: 4 }],
  ['-DDD -I1', { daemonize: 3, interruptible: 1 }],
  ['--daemonized', { daemonize: 1, interruptible: 4 }],
  ['--daemonize=PGRP -o x', { daemonize: 2, output: 'x', ...toFile, interruptible: 4 }],
  ['-b execve', { breakOnExecve: true }],
  [
    '-E A=b=c -EA -E =x',
    {
      environment: [
        { name: 'A', value: 'b=c' },
        { name: 'A', value: null },
        { name: '', value: 'x' },
      ],
    },
  ],
  ['-u root --argv0=-sh', { user: 'root', argv0: '-sh' }],
  ['-p 1,2 -p 3·2', { attach: [1, 2, 3, 2] }],
  ['-p 7\n8\t9,', { attach: [7, 8, 9] }],
  ['-p ', {}],
  ['-i -n -k -d', { instructionPointer: true, syscallNumbers: true, stackTraces: true, debug: true }],
  ['-t', time('time', 0)],
  ['-tt', time('time', 6)],
  ['-ttt -t', time('unix', 6)],
  ['--timestamps', time('time', 0)],
  ['--timestamps=', time('time', 0)],
  ['--timestamps=ns', time('time', 9)],
  ['--timestamps=ns --timestamps=unix', time('unix', 9)],
  ['--timestamps=unix,ms --timestamps', time('time', 3)],
  ['--timestamps=unix --timestamps=us', time('unix', 6)],
  ['--timestamps=precision:Ns,FORMAT:unix', time('unix', 9)],
  ['--timestamps=none,us', time('none', 6)],
  ['--timestamps=none,us --timestamps=', time('time', 6)],
  ['-r', { relativeTimestamps: 6 }],
  ['--relative-timestamps=ns', { relativeTimestamps: 9 }],
  ['--relative-timestamps=ns -r', { relativeTimestamps: 6 }],
  ['-T --syscall-times=S', { callTimes: 0 }],
  ['-x', { escape: 'non-ascii' }],
  ['-xxx', { escape: 'all' }],
  ['--strings-in-hex', { escape: 'all' }],
  ['--strings-in-hex=Non-ASCII-chars', { escape: 'non-ascii-chars' }],
  ['-xx -Xraw', { escape: 'all', constantStyle: 'raw' }],
  ['-y', { decodeFds: new Set(['path']) }],
  ['-yy', { decodeFds: new Set(['path', 'socket', 'dev', 'pidfd']) }],
  ['--decode-fds', { decodeFds: new Set(['path']) }],
  ['-e decode-fds=!path', { decodeFds: new Set(['socket', 'dev', 'pidfd']) }],
  ['-e decode-fd=signalfd,Dev', { decodeFds: new Set(['signalfd', 'dev']) }],
  ['--decode-fds=path --decode-fds=dev', { decodeFds: new Set(['dev']) }],
  ['-Y', { decodePids: new Set(['comm']) }],
  ['-Y --pidns-translation', { decodePids: new Set(['pidns']) }],
  ['--decode-pids=all', { decodePids: new Set(['comm', 'pidns']) }],
  ['-q', { quiet: new Set(['attach', 'personality']) }],
  ['--silent', { quiet: new Set(['attach', 'personality']) }],
  ['-qqqq', { quiet: new Set(['attach', 'exit', 'path-resolution', 'personality', 'thread-execve']) }],
  ['-e q=exits,superseded', { quiet: new Set(['exit', 'thread-execve']) }],
  ['-e quiet=exit -e quiet=attach', { quiet: new Set(['attach']) }],
  ['-z', { statusFilter: new Set(['successful']) }],
  ['-z -e status=failed', { statusFilter: new Set(['failed']) }],
  ['-e status=none -Z', { statusFilter: new Set(['failed']) }],
  ['-e status=!failed,detached', { statusFilter: new Set(['successful', 'unfinished', 'unavailable']) }],
  [
    '-e signal=int,SIGTERM,9,rt_2,rtmin',
    { signalFilter: { all: false, signals: new Set([2, 15, 9, 34, 32]) } },
  ],
  ['-e s=io', { signalFilter: { all: false, signals: new Set([29]) } }],
  ['-e signal=none', { signalFilter: { all: false, signals: new Set() } }],
  ['-e signal=none -e signals=all', {}],
  ['-e read=3,5', { readFds: { inverted: false, fds: new Set([3, 5]) } }],
  ['-e w=!0', { writeFds: { inverted: true, fds: new Set([0]) } }],
  ['--write=all', { writeFds: { inverted: true, fds: new Set() } }],
  ['-v', { abbrevFilter: noCalls, verboseStructs: true }],
  ['-v -e abbrev=all', {}],
  ['-e a=none', { abbrevFilter: noCalls, verboseStructs: true }],
  ['--verbose=none', { verboseFilter: noCalls }],
  ['-P /a -P /b', { pathFilter: ['/a', '/b'] }],
  ['--kvm=vcpu', { kvmVcpu: true }],
  ['-c', { summary: 'only' }],
  ['-CwSname', { summary: 'also', summaryWallClock: true, summarySort: 'name' }],
  ['-c -S time_percent', { summary: 'only' }],
  ['-c -S none', { summary: 'only', summarySort: 'nothing' }],
  ['-c -U calls,shortest', { summary: 'only', summaryColumns: ['calls', 'min-time', 'name'] }],
  ['-c -Uname,time', { summary: 'only', summaryColumns: ['name', 'time-percent'] }],
  ['-O 5', { summaryOverhead: 5000 }],
  ['-O 1.5ms', { summaryOverhead: 1_500_000 }],
  ['-O ·+.5e1s', { summaryOverhead: 5e9 }],
  ['-O 7ns', { summaryOverhead: 7 }],
  ['-O -0', { summaryOverhead: 0 }],
  [
    '-f --seccomp-bpf -e %file',
    { follow: true, seccompBpf: true, traceFilter: options('-e', '%file', 'P').traceFilter },
  ],
  ['-f --seccomp-bpf', { follow: true }],
  ['--tips', { tips: { id: 'random', format: 'compact' } }],
  ['--tips=full,3', { tips: { id: 3, format: 'full' } }],
  ['--tips=3 --tips=format:none --tips', { tips: { id: 3, format: 'compact' } }],
  ['--format=json', { format: 'json' }],
  ['--format gvisor --gvisor-log-size=80', { format: 'gvisor', gvisorLogSize: 80 }],
  ['--backend=ptrace', {}],
  ['--backend=ebpf', { backend: 'ebpf' }],
  ['--backend=auto', { backend: 'auto' }],
]

for (const [line, changed] of meanings) {
  test(`'${line.replaceAll('\n', '\\n')}' says what it should`, () =>
    assert.deepEqual(changes(line), changed))
}

test('injections are read in full', () => {
  const [fault, poke, result, delay] = options(
    ...['-e', 'fault=read:when=2..8+3', '--inject=write:poke_exit=@arg2=00fF,@arg1=0x:signal=usr1'],
    ...[
      '-e',
      'inject=getpid:retval=0x10:syscall=getppid:when=3',
      '-e',
      'inject=openat:delay_enter=1ms:delay_exit=2s',
      'P',
    ],
  ).injections
  assert.deepEqual([fault!.error, fault!.when], [38, { first: 2, last: 8, step: 3 }])
  assert.deepEqual(poke!.pokeExit, [
    { argument: 2, data: Uint8Array.of(0, 255) },
    { argument: 1, data: new Uint8Array() },
  ])
  assert.deepEqual([poke!.signal, poke!.when], [10, { first: 1, last: null, step: 1 }])
  assert.deepEqual(
    [result!.retval, result!.syscall, result!.when],
    [16n, 'getppid', { first: 3, last: 3, step: 1 }],
  )
  assert.deepEqual([delay!.delayEnter, delay!.delayExit], [1e6, 2e9])
  assert.equal(delay!.action, 'delay_enter=1ms:delay_exit=2s')
})

test('options end at the first word that is none', () => {
  assert.deepEqual(options('-f', 'ls', '-l').program, ['ls', '-l'])
  assert.deepEqual(options('-f', '--', '-l').program, ['-l'])
  assert.deepEqual(options('-', '-f').program, ['-', '-f'])
  assert.deepEqual(options('-E', '--', '--', 'ls', '--').program, ['ls', '--'])
})

test('bytes pass as they are', () => {
  const parsed = options('-o', '\xff\xfe', '-P\x80', '-E', '\xe9=\xa0', '--', 'caf\xe9', '\xff')
  assert.equal(parsed.output, '\xff\xfe')
  assert.deepEqual(parsed.pathFilter, ['\x80'])
  assert.deepEqual(parsed.environment, [{ name: '\xe9', value: '\xa0' }])
  assert.deepEqual(parsed.program, ['caf\xe9', '\xff'])
})

test('our own options do not disturb abbreviations', () => {
  assert.equal(options('--fo', 'P').follow, true)
  const result = parseOptions(['--form=json', 'P'])
  assert.equal(
    renderMessages('x', result),
    "x: unrecognized option '--form=json'\nTry 'x -h' for more information.\n",
  )
})

test('our own choices are told when one is wrong', () => {
  const result = parseOptions(['--backend=gdb', 'P'])
  assert.ok(!result.ok)
  assert.equal(result.message, "invalid --backend argument: 'gdb' (known: ptrace, ebpf, auto)")
})

test('the tracer does not attach to itself', () => {
  const result = parseOptions(['-p', '1 4242'], { ownPid: 4242 })
  assert.ok(!result.ok)
  assert.equal(result.message, 'process 4242 is this tracer, which cannot trace itself')
})

test('help ends the reading, the version does not', () => {
  assert.equal(options('-a1', '-h', '--bad').help, true)
  assert.equal(options('-V', '-h').help, true)
  assert.equal(options('-VVt', '--timestamps', '-V').version, 3)
  assert.ok(!parseOptions(['-V', '--bad']).ok)
})

test('the version is what scripts know strace by', { skip: oracleMissing() ?? false }, () => {
  const [features, ...rest] = askStrace(['-V']).stdout.trimEnd().split('\n').reverse()
  const [ours, ...same] = versionText.trimEnd().split('\n').reverse()
  assert.deepEqual(same, rest)
  assert.equal(ours, features!.replace('m32-mpers', 'no-m32-mpers').replace('mx32-mpers', 'no-mx32-mpers'))
})

test('the help names every option but the old ones, in 82 columns', () => {
  const help = renderHelp('sysglass')
  for (const { short, long, help: line } of optionTable) {
    if (line === '') continue
    if (short !== '') assert.match(help, new RegExp(`^  (-., )?-${short}[ ,=]`, 'm'))
    if (long[0] !== undefined) assert.match(help, new RegExp(`[ ]--${long[0]}[\\n =[]`))
  }
  assert.ok(help.split('\n').every(line => line.length <= 82))
})

test('no name of an option is given twice', () => {
  const all = optionTable.flatMap(({ short, long }) => [...(short === '' ? [] : [short]), ...long])
  assert.equal(new Set(all).size, all.length)
})

test('any words are options or are refused', () => {
  const known = optionTable.flatMap(({ short, long }) => [
    ...long.map(name => '--' + name),
    ...(short ? ['-' + short] : []),
  ])
  const name = fc.constantFrom(...known)
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('all', '!none', '1', 'x', '/[', 'read=1', 'fault=all:'),
  )
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    name,
    value,
    fc.tuple(name, value).map(([n, v]) => `${n}=${v}`),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), words => {
      const result = parseOptions(words, { arch: 'amd64' })
      assert.equal(result.ok || renderMessages('x', result) !== '', true)
    }),
    { numRuns: 2000 },
  )
})
