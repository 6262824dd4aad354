/** A writer that waits for room is woken when there is room for much, not at every record that is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxRecordBytes } from './layout.ts'
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
