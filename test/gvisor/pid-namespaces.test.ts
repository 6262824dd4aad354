/** The prefix of threads whose numbers in their own pid name space are others than for us. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { sysglass } from '../tracers.ts'

const skip =
  spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0
    ? false
    : 'no new pid name space can be made here'

test('outer and inner numbers, as gVisor shows them', { skip }, () => {
  const traced = ['-f', '--format=gvisor', 'unshare', '--pid', '--fork', 'sh', '-c', 'true & wait']
  const { status, stderr } = spawnSync(sysglass, traced, { encoding: 'utf8', timeout: 60_000 })
  assert.equal(status, 0, stderr)
  const number = String.raw`\[ *(\d+)\( *(\d+)\): *(\d+)\( *(\d+)\)\] sh E exit_group\(0x0\)`
  const ends = [...stderr.matchAll(new RegExp(`^${number}$`, 'gm'))].map(match => match.slice(1).map(Number))
  assert.deepEqual(
    ends.map(([, innerPid, , innerTid]) => [innerPid, innerTid]),
    [
      [2, 2],
      [1, 1],
    ],
  )
  for (const [pid, , tid] of ends) assert.equal(pid, tid)
  // What clone returned to the shell is the number inside.
  assert.match(stderr, /\] sh X (?:clone|vfork|fork)\(.*\) = 2 \(0x2\)/)
  // Who stayed outside has one number.
  assert.match(stderr, /^\[ *\d+: *\d+\] unshare E exit_group\(0x0\)$/m)
})
