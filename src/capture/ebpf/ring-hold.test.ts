/** Programs hold threads whose ring nobody reads, and let them go when there is room, when they are killed, and when nobody is left to read. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import { Header, RecordKind } from '../../record/layout.ts'
import { nativeArch } from '../ptrace/record-writer.ts'
import { temporary } from '../ptrace/test-capture.ts'
import { BpfRing } from './bpf-ring.ts'
import { BpfError } from './bpf-syscall.ts'
import { Choice } from './capture-layout.ts'
import { type KernelFacts, readKernelFacts } from './kernel-facts.ts'
import { type KernelFeatures, probeKernel } from './kernel-features.ts'
import { KernelSide } from './kernel-side.ts'
import { tracingPrograms } from './tracing-programs.ts'

const ringBytes = 1 << 20
const holdAbove = 0.75
const calls = 40_000
const facts = readKernelFacts()

const known = ((): KernelFeatures | string => {
  if (typeof facts === 'string') return facts
  try {
    new KernelSide(facts, { ringBytes }).close()
    return probeKernel(facts)
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
})()
const refused = typeof known === 'string' ? `no eBPF here: ${known}` : false
const unheld =
  refused ||
  ((known as KernelFeatures).waits ? false : 'this kernel has no bpf_task_work: programs cannot hold threads')

/** A program that waits for a byte, makes its calls, and says whether all went well. */
const caller = ((): string => {
  const file = temporary('held')
  const input = `
    #include <sys/syscall.h>
    #include <unistd.h>
    int main(void) {
      char byte;
      if (read(0, &byte, 1) != 1) return 1;
      for (long i = 0; i < ${calls}; i++) syscall(SYS_getppid);
      return 3;
    }`
  execFileSync('cc', ['-O1', '-x', 'c', '-', '-o', file], { input })
  return file
})()

interface Traced {
  readonly side: KernelSide
  readonly ring: BpfRing
  readonly child: ChildProcess
  readonly ended: Promise<unknown[]>
}

const running: ChildProcess[] = []
after(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** Has a program make its calls, which somebody is to read. */
async function begin(features: KernelFeatures): Promise<Traced> {
  const side = new KernelSide(facts as KernelFacts, { ringBytes, holdAbove, features })
  const ring = new BpfRing(side.maps.ring, ringBytes, libc.getpagesize())
  await side.prepare(tracingPrograms(side.setting, { follow: true, signals: true, enters: true }))
  side.setChoice(syscallNumbers[nativeArch].getppid, 'how', Choice.entered)
  side.attach()
  const child = spawn(caller, { stdio: ['pipe', 'ignore', 'inherit'] })
  running.push(child)
  const ended = once(child, 'exit')
  side.add(child.pid!)
  child.stdin!.write('x')
  return { side, ring, child, ended }
}

/** Waits until the ring is as full as it gets: so long nothing came. */
async function held({ ring, child }: Traced): Promise<number> {
  for (let before = -1; ; before = ring.waiting) {
    await sleep(300)
    assert.equal(child.exitCode, null)
    if (ring.waiting === before && before > holdAbove * ringBytes) return before
  }
}

/** Reads to the program's end; how many calls began, ended and were lost. */
async function readAll({ side, ring, child }: Traced) {
  const counts = { enters: 0, exits: 0, lost: 0 }
  const drain = (): void => {
    for (let at = ring.next(); at >= 0; at = ring.next()) {
      const kind = ring.bytes[at + Header.kind]
      if (kind === RecordKind.enter) counts.enters++
      if (kind === RecordKind.exit) counts.exits++
      ring.advance()
      ring.publish()
    }
  }
  for (; child.exitCode === null && child.signalCode === null; await sleep(1)) drain()
  drain()
  counts.lost = side.lost('calls')
  return counts
}

describe('threads that programs hold', { skip: unheld, timeout: 120_000 }, () => {
  test('nothing is lost while nobody reads, however long', async () => {
    const traced = await begin(known as KernelFeatures)
    try {
      const waiting = await held(traced)
      assert.ok(waiting < ringBytes)
      assert.equal(traced.side.lost('calls'), 0)
      assert.deepEqual(await readAll(traced), { enters: calls, exits: calls, lost: 0 })
      assert.deepEqual(await traced.ended, [3, null])
    } finally {
      traced.ring.close()
      traced.side.close()
    }
  })

  test('who is held can be killed, stopped and continued', async () => {
    const traced = await begin(known as KernelFeatures)
    try {
      await held(traced)
      traced.child.kill('SIGSTOP')
      traced.child.kill('SIGCONT')
      assert.ok((await held(traced)) < ringBytes)
      traced.child.kill('SIGKILL')
      assert.deepEqual(await traced.ended, [null, 'SIGKILL'])
    } finally {
      traced.ring.close()
      traced.side.close()
    }
  })

  test('who is held goes on once nobody is left to read', async () => {
    const traced = await begin(known as KernelFeatures)
    await held(traced)
    traced.ring.close()
    traced.side.close()
    assert.deepEqual(await traced.ended, [3, null])
  })
})

test('on older kernels they are slowed down; what is lost then is counted', {
  skip: refused,
  timeout: 120_000,
}, async () => {
  const traced = await begin({ ...(known as KernelFeatures), waits: false })
  try {
    const { enters, exits, lost } = await readAll(traced)
    assert.equal(exits, enters)
    assert.equal(exits + lost, calls)
    assert.deepEqual(await traced.ended, [3, null])
  } finally {
    traced.ring.close()
    traced.side.close()
  }
})
