import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { AnyCall, CallName, TracedCall } from '../calls/call.ts'
import { bundledWorker } from '../capture/ptrace/test-capture.ts'
import type { CallFilter } from './choose-calls.ts'
import { Trace, type Traced } from './trace.ts'
import { TraceError } from './trace-error.ts'
import type { TraceOptions, TraceTarget } from './trace-options.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-api-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** As `trace` of the package, with the worker made from the sources, and silent programs. */
function trace<
  const F extends readonly CallFilter[] = readonly CallFilter[],
  const E extends boolean = false,
>(target: TraceTarget, options: TraceOptions<F, E> = {}, ringBytes?: number): Trace<Traced<F, E>> {
  const start = { worker: bundledWorker(), ...(ringBytes === undefined ? {} : { ringBytes }) }
  return new Trace(target, { stdio: 'ignore', ...options }, start)
}
const sh = (script: string): TraceTarget => ['/bin/sh', '-c', script]

function compile(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(`${file}.c`, source)
  execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, `${file}.c`])
  return file
}

/** The calls of a name. */
const named = <N extends CallName>(calls: readonly AnyCall[], name: N): TracedCall<N>[] =>
  calls.filter(call => call.name === name) as unknown as TracedCall<N>[]

const callsSource = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char a[3], b[64];
  syscall(SYS_openat, AT_FDCWD, argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  write(3, "hello\\xff", 6);
  lseek(3, 0, SEEK_SET);
  struct iovec iov[2] = {{a, 3}, {b, 64}};
  readv(3, iov, 2);
  struct stat st;
  syscall(SYS_newfstatat, AT_FDCWD, argv[1], &st, 0);
  syscall(SYS_openat, AT_FDCWD, (char *)16, O_RDONLY);
  syscall(SYS_openat, AT_FDCWD, "/nonexistent/caf\\xc3\\xa9\\xff", O_RDONLY);
  int p[2];
  pipe2(p, O_NONBLOCK);
  struct pollfd fds[2] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}};
  syscall(SYS_poll, fds, 2, 10);
  struct sockaddr_in6 in6 = {AF_INET6, htons(80), 0, IN6ADDR_LOOPBACK_INIT, 0};
  connect(99, (void *)&in6, sizeof in6);
  struct termios t;
  ioctl(3, TCGETS, &t);
  struct clone_args args = {.flags = CLONE_VFORK, .exit_signal = SIGCHLD};
  int pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) syscall(SYS_exit_group, 7);
  int status;
  wait4(pid, &status, 0, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &set, 0);
  kill(getpid(), 0);
  return 5;
}
`

test('arguments and results of real calls', async () => {
  const file = join(folder, 'a file')
  const t = trace([compile('calls', callsSource), file])
  const calls = await t.toArray()
  assert.deepEqual(await t.exit, { code: 5, signal: null })

  const [open, bad, missing] = named(calls, 'openat').slice(-3)
  assert.ok(open && bad && missing)
  assert.equal(open.args.pathname, file)
  assert.deepEqual(open.args.flags.names, ['O_RDWR', 'O_CREAT', 'O_CLOEXEC'])
  assert.equal(open.args.mode, 0o640)
  assert.deepEqual(open.args.dirfd, { fd: -100, path: process.cwd() })
  assert.deepEqual(open.returns, { fd: 3, path: file })
  assert.equal(open.outcome, 'returned')
  assert.equal(bad.args.pathname, null)
  assert.equal(bad.errno, 'EFAULT')
  assert.equal(bad.result, -14n)
  assert.equal(missing.errno, 'ENOENT')
  assert.equal(missing.args.pathname, '/nonexistent/caf\u00e9\udcff')
  assert.equal(missing.args.mode, undefined)

  const write = named(calls, 'write').at(-1)!
  assert.deepEqual(Buffer.from(write.args.buf!), Buffer.from('hello\xff', 'latin1'))
  assert.equal(write.returns, 6n)
  const readv = named(calls, 'readv')[0]!
  assert.deepEqual(
    readv.args.iov!.map(v => [v.length, v.data!.text()]),
    [
      [3n, 'hel'],
      [64n, 'lo\ufffd'],
    ],
  )
  const stat = named(calls, 'newfstatat').at(-1)!
  assert.equal(stat.args.statbuf!.st_size, 6n)
  assert.equal(stat.args.statbuf!.st_mode, 0o100640)
  const pipe = named(calls, 'pipe2')[0]!
  assert.equal(pipe.errno, null)
  const poll = named(calls, 'poll')[0]!
  assert.deepEqual(
    poll.args.fds!.map(p => p.revents.names),
    [[], ['POLLOUT']],
  )
  assert.match(poll.args.fds![0]!.fd.path ?? '', /^pipe:/)
  const connect = named(calls, 'connect').at(-1)!
  assert.equal(connect.errno, 'EBADF')
  assert.deepEqual(connect.args.addr, {
    family: 'AF_INET6',
    address: '::1',
    port: 80,
    flowinfo: 0,
    scopeId: 0,
  })
  const ioctl = named(calls, 'ioctl').at(-1)!
  assert.equal(ioctl.errno, 'ENOTTY')
  const clone3 = named(calls, 'clone3').at(-1)!
  assert.deepEqual(clone3.args.cl_args!.flags.names, ['CLONE_VFORK'])
  assert.equal(clone3.args.cl_args!.exit_signal, 17n)
  const wait4 = named(calls, 'wait4')[0]!
  assert.equal(wait4.args.pid, clone3.returns)
  assert.deepEqual(wait4.args.wstatus, { status: 7 << 8, exitCode: 7 })
  const mask = named(calls, 'rt_sigprocmask').at(-1)!
  assert.equal(mask.args.how, 'SIG_BLOCK')
  assert.deepEqual(mask.args.set, ['SIGINT', 'SIGRT_2'])
  const exits = named(calls, 'exit_group')
  assert.deepEqual(
    exits.map(c => [c.args.status, c.outcome, c.result]),
    [
      [7, 'unfinished', null],
      [5, 'unfinished', null],
    ],
  )
  const execve = named(calls, 'execve')[0]!
  assert.deepEqual(execve.args.argv, [join(folder, 'calls'), file])
  assert.ok(execve.args.envp!.length > 0)
  assert.equal(execve.comm, 'calls')
  assert.ok(Math.abs(execve.time - Date.now()) < 60_000)
  assert.ok(execve.duration! > 0)
})

test('a filter, children, and what is not followed', async () => {
  const script = 'cat /dev/null; exit 3'
  const followed = trace(sh(script), { filter: ['%process', '!clone', '!/^vfork'] })
  const names = new Set((await followed.toArray()).map(c => c.name))
  assert.deepEqual([...names].sort(), ['execve', 'exit_group', 'wait4'])
  const alone = trace(sh(script), { filter: ['execve'], follow: false })
  assert.equal((await alone.toArray()).length, 1)
  assert.deepEqual(await alone.exit, { code: 3, signal: null })
})

test('events beside calls', async () => {
  const t = trace(sh('kill -USR1 $$'), { events: true, filter: ['kill'] })
  const events = await t.toArray()
  assert.deepEqual(
    events.map(e => e.kind),
    ['start', 'call', 'signal', 'exit'],
  )
  const signal = events[2]!
  assert.ok(signal.kind === 'signal')
  assert.equal(signal.signal, 'SIGUSR1')
  assert.deepEqual(signal.info?.code, 'SI_USER')
  assert.deepEqual(await t.exit, { code: null, signal: 'SIGUSR1' })
})

test('environment, directory, argv[0] and standard output', async () => {
  const out = join(folder, 'out')
  const fd = openSync(out, 'w')
  const t = trace(['sh', '-c', 'echo "$0 $X"; pwd'], {
    env: { PATH: '/bin:/usr/bin', X: 'caf\u00e9' },
    cwd: folder,
    argv0: 'own name',
    stdio: ['ignore', fd, 'ignore'],
    filter: ['execve'],
  })
  const [execve] = await t.toArray()
  closeSync(fd)
  assert.equal(readFileSync(out, 'utf8'), `own name caf\u00e9\n${folder}\n`)
  assert.deepEqual(execve!.args.argv?.[0], 'own name')
})

test('limits: what is cut says so', async () => {
  const t = trace(sh('echo 0123456789'), { dataLimit: 4, filter: ['write'] })
  const [write] = await t.toArray()
  assert.equal(write!.args.buf!.text(), '0123')
  assert.equal(write!.args.buf!.cut, true)
  assert.equal(write!.args.buf!.fullLength, 11)
  assert.equal(write!.truncated, true)
})

test('errors have a code, an errno and a process', async () => {
  const failed = async (target: TraceTarget, options: TraceOptions = {}): Promise<TraceError> => {
    const t = trace(target, options)
    const error = await t.toArray().then(
      () => assert.fail('no error'),
      e => e,
    )
    assert.ok(error instanceof TraceError, String(error))
    assert.equal(await t.exit.catch(e => e), error)
    assert.deepEqual(await t.next(), { done: true, value: undefined })
    return error
  }
  const missing = await failed(['no-such-program'])
  assert.deepEqual([missing.code, missing.errno, missing.pid], ['program', 'ENOENT', null])
  assert.match(missing.message, /no-such-program.*No such file/)
  writeFileSync(join(folder, 'text'), 'hello', { mode: 0o755 })
  const noexec = await failed([join(folder, 'text')])
  assert.deepEqual([noexec.code, noexec.errno], ['exec', 'ENOEXEC'])
  const gone = await failed({ pid: 4_000_000 })
  assert.deepEqual([gone.code, gone.errno, gone.pid], ['attach', 'ESRCH', 4_000_000])
  const cwd = await failed(['true'], { cwd: '/nonexistent' })
  assert.deepEqual([cwd.code, cwd.errno], ['launch', 'ENOENT'])
  const filter = await failed(['true'], { filter: ['opnat' as 'openat'] })
  assert.equal(filter.code, 'option')
  assert.match(filter.message, /opnat/)
  // What the compiler would not let pass.
  for (const target of ['ls', [], ['ls', 1], undefined, {}]) {
    const wrong = await failed(target as unknown as TraceTarget)
    assert.deepEqual([wrong.code, wrong.errno], ['option', null], wrong.message)
  }
  const backend = await failed(['true'], { backend: 'bpf' as 'ebpf' })
  assert.match(backend.message, /'bpf' is neither/)
})

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)

test('leaving the loop ends the program', async () => {
  const t = trace(sh('while :; do :; done'))
  let pid = 0
  for await (const call of t) {
    pid = call.pid
    break
  }
  assert.deepEqual(await t.exit, { code: null, signal: 'SIGKILL' })
  assert.equal(alive(pid), false)
  assert.deepEqual(await t.next(), { done: true, value: undefined })
})

test('leaving the loop can let the program run on', async () => {
  const done = join(folder, 'done')
  const t = trace(sh(`sleep 0.3; echo > '${done}'`), { whenLeft: 'detach' })
  for await (const _ of t) break
  for (let i = 0; i < 200 && !existsSync(done); i++) await new Promise(r => setTimeout(r, 50))
  assert.ok(existsSync(done))
})

test('an AbortSignal ends the trace', async () => {
  const controller = new AbortController()
  const t = trace(['sleep', '100'], { signal: controller.signal })
  await assert.rejects(
    async () => {
      for await (const call of t) if (call.name === 'execve') setTimeout(() => controller.abort(), 100)
    },
    { name: 'AbortError' },
  )
  assert.deepEqual(await t.exit, { code: null, signal: 'SIGKILL' })
  const early = trace(['sleep', '100'], { signal: AbortSignal.abort(new Error('before')) })
  await assert.rejects(early.next(), { message: 'before' })
  assert.deepEqual(await early.exit, { code: null, signal: 'SIGKILL' })
})

test('a process that runs already is let go of unharmed', async () => {
  const child = spawn('setsid', ['-f', 'sh', '-c', 'echo $$; while :; do sleep 0.05; done'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const pid = Number(await new Promise(resolve => child.stdout!.once('data', d => resolve(String(d).trim()))))
  try {
    const t = trace({ pid }, { filter: ['%process'] })
    await t.ready
    for await (const call of t) if (call.name === 'wait4') break
    assert.deepEqual(await t.exit, { code: null, signal: null })
    assert.equal(alive(pid), true)
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    assert.match(status, /TracerPid:\s0\n/)
  } finally {
    process.kill(pid, 'SIGKILL')
    child.stdout!.destroy()
  }
})

test('the end can be waited for before anything is read', async () => {
  // Some megabytes of records: more than the ring holds.
  const many = sh('i=0; while [ $i -lt 8000 ]; do : </dev/null; i=$((i + 1)); done; exit 3')
  const t = trace(many, { filter: ['openat', 'exit_group'] }, 2 << 20)
  assert.deepEqual(await t.exit, { code: 3, signal: null })
  const calls = await t.toArray()
  assert.equal(
    calls.filter(call => call.name === 'openat' && call.args.pathname === '/dev/null').length,
    8000,
  )
  assert.equal(calls.at(-1)?.name, 'exit_group')
  // Asked for first, and then read all the same.
  const read = trace(sh('exit 4'))
  const { exit } = read
  assert.ok((await read.toArray()).length > 10)
  assert.deepEqual(await exit, { code: 4, signal: null })
  await assert.rejects(trace(['/nowhere/program']).exit, { code: 'program', errno: 'ENOENT' })
})

test('the program waits for a reader that does not read', async () => {
  const file = compile(
    'many',
    `#include <unistd.h>
     #include <sys/syscall.h>
     int main() { char b[4096] = {0}; int p[2]; pipe(p);
       for (int i = 0; i < 3000; i++) { write(p[1], b, 4096); read(p[0], b, 4096); }
       return 0; }`,
  )
  // 3,000 writes of 4 KiB do not fit in a ring of 2 MiB.
  const t = trace([file], { filter: ['write'], follow: false }, 2 << 20)
  const first = await t.next()
  assert.equal(first.done, false)
  await new Promise(r => setTimeout(r, 500))
  const waiting = await Promise.race([t.exit, new Promise(r => setTimeout(r, 10, 'waits'))])
  assert.equal(waiting, 'waits')
  let writes = 0
  if (first.value?.name === 'write') writes++
  for await (const call of t) if (call.name === 'write') writes++
  assert.equal(writes, 3000)
  assert.deepEqual(await t.exit, { code: 0, signal: null })
})
