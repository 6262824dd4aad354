import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOptions, renderMessages } from './parse-options.ts'
import { askStrace, oracleMissing } from './strace-oracle.ts'

/**
 * Command lines that strace refuses or warns of: ours must say the same, byte for byte. Written as in a shell, but
 * with `·` for a space inside a word and '' for an empty one. Each ends before a program could run.
 */
const commandLines = `
-a -a5x -ax --columns --columns=5x -a· -a''
-j -fj -g -W -Wfoo -: -? -+ -fefoo -e -fe -s -p -o -u -b -E -I -O -P -S -U -X
--foo --foo=bar --1 --- ---x --= --=x --s --su --summ --summary-s --st=x --str --f --a --ab=x --o --out=x --i --in
--r --re --c --co --d --de --dec --v --ver --si --ti --tr=x --l --reads --writes=1
--s=1 --output-separately=1 --output-sep=1 --output-a=1 --h=1 --vers=x --no=3 --p=1 --summary-o=1 --summary=1
--output --env --k --att --trace --inject --decode-p --string
-e·x=y --trace=x --tr=x
`

const refused: readonly (readonly string[])[] = [
  ...commandLines
    .trim()
    .split(/\s+/)
    .map(word => [word === "''" ? '' : word.replaceAll('·', ' ')]),
  ...[
    '',
    '-f',
    '-a x P',
    '-a -1 P',
    '-a 2147483648 P',
    '-a 0x10 P',
    '-s 1073741824 P',
    '-s -1 P',
    '-s 1· P',
    '-I 0 P',
    '-I 5 P',
    '-I x P',
    '--interruptible= P',
    '-I 1 -I 5 P',
    '-X Raw P',
    '-X ra P',
    '--const-print-style= P',
    '-b x P',
    '--detach-on=open P',
    '-b execve -b x P',
    '-O 1xs P',
    '-O -1 P',
    '-O 1· P',
    '-O 1e P',
    '-O 1e+ P',
    '-O 1.5.5 P',
    '-O . P',
    '-O .s P',
    '-O inf P',
    '-O nan P',
    '-O 0x10 P',
    '-O 1S P',
    '-O 1m P',
    '-O 1e400 P',
    '-O 1e-400 P',
    '-O -1e-400 P',
    '-O 9223372036854775808 P',
    '-O 18446744073709551616s P',
    '--summary-syscall-overhead=x P',
    '-S x P',
    '-S Time P',
    '-S time,calls P',
    '-S _time P',
    '-S name -S x P',
    '-c -U x P',
    '-U time,time P',
    '-c -U calls,time-percent,count,name P',
    '-U name, P',
    '-U ,name P',
    '-U name,,calls P',
    '-U calls,x,y P',
    '-U none P',
    '-cUtime__min P',
    '--daemonize= P',
    '--daemonize=1 P',
    '--daemonised=x P',
    '--da=x P',
    '--strings-in-hex= P',
    '--strings-in-hex=x P',
    '--absolute-timestamps=x P',
    '--timestamps=format:ns P',
    '--timestamps=precision:unix P',
    '--timestamps=format: P',
    '--timestamps=unix,x P',
    '--tim=1 P',
    '--relative-timestamps= P',
    '--relative-timestamps=unix P',
    '--rel=1s P',
    '--syscall-times= P',
    '--syscall-times=x P',
    '--tips=x P',
    '--tips=id: P',
    '--tips=id:full P',
    '--tips=format:2 P',
    '--tips=-1 P',
    '--tips=2147483648 P',
    '-p x',
    '-p 0',
    '-p -1',
    '-p ,',
    '-p ·',
    '-p 1;2',
    '-p 0x5',
    '-p 1.5',
    '-p 2147483648',
    '-p x -p y',
    '-p ,99 P',
    '--attach=self',
  ].map(words),
  ...[
    // sets of calls
    'foo',
    'open,foo',
    'foo,?bar',
    '?foo,bar',
    'open,!close',
    '!',
    ',',
    '!,',
    '!!',
    'none,open',
    'open,none',
    '1x',
    '-1',
    '+1',
    '0x1',
    '500',
    '511',
    '548',
    '1000',
    '4294967295',
    '99999999999999999999',
    'OPEN',
    'sys_open',
    '64:open',
    'net',
    'clock',
    'creds',
    'pure',
    '%foo',
    '%',
    '%%',
    '%STAT',
    '%all',
    '%none',
    '%%lstat',
    'ALL',
    'NONE',
    '=open',
    'trace',
    'quiet',
    'status',
    'open=close',
    'tr=open',
    '!trace=open',
    'trace·=open',
    '·open',
    'open·,close',
    '@64',
    'open@',
    'open@foo',
    '?open@foo',
    '!?open@foo',
    'open@64@32',
    'mmap2@64',
    'mmap2@x32',
    'none@64',
    'foo@32',
    '512@64',
    '512@32',
    '/nomatch',
    '/mmap2@x32',
    '/a@b',
    // regular expressions
    ...String.raw`( (a (( (() )( a)b( [ x[ [^ [[ [[. [[: [[:al [[:alpha: [[:alpha:] [a [a- [a-z [] [^]
      [z-a] [a-b-c] [[:alpha:]-z] [a-[:digit:]] [[:foo:]] [[:ALPHA:]] [[:word:]] [[.xx.]] [[=ab=]]
      a{ a{1 x{1}b{ (x){ (a){1 { {} {1} x|{ ({ a{x} a{-1} x{} x{·1} x{1x} x{32768} x{99999}
      * + ? *a ^* ^+ ^? ^{1} (+) (*a) a|*b (?:a) $* a$* \b* \<* \ (\ a\ [a]\ \1 (a)\2 (a\1) \(a\) \. \n( )
      a} ] a^ $a`
      .split(/\s+/)
      .map(regex => `/${regex}`),
  ].map(set => ['-e', `trace=${set.replaceAll('·', ' ')}`, 'P']),
  ...[
    't=foo',
    'a=foo',
    'abbrev=foo',
    'v=foo',
    'verbose=foo',
    'x=foo',
    'raw=foo',
    'trace=',
    'abbrev=',
    'kvm=',
    'kvm=x',
    'kvm=all',
    'kvm=vcpu,vcpu',
    'Read=1',
    'y=x',
    'decode_fds=x',
    'secontext',
    'secontext=full',
    ...['read', 'reads', 'r', 'write', 'writes', 'w'].map(name => `${name}=x`),
    ...['', 'x', '-1', '2147483648', '?1', '1-3', '0x1', '1,all', 'all,1', '!1,!2', '!', ',', 'ALL'].map(
      fd => `read=${fd}`,
    ),
    ...['quiet', 'silent', 'silence', 'q', 'decode-fds', 'decode-fd', 'decode-pids', 'decode-pid'].map(
      name => `${name}=x`,
    ),
    ...['', '!', ',', 'all,exit', 'exit,none', 'attach!exit', '!attach,!exit', 'All', '?exit', '0'].map(
      kind => `quiet=${kind}`,
    ),
    ...['', 'sockets', 'eventfd', 'path,all', '0', 'NONE'].map(kind => `decode-fds=${kind}`),
    ...['', 'x', 'comm,none'].map(kind => `decode-pids=${kind}`),
    ...['', 'x', 'success', 'failed,x', '?failed', '0', '!', '!!', '!,', 'NONE'].map(
      kind => `status=${kind}`,
    ),
    ...['signal', 'signals', 's'].map(name => `${name}=x`),
    ...'FOO -1 256 1024 RTMAX RTMIN+1 rt_0 RT_33 SIGRT_ POLL SIGPOLL CLD IOT SIG SIGSIGINT SIG1 0x1 +1 1x INT,x INT,all !INT,!TERM ALL'
      .split(' ')
      .map(signal => `signal=${signal}`),
    'signal=',
    'signal=INT TERM',
  ].map(expression => ['-e', expression, 'P']),
  ...[
    '',
    ',',
    ':',
    ':bogus',
    ':error=1',
    'getpid',
    'getpid:',
    'none',
    '?foo',
    'foo',
    'foo:bogus',
    'foo:',
    'foo:syscall=getpid',
    'foo:when=1',
    'foo:error=1',
    'getpid,foo:error=1',
    '%foo:retval=-1',
    'getpid@foo:error=1',
    '/[[:alpha:]]:error=1',
    ...[
      ...[
        'bogus',
        'error',
        ' error=1',
        'Error=1',
        'error=',
        'error=FOO',
        'error=0',
        'error=4096',
        'error=-1',
      ],
      ...[
        'error=0x1',
        'error=1 ',
        'error=EWOULDBLOCK',
        'error=1,2',
        'retval=',
        'retval=x',
        'retval=08',
        'retval=0x',
      ],
      ...[
        'retval=1 ',
        'retval=18446744073709551616',
        'retval=1:error=1',
        'error=1:retval=1',
        'error=1:error=2',
      ],
      ...[
        'retval=1:retval=1',
        'retval=-1:bogus',
        'signal=',
        'signal=0',
        'signal=65',
        'signal=+1',
        'signal=FOO',
      ],
      ...[
        'signal=1:signal=2',
        'syscall=getppid',
        'error=1:syscall=open',
        'error=1:syscall=',
        'error=1:syscall=39',
      ],
      ...['error=1:syscall=GETUID', 'error=1:syscall=getuid:syscall=getgid', 'error=1:syscall=getegid32'],
      ...['delay_enter=', 'delay_enter=x', 'delay_enter=-1', 'delay_exit=1S', 'delay_enter=1:delay_enter=2'],
      ...[
        'delay_exit=1:delay_exit=2',
        'poke_enter=',
        'poke_enter=@arg0=00',
        'poke_enter=@arg8=00',
        'poke_enter=arg1=00',
      ],
      ...[
        'poke_enter=@arg1=0',
        `poke_enter=@arg1=${'00'.repeat(1024)}`,
        `poke_enter=@arg1=${'00'.repeat(1025)}`,
        `poke_enter=@arg1=0x${'00'.repeat(1024)}`,
        'poke_enter=@arg1=',
        'poke_enter=@arg1',
        'poke_enter=@arg1=zz',
        'poke_enter=@arg01=00',
      ],
      ...[
        'poke_enter=@arg12=00',
        'poke_enter=@arg1=00,@arg1=ff',
        'poke_enter=@arg1=00,arg2=00',
        'poke_enter=@Arg1=00',
      ],
      ...[
        'poke_enter=@arg1=0x0',
        'poke_enter=@arg1=00:poke_enter=@arg2=00',
        'when=1',
        'error=1:when=',
        'error=1:when=0',
      ],
      ...[
        'error=1:when=65536',
        'error=1:when=1..65535',
        'error=1:when=2..1',
        'error=1:when=1+0',
        'error=1:when=1+65536',
      ],
      ...['error=1:when=+', 'error=1:when=1..', 'error=1:when=..2', 'error=1:when=1.2', 'error=1:when=1+2+3'],
      ...[
        'error=1:when=1..+',
        'error=1:when=x',
        'error=1:when=++1',
        'error=1:when=1..2..3',
        'error=1:when=1 +2',
      ],
      ...['error=1:when=1+2 '],
    ].map(effect => `getpid:${effect}`),
  ].map(injection => ['-e', `inject=${injection}`, 'P']),
  ...[
    ...[
      '',
      ':',
      'foo',
      'getpid:when=0',
      'getpid:retval=1',
      'getpid:signal=1',
      'getpid:delay_enter=1',
      'all:error=x',
    ],
    ...['getpid:poke_enter=@arg1=00', 'getpid:retval=1:error=1', 'getpid:error=3:signal=3'],
  ].map(fault => ['--fault=' + fault, 'P']),
]

