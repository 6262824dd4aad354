import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  align8,
  Enter,
  Exit,
  Header,
  maxRecordBytes,
  Range,
  RangeKind,
  RecordKind,
  Resources,
} from './layout.ts'
import { rangeKinds } from './packed-block.ts'
import { Packer } from './packing.ts'
import { makeRecord, makeStream } from './test-recordings.ts'
import { Unpacker } from './unpacking.ts'
import { keptArguments } from './unused-arguments.ts'

const time = fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: -1e15, max: 1e15, noNaN: true }))
/** Records of any kind, long enough for each, with anything in them; some alike. */
const record = fc
  .record({
    kind: fc.constantFrom(...Object.values(RecordKind), 200),
    words: fc.integer({ min: 12, max: 60 }),
    time,
    sysno: fc.nat({ max: 3 }),
    fill: fc.uint8Array({ maxLength: 40 }),
    at: fc.nat({ max: 20 }),
  })
  .map(({ kind, words, time, sysno, fill, at }) =>
    makeRecord(kind, Math.max(Resources.bytes, words * 8), time, view => {
      view.setUint32(24, sysno, true)
      if (kind !== RecordKind.signal) new Uint8Array(view.buffer).set(fill, 28 + at)
    }),
  )

const address = fc.oneof(
  fc.bigInt(0n, 5n),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.nat({ max: 300 }).map(n => 0x7ff0_0000_1000n + BigInt(n)),
)
/** Texts and structures that come again. */
const content = fc.oneof(
  fc.constantFrom('/a', '/b/', '/a/b', '/b/c', 'c\0', '/a/b\0', '').map(text => Buffer.from(text, 'latin1')),
  fc
    .array(fc.nat({ max: 3 }), { maxLength: 70 })
    .map(words => new Uint8Array(Uint32Array.from(words).buffer)),
)
/** Records of calls with ranges, of which some are where the arguments say, and some near each other. */
const call = fc
  .record({
    isEnter: fc.boolean(),
    tid: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 200 })),
    sysno: fc.constantFrom(0, 1, 3, 257, 500),
    args: fc.array(address, { minLength: 6, maxLength: 6 }),
    ranges: fc.array(
      fc.record({
        arg: fc.nat({ max: 8 }),
        address,
        kind: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: rangeKinds })),
        flags: fc.oneof(fc.nat({ max: 7 }), fc.nat({ max: 255 })),
        rest: fc.oneof(
          { weight: 20, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.nat({ max: 0xffff }) },
        ),
        bytes: fc.oneof(fc.uint8Array({ maxLength: 90 }), content),
        padding: fc.nat({ max: 255 }),
      }),
      { maxLength: 5 },
    ),
    claimed: fc.nat({ max: 20 }),
  })
  .map(({ isEnter, tid, sysno, args, ranges, claimed }) => {
    const fixed = isEnter ? Enter.bytes : Exit.bytes
    const length = ranges.reduce<number>((sum, { bytes }) => sum + Range.bytes + align8(bytes.length), fixed)
    return makeRecord(isEnter ? RecordKind.enter : RecordKind.exit, length, 5, view => {
      view.setUint32(Header.tid, tid, true)
      view.setUint32(Enter.sysno, sysno, true)
      view.setUint32(Enter.ranges, claimed === 20 ? 7 : ranges.length, true)
      if (isEnter) for (const [i, arg] of args.entries()) view.setBigUint64(Enter.args + i * 8, arg, true)
      let at: number = fixed
      for (const { arg, address, kind, flags, rest, bytes, padding } of ranges) {
        view.setBigUint64(at, args[arg] ?? address, true)
        view.setUint32(at + Range.length, bytes.length, true)
        view.setUint8(at + Range.kind, kind)
        view.setUint8(at + Range.flags, flags)
        view.setUint16(at + Range.kind + 2, rest, true)
        const content = new Uint8Array(view.buffer, at + Range.bytes, align8(bytes.length)).fill(padding)
        content.set(bytes)
        at += Range.bytes + content.length
      }
    })
  })

