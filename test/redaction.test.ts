/** What rules name is gone from recordings and from what is printed; the rest stays as it was. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { openRecording } from '../src/record/recording-reader.ts'
import { parseRules } from '../src/redaction/rules.ts'
import { environment, glass, run, scratch, sysglass } from './tracers.ts'

/** Every way that a text takes to the kernel and back: VALUE stands where bytes go, NAME where files are named. */
const program = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#define VALUE "s3cret-value"
int main(void) {
  char buf[100], big[3000];
  mkdir("private", 0700);
  int fd = open("private/key.pem", O_RDWR | O_CREAT | O_TRUNC, 0600);
  write(fd, VALUE, strlen(VALUE));
  struct iovec iov[2] = {{VALUE, 12}, {" " VALUE, 13}};
  writev(fd, iov, 2);
  memset(big, '.', sizeof big);
  memcpy(big + 500, VALUE, 12);
  pwrite(fd, big, sizeof big, 100);
  pread(fd, buf, 12, 0);
  pread(fd, big, sizeof big, 100);
  lseek(fd, 0, SEEK_SET);
  readv(fd, (struct iovec[]){{buf, 6}, {buf + 6, 60}}, 2);
  fsetxattr(fd, "user.x", VALUE, 12, 0);
  close(fd);
  int pair[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  send(pair[0], VALUE, 12, 0);
  struct msghdr out = {.msg_iov = iov, .msg_iovlen = 2}, in = {.msg_iov = &(struct iovec){buf, 100}, .msg_iovlen = 1};
  sendmsg(pair[0], &out, 0);
  recv(pair[1], buf, 100, 0);
  recvmsg(pair[1], &in, 0);
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  strcpy(un.sun_path, "private/socket.name");
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(s, (void *)&un, sizeof un);
  socklen_t size = sizeof un;
  getsockname(s, (void *)&un, &size);
  getcwd(big, sizeof big);
  strcat(big, "/private/key.pem");
  symlink(big, "private/link");
  readlink("private/link", buf, 100);
  rename("private/link", "private/other");
  DIR *d = opendir("private");
  while (readdir(d)) ;
  closedir(d);
  prctl(PR_SET_NAME, VALUE);
  chdir("private");
  open("key.pem", O_RDONLY);
  getcwd(big, sizeof big);
  stat("./other", &(struct stat){0});
  putenv("OTHER=plain");
  execlp("true", "true", "plain", (char *)0);
}
`
const command = join(scratch, 'leaks')
const secret = { LEAK_TOKEN: 's3cret-value' }
const words = ['env=LEAK_*', `path=${scratch}/private`, 'payload', 'pattern=s3cret-v[a-z]+']

/** All bytes of a recording's records, and what it tells of itself. */
function contentOf(file: string): string {
  const reader = openRecording(file)
  const parts = [Buffer.from(JSON.stringify(reader.metadata))]
  for (const { bytes, view, offset } of reader.records())
    parts.push(Buffer.from(bytes.slice(offset, offset + view.getUint32(offset, true))))
  return Buffer.concat(parts).toString('latin1')
}

const record = async (name: string, ...options: string[]): Promise<string> => {
  const file = join(scratch, name)
  const { stderr, status } = await run([glass, 'record', '-f', '-o', file, ...options, command], {
    env: secret,
  })
  assert.deepEqual([stderr, status], ['', 0])
  return file
}
const redact = (rules: readonly string[]): string[] => rules.flatMap(rule => ['--redact', rule])
const replay = (...rest: string[]): string =>
  execFileSync(glass, ['replay', ...rest], { encoding: 'latin1', maxBuffer: 1 << 28 })

before(() => {
  writeFileSync(`${command}.c`, program)
  execFileSync('cc', ['-w', '-o', command, `${command}.c`])
})

suite('what rules name is gone', () => {
  test('from a recording, byte for byte, as it is made', async () => {
    const content = contentOf(await record('redacted.rec', ...redact(words)))
    for (const gone of ['s3cret', 'key.pem', 'socket.name', 'private/'])
      assert.equal(content.includes(gone), false, gone)
    assert.ok(content.includes('LEAK_TOKEN=************'))
    assert.ok(content.includes('"redacted":["env","path","payload","pattern"]'))
  })

  test('each kind alone takes what it is about', async () => {
    const whole = await record('whole.rec')
    const left = (rule: string): string => {
      const file = join(scratch, 'part.rec')
      replay(whole, '--redact', rule, '--format=recording', '-o', file)
      return contentOf(file)
    }
    assert.ok(left('env=OTHER').includes('LEAK_TOKEN=s3cret-value'))
    assert.equal(left('env').includes('LEAK_TOKEN=s3cret'), false)
    assert.equal(left('env').includes('OTHER=plain'), false)
    assert.equal(left('pattern=s3cret').includes('s3cret'), false)
    const noPayload = left('payload')
    // The name of the thread and a variable are no payload.
    assert.ok(noPayload.includes('LEAK_TOKEN=s3cret-value'))
    const values = (text: string): number => text.split('s3cret-value').length - 1
    assert.ok(values(noPayload) * 1.5 < values(contentOf(whole)), `${values(noPayload)} values`)
    const noPath = left(`path=${scratch}/private`)
    assert.equal(/key\.pem|socket\.name|private\//.test(noPath), false)
    const ofFile = left(`payload=${scratch}/private/*.pem`)
    assert.ok(ofFile.length === noPayload.length && ofFile !== noPayload)
  })

  test('from what is printed, in each notation; the rest is as it was', async () => {
    const whole = join(scratch, 'whole.rec')
    const printed = ['-v', '-y', '-s', '200']
    for (const format of ['strace', 'gvisor', 'json']) {
      const text = replay(whole, '-f', `--format=${format}`, ...printed, ...redact(words))
      assert.equal(/s3cret|key\.pem|socket\.name/.test(text), false, format)
      assert.match(text, /\*{12}/)
    }
    const lines = (text: string): string[] => text.split('\n').map(line => line.replace(/ +(= .*)?$/, ' $1'))
    const open = lines(replay(whole, '-f', ...printed))
    const hidden = lines(replay(whole, '-f', ...printed, ...redact(words)))
    assert.equal(hidden.length, open.length)
    const same = open.filter((line, i) => line === hidden[i]).length
    assert.ok(same > open.length / 3, `${same} of ${open.length} lines`)
  })

  test('rules come from a file too, and a live trace obeys them', async () => {
    const rules = join(scratch, 'rules')
    writeFileSync(rules, `# what is ours\n${words.join('\n')}\n\n`)
    const trace = join(scratch, 'redacted.txt')
    await run([sysglass, '-f', '-v', '-s', '200', '-o', trace, '--redact-file', rules, command], {
      env: secret,
    })
    assert.equal(/s3cret|key\.pem/.test(readFileSync(trace, 'latin1')), false)
    assert.match(readFileSync(trace, 'latin1'), /write\(3, "\*{12}", 12\) += 12/)
  })
})

suite('rules', () => {
  const refusal = (...rules: string[]): string => {
    const parsed = parseRules(rules)
    return 'message' in parsed ? parsed.message : 'none'
  }

  test('what is no rule is refused', () => {
    assert.match(refusal('passwords'), /^--redact: 'passwords' is not env\[=NAME\], path=PATH, payload/)
    assert.match(refusal('path'), /^--redact path: what is it\?/)
    assert.match(refusal('payload=nocall'), /^--redact payload: invalid system call 'nocall'$/)
    assert.match(refusal('pattern=(a'), /missing closing \)/)
    assert.match(refusal('pattern=a*'), /matches nothing/)
    const { status, stderr } = spawnSync(glass, ['record', '-o', '/dev/null', '--redact', 'x', 'true'], {
      encoding: 'latin1',
      env: environment,
    })
    assert.equal(status, 1)
    assert.match(stderr, /: --redact: 'x' is not env/)
  })

  test('no pattern takes longer than its text allows', () => {
    const begun = process.cpuUsage()
    const rules = parseRules(['pattern=(a+)+$|(x*x*)*y|(a|a)*b', 'path=/**a**a**a**a**a**b'])
    assert.ok('pattern' in rules)
    rules.pattern!(`${'a'.repeat(100_000)}!`)
    rules.path!(`/${'a'.repeat(4096)}`)
    const { user } = process.cpuUsage(begun)
    assert.ok(user < 20e6, `${user / 1e6} s`)
  })

  test('globs: a star stops at a slash, two do not; what is in a folder goes with it', () => {
    const rules = parseRules(['path=/home/*/.ssh', 'path=**/*.key', 'path=/a+b'])
    assert.ok('path' in rules)
    const { path } = rules
    for (const yes of ['/home/me/.ssh', '/home/me/.ssh/id/x', '/x/y/z.key', '/a+b'])
      assert.equal(path!(yes), true, yes)
    for (const no of ['/home/me/you/.ssh', '/home/me/.sshd', '/x/y/z.keys', '/aab', 'x'])
      assert.equal(path!(no), false, no)
  })
})

suite('exports', () => {
  const table = (to: string, ...rest: string[]): string => {
    const file = join(scratch, `redacted.${to}`)
    const { status, stderr } = spawnSync(
      glass,
      ['export', join(scratch, 'whole.rec'), '--to', to, '-o', file, ...rest],
      {
        encoding: 'latin1',
        env: environment,
      },
    )
    assert.deepEqual([status, stderr], [0, ''])
    return readFileSync(file, 'latin1')
  }
  for (const to of ['chrome', 'csv', 'jsonl', 'recording'])
    test(`to ${to}`, () => {
      const redacted = table(to, ...redact(words))
      if (to === 'recording')
        return assert.equal(/s3cret|key\.pem/.test(contentOf(join(scratch, 'redacted.recording'))), false)
      assert.match(table(to), /key\.pem/)
      assert.equal(/s3cret|key\.pem/.test(redacted), false)
    })
})