const contradictory = [
  '-D --daemonize P',
  '--daemonize=session --daemonize -DDDD P',
  '-D -p 999999',
  '--daemonize -p 999999',
  '-DDDD P',
  '-DDDDD -p 999999',
  '-t --timestamps P',
  '-x --strings-in-hex P',
  '-y --decode-fds P',
  '-e decode-fds=none -y P',
  '-f --follow-forks P',
  '-ff --follow-forks -c P',
  '-ff --output-separately P',
  '-c -ff P',
  '-C -ff P',
  '-c --output-separately P',
  '-c --output-separately --follow-forks P',
  '-f -c --output-separately P',
  '-F -c --output-separately P',
  '-f -F -c -i --output-separately P',
  '-w P',
  '-U name P',
  '-S name P',
  '-S name -w P',
  '-cC P',
  '-Cc --foo P',
  '--summary-only --summary P',
  '-cc P',
  '-ff -o |cat P',
  '--output-separately -o !cat -A P',
  '-ff --seccomp-bpf -o |cat P',
  '-q --quiet P',
  '-e quiet=none -q P',
  '-qqqq P',
  '-q --quiet -c -ff P',
  '-zz P',
  '-zZz P',
  '-z -e status=failed P',
  '-F P',
  '-FF P',
  '-Ff P',
  '-F --follow-forks P',
  '-F --output-separately P',
  '--output-separately P',
  '--follow-forks --output-separately P',
  '--output-separately --output-separately -A P',
  '-A -f P',
  '-ciknrtTy -zz P',
  '-c -i -k -n -r --timestamps=none -T --decode-fds=none P',
  '-c --decode-fds -Y P',
  '-Ci P',
  '--seccomp-bpf P',
  '--seccomp-bpf -b execve P',
  '--seccomp-bpf -b execve -f -F P',
  '--seccomp-bpf -F P',
  '--seccomp-bpf -f P',
  '--seccomp-bpf -f -e trace=!none -zz P',
  '--seccomp-bpf -f -P / -e trace=all P',
  '--seccomp-bpf --output-separately -c P',
  '-fq --quiet --seccomp-bpf P',
  '-F -ff -c --seccomp-bpf P',
  '-e inject=getpid:retval=-1 P',
  '-e inject=getpid:retval=-4095 P',
  '-e inject=getpid:retval=-4096 P',
  '-e inject=getpid:retval=4294967295 P',
  '-e inject=getpid:retval=4294967296 P',
  '-e inject=getpid:retval=4294963200 P',
  '-e inject=getpid:retval=-9223372036854775808 P',
  '-e inject=getpid:retval=-9223372036854775809 P',
  '-e inject=getpid:retval=0x1ffffffff -zz -F P',
  '-e trace=foo --bad P',
  '--bad -e trace=foo P',
  '-V --bad',
  '-V -e trace=foo',
  '-V -cC',
].map(words)

