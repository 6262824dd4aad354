/**
 * A recording can be printed with whatever option a trace can: one program is recorded once, and traced anew with each
 * option. It has one thread, and its addresses are the same every time, so lines differ in what a trace cannot help alone.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { environment, glass, run, scratch, sysglass } from './tracers.ts'

const program = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
static void handler(int signal) {}
int main(void) {
  static char big[300000];
  struct stat st;
  memset(big, 'a', sizeof big);
  big[40] = '\\xff';
  int fd = open("replayed-file", O_RDWR | O_CREAT | O_TRUNC, 0644);
  write(fd, big, 5000);
  lseek(fd, 0, SEEK_SET);
  read(fd, big, 3000);
  fstat(fd, &st);
  stat("/nonexistent", &st);
  int null = open("/dev/null", O_RDWR), root = open("/", O_RDONLY | O_DIRECTORY);
  openat(root, "tmp", O_RDONLY);
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  write(pair[0], "hi\\n", 3);
  read(pair[1], big, 10);
  int tcp = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  connect(tcp, (void *)&to, sizeof to);
  prctl(PR_SET_NAME, "renamed");
  signal(SIGUSR1, handler);
  kill(getpid(), SIGUSR1);
  struct iovec parts[2] = {{"one", 3}, {big, 2000}};
  writev(null, parts, 2);
  poll(&(struct pollfd){pair[1], POLLIN, 0}, 1, 1);
  int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
  close(pidfd);
  waitpid(-1, 0, 0);
  munmap(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096);
  chdir("/tmp");
  unlink("/tmp/none");
  return 5;
}
`
const command = ['setarch', '-R', './replayed']
const whole = join(scratch, 'every.rec')
const stacks = join(scratch, 'stacks.rec')

const options = [
  '-a 10 -n',
  '-v -s 200 -x',
  '-xx',
  '-yy',
  '-Y',
  '-tt',
  '-ttt -T',
  '-r -z',
  '-Z -y',
  '-X raw',
  '-X verbose',
  '-e trace=%file,prctl',
  '-e signal=none -e raw=openat,newfstatat',
  '-e abbrev=none -e verbose=!newfstatat',
  '-e read=3',
  '-e write=all',
  '-s 262144',
  '-e decode-fds=all --decode-pids=comm',
  '-P /dev/null',
  '-c -w -S name',
  '--format=gvisor',
  '--format=gvisor --gvisor-era=2021',
  '--format=json -s 3000',
]

/** Lines without what differs between two runs: process numbers, times, inodes, addresses of what has random ones. */
const comparable = (text: string): string[] =>
  text
    .split('\n')
    .filter(line => !/getrandom|^\s*[\d.]+ .*total|rseq/.test(line))
    .map(line =>
      line
        .replace(/[\d.]+(µs|ms|s)\)/g, 'DURATION)')
        .replace(/"(duration|time)":[\d.]+/g, '"$1":0')
        .replace(/0x[0-9a-f]{3,}/g, 'ADDRESS')
        .replace(/(\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d[\d.]*/g, 'TIME')
        .replace(/\d+\.\d+/g, '0.0')
        .replace(/\b\d{3,}\b/g, 'N')
        .replace(/^ +0\.0 +0\.0 +(N|\d+)/, ' 0.0 0.0 N')
        .replace(/ +/g, ' '),
    )

before(async () => {
  writeFileSync(join(scratch, 'replayed.c'), program)
  execFileSync('cc', ['-w', '-g', '-o', join(scratch, 'replayed'), join(scratch, 'replayed.c')])
  for (const [file, more] of [
    [whole, '--data-limit=all'],
    [stacks, '-k'],
  ] as const) {
    const { status, stderr } = await run([glass, 'record', '-f', more, '-o', file, ...command])
    assert.deepEqual([status, stderr], [5, ''])
  }
})

async function compare(words: readonly string[], recording: string): Promise<void> {
  const [live, again] = [join(scratch, 'every-live'), join(scratch, 'every-again')]
  await run([sysglass, '-f', '-q', '-o', live, ...words, ...command])
  const { status, stderr } = spawnSync(glass, ['replay', recording, '-f', '-q', '-o', again, ...words], {
    encoding: 'latin1',
    env: environment,
  })
  assert.deepEqual([status, stderr], [0, ''])
  const [expected, got] = [live, again].map(file => comparable(readFileSync(file, 'utf8')))
  assert.ok(got!.length > 3)
  const differing = got!.filter((line, i) => line !== expected![i])
  assert.deepEqual(
    differing.slice(0, 3),
    got!.flatMap((line, i) => (line === expected![i] ? [] : [expected![i]])).slice(0, 3),
  )
  assert.equal(got!.length, expected!.length)
}

suite('a replay prints as a trace does', () => {
  for (const words of options) test(words, { timeout: 120_000 }, () => compare(words.split(' '), whole))
  test('-k', { timeout: 120_000 }, () => compare(['-k', '-e', 'trace=%file'], stacks))
})
