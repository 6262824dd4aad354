import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { crc32 } from './crc32.ts'
import { prepareAppending } from './recording-append.ts'
import { Block, maxBlockBytes, RecordingError, Segment } from './recording-format.ts'
import { openRecording } from './recording-reader.ts'
import { blockChecksum, RecordingWriter } from './recording-writer.ts'
import { makeRecording, makeStream, metadata, readAll, temporary } from './test-recordings.ts'

const file = temporary('a.rec')
const records = makeStream(200).map(r => Buffer.from(r))

test('crc32 is the one that everybody has', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926)
})

test('a recording gives back its records and its metadata', () => {
  writeFileSync(file, makeRecording(records))
  assert.deepEqual(readAll(file), { records, error: undefined })
  assert.deepEqual(openRecording(file).metadata, metadata)
})

test('a recording of many segments is read as one', () => {
  writeFileSync(file, makeRecording(records, 7))
  assert.deepEqual(readAll(file), { records, error: undefined })
})

test('a block is written when it is full, and when its records have waited', async () => {
  const parts: Uint8Array[] = []
  const writer = new RecordingWriter(bytes => parts.push(bytes), metadata)
  const put = (record: Uint8Array): void =>
    writer.record(record, new DataView(record.buffer, record.byteOffset, record.length), 0)
  put(records[0]!)
  writer.flush()
  assert.equal(parts.length, 1, 'the header alone')
  await new Promise(resolve => setTimeout(resolve, 600))
  writer.flush()
  assert.equal(parts.length, 2)
  for (let i = 0; i < 30_000; i++) put(records[1]!)
  assert.ok(parts.length > 2)
})

test('blocks of a live trace are made quickly only while it does not wait for what is traced', () => {
  const stream = makeStream(20_000)
  const size = (isLive: boolean, flushes: boolean): number => {
    const parts: Uint8Array[] = []
    const writer = new RecordingWriter(bytes => parts.push(bytes), metadata, { isLive, blockBytes: 1 << 16 })
    for (const record of stream) {
      writer.record(record, new DataView(record.buffer), 0)
      if (flushes) writer.flush()
    }
    writer.end()
    writeFileSync(file, Buffer.concat(parts))
    assert.equal(readAll(file).records.length, stream.length)
    return Buffer.concat(parts).length
  }
  const smallest = size(false, false)
  assert.equal(size(true, true), smallest)
  assert.ok(size(true, false) > smallest)
})

test('a file that ends anywhere is read up to its last whole block', () => {
  const whole = makeRecording(records, 50)
  const seen = new Set<number>()
  for (let end = 1; end < whole.length; end += 37) {
    writeFileSync(file, whole.subarray(0, end))
    let got: ReturnType<typeof readAll>
    try {
      got = readAll(file)
    } catch (error) {
      got = { records: [], error }
    }
    seen.add(got.records.length)
    assert.deepEqual(got.records, records.slice(0, got.records.length))
    if (got.error === undefined) continue
    assert.ok(got.error instanceof RecordingError, String(got.error))
    assert.match(
      got.error.message,
      /^.*a\.rec: (ends in the middle: the last (byte is|\d+ bytes are) lost|is not a recording)$/,
    )
  }
  assert.ok(seen.size > 4)
})

test('a damaged block ends the reading, and the error says how much is lost', () => {
  const whole = makeRecording(records, 100)
  const bytes = Buffer.from(whole)
  bytes[bytes.length - 10]! ^= 1
  writeFileSync(file, bytes)
  const got = readAll(file)
  assert.deepEqual(got.records, records.slice(0, got.records.length))
  assert.match(
    String((got.error as Error).message),
    /a\.rec: is damaged at byte \d+: the checksum of a block is wrong; the last \d+ bytes are lost$/,
  )
})

test('other files are refused, by name', () => {
  const refusal = (content: Uint8Array | string): string => {
    writeFileSync(file, content)
    return (readAll(file).error as Error).message.replace(file, 'F')
  }
  assert.equal(refusal(''), 'F: is empty')
  assert.equal(refusal('x'), 'F: is not a recording')
  assert.equal(refusal('execve("/bin/ls", …) = 0\n'.repeat(10)), 'F: is not a recording')
  assert.equal(refusal('sysglass is nice, and this is a text about it'), 'F: is not a recording')
  const other = Buffer.from(makeRecording(records))
  other.writeUInt32LE(7, Segment.version)
  assert.equal(refusal(other), 'F: is a recording of version 7; this program reads up to version 3')
  other.writeUInt32LE(1, Segment.version)
  other.writeUInt32LE(0xffffffff, Segment.length)
  assert.equal(refusal(other), 'F: is damaged: its metadata claim to have 4294967295 bytes')
  assert.throws(() => openRecording(temporary('none')), { code: 'ENOENT' })
})

test('sizes are looked at before room is made for them', () => {
  const whole = makeRecording(records)
  const block = Segment.bytes + whole.readUInt32LE(Segment.length)
  for (const field of [Block.compressed, Block.packed, Block.records]) {
    const other = Buffer.from(whole)
    other.writeUInt32LE(0xfffffff8, block + field)
    other.writeUInt32LE(blockChecksum(other.subarray(block)), block + Block.crc)
    writeFileSync(file, other)
    assert.match(String(readAll(file).error), /claims to be larger than blocks are/)
  }
  // A bomb: what decompresses to more than it says.
  const other = Buffer.from(whole)
  other.writeUInt32LE(64, block + Block.packed)
  other.writeUInt32LE(maxBlockBytes, block + Block.records)
  other.writeUInt32LE(blockChecksum(other.subarray(block)), block + Block.crc)
  writeFileSync(file, other)
  assert.match(String(readAll(file).error), /cannot be decompressed|holds no records/)
})

test('no change of a recording is more than an error', () => {
  const whole = makeRecording(records.slice(0, 60), 20)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: whole.length }),
      fc.uint8Array({ maxLength: 20 }),
      (changes, end, tail) => {
        const other = Buffer.from(whole)
        for (const [at, value] of changes) other[at] = value
        for (const content of [other, Buffer.concat([other.subarray(0, end), tail])]) {
          writeFileSync(file, content)
          const { error } = readAll(file)
          assert.ok(error === undefined || error instanceof RecordingError, String(error))
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('what an interrupted writer left is cut off before more is appended', () => {
  const whole = makeRecording(records)
  for (const lost of [0, 1, 30, whole.length - 1]) {
    writeFileSync(file, Buffer.concat([whole, whole.subarray(0, whole.length - lost)]))
    prepareAppending(file)
    writeFileSync(file, Buffer.concat([readFileSync(file), whole]))
    const got = readAll(file)
    assert.equal(got.error, undefined)
    assert.equal(got.records.length, records.length * (lost === 0 ? 3 : 2))
  }
  writeFileSync(file, 'a text')
  assert.throws(() => prepareAppending(file), /a\.rec: is not a recording; nothing is appended to it/)
  assert.equal(readFileSync(file, 'utf8'), 'a text')
  prepareAppending(temporary('none'))
})
