/** Plans as programs copy what the plain interpreter says that they copy: they are run in the kernel, on memory of this process. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { libc } from '../../libc/libc.ts'
import { align8, Enter, Header, Range, RangeFlag, RecordKind } from '../../record/layout.ts'
import type { Op } from '../../types/plan.ts'
import { type CopiedRange, interpretPlan, type PlanInput } from '../plans/plan-interpreter.ts'
import { argument, memory, ops, origin, type Pages, page, pages } from '../plans/test-plans.ts'
import { BpfRing } from './bpf-ring.ts'
import { BpfError, lastWords, mapPages, memoryAt, runProgram, writeMap } from './bpf-syscall.ts'
import { Scratch, scratchBytes } from './capture-layout.ts'
import { readKernelFacts } from './kernel-facts.ts'
import { KernelSide } from './kernel-side.ts'
import { packed } from './packed-programs.ts'
import { planProgram } from './plan-programs.ts'
import type { PlanSetting } from './plan-setting.ts'
import { hasWork } from './plan-work.ts'

const ringBytes = 4 << 20

/** The maps, or why there are none. */
function kernelSide(): KernelSide | string {
  const facts = readKernelFacts()
  if (typeof facts === 'string') return facts
  try {
    return new KernelSide(facts, { ringBytes })
  } catch (error) {
    if (error instanceof BpfError) return `${error.message}: errno ${error.errno}`
    throw error
  }
}
const kernel = kernelSide()
const skip = typeof kernel === 'string' ? `no eBPF here: ${kernel}` : false

let arena: Uint8Array | undefined

/** Puts pages where plans look for them. */
function place({ bytes, readable }: Pages): void {
  mapPages(origin, pages * page, true)
  arena ??= memoryAt(origin, pages * page)
  arena.set(bytes)
  readable.forEach((is, i) => {
    if (!is) mapPages(origin + i * page, page, false)
  })
}

/** A plan that has its program together with the one that is looked at. */
const another: readonly Op[] = [
  {
    op: 'copy',
    at: { kind: 'arg', index: 0, bits: 64 },
    length: { kind: 'const', value: 8 },
    max: 8,
  },
]

/** Runs a plan's program for an enter with these arguments. Throws BpfError where the kernel does not take the program. */
function runInKernel(
  side: KernelSide,
  ring: BpfRing,
  list: readonly Op[],
  input: PlanInput,
  loops: boolean,
): CopiedRange[] {
  const setting: PlanSetting = {
    cpus: side.setting.cpus,
    word: input.word,
    dataLimit: input.dataLimit,
    environment: input.environment,
    sockets: null,
    notes: null,
    // Kernels before 5.17 have none.
    loops: loops && side.setting.features.loops,
    cast: loops && side.setting.features.reads ? side.facts.cast!.call : null,
  }
  const fd = side.load('plan', packed(planProgram([another, list], true, setting)), null)
  const scratch = Buffer.alloc(scratchBytes)
  scratch.writeBigUInt64LE(BigInt(Enter.bytes), Scratch.at)
  scratch.writeBigUInt64LE(1n, Scratch.plan)
  scratch.writeBigUInt64LE(BigInt.asUintN(64, input.result), Scratch.result)
  input.args.forEach((arg, i) => {
    const value = BigInt.asUintN(input.word * 8, arg)
    scratch.writeBigUInt64LE(value, Scratch.record + Enter.args + 8 * i)
  })
  scratch[Scratch.record + Header.kind] = RecordKind.enter
  // Whichever CPU this thread is on.
  for (let cpu = 0; cpu < side.setting.cpus; cpu++) writeMap(side.maps.scratch, cpu, scratch)
  runProgram(fd, [0, 0])
  const at = ring.next()
  assert.ok(at >= 0, 'the program has handed over a record')
  const event = Buffer.from(ring.bytes.slice(at, at + ring.length(at)))
  ring.advance()
  ring.publish()
  const ranges: CopiedRange[] = []
  let next: number = Enter.bytes
  for (let n = 0; n < event.readUInt32LE(Enter.ranges); n++) {
    const length = event.readUInt32LE(next + Range.length)
    const start = next + Range.bytes
    ranges.push({
      address: Number(event.readBigUInt64LE(next)),
      bytes: new Uint8Array(event.subarray(start, start + length)),
      flags: event[next + Range.flags]!,
    })
    next = start + align8(length)
  }
  assert.equal(next, event.length)
  return ranges
}

/** Beyond this, numbers are absurd, and the two need not agree in which absurd one it is. */
const absurd = 2 ** 31
/** Up to here this process has no other memory. */
const nothingElse = 0x40_0000 - 0x10_0000
/** Programs keep shorter records. */
const longest = 200_000

test('programs and interpreted plans copy the same', { skip, timeout: 240_000 }, () => {
  const side = kernel as KernelSide
  const ring = new BpfRing(side.maps.ring, ringBytes, libc.getpagesize())
  let compared = 0
  try {
    fc.assert(
      fc.property(
        ops,
        memory,
        fc.array(argument, { minLength: 6, maxLength: 6 }),
        argument,
        fc.constantFrom(4 as const, 8 as const),
        fc.boolean(),
        fc.constantFrom(1, 33, 5000),
        fc.constantFrom(true, true, true, true, true, false),
        (plan, holey, args, result, word, environment, dataLimit, loops) => {
          fc.pre(hasWork(plan, null))
          // Products are bounded far above all that is a length; their highest bits are not those of JavaScript's numbers.
          const text = JSON.stringify(plan)
          fc.pre(!(text.includes('"anyBit"') && /"product"|"times"/.test(text)))
          let budget = 20_000
          let elsewhere = false
          const input: PlanInput = {
            args: args.map(arg => BigInt.asUintN(word * 8, arg)),
            result,
            word,
            environment,
            dataLimit,
            fixed: Enter.bytes,
            read: (at, n) => {
              elsewhere ||= at > nothingElse
              return budget-- > 0 ? holey.prefix(at, n) : new Uint8Array()
            },
          }
          const expected = interpretPlan(plan, input)
          fc.pre(budget > 0 && !elsewhere)
          const total = expected.reduce((sum, range) => sum + range.bytes.length + Range.bytes, 0)
          fc.pre(expected.length > 0 && total < longest)
          fc.pre(expected.every(({ address }) => address < absurd))
          // Of what cannot be read whole, a program keeps what is in the first page.
          const isShort = ({ address, bytes, flags }: CopiedRange) =>
            flags === RangeFlag.fault && bytes.length > page - (address % page)
          fc.pre(!expected.some(isShort))
          // Nor does it keep a part of a pointer.
          const isPart = ({ bytes, flags }: CopiedRange) =>
            flags === RangeFlag.fault && bytes.length % word !== 0
          fc.pre(!text.includes('"strings"') || !expected.some(isPart))
          place(holey)
          let found: CopiedRange[]
          try {
            found = runInKernel(side, ring, plan, input, loops)
          } catch (error) {
            // Functions call no deeper than eight: of such a plan the thread that reads copies the memory.
            if (!(error instanceof BpfError)) throw error
            fc.pre(!error.log.includes('frames is too deep'))
            assert.fail(`${error.message}\n${lastWords(error.log, 20)}`)
          }
          fc.pre(found.every(({ address }) => address < absurd))
          assert.deepEqual(found, expected)
          compared++
        },
      ),
      { numRuns: 200, maxSkipsPerRun: 1000 },
    )
    assert.ok(compared >= 60)
  } finally {
    ring.close()
    side.close()
  }
})
