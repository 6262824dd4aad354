/** A writer that waits for room is woken when there is room for much, not at every record that is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Header, maxRecordBytes } from './layout.ts'
import { behind } from './record-runs.ts'
import { Control, createRing, RingReader, RingWriter } from './ring.ts'

test('a writer that waits is woken once, when half of the ring is free', () => {
  const memory = createRing(4 * maxRecordBytes)
  const writer = new RingWriter(memory, () => {})
  const reader = new RingReader(memory)
  const size = 1 << 16
  let written = 0
  for (; memory.data.byteLength - writer.unread > maxRecordBytes; written++) {
    writer.begin()
    writer.commit(size)
  }
  Atomics.store(reader.control, Control.waiting, 1)
  let read = 0
  for (let at = reader.next(); at >= 0; at = reader.next(), read++) {
    const waits = Atomics.load(reader.control, Control.waiting) === 1
    assert.equal(waits, writer.unread > memory.data.byteLength / 2, `${read} of ${written} records read`)
    reader.release(at)
  }
  assert.equal(read, written)
  assert.equal(Atomics.load(reader.control, Control.waiting), 0)
})

test('records are read together up to where the ring begins again, and as many as were asked for', () => {
  const memory = createRing(4 * maxRecordBytes)
  const writer = new RingWriter(memory, () => {})
  const reader = new RingReader(memory)
  const sizes = [24, maxRecordBytes, 8 * 1024, 24, 520, 96 * 1024]
  const most = 256 * 1024
  const written: number[] = []
  const read: number[] = []
  for (let round = 0; round < 40; round++) {
    for (let n = 0; n < 4; n++) {
      const number = written.length
      const at = writer.begin()
      writer.bytes[at + Header.kind] = number
      writer.commit(sizes[number % sizes.length]!)
      written.push(number & 0xff)
      if (writer.unread > 2 * maxRecordBytes) break
    }
    for (let at = reader.next(); at >= 0; at = reader.next()) {
      const end = reader.run(at, most)
      let records = 0
      for (let next = at; next < end; next = behind(reader.view, next), records++)
        read.push(reader.bytes[next + Header.kind]!)
      assert.ok(records === 1 || end - at <= most, `${records} records of ${end - at} bytes`)
      reader.releaseBytes(end - at)
    }
    assert.equal(writer.unread, 0)
  }
  assert.deepEqual(read, written)
})
