/** An output that fails: what is said, once, how it ends, and what is left behind. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe as suite, test } from 'node:test'
import { glass, newFile, run, scratch, sysglass } from './tracers.ts'

const program = ['/bin/sh', '-c', 'echo done; exit 7']
/** Runs a command of the shell: "$S" is sysglass, "$G" glass. */
const shell = (command: string) => run(['/bin/bash', '-c', command], { env: { S: sysglass, G: glass } })

suite('outputs that fail', () => {
  test('a full disk: the program runs on, and its status is ours', async () => {
    const ended = await run([sysglass, '-o', '/dev/full', ...program])
    assert.equal(ended.stderr, `${sysglass}: /dev/full: No space left on device\n`)
    assert.deepEqual([ended.status, ended.stdout], [7, 'done\n'])
  })

  test('a full disk behind stderr', async () => {
    const ended = await shell('"$S" sh -c "echo done; exit 7" 2>/dev/full')
    assert.deepEqual([ended.status, ended.stdout], [7, 'done\n'])
  })

  test('a command that ends early', async () => {
    for (const command of ['|head -n 1 >/dev/null', '!exit 3']) {
      const ended = await run([sysglass, '-o', command, ...program])
      assert.match(ended.stderr, /^([^\n]*: Broken pipe\n)?$/)
      assert.deepEqual([ended.status, ended.stdout], [7, 'done\n'])
    }
  })

  test('a reader of stderr that goes: as SIGPIPE ends us', async () => {
    const file = newFile()
    const ended = await shell(
      `{ "$S" /bin/sh -c 'i=0; while [ $i -lt 2000 ]; do cd /; i=$((i+1)); done' 2>&3; echo $? >${file}; } 3>&1 | head -n 1`,
    )
    assert.match(ended.stdout, /^execve\(/)
    assert.equal(readFileSync(file, 'latin1'), '141\n')
  })

  test('nothing is left of what could not begin', async () => {
    const nowhere = await run([sysglass, '-o', '/nonexistent/file', ...program])
    assert.equal(nowhere.stderr, `${sysglass}: Can't fopen '/nonexistent/file': No such file or directory\n`)
    assert.deepEqual([nowhere.status, nowhere.stdout], [1, ''])
    mkdirSync(join(scratch, 'folder'))
    const folder = await run([sysglass, '-o', join(scratch, 'folder'), ...program])
    assert.match(folder.stderr, /: Is a directory\n$/)
    const [text, recording] = [newFile(), newFile()]
    for (const command of [
      [sysglass, '-o', text, '/nonexistent/program'],
      [glass, 'record', '-o', recording, '/nonexistent/program'],
    ])
      assert.equal((await run(command)).status, 1)
    assert.deepEqual([existsSync(text), existsSync(recording)], [false, false])
    const without = await run([glass, 'record', ...program])
    assert.equal(without.stderr, `${glass}: a recording goes to a file: -o FILE\n`)
    assert.deepEqual([without.status, without.stdout], [1, ''])
    writeFileSync(recording, 'mine\n')
    const foreign = await run([glass, 'record', '-A', '-o', recording, ...program])
    assert.match(foreign.stderr, /is not a recording; nothing is appended to it\n$/)
    assert.deepEqual([foreign.status, readFileSync(recording, 'latin1')], [1, 'mine\n'])
  })

  test('a recording on a full disk holds whole blocks', async () => {
    const file = newFile()
    // The limit of a file's size stands in for the disk.
    const ended = await shell(
      `ulimit -f 16; "$G" record -o ${file} /bin/sh -c 'i=0; while [ $i -lt 3000 ]; do cd /; cd /usr; : <$0; i=$((i+1)); done'`,
    )
    const replayed = await run([glass, 'replay', file, '-o', '/dev/null'])
    if (ended.stderr !== '') {
      assert.match(ended.stderr, /^[^\n]*: File too large\n$/)
      assert.match(
        replayed.stderr,
        /^([^\n]*the recording was stopped before the trace ended\n|[^\n]*is empty\n)$/,
      )
    }
    assert.equal(ended.status, 0)
    assert.ok(statSync(file).size <= 16 * 1024)
  })
})