function words(line: string): string[] {
  return line === '' ? [] : line.split(' ').map(word => word.replaceAll('·', ' '))
}

/** Stands for P, so that strace's last word shows that it would have gone on. */
const program = '/nonexistent'
const goesOn = `Can't stat '${program}': No such file or directory\n`

const skip = oracleMissing() ?? false

function compare(args: readonly string[]): void {
  const argv0 = '/some where/strace'
  const real = args.map(word => (word === 'P' ? program : word))
  const expected = askStrace(real, argv0)
  const result = parseOptions(real, { arch: 'amd64' })
  const text = renderMessages(argv0, result)
  const got = result.ok
    ? { stderr: `${text}${argv0}: ${goesOn}`, code: 1 }
    : { stderr: text, code: result.code }
  assert.deepEqual(got, { stderr: expected.stderr, code: expected.code }, `strace ${real.join(' ')}`)
}

test('what strace refuses is refused in the same words', { skip }, () => {
  for (const args of refused) compare(args)
})

test('what excludes what, and what has no effect', { skip }, () => {
  for (const args of contradictory) compare(args)
})

test('pairs of contradictions are told in the same order', { skip }, () => {
  const some = contradictory
    .filter(args => args.at(-1) === 'P' && !args.includes('inject'))
    .filter((_, i) => i % 3 === 0)
  for (const [i, one] of some.entries()) {
    for (const other of some.slice(i + 1)) compare([...one.slice(0, -1), ...other])
  }
})
