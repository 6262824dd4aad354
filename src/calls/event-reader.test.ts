import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { syscallNumbers } from '../abi/syscalls.ts'
import { JsonPrinter } from '../dialects/json/json-printer.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { align8, archNames, Enter, Exit, Header, Range, RecordKind } from '../record/layout.ts'
import type { AnyCall, TraceEvent } from './call.ts'
import { EventReader } from './event-reader.ts'

interface HostileRange {
  readonly address: bigint
  readonly content: Uint8Array
  readonly flags: number
  readonly kind: number
}

function callRecord(
  kind: number,
  arch: number,
  sysno: number,
  words: readonly bigint[],
  ranges: readonly HostileRange[],
  failed: number,
): Uint8Array {
  const enters = kind === RecordKind.enter
  const fixed = enters ? Enter.bytes : Exit.bytes
  const size = ranges.reduce<number>((n, r) => n + Range.bytes + align8(r.content.length), fixed)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(Header.size, size, true)
  bytes[Header.kind] = kind
  bytes[Header.arch] = arch
  view.setUint16(Header.flags, failed, true)
  view.setUint32(Header.tid, 7, true)
  view.setUint32(Header.pid, 7, true)
  view.setUint32(Enter.sysno, sysno, true)
  view.setUint32(Enter.ranges, ranges.length, true)
  words.forEach((word, i) => {
    view.setBigUint64((enters ? Enter.args : Exit.result) + 8 * i, word, true)
  })
  let at = fixed
  for (const { address, content, kind, flags } of ranges) {
    view.setBigUint64(at, address, true)
    view.setUint32(at + Range.length, content.length, true)
    bytes[at + Range.kind] = kind
    bytes[at + Range.flags] = flags
    bytes.set(content, at + Range.bytes)
    at += Range.bytes + align8(content.length)
  }
  return bytes
}

/** Few addresses, so that pointers often lead somewhere, and into the middle of it. */
const address = fc.bigInt(0x1000n, 0x1200n)
const word = fc.oneof(
  address,
  fc.bigInt(0n, 300n),
  fc.bigInt(0n, (1n << 64n) - 1n),
  fc.constantFrom(0n, (1n << 64n) - 1n, (1n << 64n) - 100n, 0x7fffffffn, 1n << 63n),
)
/** Memory that is made of words, as structures of pointers and lengths are. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(word, { maxLength: 40 }).map(words => new Uint8Array(BigUint64Array.from(words).buffer)),
)
const range = fc.record({
  address,
  content,
  flags: fc.nat(3),
  kind: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5),
})
const numbers = archNames.map(arch => Object.values(syscallNumbers[arch]))
const call = fc.nat(archNames.length - 1).chain(arch =>
  fc.record({
    arch: fc.constant(arch),
    sysno: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...numbers[arch]!) },
      { weight: 1, arbitrary: fc.nat() },
    ),
    args: fc.array(word, { minLength: 6, maxLength: 6 }),
    enter: fc.array(range, { maxLength: 6 }),
    exit: fc.option(
      fc.record({ result: word, failed: fc.nat(1), ranges: fc.array(range, { maxLength: 6 }) }),
    ),
  }),
)

test('whatever is in a record, a call comes out of it', () => {
  const found: (AnyCall | TraceEvent)[] = []
  const text = new TextBuffer()
  const output = { buffer: () => text, lineEnded() {}, ended() {}, onFlush: () => {} }
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 5 }), calls => {
      const reader = new EventReader({ limit: 64, events: true }, event => found.push(event))
      const printer = new JsonPrinter({ dataLimit: 64 }, output)
      found.length = 0
      text.clear()
      for (const { arch, sysno, args, enter, exit } of calls) {
        const records = [callRecord(RecordKind.enter, arch, sysno, args, enter, 0)]
        if (exit !== null)
          records.push(callRecord(RecordKind.exit, arch, sysno, [exit.result], exit.ranges, exit.failed))
        for (const bytes of records) {
          const view = new DataView(bytes.buffer)
          reader.record(bytes, view, 0)
          printer.record(bytes, view, 0)
        }
      }
      reader.end()
      printer.end()
      const returned = calls.filter(c => c.exit !== null).length
      assert.equal(found.filter(e => e.kind === 'call' && e.outcome !== 'unfinished').length, returned)
      const lines = text.toString().trimEnd().split('\n')
      assert.equal(lines.length, found.length)
      for (const line of lines) JSON.parse(Buffer.from(line, 'latin1').toString('utf8'))
    }),
    { numRuns: 1500 },
  )
})

test('small records do not become endless values', () => {
  // A vector of messages each of which is the same vector of buffers, which lie one over the other.
  const words = new BigUint64Array(2048)
  for (let i = 0; i < words.length; i += 8)
    words.set([0x1000n, 16n, 0x1000n, 1024n, 0x1000n, 4096n, 0n, 4096n], i)
  const memory = { address: 0x1000n, content: new Uint8Array(words.buffer), flags: 0, kind: 0 }
  const { sendmmsg } = syscallNumbers.amd64
  const bytes = callRecord(RecordKind.enter, 0, sendmmsg, [3n, 0x1000n, 1024n, 0n, 0n, 0n], [memory], 0)
  const found: (AnyCall | TraceEvent)[] = []
  const reader = new EventReader({ limit: 4096, events: true }, event => found.push(event))
  reader.record(bytes, new DataView(bytes.buffer), 0)
  reader.end()
  const made = found[0]
  assert.ok(made?.kind === 'call' && made.truncated)
  let values = 0
  const count = (value: unknown): void => {
    values++
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
      Object.values(value).forEach(count)
  }
  count(made.args)
  assert.ok(values < 200_000, `${values} values`)
})
