/** -y and -yy: what stands behind descriptors, beside strace's. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { oracleMissing } from '../src/cli/options/strace-oracle.ts'
import { compareTraces, describe } from './compare-traces.ts'
import { scratch, trace } from './tracers.ts'

function compiled(name: string): string {
  const file = join(scratch, `notes-${basename(name)}`)
  const source = fileURLToPath(new URL(`programs/${name}.c`, import.meta.url))
  execFileSync('cc', ['-O1', '-w', '-pthread', '-o', file, source])
  return file
}

const programs = [
  'descriptors-control',
  'descriptors-io',
  'descriptors-notify',
  'network-messages',
  'files-names',
]

suite('descriptors as strace tells of them', { concurrency: 2 }, () => {
  for (const name of programs)
    test(name, { skip: oracleMissing() ?? false, timeout: 120_000 }, async () => {
      const command = [compiled(name)]
      for (const option of ['-y', '-yy']) {
        const once = async (tracer: 'strace' | 'sysglass') =>
          (await trace(tracer, ['-f', option], command, { stdio: 'ignore' })).text
        const theirs = await once('strace')
        const again = await once('strace')
        const ours = await once('sysglass')
        const { differences } = compareTraces({ ours, theirs, again: [again] })
        const bugs = differences.filter(({ unstable }) => !unstable)
        assert.equal(bugs.length, 0, `${option}\n${describe(bugs)}`)
      }
    })
})

/** What stands behind the descriptors of calls of lseek. */
const soughtIn = (text: string): (string | undefined)[] =>
  text
    .split('\n')
    .filter(line => line.includes('lseek('))
    .map(line => /lseek\(\d+(?:<(.*)>)?, 0/.exec(line)?.[1]?.replace(/(?<=[:>[])\d+(?![\d.])/g, 'N'))

test('sockets of a thread that is not the first', { timeout: 60_000 }, async () => {
  const options = ['-f', '-yy', '-e', 'trace=lseek']
  const { text } = await trace('sysglass', options, [compiled('capture/thread-sockets')], { stdio: 'ignore' })
  const connected = '[127.0.0.1:N->127.0.0.1:N]'
  assert.deepEqual(soughtIn(text).slice(0, 3), [`TCP:${connected}`, `UDP:${connected}`, 'NETLINK:[ROUTE:N]'])
  assert.match(String(soughtIn(text)[3]), /^UNIX(-STREAM)?:\[N->N\]$/)
})

test('sockets whose peer has gone tell who it was; one that was refused has no address', {
  timeout: 60_000,
}, async () => {
  const options = ['-yy', '-e', 'trace=lseek']
  const { text } = await trace('sysglass', options, [compiled('capture/ended-sockets')], { stdio: 'ignore' })
  const [refused, ...others] = soughtIn(text)
  const connected = 'TCP:[127.0.0.1:N->127.0.0.1:N]'
  assert.equal(refused, 'TCP:[N]')
  assert.deepEqual(others.slice(0, 2), [connected, connected])
  assert.match(String(others[2]), /^UNIX(-STREAM)?:\[N->N\]$/)
  assert.equal(others[3], others[2])
})

test('sockets, processes and devices', { timeout: 60_000 }, async () => {
  // Unlike strace, which keeps what it found first: as they are when the call is made.
  const { text } = await trace('sysglass', ['-yy', '-e', 'trace=!getpid'], [compiled('capture/sockets')], {
    stdio: 'ignore',
  })
  const seen = soughtIn(text)
  assert.deepEqual(seen, [
    'TCP:[N]',
    'TCP:[127.0.0.1:N]',
    'TCP:[127.0.0.1:N->127.0.0.1:N]',
    'TCP:[127.0.0.1:N->127.0.0.1:N]',
    'UDP:[127.0.0.1:N]',
    'UDP:[127.0.0.1:N->127.0.0.1:N]',
    seen[6]?.replace(/UNIX(-STREAM)?/, 'UNIX$1'),
    'UNIX:[N,@"sysglass\\"\\n"]',
    'NETLINK:[N]',
    'NETLINK:[ROUTE:N]',
    'pid:N',
    '/dev/null<char 1:N>',
    'anon_inode:[eventfd]',
    'UDP:[127.0.0.1:N->127.0.0.1:N]',
    'TCP:[127.0.0.1:N]',
    undefined,
  ])
  assert.match(String(seen[6]), /^UNIX(-STREAM)?:\[N->N\]$/)
})
