/** Whatever a program passes, and whatever a recording claims, becomes lines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LineOutput } from '../strace/line-options.ts'
import { TextBuffer } from '../text-buffer.ts'
import { eras } from './eras.ts'
import { GvisorPrinter } from './gvisor-printer.ts'
import { calls } from './tables/calls.ts'
import { printCall } from './test-calls.ts'

const at = 0x7f00_0000_1000
const number = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, 8n, 16n, 1024n, 1025n, -1n, -100n, 0x7fff_ffffn, 0x8000_0000n, 1n << 63n),
  fc.nat(1000).map(n => BigInt(at + n)),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
)
/** Memory full of numbers that mean something: small ones, and pointers into it. */
const memory = fc
  .array(fc.oneof(number, fc.nat(64).map(BigInt)), { maxLength: 60 })
  .map(list =>
    Buffer.concat(list.map(value => Buffer.from(BigUint64Array.of(BigInt.asUintN(64, value)).buffer))),
  )

const names = Object.values(calls.amd64!).map(([name]) => name)

test('any arguments and any memory', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names, '999'),
      fc.array(number, { minLength: 6, maxLength: 6 }),
      memory,
      memory,
      fc.oneof(fc.constantFrom(0n, 1n, 5n, 2000n), number),
      fc.constantFrom(...eras),
      (name, args, before, after, result, era) => {
        const call = { name, args, memory: [{ at, bytes: before }], after: [{ at, bytes: after }], result }
        const printed = printCall(call, { era })
        assert.notEqual(printed.result, '', `${name} has its lines`)
        assert.equal(printCall(call, { era }).exit, printed.exit)
      },
    ),
    { numRuns: 400 },
  )
})

test('records that nobody wrote', () => {
  const text = new TextBuffer()
  const output: LineOutput = { buffer: () => text, lineEnded: () => text.clear(), ended() {}, onFlush() {} }
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 160, maxLength: 400 }),
      fc.nat(14),
      fc.nat(500),
      (bytes, kind, sysno) => {
        const printer = new GvisorPrinter({ logSize: 1024, era: 'head', escapePaths: true }, output)
        const view = new DataView(bytes.buffer)
        view.setUint32(0, bytes.length & ~7, true)
        view.setUint32(24, sysno, true)
        for (const k of [kind, 2, 3, kind]) {
          bytes[4] = k
          printer.record(bytes, view, 0)
        }
        printer.end()
      },
    ),
  )
})
