/** Whatever stands in a recording: it is read in, and answered from, without failing. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { otherWords, withOtherWords } from '../cli/glass/test-damage.ts'
import { captureInMemory, type MemoryCapture } from '../cli/test-captures.ts'
import { RecordingError } from '../record/recording-format.ts'
import { makeRecording, temporary } from '../record/test-recordings.ts'
import { CallDetailer } from './call-details.ts'
import { RecordingFeed } from './recording-feed.ts'
import { StoreAnswers } from './store-answers.ts'

let capture: MemoryCapture
const everything = { conditions: [], text: '' }
// One for all: making its printers takes most of the time.
const detailer = new CallDetailer()

before(async () => {
  const script = 'ls -l /proc/self/fd; sleep 0 & wait; echo a | cat; (kill -9 $BASHPID)'
  capture = await captureInMemory(['/bin/bash', '--norc', '-c', `exec 2>/dev/null >/dev/null; ${script}`])
})

/** Asks everything of a file; what is refused must be refused as a recording is. */
async function askAll(file: string): Promise<void> {
  const feed = new RecordingFeed(file)
  try {
    await feed.read()
  } catch (error) {
    assert.ok(error instanceof RecordingError, String(error))
    return
  } finally {
    assert.ok(JSON.stringify(feed.progress()).length > 0)
  }
  const { store } = feed.collector
  const answers = new StoreAnswers(store, '')
  const { lanes, span } = answers.overview({}, undefined)
  const tids = lanes.map(({ tid }) => tid)
  JSON.stringify(answers.timeline(0, span, 10, tids, everything))
  JSON.stringify(answers.timeline(0, span, 4000, tids, { conditions: [], text: 'e' }))
  JSON.stringify(answers.statistics(everything))
  const { rows } = answers.rows(everything, 'time', false, 0, 500)
  for (const row of rows.filter(({ id }) => id % 7 === 0))
    JSON.stringify(detailer.details(row, store.began, feed.records(row.id)))
  feed.close()
}

test('records with other words in them, checksums being right', async () => {
  const property = fc.asyncProperty(otherWords, async changes => {
    const file = temporary('hostile.rec')
    writeFileSync(file, withOtherWords(capture.records, changes))
    await askAll(file)
  })
  await fc.assert(property, { numRuns: 12 })
})

test('files with other bytes in them, or cut off', async () => {
  const whole = makeRecording(
    capture.records.map(record => record.slice()),
    700,
  )
  const property = fc.asyncProperty(
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 }),
    fc.nat(whole.length),
    async (bytes, length) => {
      const file = temporary('damaged.rec')
      const damaged = Uint8Array.from(whole)
      for (const [at, value] of bytes) damaged[at] = value
      writeFileSync(file, damaged.subarray(0, bytes.length === 0 ? length : whole.length))
      await askAll(file)
    },
  )
  await fc.assert(property, { numRuns: 25 })
})
