/** Blocks that several threads unpack come in their order, as one that reads them all tells of them. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { makeRecording, makeStream, readAll, temporary } from '../record/test-recordings.ts'
import { makeSharedBlocks, sharedRecords, unpackInto } from './shared-blocks.ts'

/** What comes of a file in so many shares. Each is small enough that its thread need not wait for us, so there is no thread. */
function shared(path: string, turns: number): ReturnType<typeof readAll> & { done: number } {
  const all = Array.from({ length: turns }, makeSharedBlocks)
  for (const [turn, blocks] of all.entries()) unpackInto({ file: Buffer.from(path), blocks, turn, turns })
  const records: Buffer[] = []
  let error: unknown
  let done = 0
  try {
    for (const { bytes, view, offset } of sharedRecords(all, () => done++))
      records.push(Buffer.from(bytes.slice(offset, offset + view.getUint32(offset, true))))
  } catch (thrown) {
    error = thrown
  }
  return { records, error, done }
}

const path = temporary('blocks.rec')
const blocks = 4
// A segment a block.
const stream = makeStream(200)
const whole = makeRecording(stream, Math.ceil(stream.length / blocks))

test('records in their order', () => {
  writeFileSync(path, whole)
  const { records } = readAll(path)
  assert.ok(records.length > 200)
  for (const turns of [2, 3, 4, 7])
    assert.deepEqual(shared(path, turns), { records, error: undefined, done: blocks })
})

test('what is wrong with a file is told after what comes before', () => {
  for (const damage of [0.1, 0.4, 0.6, 0.99]) {
    const bytes = Buffer.from(whole)
    bytes[Math.floor(bytes.length * damage)]! ^= 1
    for (const file of [bytes, whole.subarray(0, Math.floor(whole.length * damage))]) {
      writeFileSync(path, file)
      let wanted: ReturnType<typeof readAll>
      try {
        wanted = readAll(path)
      } catch {
        // Its beginning is none.
        continue
      }
      for (const turns of [2, 3, 5]) {
        const { records, error } = shared(path, turns)
        assert.deepEqual(records, wanted.records)
        assert.equal((error as Error).message, (wanted.error as Error).message)
      }
    }
  }
})