/** What of a record is kept: not the registers that its call does not take, nor what stands behind the bytes of ranges. */
function keptOf(record: Uint8Array): Uint8Array {
  const kept = record.slice()
  const view = new DataView(kept.buffer)
  const kind = view.getUint8(Header.kind)
  if (kind === RecordKind.enter)
    kept.fill(
      0,
      Enter.args + 8 * keptArguments(view.getUint8(Header.arch), view.getUint32(Enter.sysno, true)),
      Enter.args + 48,
    )
  if (kind !== RecordKind.enter && kind !== RecordKind.exit) return kept
  const padding: [number, number][] = []
  let at: number = kind === RecordKind.enter ? Enter.bytes : Exit.bytes
  for (let n = view.getUint32(Enter.ranges, true); n > 0; n--) {
    if (at + Range.bytes > kept.length) return kept
    if (view.getUint8(at + Range.kind) >= rangeKinds || view.getUint16(at + Range.kind + 2, true) !== 0)
      return kept
    const end = at + Range.bytes + view.getUint32(at + Range.length, true)
    at += Range.bytes + align8(view.getUint32(at + Range.length, true))
    if (at > kept.length) return kept
    padding.push([end, at])
  }
  if (at === kept.length) for (const [from, to] of padding) kept.fill(0, from, to)
  return kept
}

function roundTrip(records: readonly Uint8Array[]): void {
  const expected = Buffer.concat(records.map(keptOf))
  const bytes = new Uint8Array(Buffer.concat(records))
  const packed = new Packer().pack(bytes, bytes.length, records.length)
  const unpacker = new Unpacker()
  assert.equal(unpacker.unpack(packed, bytes.length, records.length), true)
  assert.deepEqual(Buffer.from(unpacker.bytes.subarray(0, bytes.length)), expected)
}

test('what was packed is unpacked byte for byte', () => {
  fc.assert(fc.property(fc.array(record, { maxLength: 60 }), roundTrip))
})

test('ranges, wherever they are', () => {
  fc.assert(fc.property(fc.array(fc.oneof(call, record), { maxLength: 60 }), roundTrip))
})

/** A call of `sysno` with one range of `kind` behind the fixed part. */
const withRange = (
  isEnter: boolean,
  sysno: number,
  kind: number,
  address: bigint,
  text: string,
): Uint8Array => {
  const fixed = isEnter ? Enter.bytes : Exit.bytes
  return makeRecord(
    isEnter ? RecordKind.enter : RecordKind.exit,
    fixed + Range.bytes + align8(text.length),
    1,
    view => {
      view.setUint32(Enter.sysno, sysno, true)
      view.setUint32(Enter.ranges, 1, true)
      view.setBigUint64(fixed, address, true)
      view.setUint32(fixed + Range.length, text.length, true)
      view.setUint8(fixed + Range.kind, kind)
      Buffer.from(text, 'latin1').copy(new Uint8Array(view.buffer), fixed + Range.bytes)
    },
  )
}

test('a path is told once: when it is opened, and not where its descriptor is noted', () => {
  const path = '/usr/share/some/file'
  const records = [
    withRange(true, 257, RangeKind.memory, 0x1000n, `${path}\0`),
    withRange(false, 257, RangeKind.fdPath, 3n, path),
    withRange(true, 0, RangeKind.fdPath, 3n, path),
    withRange(true, 3, RangeKind.fdPath, 3n, path),
  ]
  roundTrip(records)
  const bytes = new Uint8Array(Buffer.concat(records))
  const packed = Buffer.from(new Packer().pack(bytes, bytes.length, records.length))
  assert.equal(packed.indexOf(path), packed.lastIndexOf(path))
})

