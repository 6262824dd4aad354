/** What 32-bit programs call by older forms, beside what programs.test.ts holds against strace line by line. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { sleep } from './sessions.ts'
import { run, scratch, type Tracer, trace, tracerCommand } from './tracers.ts'

const skip = oracleMissing() ?? (process.arch === 'x64' ? false : 'the program is for x86')

const call = `
static long make(long number, long a, long b, long c, long d, long e) {
  long result;
  asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
  return result;
}`
const source = `${call}
#define ipc(...) part(__VA_ARGS__, 0, 0, 0, 0, 0)
#define part(n, a, b, c, d, ...) make(117, n, (long)(a), (long)(b), (long)(c), (long)(d))
void _start(void) {
  static long mapping[] = {0, 4096, 3, 0x22, -1, 0}, chosen[5], buffer[64];
  static struct { long type; char text[8]; } message = {5, "text"};
  static struct { void *text; long type; } wanted = {&message, 5};
  make(90, (long)mapping, 0, 0, 0, 0), make(90, 16, 0, 0, 0, 0), make(82, 16, 0, 0, 0, 0);
  long queue = ipc(13, 0, 01600);
  ipc(11, queue, 4, 0, &message), ipc(12, queue, 8, 04000, &wanted), ipc(14, queue, 2, 0, buffer), ipc(14, queue, 1, 0, buffer), ipc(14, queue, 0);
  make(37, make(20, 0, 0, 0, 0, 0), 17, 0, 0, 0), make(1, 0, 0, 0, 0, 0);
}`

/** Waits for an hour. */
const waits = `${call}
void _start(void) {
  for (;;) make(168, 0, 0, 3600000, 0, 0);
}`

suite('32-bit programs', { skip }, () => {
  const file = join(scratch, 'older')
  const waiting = join(scratch, 'waits')
  if (skip === false) {
    const bare = '-m32 -nostdlib -static -ffreestanding -fno-pic -no-pie -fno-stack-protector'.split(' ')
    for (const [name, text] of [
      [file, source],
      [waiting, waits],
    ] as const) {
      writeFileSync(`${name}.c`, text)
      execFileSync('cc', ['-O1', '-w', ...bare, '-o', name, `${name}.c`])
    }
  }
  const lines = async (tracer: Tracer, ...options: string[]) =>
    (await trace(tracer, [...options, '-a0'], [file])).text.split('\n').slice(1, -1)

  test('-e raw: registers, where arguments lie in memory', { timeout: 120_000 }, async () => {
    const chosen = [
      '-e',
      'raw=all',
      '-e',
      'signal=none',
      '-e',
      'trace=execve,mmap,select,msgsnd,msgrcv,msgctl',
    ]
    // Queues are numbered on, and who maps what where is the kernel's choice.
    const told = async (tracer: Tracer) =>
      (await lines(tracer, ...chosen)).map(line => line.replace(/\((0x\w+), (?=.*,)|(= )0xf\w+/, '($2'))
    const [theirs, ours] = [await told('strace'), await told('sysglass')]
    assert.ok(theirs.length > 7, `${theirs.length} lines`)
    assert.deepEqual(ours, theirs)
  })

  test('ipc without IPC_64: the older structures', { timeout: 120_000 }, async () => {
    const [stat, set] = await lines('sysglass', '-e', 'trace=execve,msgctl')
    assert.match(
      stat!,
      /IPC_STAT, \{msg_perm=\{uid=\d+, gid=\d+, mode=0600, key=0, .* msg_qnum=0, msg_qbytes=\d+,/,
    )
    assert.match(set!, /IPC_SET, \{msg_perm=\{uid=\d+, gid=\d+, mode=0600\}, msg_qbytes=\d+\}\) = 0/)
  })

  test('what is known of a signal is laid out as the tracer has it', { timeout: 120_000 }, async () => {
    const told = (await lines('sysglass', '--format=json')).map(line => JSON.parse(line))
    const signal = told.find(event => event.kind === 'signal')
    assert.equal(signal.info.pid, signal.pid)
  })

  test('a call that was under way when we came is told of as strace does', { timeout: 120_000 }, async () => {
    const told = async (tracer: Tracer): Promise<string | undefined> => {
      const program = spawn(waiting, { stdio: 'ignore' })
      const { pid } = program
      try {
        while (readlinkSync(`/proc/${pid}/exe`) !== waiting || !/^State:\tS/m.test(statusOf(pid)))
          await sleep(20)
        const { stderr } = await run([tracerCommand(tracer), '-p', String(pid)], {
          started: child => {
            let said = ''
            child.stderr!.on('data', chunk => {
              said += chunk
              if (said.includes('resuming')) child.kill('SIGINT')
            })
          },
        })
        return /restart_syscall.*?>/.exec(stderr)?.[0]
      } finally {
        program.kill('SIGKILL')
      }
    }
    const theirs = await told('strace')
    assert.match(theirs ?? '', /^restart_syscall/)
    assert.equal(await told('sysglass'), theirs)
  })
})

const statusOf = (pid: number | undefined): string => readFileSync(`/proc/${pid}/status`, 'latin1')
