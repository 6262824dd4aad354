/** What older kernels lack is done without: programs that do so are taken by the kernel that runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOfTable } from '../plans/table-plans.ts'
import { everything } from '../ptrace/test-capture.ts'
import { BpfError } from './bpf-syscall.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { noFeatures } from './kernel-features.ts'
import { KernelSide, type KernelSideOptions } from './kernel-side.ts'
import { PlanLoader } from './plan-loader.ts'
import { tracingPrograms } from './tracing-programs.ts'

const options: KernelSideOptions = { ringBytes: 1 << 20, holdAbove: 0.75, features: noFeatures }

function side(): KernelSide | string {
  const facts = readKernelFacts()
  if (typeof facts === 'string') return facts
  try {
    return new KernelSide(facts, options)
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
}
const kernel = side()

test('programs of all calls, without loops and casts of the kernel', {
  skip: typeof kernel === 'string' ? `no eBPF here: ${kernel}` : false,
  timeout: 120_000,
}, async () => {
  const loaded = kernel as KernelSide
  try {
    const plans = new PlanLoader(loaded, { ...everything, fdPaths: true, sockets: true, pidfds: true })
    plans.load(planOfTable)
    assert.deepEqual(
      plans.refused.map(({ sysno, why }) => `${sysno}: ${why.slice(0, 400)}`),
      [],
    )
    assert.ok(plans.size > 100)
    const choice = { follow: true, signals: true, enters: true }
    await loaded.prepare(tracingPrograms(loaded.setting, choice))
    loaded.attach()
  } finally {
    loaded.close()
  }
})
