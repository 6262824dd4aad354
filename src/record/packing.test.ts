import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maxRecordBytes, RecordKind } from './layout.ts'
import { Packer } from './packing.ts'
import { makeRecord, makeStream } from './test-recordings.ts'
import { Unpacker } from './unpacking.ts'

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
    makeRecord(kind, Math.max(96, words * 8), time, view => {
      view.setUint32(24, sysno, true)
      if (kind !== RecordKind.signal) new Uint8Array(view.buffer).set(fill, 28 + at)
    }),
  )

function roundTrip(records: readonly Uint8Array[]): void {
  const bytes = new Uint8Array(Buffer.concat(records))
  const packed = new Packer().pack(bytes, bytes.length, records.length)
  const unpacker = new Unpacker()
  assert.equal(unpacker.unpack(packed, bytes.length, records.length), true)
  assert.deepEqual(Buffer.from(unpacker.bytes.subarray(0, bytes.length)), Buffer.from(bytes))
}

test('what was packed is unpacked byte for byte', () => {
  fc.assert(fc.property(fc.array(record, { maxLength: 60 }), roundTrip))
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
  assert.ok(packed.length < records.length * 12, `${packed.length / records.length} bytes a record`)
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
