/** Processes of pid namespaces inside ours, and a /proc of one around ours, beside strace's account of them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { newFile, run, sysglass, type Tracer, tracerCommand } from './tracers.ts'

/** CLONE_NEWUSER and CLONE_NEWPID: without the first one has to be root. */
const unshareNumber = process.arch === 'arm64' ? 97 : 272
const program = [
  'perl',
  '-e',
  `syscall(${unshareNumber}, 0x30000000) and exit 77;
   my $child = fork;
   unless ($child) { getppid; setpgrp; kill 0, $$, -$$, 77777; getpgrp; kill CONT => $$; exit 73 }
   waitpid $child, 0; kill 0, $$`,
]
const namespace = ['unshare', '--user', '--map-root-user', '--pid', '--fork']

const refused = (): string | undefined => {
  const missing = oracleMissing()
  if (missing !== null) return missing
  return spawnSync(namespace[0]!, [...namespace.slice(1), 'true']).status === 0
    ? undefined
    : 'no pid namespaces may be made here'
}

/** The lines of each process, with processes numbered in the order that they come in. */
async function lines(tracer: Tracer, before: readonly string[], options: readonly string[]): Promise<string> {
  const file = newFile()
  const command = [tracerCommand(tracer), '-f', '-o', file, ...options, ...program]
  const { status, stderr } = await run([...before, ...command])
  assert.equal(status, 0, stderr)
  const text = readFileSync(file, 'latin1')
  const pids = [...new Set([...text.matchAll(/^\d+/gm)].map(([pid]) => pid))]
  const named = text
    .replace(/(?<=^|\(-?|\/\* |si_pid=)\d+\b/gm, id => (pids.includes(id) ? `P${pids.indexOf(id)}` : id))
    .replace(/si_[us]time=\d+(?: \/\* .*? s \*\/)?/g, 'TIME')
    .replace(/(getppid\(\).*?=) \d{2,}/g, '$1 ID')
    .replace(/ +/g, ' ')
    .split('\n')
  return pids.flatMap((_, i) => named.filter(line => new RegExp(`^P${i}\\b`).test(line))).join('\n')
}

const calls = ['-e', 'trace=getppid,setpgid,getpgrp,kill']

for (const [name, before, options] of [
  ['in a namespace of its own', [], ['--decode-pids=pidns']],
  ['where /proc is that of the namespace around', namespace, ['--decode-pids=pidns']],
  ['with names', [], ['-Y']],
] as const)
  test(`a program ${name}`, { skip: refused() ?? false, timeout: 60_000 }, async () => {
    const theirs = await lines('strace', before, [...options, ...calls])
    assert.match(theirs, options[0] === '-Y' ? /<perl>/ : /\/\* P?\d+ in strace's PID NS \*\//)
    assert.equal(await lines('sysglass', before, [...options, ...calls]), theirs)
  })

test('descriptors are found under a /proc of another namespace', {
  skip: refused() ?? false,
  timeout: 60_000,
}, async () => {
  const file = newFile()
  const { status, stdout, stderr } = await run(
    [
      ...namespace,
      sysglass,
      '-y',
      '-o',
      file,
      '-e',
      'trace=openat',
      'sh',
      '-c',
      'read line < /etc/passwd; echo $MARK',
    ],
    { env: { MARK: 'kept' } },
  )
  assert.deepEqual([status, stdout, stderr], [0, 'kept\n', ''])
  assert.match(readFileSync(file, 'latin1'), /"\/etc\/passwd", O_RDONLY\) += 3<\/etc\/passwd>/)
})
