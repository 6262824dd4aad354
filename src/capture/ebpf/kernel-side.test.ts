/** Threads that programs know are found, also those whose place another one has. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BpfError } from './bpf-syscall.ts'
import { Near } from './capture-layout.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { KernelSide } from './kernel-side.ts'

function side(): KernelSide | string {
  const facts = readKernelFacts()
  if (typeof facts === 'string') return facts
  try {
    return new KernelSide(facts, { ringBytes: 1 << 20 })
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
}
const kernel = side()

test('all threads that are traced', {
  skip: typeof kernel === 'string' ? `no eBPF here: ${kernel}` : false,
}, () => {
  const made = kernel as KernelSide
  try {
    assert.deepEqual(made.threads(), [])
    const alone = [100, 101, 4095]
    for (const tid of alone) made.add(tid)
    assert.deepEqual(made.threads(), alone)
    const same = [100 + Near.places, 4095 + Near.places, 100 + 2 * Near.places]
    for (const tid of same) made.add(tid)
    assert.deepEqual(
      made.threads().sort((a, b) => a - b),
      [...alone, ...same],
    )
  } finally {
    made.close()
  }
})
