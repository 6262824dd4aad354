/** What lines begin with: numbers of calls (-n) and instructions (-i), beside what is no call and under filters too. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { scratch, type Tracer, trace } from './tracers.ts'

const skip = oracleMissing() ?? (process.arch === 'x64' ? false : 'the programs are for x86-64')

/** Sends itself a signal, has a child that is killed while it is waited for, and executes the program that it is given from a thread. */
const source = `
#include <unistd.h>
#include <signal.h>
#include <pthread.h>
#include <sys/wait.h>
static char *then[] = {0, 0};
static void handle(int signal) {}
// It waits until the other makes no more calls.
static volatile int ready;
static void *replace(void *unused) { while (!ready); return execv(then[0], then), NULL; }
int main(int count, char **args) {
  int child, status;
  sigset_t all;
  signal(SIGUSR1, handle), chdir("/"), getppid(), kill(getpid(), SIGUSR1), getuid();
  sigfillset(&all), sigprocmask(SIG_BLOCK, &all, 0);
  if ((child = vfork()) == 0) chdir("/usr"), kill(getpid(), SIGKILL), _exit(1);
  waitpid(child, &status, 0);
  sigprocmask(SIG_UNBLOCK, &all, 0);
  if (count < 2) return 3;
  pthread_t thread;
  then[0] = args[1], pthread_create(&thread, 0, replace, 0), ready = 1;
  for (;;) {}
}`

/** One thread's calls in a program of 32 bits, without a C library: not all machines have one. */
const narrow = `
static long make(long number, long a, long b) {
  long result;
  asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b) : "memory");
  return result;
}
void _start(void) {
  long sockets[] = {1, 1, 0};
  make(12, (long)"/", 0), make(102, 1, (long)sockets), make(37, make(20, 0, 0), 17), make(1, 7, 0);
}`

suite('what lines begin with', { skip }, () => {
  const compile = (name: string, text: string, ...options: string[]): string => {
    const [file, from] = [join(scratch, name), join(scratch, `${name}.c`)]
    writeFileSync(from, text)
    execFileSync('cc', ['-O1', '-w', '-static', '-o', file, from, ...options])
    return file
  }
  const wide = skip === false ? compile('heads', source) : ''
  const bare = '-m32 -nostdlib -ffreestanding -fno-pic -no-pie -fno-stack-protector'.split(' ')
  const small = skip === false ? compile('small', narrow, ...bare) : ''

  /** How lines begin, by thread. Where another thread's line comes between hangs on the machine: only execve, which always comes back late, is looked at. */
  async function linesOf(tracer: Tracer, options: readonly string[], command: readonly string[]) {
    const { text } = await trace(tracer, options, command)
    const threads = new Map<string, string[]>()
    for (const [, tid = '', line = ''] of text.matchAll(/^(\d+(?= ))? *(.*)$/gm)) {
      if (line === '' || (line.includes(' resumed>') && !line.includes('execve'))) continue
      const lines = threads.get(tid) ?? []
      threads.set(tid, lines)
      lines.push(line.replace(/\(.*/, '').replaceAll(/(=| )\d{3,}/g, '$1N'))
    }
    // The first execve is made by the tracer's own program.
    return [...threads.values()].map((lines, i) => (i === 0 ? lines.slice(1) : lines))
  }

  for (const options of [
    '-n -f',
    '-n -f -e trace=chdir',
    '-n -e trace=none',
    '-i -f -e trace=chdir,execve',
    '-i -n -f -e trace=execve -e quiet=none',
  ])
    for (const command of [[wide], [wide, small]])
      test(`${options} ${command.map(file => file.split('/').at(-1)).join(' ')}`, {
        timeout: 120_000,
      }, async () => {
        const [theirs, ours] = [
          await linesOf('strace', options.split(' '), command),
          await linesOf('sysglass', options.split(' '), command),
        ]
        assert.ok(theirs.flat().length > 0)
        assert.deepEqual(ours, theirs)
      })
})
