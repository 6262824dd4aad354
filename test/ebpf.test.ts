/** The same programs with --backend=ptrace and --backend=ebpf: the same lines. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compareTraces, type Difference, describe, lasting } from './compare-traces.ts'
import { ebpfRefused, newFile, run, scratch, sysglass, trace } from './tracers.ts'

const folder = fileURLToPath(new URL('programs', import.meta.url))

const refused = ebpfRefused()
const glass = fileURLToPath(new URL('../glass', import.meta.url))
type Traced = Awaited<ReturnType<typeof trace>>

/** Those that use most ways of copying memory: strings, structures, vectors, unions, messages, and what returns late or never. */
const names = [
  'async-io',
  'descriptors-io',
  'files-attributes',
  'files-names',
  'ioctls-interfaces',
  'network-messages',
  'network-options',
  'process-exec',
  'process-prctl',
  'signals-masks',
]

/** A call that failed before the kernel looked at its memory, where the program had not touched it either. */
const untouched = (line: string | null): boolean => line !== null && /\bADDRESS\b.* = -1 E/.test(line)

suite('eBPF', { concurrency: 2, skip: refused }, () => {
  /** Traces a program under both, until the lines are the same. */
  async function compare(name: string, once: (backend: 'ptrace' | 'ebpf', file: string) => Promise<Traced>) {
    const file = join(scratch, `ebpf-${name}`)
    execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, join(folder, `${name}.c`)])
    const attempt = async (): Promise<readonly Difference[]> => {
      const theirs = await once('ptrace', `./ebpf-${name}`)
      const again = await once('ptrace', `./ebpf-${name}`)
      const ours = await once('ebpf', `./ebpf-${name}`)
      assert.deepEqual([ours.status, ours.signal], [theirs.status, theirs.signal])
      const { differences } = compareTraces({
        ours: ours.text,
        theirs: theirs.text,
        again: [again.text],
      })
      return differences.filter(({ unstable, ours }) => !unstable && !untouched(ours))
    }
    const bugs = await lasting(attempt)
    assert.equal(bugs.length, 0, `\n${describe(bugs)}`)
  }

  for (const name of names)
    test(name, { timeout: 120_000 }, () =>
      compare(name, (backend, file) =>
        trace('sysglass', ['-f', '-yy', `--backend=${backend}`], [file], { stdio: 'ignore' }),
      ),
    )

  for (const [name, status] of [
    ['network-messages', '-z'],
    ['files-attributes', '-Z'],
  ] as const)
    test(`${status}: calls that are seen at their exit alone, ${name}`, { timeout: 120_000 }, () =>
      compare(name, (backend, file) =>
        trace('sysglass', ['-f', status, `--backend=${backend}`], [file], { stdio: 'ignore' }),
      ),
    )

  test('a recording that does not tell when calls began', { timeout: 120_000 }, () =>
    compare('files-names', async (backend, file) => {
      const recording = newFile()
      const options = ['--format=recording', '--entry-times=no', '--decode-fds=none', `--backend=${backend}`]
      const ended = await run([sysglass, '-f', ...options, '-o', recording, file], { stdio: 'ignore' })
      const lines = newFile()
      await run([glass, 'replay', '-o', lines, recording])
      const text = readFileSync(lines, 'latin1')
      assert.match(text, /exited with 0/)
      return { ...ended, text }
    }),
  )

  test('statuses and signals of the program are ours', async () => {
    const sh = (script: string) =>
      trace('sysglass', ['-f', '--backend=ebpf'], ['sh', '-c', script], { stdio: 'ignore' })
    const exited = await sh('exit 7')
    assert.deepEqual([exited.status, exited.signal], [7, null])
    assert.match(exited.text, /exit_group\(7\) += \?\n\d+ +\+\+\+ exited with 7 \+\+\+\n$/)
    const killed = await sh('kill -TERM $$')
    assert.deepEqual([killed.status, killed.signal], [null, 'SIGTERM'])
    assert.match(
      killed.text,
      /--- SIGTERM \{si_signo=SIGTERM, si_code=SI_USER, .*\n\d+ +\+\+\+ killed by SIGTERM \+\+\+\n$/,
    )
  })

  test('a filter is the only thing that counts', async () => {
    const { text } = await trace(
      'sysglass',
      ['--backend=ebpf', '-e', 'trace=openat,exit_group'],
      ['cat', '/etc/passwd'],
      {
        stdio: 'ignore',
      },
    )
    const calls = new Set(text.split('\n').map(line => /^\w+(?=\()/.exec(line)?.[0] ?? line.slice(0, 3)))
    assert.deepEqual([...calls].sort(), ['', '+++', 'exit_group', 'openat'])
    assert.match(text, /openat\(AT_FDCWD, "\/etc\/passwd", O_RDONLY\) = \d/)
  })

  test('what it cannot do is said, or left to ptrace', async () => {
    const no = await run([sysglass, '--backend=ebpf', '-k', 'true'])
    assert.equal(no.status, 1)
    assert.match(no.stderr, /--backend=ebpf cannot do --stack-traces\n$/)
    const { stderr } = await run([sysglass, '-d', '--backend=auto', '-k', '-o', '/dev/null', 'true'])
    assert.match(stderr, /backend ptrace, for --stack-traces\n/)
    const auto = await run([sysglass, '-d', '--backend=auto', '-y', '-o', '/dev/null', 'true'])
    assert.match(auto.stderr, /backend ebpf\n/)
  })

  test('the library', async () => {
    // What users import: the bundle, which finds the worker beside it.
    const { trace: traceCalls }: typeof import('../src/index.ts') = await import(
      new URL('../dist/index.js', import.meta.url).href
    )
    const paths: string[] = []
    for await (const call of traceCalls(['cat', '/etc/hostname'], {
      backend: 'ebpf',
      filter: ['openat'],
      stdio: 'ignore',
    }))
      if (call.errno === null) paths.push(String(call.args.pathname))
    assert.ok(paths.includes('/etc/hostname'), paths.join(' '))
  })

  test('without the rights, in another pid namespace, on a kernel that keeps its types or its memory to itself', async t => {
    const as = async (...prefix: string[]) => {
      const { status, stderr } = await run([...prefix, sysglass, '--backend=ebpf', '-o', '/dev/null', 'true'])
      const { stderr: auto } = await run([
        ...prefix,
        sysglass,
        '-d',
        '--backend=auto',
        '-o',
        '/dev/null',
        'true',
      ])
      assert.match(auto, /backend ptrace, for eBPF: /)
      return [status, stderr.replace(/^.*sysglass: /, '')]
    }
    if (spawnSync('setpriv', ['--bounding-set=-sys_admin,-bpf,-perfmon', 'true']).status !== 0)
      return t.skip('no setpriv here that can take capabilities away')
    assert.deepEqual(await as('setpriv', '--bounding-set=-sys_admin,-bpf,-perfmon'), [
      1,
      'eBPF: bpf(BPF_MAP_CREATE, BPF_MAP_TYPE_RINGBUF) (it takes root, or CAP_BPF and CAP_PERFMON): Operation not permitted\n',
    ])
    if (spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0) return t.skip('no unshare here')
    assert.deepEqual(await as('unshare', '--pid', '--fork', '--mount-proc'), [
      1,
      'eBPF: programs know threads by numbers of another pid namespace\n',
    ])
    const inMounts = (script: string): string[] => [
      'unshare',
      '--mount',
      'sh',
      '-c',
      `${script} && exec "$@"`,
      'sh',
    ]
    assert.deepEqual(await as(...inMounts('mount --bind /dev/null /sys/kernel/btf/vmlinux')), [
      1,
      'eBPF: this kernel does not describe its types (/sys/kernel/btf/vmlinux: no BTF)\n',
    ])
    const security = '/sys/kernel/security'
    if (!existsSync(security)) return t.skip('no securityfs here')
    const locked = `echo 'none integrity [confidentiality]' > ${security}/lockdown`
    assert.deepEqual(await as(...inMounts(`mount -t tmpfs none ${security} && ${locked}`)), [
      1,
      'eBPF: this kernel is locked down (confidentiality): no program may read its memory\n',
    ])
  })

  test('a program that cannot be executed', async () => {
    const file = fileURLToPath(import.meta.url)
    const [ebpf, ptrace] = await Promise.all(
      ['ebpf', 'ptrace'].map(backend => run([sysglass, `--backend=${backend}`, '-o', '/dev/null', file])),
    )
    assert.deepEqual(ebpf, ptrace)
  })

  test('^C reaches the program, and the tracer ends as it does', async () => {
    const script = new Announced('exec sleep 60')
    const ended = await run(
      [sysglass, '-f', '-I', '2', '--backend=ebpf', '-o', '/dev/null', ...script.command],
      {
        started: child => void script.pid().then(() => child.kill('SIGINT')),
      },
    )
    assert.deepEqual([ended.status, ended.signal], [null, 'SIGINT'])
  })

  test('a tracer that is killed leaves nothing behind', async () => {
    const script = new Announced('while :; do :; done')
    await run([sysglass, '-f', '--backend=ebpf', '-o', '/dev/null', ...script.command], {
      stdio: 'ignore',
      started: child => void script.pid().then(() => child.kill('SIGKILL')),
    })
    const program = await script.pid()
    const before = cpuTime(program)
    for (let i = 0; i < 3000 && cpuTime(program) <= before; i++) await sleep(20)
    const status = readFileSync(`/proc/${program}/status`, 'latin1')
    const after = cpuTime(program)
    process.kill(program, 'SIGKILL')
    assert.match(status, /^State:\t[RS] /m)
    assert.match(status, /^TracerPid:\t0$/m)
    assert.ok(after > before)
  })
})

/** A shell script that writes its pid to a file when it runs. */
class Announced {
  readonly command: readonly string[]
  readonly #file = newFile()

  constructor(script: string) {
    this.command = ['sh', '-c', `echo $$ > ${this.#file}.new; mv ${this.#file}.new ${this.#file}; ${script}`]
  }

  async pid(): Promise<number> {
    while (!existsSync(this.#file)) await sleep(20)
    return Number(readFileSync(this.#file, 'latin1'))
  }
}

/** What a process has used, in ticks. */
function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
