/** The command line end to end, beside strace's: exit status, messages, files and the shape of what is printed. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe as suite, type TestContext, test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { type Ended, run, scratch, sysglass, type Tracer, tracerCommand } from './tracers.ts'

const skip = oracleMissing() ?? false
const isRoot = process.getuid?.() === 0

/** A program with a few calls that fail, a signal and a child; nothing in it but the ids differs from run to run. */
const perl = [
  'perl',
  '-e',
  '$SIG{USR1} = sub {}; kill "USR1", $$; open(F, "<", "/nowhere"); chdir "/"; print getppid ? "" : "x"',
]
/** Another one, that puts what stands behind addresses to use. */
const waits = [
  'perl',
  '-e',
  '$SIG{USR1} = sub {}; kill "USR1", $$; pipe A, B; print B 1; close B; vec($r, fileno A, 1) = 1; select $r, undef, undef, 9; ioctl A, 0x5401, $_ = " " x 60',
]
/** Calls of another mode than the program's: x32's. */
const otherMode = [
  'perl',
  '-e',
  'syscall 110; syscall 0x4000006e; syscall 0x40000200, 0, 0, 0, 8; syscall 110',
]
const calls = 'trace=openat,chdir,kill,rt_sigreturn'
/** Numbers that no kernel gives to a call. */
const unknownCalls = ['perl', '-e', 'syscall($_, 1 .. 6) for 700, 5000, -1']

/** Runs `tracer` with the words; what it says without ids, addresses and its own name. */
async function outcome(tracer: Tracer, words: readonly string[], replace = (text: string): string => text) {
  const { status, signal, stdout, stderr } = await run([tracerCommand(tracer), ...words])
  return { status, signal, stdout: clean(stdout, tracer, replace), stderr: clean(stderr, tracer, replace) }
}

/** What `tracer` says to a user without privileges. */
async function asNobody(tracer: Tracer, words: readonly string[]): Promise<Omit<Ended, 'stdout'>> {
  const command = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', tracerCommand(tracer)]
  const { status, signal, stderr } = await run([...command, ...words], { cwd: '/' })
  return { status, signal, stderr: clean(stderr, tracer, text => text) }
}

