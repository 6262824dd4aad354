/** One capture, fed to the live printers and to a recording: the replay must say the same, byte for byte. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { temporary } from '../../record/test-recordings.ts'
import { captureInMemory, type MemoryCapture, print, writeRecording } from '../test-captures.ts'

const script = 'cd /; echo hi >/dev/null & ls -l /dev/null /nonexistent; kill -USR1 $$; (exit 3); wait'
let capture: MemoryCapture
let recording = ''
const glass = temporary('glass.cjs')

before(async () => {
  buildSync({
    entryPoints: [new URL('../glass.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi', '@duckdb/node-api', 're2js'],
    outfile: glass,
    logLevel: 'error',
  })
  capture = await captureInMemory(['/bin/sh', '-c', script])
  recording = await writeRecording(capture)
})

const run = (...words: string[]) =>
  spawnSync(process.execPath, [glass, ...words], { encoding: 'latin1', maxBuffer: 1 << 28 })

suite('a replay is what the trace prints', () => {
  const sets = [
    '-f',
    '-f -tt -T',
    '-f -ttt -r -z',
    '-f -v -s 300 -x',
    '-f -y -n -i',
    '-f -yy -Y -X raw',
    '-f -Z -C',
    '-f -c -S calls',
    '-f -e trace=openat,/^clone',
    '-f -e trace=!%memory -e signal=none -qq',
    '-f -a 60 -xx -X verbose --timestamps=unix,ns',
    '-f --format=gvisor',
    '-f --format=json -s 100',
  ]
  for (const set of sets)
    test(set, async () => {
      const words = set.split(' ').filter(word => word !== '')
      const [live, again] = [temporary('live.txt'), temporary('again.txt')]
      const rest = await print(capture, ['-o', live, ...words])
      const other = run('replay', ...words, '-o', again, '--', recording)
      assert.deepEqual([other.status, other.stderr, other.stdout], [0, rest, ''])
      const text = readFileSync(live, 'latin1')
      assert.ok(text.length > 100)
      assert.equal(readFileSync(again, 'latin1'), text)
    })

  for (const set of ['-f', '-f -tt -q'])
    test(`${set}, to the standard output`, async () => {
      const { stdout, stderr } = run('replay', recording, ...set.split(' '))
      assert.equal(stderr, '')
      assert.equal(stdout, await print(capture, set.split(' ')))
    })

  test('-ff, a file for each process', async () => {
    for (const folder of ['live', 'again']) mkdirSync(temporary(folder), { recursive: true })
    await print(capture, ['-ff', '-T', '-o', temporary('live/t')])
    run('replay', recording, '-ff', '-T', '-o', temporary('again/t'))
    const read = (folder: string) =>
      readdirSync(temporary(folder)).map(name => [
        name,
        readFileSync(temporary(`${folder}/${name}`), 'latin1'),
      ])
    assert.deepEqual(read('again'), read('live'))
    assert.ok(read('live').length > 2)
  })

  test('without options of its own a replay goes by those of the recording', async () => {
    const words = ['-f', '-tt', '-e', 'trace=%file', '-s', '5']
    const file = await writeRecording(capture, words, 'with-options.rec')
    assert.equal(run('replay', file).stdout, await print(capture, words))
    assert.equal(run('replay', file, '-T').stdout, await print(capture, ['-f', '-T']))
  })

  test('a recording that was appended to is one trace after the other', async () => {
    const file = await writeRecording(capture, ['-f'], 'appended.rec')
    await writeRecording(capture, ['-f', '-A'], 'appended.rec')
    const once = await print(capture, ['-f', '-c'])
    assert.equal(run('replay', file, '-c').stdout, once + once)
  })

  test('a part of a recording is a recording', async () => {
    const part = temporary('part.rec')
    run('replay', recording, '--format=recording', '-e', 'trace=execve', '-o', part)
    assert.ok(statSync(part).size < statSync(recording).size)
    assert.equal(
      run('replay', part, '-T').stdout,
      run('replay', recording, '-T', '-e', 'trace=execve').stdout,
    )
  })
})

suite('recordings', () => {
  test('of version 1 are read', () => {
    const old = fileURLToPath(new URL('../../../test/recordings/version-1.rec', import.meta.url))
    const { status, stdout, stderr } = run('replay', old, '-f')
    assert.deepEqual([status, stderr, stdout.split('\n').length], [0, '', 139])
    assert.match(
      stdout,
      /^execve\("\/usr\/bin\/sh", \["sh", "-c", "echo hi \| cat; exit 3"\], 0x[\s\S]* write\(1, "hi\\n", 3\) {2}/,
    )
    assert.match(stdout, /\n\+\+\+ exited with 3 \+\+\+\n$/)
  })

  test('of version 2 are read, and tell the same when they are written anew', () => {
    const old = fileURLToPath(new URL('../../../test/recordings/version-2.rec', import.meta.url))
    const anew = temporary('anew.rec')
    assert.equal(run('replay', old, '--format=recording', '-o', anew).status, 0)
    assert.ok(statSync(anew).size < statSync(old).size)
    const all = ['-f', '-v', '-yy', '-s', '1000', '-ttt', '-T']
    for (const options of [all, ['-f', '--format=gvisor'], ['-f', '--format=json']]) {
      const { status, stdout, stderr } = run('replay', old, ...options)
      assert.deepEqual([status, stderr], [0, ''])
      assert.match(stdout, /exit_group/)
      assert.equal(run('replay', anew, ...options).stdout, stdout)
    }
  })

  test('belong to their owner alone', () => {
    assert.equal(statSync(recording).mode & 0o777, 0o600)
  })
})

suite('what is wrong is said, once, with exit status 1', () => {
  const refused = (words: string[], message: string | RegExp) => {
    const { status, stderr } = run(...words)
    assert.equal(status, 1)
    if (typeof message === 'string') assert.equal(stderr.replaceAll(glass, 'glass'), message)
    else assert.match(stderr, message)
  }

  test('no recording', () => {
    const text = temporary('text')
    writeFileSync(text, 'no trace of a trace\n')
    refused(['replay', text], `glass replay: ${text}: is not a recording\n`)
    refused(
      ['replay', '/nonexistent/a'],
      "glass replay: Can't open '/nonexistent/a': No such file or directory\n",
    )
    refused(['replay', '/'], /^[^\n]*: Is a directory\n$/)
    refused(['replay'], /which recording/)
  })

  test('a recording that is cut off is printed as far as it goes', () => {
    const cut = temporary('cut.rec')
    writeFileSync(cut, Buffer.concat([readFileSync(recording), readFileSync(recording)]))
    truncateSync(cut, statSync(cut).size - 10)
    const whole = run('replay', recording, '-T')
    const { status, stdout, stderr } = run('replay', cut, '-T')
    assert.equal(status, 1)
    assert.ok(stdout.startsWith(whole.stdout))
    assert.match(stderr, /^[^\n]*cut\.rec: ends in the middle: the last \d+ bytes are lost\n$/)
  })

  test('a recording whose writer was killed', async () => {
    const { program, records } = capture
    const file = await writeRecording({ program, records: records.slice(0, 60) }, ['-f'], 'killed.rec')
    const { status, stdout, stderr } = run('replay', file)
    assert.equal(status, 0)
    assert.match(stdout, /^execve/)
    assert.match(stderr, /^[^\n]*killed\.rec: the recording was stopped before the trace ended\n$/)
  })

  test('options that a recording cannot obey', () => {
    refused(['replay', recording, '-p', '1'], 'glass replay: --attach has no effect on a recording\n')
    refused(['replay', recording, '-e', 'inject=read:error=EIO'], /has no effect on a recording/)
    refused(['replay', recording, '-E', 'A=1'], 'glass replay: --env has no effect on a recording\n')
    refused(['replay', recording, 'ls'], "glass replay: one recording at a time: 'ls'\n")
    refused(['replay', recording, '--frobnicate'], /unrecognized option '--frobnicate'/)
    const more = run('replay', recording, '-s', '100000')
    assert.match(more.stderr, /no more than 1024 bytes of a string were recorded: --data-limit keeps more\n$/)
    assert.equal(more.status, 0)
  })

  test('an output that cannot be written to', () => {
    refused(['replay', recording, '-o', '/nonexistent/a'], /Can't fopen '\/nonexistent\/a': No such file/)
    refused(['replay', recording, '-o', '/dev/full'], 'glass replay: /dev/full: No space left on device\n')
    refused(['replay', recording, '-o', recording], /is what is to be replayed\n$/)
    assert.ok(statSync(recording).size > 1000)
    const toFull = spawnSync('/bin/sh', [
      '-c',
      '"$0" "$1" replay "$2" >/dev/full',
      process.execPath,
      glass,
      recording,
    ])
    assert.equal(toFull.status, 1)
    assert.match(String(toFull.stderr), /standard output: No space left on device\n$/)
  })

  test('a reader that goes ends the replay as SIGPIPE does', () => {
    const { stdout, stderr } = spawnSync(
      '/bin/bash',
      ['-c', '"$0" "$1" replay "$2" -v | head -1; echo ${PIPESTATUS[0]}', process.execPath, glass, recording],
      { encoding: 'latin1' },
    )
    assert.match(stdout, /^execve.*\n(0|141)\n$/)
    assert.equal(stderr, '')
  })

  test('no subcommand', () => {
    refused(['frobnicate'], "glass: no subcommand 'frobnicate'\nTry 'glass --help' for more information.\n")
    refused([], /^Usage: /)
  })
})

test('help is on the standard output', () => {
  for (const words of [['--help'], ['record', '--help'], ['replay', '-h'], ['schema', '--help']]) {
    const { status, stdout, stderr } = run(...words)
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /^Usage: /)
  }
})
