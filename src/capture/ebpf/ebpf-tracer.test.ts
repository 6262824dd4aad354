/** Captures by eBPF: what is in the records, that none is lost, and that nothing stays behind. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ThreadOrigin } from '../../record/layout.ts'
import { type Capture, type CaptureOptions, isCaptureError } from '../backend.ts'
import {
  brief,
  bundledWorker,
  everything,
  onlyCalls,
  program,
  run,
  TestCapture,
  temporary,
} from '../ptrace/test-capture.ts'
import { Near } from './capture-layout.ts'
import { startEbpf } from './start-ebpf.ts'

const worker = bundledWorker(new URL('./worker.ts', import.meta.url))

async function begin(options: Partial<CaptureOptions>): Promise<Capture> {
  // Small, so that it fills.
  const capture = await startEbpf({ ...everything, ...options }, { worker, ringBytes: 8 << 20 })
  if (isCaptureError(capture)) throw new Error(`${capture.message} (errno ${capture.errno})`)
  return capture
}

async function captureAll(options: Partial<CaptureOptions>) {
  const capture = new TestCapture(await begin(options), 50_000, () => true)
  const end = await capture.done
  return { records: capture.records, end }
}

/** Why there is nothing to test, if so. */
const refused = await (async (): Promise<string | false> => {
  const capture = await startEbpf({ ...everything, ...run('/bin/true') }, { worker })
  if (!isCaptureError(capture)) await new TestCapture(capture, 10_000, () => false).done
  else if (capture.error === 'unsupported') return `no eBPF here: ${capture.message} (errno ${capture.errno})`
  return false
})()

/** A program that makes `calls` calls of getppid in each of some threads. */
function caller(): string {
  return compiled(
    'caller',
    `
    #include <pthread.h>
    #include <stdlib.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static long calls;
    static void *work(void *unused) {
      for (long i = 0; i < calls; i++) syscall(SYS_getppid);
      return unused;
    }
    int main(int argc, char **argv) {
      pthread_t threads[16];
      int n = atoi(argv[1]);
      calls = atol(argv[2]);
      for (int i = 0; i < n; i++) pthread_create(&threads[i], NULL, work, NULL);
      for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
      return 0;
    }`,
  )
}

function compiled(name: string, source: string): string {
  const file = temporary(name)
  execFileSync('cc', ['-O1', '-pthread', '-x', 'c', '-', '-o', file], { input: source })
  return file
}

