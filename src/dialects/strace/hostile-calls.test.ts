/** Every call of the table with arguments and memory that make no sense: nothing throws, nothing escapes unescaped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Arch, syscallNumbers } from '../../abi/syscalls.ts'
import { type CopiedRange, interpretPlan, type PlanInput } from '../../capture/plans/plan-interpreter.ts'
import { rangesEnd } from '../../capture/plans/record-builder.ts'
import { align8, Enter, Exit, Range } from '../../record/layout.ts'
import { testFrame } from '../../record/test-frames.ts'
import { declarationOf } from '../../syscalls/index.ts'
import { callDecoder } from '../../types/decode.ts'
import { makePlan } from '../../types/make-plan.ts'
import type { Op } from '../../types/plan.ts'
import { TextBuffer } from '../text-buffer.ts'
import { callPrinter } from './call-printer.ts'
import { defaultStyle, type Style } from './style.ts'

const page = 4096
const pages = 4
const origin = 0x10000

const styles: readonly Style[] = [
  defaultStyle,
  { ...defaultStyle, verbose: true, constants: 'verbose', stringLimit: 200 },
  { ...defaultStyle, constants: 'raw', escape: 'all', descriptorPaths: true, stringLimit: 0 },
]

const inside = fc.integer({ min: origin, max: origin + pages * page - 1 })
const word = fc.oneof(
  { weight: 4, arbitrary: inside },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 4096, 2 ** 31, 2 ** 32 - 1, 2 ** 47, 2 ** 53, -4095) },
  { weight: 1, arbitrary: fc.integer() },
)
/** Words that lead to one another, small numbers, and bytes of all kinds. */
const memory = fc
  .record({
    words: fc.array(word, { minLength: 61, maxLength: 61 }),
    bytes: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    halves: fc.boolean(),
    end: fc.integer({ min: 1, max: pages * page }),
  })
  .map(({ words, bytes, halves, end }) => {
    const all = new Uint8Array(pages * page)
    const view = new DataView(all.buffer)
    for (let i = 0; i < all.length; i += 8) {
      const n = (i >> 3) % 61
      if ((i >> 9) % 3 === 2) all.set(bytes.subarray(n & 56, (n & 56) + 8), i)
      else if (halves) {
        view.setInt32(i, words[n]! | 0, true)
        view.setInt32(i + 4, words[60 - n]! | 0, true)
      } else view.setBigUint64(i, BigInt.asUintN(64, BigInt(words[n]!)), true)
    }
    return all.subarray(0, end)
  })

/** What a capture may copy, whatever the call. */
function bounded(ranges: readonly CopiedRange[], fixed: number): readonly CopiedRange[] {
  let used = fixed
  for (const range of ranges) used += Range.bytes + align8(range.bytes.length)
  assert.ok(used <= rangesEnd + 8, `${used} bytes in a record`)
  return ranges
}

function check(
  arch: Arch,
  name: string,
  args: readonly number[],
  bytes: Uint8Array,
  result: number,
  style: Style,
): void {
  const declaration = declarationOf(name, arch)
  const plan = makePlan(declaration, arch)
  const copied = (ops: readonly Op[], fixed: number): readonly CopiedRange[] => {
    let budget = 2000
    const input: PlanInput = {
      args: args.map(BigInt),
      result: BigInt(result),
      word: arch === 'i386' ? 4 : 8,
      dataLimit: style.stringLimit + 1,
      environment: style.verbose,
      fixed,
      read: (at, length) =>
        budget-- > 0
          ? bytes.slice(at - origin, Math.min(at + length - origin, bytes.length))
          : new Uint8Array(),
    }
    return bounded(
      interpretPlan(ops, { ...input, read: (at, n) => (at < origin ? new Uint8Array() : input.read(at, n)) }),
      fixed,
    )
  }
  const failed = result < 0
  const call = {
    arch,
    sysno: syscallNumbers[arch][name as keyof (typeof syscallNumbers)[typeof arch]] as number,
    args,
    enter: copied(plan.enter, Enter.bytes),
  }
  const running = testFrame(call)
  const returned = testFrame({
    ...call,
    result,
    exit: copied(failed ? plan.exitFailed : plan.exit, Exit.bytes),
  })
  const printer = callPrinter(name, declaration, arch, style)
  const decoder = callDecoder(declaration, arch, 4096)
  const out = new TextBuffer()
  const next = printer.args(out, running, 0)
  assert.ok(next >= 0 && next <= printer.count)
  printer.args(out, returned, next)
  out.put(' = ')
  printer.result(out, returned)
  const text = out.text()
  assert.ok(text.length < 64_000_000, `${name}: ${text.length} bytes`)
  const odd = text.findIndex(byte => byte < 32 || byte > 126)
  assert.equal(
    odd,
    -1,
    `${name}: byte ${text[odd]} in ${out.toString().slice(Math.max(0, odd - 40), odd + 40)}`,
  )
  for (const frame of [running, returned]) {
    decoder.args(frame)
    decoder.returns(frame)
  }
}

for (const arch of ['amd64', 'arm64', 'i386'] as const) {
  const names = Object.keys(syscallNumbers[arch])
  test(`calls of ${arch} with any arguments and any memory`, () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 6, maxLength: 6 }),
        memory,
        fc.oneof(word, fc.constantFrom(0, -14, -22)),
        fc.constantFrom(...styles),
        (args, bytes, result, style) => {
          const wrong = names.flatMap(name => {
            try {
              check(arch, name, args, bytes, result, style)
              return []
            } catch (error) {
              return [`${name}: ${(error as Error).stack?.slice(0, 700)}`]
            }
          })
          assert.deepEqual(wrong, [])
        },
      ),
      { numRuns: 3 },
    )
  })
}
