/** What was read of a recording is kept, and answers as if it had been read again; what is damaged is not taken. */
import assert from 'node:assert/strict'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { captureInMemory, type MemoryCapture } from '../cli/test-captures.ts'
import { makeRecording, temporary } from '../record/test-recordings.ts'
import { readArrays, writeArrays } from './array-file.ts'
import type { NumberArray } from './grown.ts'
import { RecordingFeed } from './recording-feed.ts'
import { StoreAnswers } from './store-answers.ts'

let capture: MemoryCapture
before(async () => {
  const script = 'ls / > /dev/null; cat nosuch 2> /dev/null; echo a | cat > /dev/null'
  capture = await captureInMemory(['/bin/sh', '-c', script])
})

/** All that is asked of a recording. */
function answersOf(feed: RecordingFeed): unknown {
  const { store } = feed.collector
  const answers = new StoreAnswers(store, '')
  const all = { conditions: [], text: '' }
  const { lanes, span } = answers.overview({}, undefined)
  const tids = lanes.map(({ tid }) => tid)
  const { rows } = answers.rows(all, 'time', false, 0, 500)
  return {
    overview: answers.overview({ ...feed.metadata }, undefined),
    rows,
    words: answers.rows({ conditions: [], text: 'nosuch' }, 'duration', true, 0, 500),
    statistics: answers.statistics(all),
    timelines: [10, 4000].map(width => answers.timeline(0, span, width, tids, all)),
    records: rows.map(({ id }) => feed.records(id)),
    progress: feed.progress(),
  }
}

test('what is kept answers as what was read', async () => {
  const recording = temporary('kept.rec')
  writeFileSync(recording, makeRecording(capture.records))
  const kept = temporary('kept.calls')
  const first = new RecordingFeed(recording)
  await first.read()
  // It is not worth it, unless one says so.
  assert.equal(await first.keep(kept), false)
  assert.equal(await first.keep(kept, 1), true)
  assert.equal(statSync(kept).mode & 0o777, 0o600)
  const second = new RecordingFeed(recording)
  assert.equal(await second.recall(kept), true)
  assert.deepEqual(answersOf(second), answersOf(first))
  second.close()
  first.close()

  // Without its end, or with another beginning, it is nothing.
  const whole = readFileSync(kept)
  truncateSync(kept, whole.length - 1)
  const third = new RecordingFeed(recording)
  assert.equal(await third.recall(kept), false)
  writeFileSync(kept, whole.fill(32, 0, 4))
  assert.equal(await third.recall(kept), false)
  assert.equal(await third.recall(temporary('nothing.calls')), false)
  await third.read()
  assert.ok(third.progress().calls > 100)
  third.close()
})

test('arrays of any kind and length come back', async () => {
  const array: fc.Arbitrary<NumberArray> = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.uint16Array({ maxLength: 40 }),
    fc.uint32Array({ maxLength: 40 }),
    fc.int32Array({ maxLength: 40 }),
    fc.float64Array({ maxLength: 40 }),
  )
  const path = temporary('arrays')
  await fc.assert(
    fc.asyncProperty(fc.array(array, { maxLength: 8 }), fc.jsonValue(), async (arrays, json) => {
      await writeArrays(path, { json, arrays })
      const found = await readArrays(path)
      assert.deepEqual(found?.arrays, arrays)
      assert.equal(JSON.stringify(found?.json), JSON.stringify(json))
    }),
    { numRuns: 50 },
  )
  // More than is moved at once.
  const long = new Uint32Array(5 << 20).map((_, i) => i)
  await writeArrays(path, { json: null, arrays: [long.subarray(1)] })
  const [read] = (await readArrays(path))!.arrays
  assert.equal(Buffer.compare(Buffer.from(read!.buffer), Buffer.from(long.buffer, 4)), 0)
})
