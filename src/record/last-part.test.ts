import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { test } from 'node:test'
import { LastPart } from './last-part.ts'
import { Enter, Exit, Header, Range, RecordKind, Start, Status, Thread } from './layout.ts'
import { RecordingWriter } from './recording-writer.ts'
import { makeRecord, metadata, readAll, temporary } from './test-recordings.ts'

const second = 1e9

function thread(tid: number, name: string): Uint8Array {
  const record = makeRecord(RecordKind.thread, Thread.bytes, 1)
  new DataView(record.buffer).setUint32(Header.tid, tid, true)
  Buffer.from(name).copy(record, Thread.comm)
  return record
}

/** A write of 4000 bytes that nothing makes smaller. */
function writes(tid: number, time: number): Uint8Array[] {
  const content = randomBytes(4000)
  const enter = makeRecord(RecordKind.enter, Enter.bytes + Range.bytes + content.length, time, view => {
    view.setUint32(Header.tid, tid, true)
    view.setUint32(Enter.sysno, 1, true)
    view.setUint32(Enter.ranges, 1, true)
    view.setUint32(Enter.bytes + Range.length, content.length, true)
    content.copy(new Uint8Array(view.buffer), Enter.bytes + Range.bytes)
  })
  const exit = makeRecord(RecordKind.exit, Exit.bytes, time + 10, view => {
    view.setUint32(Header.tid, tid, true)
    view.setUint32(Exit.sysno, 1, true)
  })
  return [enter, exit]
}

/** Records `calls`, one every `step` ns; the largest that the file ever was. */
function record(
  path: string,
  most: ConstructorParameters<typeof LastPart>[1],
  calls: number,
  step: number,
): number {
  const part = new LastPart(path, most, metadata)
  let largest = 0
  const writer = new RecordingWriter((bytes, time) => {
    part.write(bytes, time)
    largest = Math.max(largest, statSync(path).size)
  }, metadata)
  const put = (...records: Uint8Array[]): void => {
    for (const r of records) writer.record(r, new DataView(r.buffer), 0)
  }
  put(
    makeRecord(RecordKind.start, Start.bytes, 0, view => view.setUint32(Start.version, 1, true)),
    thread(100, 'leader'),
    thread(101, 'sleeper'),
    thread(102, 'gone'),
    thread(103, 'named'),
  )
  // A call that lasts, an end, and a new name, long before what is kept.
  put(writes(101, 2)[0]!)
  const ended = makeRecord(RecordKind.exited, Status.bytes, 3)
  new DataView(ended.buffer).setUint32(Header.tid, 102, true)
  const named = thread(103, 'other name')
  named[Header.kind] = RecordKind.comm
  put(ended, named)
  for (let i = 1; i <= calls; i++) put(...writes(100, i * step))
  put(makeRecord(RecordKind.end, Status.bytes, calls * step))
  writer.end()
  part.close()
  return largest
}

const names = (records: readonly Buffer[]): string[] =>
  records
    .filter(r => r[Header.kind] === RecordKind.thread)
    .map(r => r.toString('latin1', Thread.comm).split('\0')[0]!)

test('no more than so many bytes are kept, and who lives is known all the same', () => {
  const file = temporary('last-bytes.rec')
  const largest = record(file, { bytes: 8e6, nanoseconds: null }, 6000, 1000)
  assert.ok(largest < 8e6 * (9 / 8) + 3.5e6, `${largest} bytes`)
  const { size } = statSync(file)
  assert.ok(size <= 8.1e6 && size > 4e6, `${size} bytes`)
  const { records, error } = readAll(file)
  assert.equal(error, undefined)
  assert.equal(records[0]![Header.kind], RecordKind.start)
  assert.deepEqual(names(records), ['leader', 'sleeper', 'other name'])
  const asleep = records.filter(
    r => r.readUInt32LE(Header.tid) === 101 && r[Header.kind] === RecordKind.enter,
  )
  assert.deepEqual(
    asleep.map(r => r.readDoubleLE(Header.time)),
    [2],
  )
  assert.equal(records.at(-1)![Header.kind], RecordKind.end)
  // What is kept has no gaps.
  const times = records.filter(r => r[Header.kind] === RecordKind.exit).map(r => r.readDoubleLE(Header.time))
  assert.deepEqual(
    times,
    times.map((_, i) => times[0]! + i * 1000),
  )
})

test('no more than so much time is kept', () => {
  const file = temporary('last-time.rec')
  record(file, { bytes: null, nanoseconds: 60 * second }, 10_000, 0.1 * second)
  const times = readAll(file)
    .records.filter(r => r[Header.kind] === RecordKind.exit)
    .map(r => r.readDoubleLE(Header.time))
  const kept = (times.at(-1)! - times[0]!) / second
  // Blocks, of some 70 seconds here, go or stay whole.
  assert.ok(kept >= 60 && kept < 220, `${kept} s`)
})

test('what has not grown too large is as any recording', () => {
  const file = temporary('last-all.rec')
  record(file, { bytes: 1e9, nanoseconds: 1e9 * second }, 100, 1000)
  assert.equal(readAll(file).records.length, 209)
  assert.equal(statSync(file).mode & 0o777, 0o600)
})
