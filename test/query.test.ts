/** What a recording answers: the numbers are those of the program, which are known. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe as suite, test } from 'node:test'
import { duckDBMissing, glass, run, scratch } from './tracers.ts'

const missing = await duckDBMissing()
const folder = join(scratch, 'query')
const recording = join(folder, 'program.rec')
const cache = join(folder, 'cache')
const env = { XDG_CACHE_HOME: cache }
/** A name that would do things to a terminal, to a table, and to SQL. */
const hostile = "a\u001b[31m'; DROP TABLE calls; --"

const script = `
  cat data data > /dev/null
  echo 12345 > out; cat data > copy; cat nosuch 2>/dev/null; cat "$NAME" > /dev/null; (exit 3)`

const ask = async (...words: string[]) => {
  const { status, stdout, stderr } = await run([glass, ...words], { env, cwd: folder, timeout: 60_000 })
  assert.equal(status, 0, stderr)
  return Buffer.from(stdout, 'latin1').toString()
}
const rowsOf = async (...words: string[]) =>
  (await ask(...words, '--json'))
    .trim()
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>)

suite('questions', { skip: missing, timeout: 240_000 }, () => {
  before(async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'data'), 'x'.repeat(999) + '\n')
    writeFileSync(join(folder, hostile), 'hello')
    const { status } = await run([glass, 'record', '-f', '-o', recording, 'sh', '-c', script], {
      cwd: folder,
      env: { ...env, NAME: hostile },
      timeout: 60_000,
    })
    assert.equal(status, 3)
  })

  test('files: bytes in and out, by path', async () => {
    const files = await rowsOf('files', recording)
    const one = (name: string) => files.find(({ path }) => path === join(folder, name))
    // With whatever call cat copies.
    assert.equal(one('data')?.bytes_read, 3 * 1000)
    assert.equal(one('data')?.opened, 3)
    assert.equal(one('out')?.bytes_written, 6)
    assert.equal(one('copy')?.bytes_written, 1000)
    assert.deepEqual([one('nosuch')?.failed, one('nosuch')?.opened], [1, 0])
    assert.equal(one(hostile)?.bytes_read, 5)
  })

  test('files: by process', async () => {
    const rows = await rowsOf(
      'query',
      recording,
      `select f.bytes_read, p.command from files f join processes p using (pid) where f.path like '%/data' order by p.started`,
    )
    assert.deepEqual(
      rows.map(({ bytes_read, command }) => [bytes_read, command]),
      [
        [2000, 'cat data data'],
        [1000, 'cat data'],
      ],
    )
  })

  test('processes: who started whom, and how they ended', async () => {
    const rows = await rowsOf(
      'query',
      recording,
      'select pid, parent, command, code from processes order by started',
    )
    const [shell] = rows
    assert.match(String(shell?.command), /^sh -c '\n {2}cat/)
    assert.equal(shell?.parent, null)
    assert.deepEqual(
      rows.slice(1).map(({ parent, command, code }) => [parent, command ?? '(sh)', code]),
      [
        [shell?.pid, 'cat data data', 0],
        [shell?.pid, 'cat data', 0],
        [shell?.pid, 'cat nosuch', 1],
        [shell?.pid, `cat '${hostile.replaceAll("'", "'\\''")}'`, 0],
        ...(rows.length > 5 ? [[shell?.pid, '(sh)', 3]] : []),
      ],
    )
    const drawn = await ask('processes', recording)
    assert.match(drawn, /├─ cat data\n/)
    assert.doesNotMatch(drawn, /\u001b/)
  })

  test('errors, top, slowest, latency, summary, network agree with SQL', async () => {
    const [{ calls, failed } = {}] = await rowsOf(
      'query',
      recording,
      `select count(*) calls, count(*) filter (outcome = 'failed') failed from calls`,
    )
    const sum = (rows: Record<string, unknown>[], column: string) =>
      rows.reduce((total, row) => total + Number(row[column]), 0)
    assert.equal(sum(await rowsOf('top', recording), 'calls'), calls)
    const errors = await rowsOf('errors', recording)
    assert.equal(sum(errors, 'times'), failed)
    assert.ok(errors.some(({ name, errno }) => name === 'openat' && errno === 'ENOENT'))
    assert.equal((await rowsOf('slowest', recording)).length, 20)
    assert.deepEqual(await rowsOf('network', recording), [])
    assert.match(await ask('latency', recording), /█/)
    const summary = Object.fromEntries(
      (await rowsOf('summary', recording)).map(({ what, value }) => [what, value]),
    )
    assert.equal(Number(summary.calls), calls)
  })

  test('network: what went through each socket; where it leads stands for its number', async () => {
    const conversation = `
import os, socket
server = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(server.getsockname())
there, _ = server.accept()
client.sendall(b'x' * 70)
there.recv(100)
there.sendall(b'y' * 30)
client.recv(100)
try: client.connect(server.getsockname())
except OSError: pass
print(server.getsockname()[1])`
    const talk = join(folder, 'talk.rec')
    const { stdout } = await run([glass, 'record', '-o', talk, 'python3', '-c', conversation], {
      env,
      timeout: 60_000,
    })
    const address = `127.0.0.1:${stdout.trim()}`
    const rows = await rowsOf('network', talk)
    assert.deepEqual(
      rows
        .filter(({ name, address: there }) => name === 'accept4' || (name === 'connect' && there === address))
        .map(row => [
          row.name,
          row.name === 'connect' ? row.address : '',
          row.result,
          row.sent,
          row.received,
        ]),
      [
        ['connect', address, 'ok', null, null],
        ['accept4', '', 'ok', 30, 70],
        ['connect', address, 'EISCONN', 70, 30],
      ],
    )
    const errors = await rowsOf('errors', talk)
    assert.equal(errors.find(({ errno }) => errno === 'EISCONN')?.example, address)
  })

  test('a number that is given again is another process', async () => {
    const log = join(folder, 'again.txt')
    const lines = [
      '100 1700000000.000000 execve("/bin/sh", ["sh"], 0x7ffe) = 0 <0.000100>',
      '100 1700000000.100000 clone(child_stack=NULL, flags=SIGCHLD) = 101 <0.000100>',
      '101 1700000000.200000 getpid() = 101 <0.000001>',
      '101 1700000000.300000 +++ exited with 0 +++',
      '100 1700000000.400000 clone(child_stack=NULL, flags=SIGCHLD) = 101 <0.000100>',
      '101 1700000000.500000 execve("/bin/ls", ["ls"], 0x7ffe) = 0 <0.000100>',
      '101 1700000000.600000 getpid() = 101 <0.000001>',
      '101 1700000000.700000 +++ killed by SIGSEGV +++',
      '100 1700000000.800000 +++ exited with 1 +++',
    ]
    writeFileSync(log, `${lines.join('\n')}\n`)
    assert.deepEqual(
      (await rowsOf('processes', log)).map(({ pid, calls, ended, command }) => [pid, calls, ended, command]),
      [
        [100, 3, '1', 'sh'],
        [101, 1, '0', '├─ sh'],
        [101, 2, 'SIGSEGV', '└─ ls'],
      ],
    )
  })

  test('a process whose execve was not recorded has the name of its program', async () => {
    const ends = join(folder, 'ends.rec')
    await run([glass, 'record', '-e', 'trace=exit_group', '-o', ends, 'true'], { env, timeout: 60_000 })
    assert.deepEqual(
      (await rowsOf('processes', ends)).map(({ command }) => command),
      ['true'],
    )
  })

  test('each of several statements is answered; of the last a file has the rows', async () => {
    const sql =
      "create table t as select '007' as n; -- one; two\nselect n from t; select ';' as n, [1] as l;"
    assert.deepEqual(await rowsOf('query', recording, sql), [{ Count: 1 }, { n: '007' }, { n: ';', l: [1] }])
    const to = join(folder, 'several.csv')
    await ask('query', recording, sql, '--to', to)
    assert.equal(readFileSync(to, 'utf8'), 'n,l\n;,[1]\n')
  })

  test('arguments in JSON are JSON, not text', async () => {
    const rows = await rowsOf('query', recording, "select args from calls where name = 'openat' limit 1")
    assert.deepEqual(
      rows.map(({ args }) => typeof (args as { pathname?: unknown }).pathname),
      ['string'],
    )
  })

  test('arguments by name', async () => {
    const rows = await rowsOf(
      'query',
      recording,
      `select distinct args->>'pathname' as name from calls where name = 'openat' and path like '%/copy'`,
    )
    assert.deepEqual(rows, [{ name: 'copy' }])
  })

  test('exports are read back', async () => {
    for (const kind of ['parquet', 'csv', 'json']) {
      const to = join(folder, `calls.${kind}`)
      await ask('query', recording, 'select id, name, path from calls', '--to', to)
      const [there] = await rowsOf('query', recording, `select count(*) as n, max(id) as last from '${to}'`)
      const [own] = await rowsOf('query', recording, 'select count(*) as n, max(id) as last from calls')
      assert.deepEqual(there, own, kind)
      // As a shell would make it; what is kept of the recording is its owner's alone.
      assert.equal(statSync(to).mode & 0o777, 0o666 & ~process.umask(), kind)
    }
    assert.equal(statSync(join(cache, 'sysglass')).mode & 0o777, 0o700)
    const csv = await ask('query', recording, "select 'a,\"b' as x, null as y, 1 as z", '--csv')
    assert.equal(csv, 'x,y,z\r\n"a,""b",,1\r\n')
  })

  test('SQL from the standard input', () => {
    const input = 'select count(*) > 0 as some from calls'
    const options = { input, env: { ...process.env, ...env }, encoding: 'utf8' } as const
    assert.equal(execFileSync(glass, ['query', recording, '--json'], options), '{"some":true}\n')
  })

  test('mistakes are told in a line or two', async () => {
    const fails = async (words: string[], message: RegExp) => {
      const { status, stderr } = await run([glass, ...words], { env, timeout: 60_000 })
      assert.equal(status, 1)
      assert.match(stderr, message)
      assert.doesNotMatch(stderr, /\n {4}at /)
    }
    await fails(['query', recording, 'selec 1'], /Parser Error: syntax error at or near "selec"/)
    await fails(
      ['query', join(folder, 'nosuch'), 'select 1'],
      /Can't open '.*nosuch': No such file or directory\n$/,
    )
    await fails(['top', join(folder, 'data')], /data: is not a recording\n$/)
    await fails(['top'], /which recording\?/)
    await fails(['top', recording, '--nosuch'], /Unknown option '--nosuch'/)
    await fails(['query', recording, 'select 1', '--to', 'x.xls'], /must end in \.parquet, \.csv or \.json/)
  })

  test('a large recording, which a thread of its own reads, tells what any tells', async () => {
    const large = join(folder, 'large.rec')
    const dd = ['dd', 'if=/dev/urandom', 'of=/dev/null', 'bs=1024', 'count=1100', 'status=none']
    await run([glass, 'record', '-o', large, ...dd], { cwd: folder, env, timeout: 60_000 })
    const sql = `select count(*) n, sum(hash(id, time, name, result, errno, duration, path, args)) as everything,
      (select sum(hash(bytes_read, calls, comm)) from files) as files from calls`
    const bySize = async (file: string) => {
      const { stdout, stderr } = await run([glass, 'query', file, sql], { env, timeout: 60_000 })
      // Nobody can tell how large a pipe is.
      const words = [glass, 'query', '/dev/stdin', sql]
      const piped = await run(['sh', '-c', 'file=$1; shift; cat "$file" | "$@"', 'sh', file, ...words], {
        env,
        timeout: 60_000,
      })
      assert.equal(piped.stdout, stdout)
      assert.equal(piped.stderr.replaceAll('/dev/stdin', file), stderr)
      return stdout + stderr
    }
    assert.match(await bySize(large), /\n2\d{3} /)
    truncateSync(large, statSync(large).size - 20)
    assert.ok(statSync(large).size > 1 << 20)
    assert.match(await bySize(large), /large\.rec: ends in the middle.*; what comes before that is there\n/)
  })

  test('who asks first at the same time gets the same answer', async () => {
    const copy = join(folder, 'copy.rec')
    writeFileSync(copy, readFileSync(recording))
    const all = await Promise.all([1, 2, 3].map(() => ask('top', copy)))
    assert.deepEqual(all, [all[0], all[0], all[0]])
    assert.deepEqual(
      readdirSync(join(cache, 'sysglass')).filter(name => !/^[0-9a-f]{32}\.tables$/.test(name)),
      [],
    )
  })

  test('of a torn recording there is what comes before', async () => {
    const torn = join(folder, 'torn.rec')
    const whole = readFileSync(recording)
    writeFileSync(torn, whole)
    truncateSync(torn, whole.length - 20)
    const { status, stderr } = await run([glass, 'summary', torn], { env, timeout: 60_000 })
    assert.equal(status, 0)
    assert.match(stderr, /torn\.rec.*; what comes before that is there\n/)
  })
})
