/** --system and --cgroup: who is traced is found, not named. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ebpfRefused, newFile, run, scratch, sysglass } from './tracers.ts'

const filter = ['-e', 'trace=mkdir']
/** Makes a directory, and ends when it is told: see `tell`. */
const program = (made: string): string[] => [
  'sh',
  '-c',
  `mkdir ${made}; until [ -d ${made}.told ]; do sleep 0.05; done`,
]
/** Only once the calls of others have returned: a directory is there before the call that makes it ends. */
const tell = (made: string): void => mkdirSync(`${made}.told`)

async function there(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(20)
}

/** Who made which directory. */
function made(file: string): Map<string, string> {
  // Somebody else's call may come in between.
  const lines = readFileSync(file, 'latin1').matchAll(
    /^(\d+) +mkdir\("([^"]*)", 0777(?:\) += 0| <unfinished \.\.\.>)$/gm,
  )
  return new Map([...lines].map(([, pid, path]) => [path!, pid!]))
}

/** A directory for a control group of this test, or why there is none. */
function cgroup(): { readonly path: string } | string {
  const line = readFileSync('/proc/self/mounts', 'latin1')
    .split('\n')
    .find(mount => mount.split(' ')[2] === 'cgroup2')
  if (line === undefined) return 'cgroup v2 is not mounted here'
  const path = join(line.split(' ')[1]!, `sysglass-test-${process.pid}`)
  try {
    mkdirSync(path)
    return { path }
  } catch (error) {
    return `no control group can be made here: ${(error as Error).message}`
  }
}

describe('who is found is traced', { skip: ebpfRefused() }, () => {
  test('--system: all processes, until the program ends', async () => {
    const [file, ours, theirs] = [newFile(), join(scratch, 'ours'), join(scratch, 'theirs')]
    const tracing = run([sysglass, '--system', ...filter, '-o', file, ...program(ours)])
    await there(ours)
    execFileSync('mkdir', [theirs])
    tell(ours)
    const { status } = await tracing
    assert.equal(status, 0)
    const makers = made(file)
    assert.ok(makers.has(ours), 'the program is traced')
    assert.ok(makers.has(theirs), 'and who has nothing to do with it')
    assert.notEqual(makers.get(ours), makers.get(theirs))
  })

  test('--system, until ^C', async () => {
    const [file, dir] = [newFile(), join(scratch, 'until')]
    const ended = await run([sysglass, '--system', ...filter, '-o', file], {
      started: child =>
        void (async () => {
          // Whenever it has begun, it sees one of these.
          for (let n = 0; !existsSync(file) || made(file).size === 0; n++) {
            execFileSync('mkdir', [`${dir}${n}`])
            await sleep(100)
          }
          child.kill('SIGINT')
        })(),
    })
    assert.deepEqual([ended.status, ended.signal], [null, 'SIGINT'])
  })

  test('--cgroup: who comes into a control group, and nobody else', async t => {
    const group = cgroup()
    if (typeof group === 'string') return t.skip(group)
    try {
      const names = ['before', 'outside', 'inside', 'last'].map(name => join(scratch, name))
      const [before, outside, inside, last] = names as [string, string, string, string]
      const file = newFile()
      const tracing = run([sysglass, `--cgroup=${group.path}`, ...filter, '-o', file, ...program(before)])
      await there(before)
      execFileSync('mkdir', [outside])
      const enter = `echo $$ > ${group.path}/cgroup.procs`
      execFileSync('sh', ['-c', `${enter}; mkdir ${inside}; exec mkdir ${last}`])
      tell(before)
      assert.equal((await tracing).status, 0)
      assert.deepEqual([...made(file).keys()], [before, inside, last])
    } finally {
      // Members leave a moment after their parent has heard of their end.
      for (let n = 0; n < 100; n++) {
        try {
          rmdirSync(group.path)
          break
        } catch {
          await sleep(20)
        }
      }
    }
  })

  test('what cannot be done is said', () => {
    const say = (...options: string[]): string =>
      spawnSync(sysglass, [...options, '-o', '/dev/null'], { encoding: 'latin1' }).stderr
    assert.match(say('--cgroup=/no/such/group'), /--cgroup=\/no\/such\/group: .*cgroup v2/)
    assert.match(say('--system', '-k'), /--backend=ebpf cannot do --stack-traces/)
    assert.match(say('--system', '--lossless=yes'), /cannot be done with --system/)
    assert.match(say('--system', '--cgroup=/'), /--system and --cgroup cannot be provided simultaneously/)
  })
})