test('what stands in registers that a call does not take is not kept', () => {
  const close = (sysno: number, unused: bigint): Uint8Array =>
    makeRecord(RecordKind.enter, Enter.bytes, 1, view => {
      view.setUint32(Enter.sysno, sysno, true)
      for (let i = 0; i < 6; i++) view.setBigUint64(Enter.args + i * 8, i === 0 ? 5n : unused, true)
    })
  const packed = (record: Uint8Array): Buffer => Buffer.from(new Packer().pack(record, record.length, 1))
  assert.deepEqual(packed(close(3, 0x1234n)), packed(close(3, 0n)))
  // The kernel of tomorrow may have a call of this number.
  assert.notDeepEqual(packed(close(1000, 0x1234n)), packed(close(1000, 0n)))
})

test('more threads than are kept in mind', () => {
  const of = (n: number): number => (n * n) % 150
  roundTrip(
    Array.from({ length: 3000 }, (_, n) =>
      makeRecord(RecordKind.enter, Enter.bytes, n, view => {
        view.setUint32(Header.tid, of(n), true)
        view.setUint32(Enter.sysno, n % 5, true)
        view.setUint32(Enter.args, of(n) * 7, true)
      }),
    ),
  )
})

test('what memory held before is not kept in the padding of ranges', () => {
  const bytes = makeRecord(RecordKind.exit, Exit.bytes + Range.bytes + 8, 1, view => {
    view.setUint32(Exit.ranges, 1, true)
    view.setUint32(Exit.bytes + Range.length, 2, true)
    Buffer.from('ok secret').copy(new Uint8Array(view.buffer), Exit.bytes + Range.bytes)
  })
  assert.equal(Buffer.from(new Packer().pack(bytes, bytes.length, 1)).includes('ecret'), false)
})

test('a call of many ranges does not look through its beginning for each', { timeout: 60_000 }, () => {
  const many = (kind: number, fixed: number, count: number, content: Buffer): Uint8Array =>
    makeRecord(kind, fixed + count * (Range.bytes + align8(content.length)), 1, view => {
      view.setUint32(Enter.ranges, count, true)
      for (let n = 0, at = fixed; n < count; n++, at += Range.bytes + align8(content.length)) {
        view.setUint32(at, n, true)
        view.setUint32(at + Range.length, content.length, true)
        view.setUint8(at + Range.kind, RangeKind.fdPath)
        content.copy(new Uint8Array(view.buffer), at + Range.bytes)
      }
    })
  const exits = ['/a', '/b', '/c', '/d'].map(path =>
    many(RecordKind.exit, Exit.bytes, 40_000, Buffer.from(path)),
  )
  const began = process.cpuUsage()
  roundTrip([many(RecordKind.enter, Enter.bytes, 65_000, Buffer.alloc(0)), ...exits])
  // Looking took ten times as long.
  assert.ok(process.cpuUsage(began).user < 4e6)
})

test('many shapes, and the largest record', () => {
  roundTrip(
    Array.from({ length: 2000 }, (_, i) =>
      makeRecord(RecordKind.enter, 96, i * 2 ** 31, view => view.setUint32(24, i % 700, true)),
    ),
  )
  roundTrip([makeRecord(RecordKind.exit, maxRecordBytes, 1), makeRecord(RecordKind.exit, 48, 0.5)])
})

test('a loop of calls takes a few bytes a record', () => {
  const records = makeStream(5000)
  const bytes = new Uint8Array(Buffer.concat(records))
  const packed = new Packer().pack(bytes, bytes.length, records.length)
  assert.ok(packed.length < records.length * 7, `${packed.length / records.length} bytes a record`)
})

test('anything else is refused, or is records', () => {
  const records = makeStream(40)
  const bytes = new Uint8Array(Buffer.concat(records))
  const packed = new Packer().pack(bytes, bytes.length, records.length).slice()
  const unpacker = new Unpacker()
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(packed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: bytes.length + 64 }),
      fc.nat(100),
      (changes, length, count) => {
        const other = packed.slice()
        for (const [at, value] of changes) other[at] = value
        unpacker.unpack(other, bytes.length, records.length)
        unpacker.unpack(other, length, count)
        unpacker.unpack(other.subarray(0, length), bytes.length, records.length)
      },
    ),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(800), fc.nat(20), (junk, length, count) => {
      unpacker.unpack(junk, length, count)
    }),
  )
})
