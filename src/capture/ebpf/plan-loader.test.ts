/** The kernel takes the program of every call, with all that can be noted beside memory, also where it has no loops of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaptureOptions } from '../backend.ts'
import { planOfTable } from '../plans/table-plans.ts'
import { BpfError } from './bpf-syscall.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { noFeatures } from './kernel-features.ts'
import { KernelSide } from './kernel-side.ts'
import { PlanLoader } from './plan-loader.ts'

const options: CaptureOptions = {
  attach: [],
  follow: true,
  calls: { amd64: null, arm64: null, i386: null },
  filterInKernel: false,
  signals: null,
  dataLimit: 33,
  environment: true,
  fdPaths: true,
  sockets: true,
  devices: true,
  pidfds: true,
  processNames: true,
  threadNames: true,
  systemTime: true,
  pin: 'never',
}

function makeSide(old: boolean): KernelSide | string {
  const facts = readKernelFacts(true)
  if (typeof facts === 'string') return facts
  try {
    const side = { ringBytes: 1 << 16 }
    return new KernelSide(facts, old ? { ...side, features: noFeatures } : side)
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
}

for (const old of [false, true]) {
  const side = makeSide(old)
  const skip = typeof side === 'string' ? `no eBPF here: ${side}` : false
  test(`all programs load${old ? ' on an older kernel' : ''}`, { skip, timeout: 120_000 }, () => {
    const kernel = side as KernelSide
    try {
      const loader = new PlanLoader(kernel, options)
      loader.load(planOfTable)
      if (process.arch === 'x64') loader.load(planOfTable, 'i386')
      assert.deepEqual(loader.refused, [])
      assert.ok(loader.size > 200)
    } finally {
      kernel.close()
    }
  })
}