const clean = (text: string, tracer: Tracer, replace: (text: string) => string): string =>
  replace(text)
    .replaceAll(tracer === 'strace' ? 'strace: ' : `${sysglass}: `, 'TRACER: ')
    .replaceAll(`Try '${tracerCommand(tracer)} -h'`, "Try 'TRACER -h'")
    .replace(/\b0x[5-7][0-9a-f]{11}\b/g, 'ADDRESS')
    .replace(/^\[[0-9a-f]{8,16}\] /gm, '[INSTRUCTION] ')
    .replace(/^(.*(?:getppid\(\)|set_tid_address\(\w+\)) += )\d+$/gm, '$1PID')
    .replace(/( process )\d+:/g, '$1PID:')
    .replace(/(nowhere\/out)\.\d+/g, '$1')
    .replace(/^(\[pid +|)\d{2,7}\b/gm, '$1PID')
    .replace(/\b(Process |pid=|PID=|kill\(|si_pid=|= )\d{2,7}\b/g, '$1PID')

const same = async (words: readonly string[], replace?: (text: string) => string): Promise<void> =>
  assert.deepEqual(await outcome('sysglass', words, replace), await outcome('strace', words, replace))

/** Each digit of a time stands for any. */
const anyTime = (text: string): string =>
  text
    .replace(/\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, time => time.replace(/\d/g, 'D'))
    .replace(/\b\d{10}(?:\.\d+)?(?= \w+\(| \+\+\+| ---)/g, time => time.replace(/\d/g, 'D'))
    .replace(
      /^( +|\[pid +\d+\] +)\d+\.(\d+)(?= )/gm,
      (_, before, digits) => `${before}D.${digits.replace(/\d/g, 'D')}`,
    )
    .replace(/^(\d{10}\.\d+ )?(\(\+ +\d+\.\d+\))/gm, time => time.replace(/\d/g, 'D'))
    .replace(/<\d+\.(\d+)>/g, (_, digits) => `<D.${digits.replace(/\d/g, 'D')}>`)

/** Rows of a summary: what was measured is left out. */
const anySummary = (text: string): string =>
  text
    .replace(/^ *\d+\.\d\d +\d+\.\d+ +\d+ +/gm, 'TIMES ')
    .replace(/((?:tid_address\(\S+|getpid\(|getppid\()\) +)= \d+/g, '$1= PID')
    .replace(/getrandom\("[^"]*"/g, 'getrandom("…"')

suite('as strace', { skip, concurrency: 2, timeout: 300_000 }, () => {
  const folder = join(scratch, 'folder')
  mkdirSync(folder)
  const plain = join(scratch, 'plain')
  writeFileSync(plain, 'text\n', { mode: 0o644 })
  const gone = String(spawnSync('true').pid)

  const cases: Readonly<Record<string, readonly string[]>> = {
    'no arguments': [],
    'options and nothing to trace': ['-f'],
    'an unknown option': ['--nosuch'],
    'a missing program': ['/nowhere/program'],
    'a missing program, looked for': ['no-such-program-anywhere'],
    'a process that is gone': ['-p', gone],
    'no process id': ['-p', 'x'],
    'a call that there is not': ['-e', 'trace=nosuchcall', 'true'],
    'a class that there is not': ['-e', 'trace=%nosuch', 'true'],
    'a signal that there is not': ['-e', 'signal=NOSUCH', 'true'],
    'a status that there is not': ['-e', 'status=nosuch', 'true'],
    'output into a missing folder': ['-o', '/nowhere/out', 'true'],
    'output that is a folder': ['-o', folder, 'true'],
    'a user that there is not': ['-u', 'no-such-user-anywhere', 'true'],
    'exit status': ['-e', 'trace=none', 'sh', '-c', 'exit 42'],
    'death by a signal': ['-e', 'trace=none', 'sh', '-c', 'kill -TERM $$'],
    plain: ['-e', calls, ...perl],
    '-q': ['-q', '-e', calls, ...perl],
    '-qq': ['-qq', '-e', calls, ...perl],
    '-z': ['-z', '-e', calls, ...perl],
    '-Z': ['-Z', '-e', calls, ...perl],
    'status=failed': ['-e', calls, '-e', 'status=failed', ...perl],
    'status=unfinished': ['-e', 'trace=exit_group', '-e', 'status=unfinished', ...perl],
    'signal=none': ['-e', calls, '-e', 'signal=none', ...perl],
    'signal=!USR1': ['-e', calls, '-e', 'signal=!USR1', ...perl],
    'signal=USR1': ['-e', calls, '-e', 'signal=USR1', ...perl],
    '-a 0': ['-a', '0', '-e', calls, ...perl],
    '-a 60': ['-a', '60', '-e', calls, ...perl],
    '-s 3': ['-s', '3', '-e', 'trace=read,execve', 'cat', plain],
    '-s 0': ['-s', '0', '-e', 'trace=read,execve', 'cat', plain],
    '-x': ['-x', '-e', 'trace=read,openat', 'cat', plain],
    '-xx': ['-xx', '-e', 'trace=read,openat', 'cat', plain],
    '-v': ['-v', '-s', '10', '-e', 'trace=execve', 'env'],
    '-c of nothing': ['-c', '-e', 'trace=none', 'true'],
    'raw=': ['-e', 'raw=openat,chdir', '-e', calls, ...perl],
    'verbose=none': ['-e', 'verbose=none', '-e', 'trace=execve,newfstatat,read', 'cat', plain],
    'verbose=!execve': ['-e', 'verbose=!execve', '-e', 'trace=execve,newfstatat', 'cat', plain],
    'calls without a name, none chosen': ['-e', 'trace=none', ...unknownCalls],
    'calls without a name, with -f': ['-f', '-e', 'trace=chdir', ...unknownCalls],
    'abbrev=!execve': ['-e', 'abbrev=!execve', '-s', '10', '-e', 'trace=execve', 'env'],
    'a long list': ['-v', '-s', '9000', '-E', `LONG=${'x'.repeat(8000)}`, '-e', 'trace=execve', 'env'],
    'paths that lead elsewhere': ['-qqq', '-P', '/.', '-P', '///', '-e', 'trace=chdir', ...perl],
    'paths, and what excludes each other': ['-q', '--quiet', '-P', '///', 'true'],
    'a name that is too long': ['x'.repeat(4096)],
    'too long for a name for each process': ['-ff', '-o', 'x'.repeat(4084), 'true'],
    'raw=all': ['-e', 'raw=all', '-e', 'trace=openat,chdir,pselect6,rt_sigreturn,ioctl', ...waits],
    'verbose=none, of calls that change memory': [
      '-e',
      'verbose=none',
      '-e',
      'trace=pselect6,rt_sigreturn,ioctl,pipe2',
      ...waits,
    ],
    'a death that signal= leaves out': ['-e', 'trace=none', '-e', 'signal=none', 'sh', '-c', 'kill -TERM $$'],
    'calls of another mode': ['-e', 'trace=getppid,rt_sigaction', ...otherMode],
    'calls of another mode, -i': ['-i', '-q', '-e', 'trace=getppid', ...otherMode],
    'calls of another mode, counted': ['-c', '-q', '-U', 'calls,errors,name', '-S', 'name', ...otherMode],
    'paths that are counted': ['-c', '-U', 'calls,name', '-S', 'name', '-P', plain, 'cat', plain],
    '-Y, where an id is known': ['-Y', '-e', 'trace=set_tid_address', 'true'],
    'poking at what may not be written': [
      ...['-e', 'trace=openat', '-e', 'inject=openat:poke_enter=@arg2=2f,@arg1=00:when=1'],
      'true',
    ],
    'tampering with calls that touch a path': [
      ...['-P', plain, '-e', 'inject=all:error=EACCES:when=2+', '-e', 'trace=!fadvise64'],
      // Where it writes its complaint is not the same in every run.
      ...['sh', '-c', 'exec cat "$0" 2>&-', plain],
    ],
    'tampering, counted by path': [
      ...['-c', '-U', 'name,calls,errors', '-S', 'name', '-P', plain, '-e', 'fault=openat'],
      'cat',
      plain,
    ],
    'a negative id': ['-e', 'trace=getppid', '-e', 'inject=getppid:retval=-5', ...perl],
    'processes that are gone': ['-f', '-p', `${gone},${Number(gone) + 1}`],
    'a folder that is missing, -ff': ['-ff', '-o', '/nowhere/out', 'true'],
    'a user without a name': ['-u', '', 'true'],
    'a user and a program that are not there': ['-u', 'no-such-user', '/nowhere/program'],
    '-E adds': ['-E', 'NEW=value', '-e', 'trace=none', 'sh', '-c', 'echo $NEW'],
    '-E removes': ['-E', 'HOME', '-e', 'trace=none', 'sh', '-c', 'echo ${HOME-none}'],
    '-u': ['-u', 'nobody', '-e', 'trace=none', 'sh', '-c', 'id -u; id -g; id -G'],
  }
  for (const [name, words] of Object.entries(cases)) test(name, { timeout: 60_000 }, () => same(words))

  // strace's child says why it could not exec before strace says how it ended; ours says it after.
  for (const [name, file] of [
    ['no executable', plain],
    ['a folder', folder],
  ] as const)
    test(name, { timeout: 60_000 }, () =>
      same([file], text =>
        text
          .replace(/^\S+: exec/gm, 'TRACER: exec')
          .split('\n')
          .sort()
          .join('\n'),
      ),
    )

  test('-d tells of calls without a name', { timeout: 60_000 }, () =>
    same(['-d', '-e', 'trace=none', ...unknownCalls], text =>
      text
        .split('\n')
        .filter(line => line.includes('invalid syscall'))
        .join('\n')
        .replace(/pid \d+/g, 'pid PID'),
    ),
  )

  test('-i', { timeout: 60_000 }, () =>
    same(['-i', '-e', calls, ...perl], text => text.replace(/^\[[0-9a-f]{16}\]/gm, '[INSTRUCTION]')),
  )

  // strace says it for every line that it could not write.
  test('output to a full disk', { timeout: 60_000 }, () =>
    same(['-o', '/dev/full', 'true'], text => [...new Set(text.split('\n'))].join('\n')),
  )

  for (const options of [
    ['-t'],
    ['-tt'],
    ['-ttt'],
    ['-r'],
    ['-T'],
    ['-f', '-tt', '-T'],
    ['-r', '-ttt'],
    ['--relative-timestamps=ns'],
  ])
    test(`times: ${options.join(' ')}`, { timeout: 60_000 }, () =>
      same([...options, '-e', 'trace=execve,openat', 'cat', plain], anyTime),
    )

  for (const options of [
    ['-c', '-S', 'name'],
    ['-c', '-f', '-S', 'calls'],
    ['-C', '-S', 'name'],
    ['-c', '-w', '-S', 'errors'],
    ['-c', '-U', 'calls,name,errors', '-S', 'name'],
  ])
    test(`summary: ${options.join(' ')}`, { timeout: 60_000 }, () =>
      same([...options, 'sh', '-c', 'true'], anySummary),
    )

  test('in a directory that has been removed', { timeout: 60_000 }, async () => {
    const { status, stderr } = await run([
      'sh',
      '-c',
      'mkdir gone && cd gone && rmdir ../gone && exec "$0" -e trace=exit_group true',
      sysglass,
    ])
    // The shell that starts us has its own word about that.
    assert.equal(status, 0)
    assert.match(stderr, /^exit_group\(0\) += \?\n\+\+\+ exited with 0 \+\+\+\n$/m)
  })

  test('on a shared stderr lines stand before what the program writes next', {
    timeout: 60_000,
  }, async () => {
    const writes = '$| = 1; for (1 .. 50) { print "$_\\n"; chdir "/nowhere/$_" } print STDERR "end\\n"'
    const written = async (tracer: Tracer, ...output: string[]): Promise<string> => {
      const words = ['-f', ...output, '-e', 'trace=write,chdir', 'sh', '-c', 'perl -e "$0"; true', writes]
      const { stdout } = await run(['sh', '-c', 'exec "$0" "$@" 2>&1', tracerCommand(tracer), ...words])
      return clean(stdout, tracer, text => text)
    }
    assert.equal(await written('sysglass'), await written('strace'))
    const toStdout = ['-o', '/dev/stdout']
    assert.equal(await written('sysglass', ...toStdout), await written('strace', ...toStdout))
  })

  test('-o: the trace goes there and nowhere else', { timeout: 60_000 }, async () => {
    const written = async (tracer: Tracer) => {
      const file = join(scratch, `${tracer}.one`)
      const said = await outcome(tracer, ['-o', file, '-e', calls, ...perl])
      return {
        said,
        file: clean(readFileSync(file, 'latin1'), tracer, text => text),
        mode: statSync(file).mode,
      }
    }
    assert.deepEqual(await written('sysglass'), await written('strace'))
  })

  test('-ff -o: a file for each process', { timeout: 60_000 }, async () => {
    const written = async (tracer: Tracer) => {
      const place = join(scratch, `${tracer}.many`)
      mkdirSync(place)
      const said = await outcome(tracer, [
        '-ff',
        '-o',
        join(place, 'out'),
        'sh',
        '-c',
        '(exit 3); (exit 4); ls / >/dev/null; true',
      ])
      const files = readdirSync(place)
      for (const file of files) assert.match(file, /^out\.\d+$/)
      const ends = files
        .map(file => readFileSync(join(place, file), 'latin1').trimEnd().split('\n').at(-1))
        .sort()
      rmSync(place, { recursive: true })
      return { said, ends }
    }
    assert.deepEqual(await written('sysglass'), await written('strace'))
  })

  test('-p with a thread of the kernel', { timeout: 60_000 }, async t => {
    const thread = kernelThread()
    if (thread === undefined) return t.skip('no kernel threads to be seen here')
    await same(['-p', thread])
  })

  test("-p with another user's process", { timeout: 60_000 }, async t => {
    if (!mayBecomeNobody(t)) return
    const words = ['-p', String(process.pid)]
    assert.deepEqual(await asNobody('sysglass', words), await asNobody('strace', words))
  })

  test('-u of somebody who may not', { timeout: 60_000 }, async t => {
    if (!mayBecomeNobody(t)) return
    const words = ['-u', 'nobody', 'true']
    assert.deepEqual(await asNobody('sysglass', words), await asNobody('strace', words))
  })

  test('-p follows until it is interrupted, and the program runs on', { timeout: 60_000 }, async () => {
    const attached = async (tracer: Tracer) => {
      const program = spawn('sh', ['-c', 'while read line; do echo $line; done; exit 5'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      const code = new Promise(resolve => program.on('close', resolve))
      const { stderr, status, signal } = await run([tracerCommand(tracer), '-p', String(program.pid)], {
        started: child => {
          let said = ''
          child.stderr!.on('data', chunk => {
            const before = said
            said += chunk
            // It waits in a read; once that is shown the program is traced.
            if (said.includes('read(0, ') && !before.includes('read(0, ')) child.kill('SIGINT')
          })
        },
      })
      program.stdin.end('one more line\n')
      return { status, signal, stderr: clean(stderr, tracer, text => text), code: await code }
    }
    assert.deepEqual(await attached('sysglass'), await attached('strace'))
  })
})

test("the program's own pipes block as before", { timeout: 60_000 }, async () => {
  const flags = ['sh', '-c', 'sleep 0.2; grep flags: /proc/self/fdinfo/1 /proc/self/fdinfo/2']
  const untraced = await run(flags)
  assert.deepEqual(await run([sysglass, '-o', '/dev/null', ...flags]), untraced)
})

test('called by its name alone, it goes by that name', { timeout: 60_000 }, async () => {
  const folder = join(scratch, 'in PATH')
  mkdirSync(folder)
  symlinkSync(sysglass, join(folder, 'strace'))
  const env = { PATH: `${folder}:${process.env.PATH}` }
  const said = `option requires an argument -- 'p'\nTry '%s -h' for more information.\n`
  const message = (name: string): string => `${name}: ${said.replace('%s', name)}`
  assert.equal((await run(['sh', '-c', 'strace -p'], { env })).stderr, message('strace'))
  const outside = join(scratch, 'strace')
  symlinkSync(sysglass, outside)
  assert.equal((await run([outside, '-p'], { env })).stderr, message(outside))
})

test('with no environment, or a PATH that leads nowhere', { timeout: 60_000 }, async () => {
  // As npm installs it: node stands beside, and is found there.
  const prefix = join(scratch, 'prefix')
  const folder = join(prefix, 'lib/node_modules/sysglass')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(prefix, 'bin'))
  copyFileSync(sysglass, join(folder, 'sysglass'))
  symlinkSync(join(sysglass, '../dist'), join(folder, 'dist'))
  symlinkSync(process.execPath, join(prefix, 'bin/node'))
  const traced = (...env: string[]) =>
    run(['/usr/bin/env', '-i', ...env, join(folder, 'sysglass'), '-qq', '-e', 'trace=none', '/usr/bin/env'])
  const ends = { status: 0, signal: null, stderr: '' }
  assert.deepEqual(await traced(), { ...ends, stdout: '' })
  assert.deepEqual(await traced('PATH=/nowhere', 'A%%=1'), { ...ends, stdout: 'PATH=/nowhere\nA%%=1\n' })
})

test('where /proc is not mounted it says that', { timeout: 60_000 }, async t => {
  const hidden = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c']
  const script = 'mount -t tmpfs none /proc && exec "$@"'
  if ((await run([...hidden, script, 'sh', 'true'])).status !== 0) return t.skip('no mount namespaces here')
  const message = `${sysglass}: programs cannot be started where /proc is not mounted\n`
  const ends = { status: 1, signal: null, stdout: '', stderr: message }
  for (const words of [['true'], ['-D', 'true']])
    assert.deepEqual(await run([...hidden, script, 'sh', sysglass, ...words]), ends)
})

test('-V and -h', { timeout: 60_000 }, async () => {
  const version = await run([sysglass, '-V'])
  assert.equal(version.status, 0)
  assert.match(version.stdout, /^strace -- version \d+\.\d+\n/)
  const help = await run([sysglass, '-h'])
  assert.equal(help.status, 0)
  assert.match(help.stdout, /^Usage: /)
  assert.equal(help.stderr, '')
})

function kernelThread(): string | undefined {
  try {
    return readFileSync('/proc/2/comm', 'latin1') === 'kthreadd\n' ? '2' : undefined
  } catch {
    return undefined
  }
}

/** Whether a process of nobody's could start sysglass at all. */
function mayBecomeNobody(t: TestContext): boolean {
  const reason = isRoot ? undefined : 'only root can become another user'
  const reads = () =>
    spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', sysglass, '-V']).status === 0
  if (reason === undefined && reads()) return true
  t.skip(reason ?? 'setpriv is missing, or others may not read this folder')
  return false
}