describe('eBPF capture', { skip: refused }, () => {
  test('a program from its execve to its end', async () => {
    const { records, end } = await captureAll({
      ...run('/bin/sh', '-c', 'exit 3'),
      calls: onlyCalls('execve', 'exit_group'),
    })
    assert.equal(records[0]!.kind, 'start')
    assert.deepEqual(brief(records.slice(1)), [
      'thread 0',
      'enter execve',
      'exit execve 0',
      'enter exit_group',
      'exiting 768',
      'exited 3',
      'end 768',
    ])
    assert.deepEqual(end, { status: 3 << 8 })
    const strings = records[2]!.ranges.map(r => r.bytes.toString('latin1'))
    for (const text of ['/bin/sh\0', '-c\0', 'exit 3\0']) assert.ok(strings.includes(text), text)
    for (let i = 1; i < records.length; i++)
      assert.ok(records[i]!.time >= records[i - 1]!.time || i < 3, String(i))
  })

  test('threads whose numbers have the low bits of others', async () => {
    // Of all these one has the place at hand; the others stand aside. Each number is used twice, the second time by who executes a program.
    const source = `
      #define _GNU_SOURCE
      #include <linux/sched.h>
      #include <pthread.h>
      #include <signal.h>
      #include <stdint.h>
      #include <string.h>
      #include <sys/syscall.h>
      #include <sys/wait.h>
      #include <unistd.h>
      static int made(pid_t tid) {
        struct clone_args args;
        memset(&args, 0, sizeof args);
        args.exit_signal = SIGCHLD;
        args.set_tid = (uint64_t)(uintptr_t)&tid;
        args.set_tid_size = 1;
        return syscall(SYS_clone3, &args, sizeof args);
      }
      static void *execute(void *path) {
        execl(path, path, "x", NULL);
        return path;
      }
      int main(int argc, char **argv) {
        if (argc > 1) {
          for (int i = 0; i < 10; i++) syscall(SYS_getppid);
          return 0;
        }
        // Far from the numbers that are given out at this time.
        int self = 500 + (getpid() + ${Near.places / 2}) % ${Near.places}, ended;
        for (int i = 0; i <= 3; i++)
          while (kill(self + ${Near.places} * i, 0) == 0) self++, i = 0;
        int first = made(self);
        if (first < 0) return 2;
        if (first > 0) return wait(&ended) == first ? ended >> 8 : 3;
        for (int round = 0; round < 2; round++) {
          int hold[2], made_all = 1;
          if (pipe(hold) != 0) return 1;
          for (int i = 1; i <= 3; i++) {
            int pid = made(self + ${Near.places} * i);
            if (pid < 0) made_all = 0;
            if (pid != 0) continue;
            char byte;
            close(hold[1]);
            read(hold[0], &byte, 1);
            for (int j = 0; j < 100; j++) syscall(SYS_getppid);
            pthread_t thread;
            if (round == 0) return 0;
            if (i == 1) execute(argv[0]);
            pthread_create(&thread, NULL, execute, argv[0]);
            pthread_join(thread, NULL);
            return 1;
          }
          if (!made_all) return 2;
          for (int j = 0; j < 100; j++) syscall(SYS_getppid);
          close(hold[0]);
          close(hold[1]);
          for (int i = 1; i <= 3; i++) {
            int status;
            if (wait(&status) < 0 || status != 0) return 3;
          }
        }
        return 0;
      }`
    const options = { ...run(compiled('collides', source)), calls: onlyCalls('getppid') }
    let { records, end } = await captureAll(options)
    // Somebody else has got one of the numbers.
    for (let again = 0; again < 5 && end?.status === 2 << 8; again++)
      ({ records, end } = await captureAll(options))
    assert.deepEqual(end, { status: 0 })
    const calls = new Map<number, number>()
    for (const { kind, tid } of records) if (kind === 'exit') calls.set(tid, (calls.get(tid) ?? 0) + 1)
    const self = Math.min(...calls.keys())
    assert.deepEqual(
      [...calls].sort(([a], [b]) => a - b).map(([tid, count]) => [tid - self, count]),
      [0, 1, 2, 3].map(i => [i * Near.places, i === 0 ? 200 : 210]),
    )
    assert.equal(records.filter(({ kind }) => kind === 'enter').length, 200 + 3 * 210)
  })

  test('every call of a program that is faster than its reader', async () => {
    const calls = 240_000
    const capture = await begin({ ...run(caller(), '2', String(calls)), calls: onlyCalls('getppid') })
    // Nobody reads for a while: both rings fill, and the program is held.
    await sleep(1500)
    const counts = { enter: 0, exit: 0, lost: 0 }
    const read = new TestCapture(capture, 50_000, record => {
      if (record.kind in counts) counts[record.kind as keyof typeof counts]++
      return false
    })
    const end = await read.done
    assert.deepEqual(counts, { enter: 2 * calls, exit: 2 * calls, lost: 0 })
    assert.deepEqual(end, { status: 0 })
  })

  test('calls that are lost are counted, to the last one', async () => {
    const calls = 600_000
    const source = `
      #include <sys/syscall.h>
      #include <unistd.h>
      int main(void) {
        char byte;
        write(1, "", 1);
        read(0, &byte, 1);
        for (long i = 0; i < ${calls}; i++) syscall(SYS_getppid);
        return 0;
      }`
    const child = spawn(compiled('loses', source), { stdio: ['pipe', 'pipe', 'ignore'] })
    try {
      await new Promise(resolve => child.stdout.once('data', resolve))
      const capture = await begin({ attach: [child.pid!], calls: onlyCalls('getppid') })
      child.stdin.write('x')
      // It is not ours, and not held while nobody reads.
      await new Promise(resolve => child.once('exit', resolve))
      const counts = { whole: 0, lost: 0, open: 0 }
      await new TestCapture(capture, 50_000, record => {
        if (record.kind === 'enter') counts.open = 1
        if (record.kind === 'exit') counts.whole += counts.open
        if (record.kind === 'exit') counts.open = 0
        if (record.kind === 'lost') counts.lost += Number(record.value)
        return false
      }).done
      assert.ok(counts.lost > 0)
      assert.equal(counts.whole + counts.lost, calls)
    } finally {
      child.kill('SIGKILL')
    }
  })

  test('a program that is not to be held up: calls that are lost are counted', async () => {
    const calls = 330_000
    const capture = await begin({
      ...run(caller(), '2', String(calls)),
      calls: onlyCalls('getppid'),
      lossless: false,
      entryTimes: false,
    })
    // Nobody reads until it must have ended; when it has not, there is only less to count.
    await sleep(1500)
    const counts = { enter: 0, exit: 0, lost: 0 }
    const end = await new TestCapture(capture, 50_000, record => {
      if (record.kind === 'lost') counts.lost += Number(record.value)
      else if (record.kind === 'enter' || record.kind === 'exit') counts[record.kind]++
      return false
    }).done
    assert.equal(counts.enter, counts.exit)
    assert.equal(counts.exit + counts.lost, 2 * calls)
    assert.deepEqual(end, { status: 0 })
  })

  test('32-bit calls, whose programs are loaded when the first one comes', {
    skip: process.arch !== 'x64',
  }, async () => {
    const source = `
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <unistd.h>
      static long call32(long number, long a, long b, long c) {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
        return result;
      }
      int main(void) {
        char *low = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
        int out = open("/dev/null", O_WRONLY);
        for (int i = 0; i < 1500; i++) {
          if (call32(4, out, (long)strcpy(low, "hi"), 2) != 2) return 1;
          usleep(1000);
        }
        // Nothing of this is there when the program has ended.
        strcpy(low, "bye");
        return call32(4, out, (long)low, 3) == 3 ? 0 : 1;
      }`
    const file = compiled('calls32', source)
    const { records, end } = await captureAll({ ...run(file), calls: onlyCalls('write') })
    const writes = records.filter(r => r.kind === 'enter' && r.arch === 'i386')
    assert.equal(writes.length, 1501)
    assert.deepEqual(
      writes.at(-1)!.ranges.map(r => r.bytes.toString()),
      ['bye'],
    )
    assert.deepEqual(end, { status: 0 })
  })

  test('a thousand children, each with its end', async () => {
    const { records, end } = await captureAll({
      ...run(program('forks'), '1000'),
      calls: onlyCalls('exit_group'),
    })
    const exited = records.filter(r => r.kind === 'exited')
    assert.equal(records.filter(r => r.kind === 'thread' && r.origin === ThreadOrigin.fork).length, 1000)
    assert.deepEqual(
      exited.map(r => Number(r.value)),
      [...Array.from({ length: 1000 }, (_, i) => i % 100), 0],
    )
    assert.deepEqual(end, { status: 0 })
  })

  test('execve in a thread takes the leader its number', async () => {
    const { records } = await captureAll(run(program('thread-execve'), '/bin/true'))
    const leader = records[1]!.tid
    const executor = records.filter(r => r.kind === 'thread').at(-1)!.tid
    const superseded = records.findIndex(r => r.kind === 'superseded')
    const { tid, value } = records[superseded]!
    assert.deepEqual([tid, Number(value)], [leader, executor])
    const next = records.slice(superseded + 1).find(r => r.kind !== 'comm')!
    assert.deepEqual(
      [next.kind, next.call, next.value, next.tid, next.pid],
      ['exit', 'execve', 0n, leader, leader],
    )
    const ends = records.filter(r => r.kind === 'exited').map(r => r.tid)
    // The sleeper's, and the leader's when all is over.
    assert.deepEqual([ends.length, ends.at(-1)], [2, leader])
  })

  test('signals, a group-stop, death by a signal', async () => {
    const { records, end } = await captureAll(run(program('signals')))
    const leader = records[1]!.tid
    const events = records.filter(
      r => r.tid === leader && ['signal', 'stopped', 'exiting', 'killed'].includes(r.kind) && r.value !== 17n,
    )
    assert.deepEqual(brief(events), [
      'signal 10',
      'signal 19',
      'stopped 19',
      'signal 18',
      'signal 15',
      'killed 15',
    ])
    const usr1 = events[0]!.siginfo
    assert.deepEqual([usr1.length, usr1.readInt32LE(0), usr1.readInt32LE(16)], [128, 10, leader])
    assert.equal(end.status, 15)
  })

  test('threads and processes that come and go, until all are killed', async () => {
    const capture = new TestCapture(
      await begin({ ...run(program('churn')), calls: onlyCalls('getppid') }),
      30_000,
      r => r.kind === 'thread' || r.kind === 'exited' || r.kind === 'killed' || r.kind === 'lost',
    )
    await sleep(700)
    capture.capture.stop({ signal: 9 })
    const end = await capture.done
    assert.deepEqual(end, { status: 9 })
    const { records } = capture
    assert.ok(records.length > 20)
    assert.equal(records.filter(r => r.kind === 'lost').length, 0)
    const count = (...kinds: string[]) => records.filter(r => kinds.includes(r.kind)).length
    assert.equal(count('thread'), count('exited', 'killed'))
  })

  test('a process that runs already, until it is let go', async () => {
    const child = spawn('/bin/sh', ['-c', 'while read line; do echo $line; done'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    try {
      child.stdin.write('one\n')
      await new Promise(resolve => child.stdout.once('data', resolve))
      const capture = new TestCapture(await begin({ attach: [child.pid!] }), 20_000, () => true)
      child.stdin.write('two\n')
      await capture.until(r => r.call === 'write' && r.kind === 'exit')
      capture.capture.stop('detach')
      assert.deepEqual(await capture.done, { status: null })
      const write = capture.records.find(r => r.call === 'write' && r.kind === 'enter')!
      assert.deepEqual(
        write.ranges.map(r => r.bytes.toString()),
        ['two\n'],
      )
      assert.equal(capture.records.at(-2)!.kind, 'detached')
      assert.match(readFileSync(`/proc/${child.pid}/status`, 'latin1'), /^TracerPid:\t0$/m)
    } finally {
      child.kill('SIGKILL')
    }
  })
})
