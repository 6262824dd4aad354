import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { SpareCpus } from './spare-cpus.ts'

test('there is no CPU time to spare while programs compute on all CPUs', { timeout: 120_000 }, async () => {
  const cpus = new SpareCpus()
  assert.equal(cpus.areThere(), true, 'before there is anything to go by')
  const programs = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
  )
  try {
    // The first look may be from before they all ran.
    for (let looks = 0; cpus.areThere(); looks++) {
      assert.ok(looks < 200, 'they compute, and nobody sees it')
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  } finally {
    for (const program of programs) program.kill('SIGKILL')
  }
})
