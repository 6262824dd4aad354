/** Whatever stands in a recording whose checksums are right: no notation fails on it, or writes without end. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { RecordingError } from '../record/recording-format.ts'
import { readAll, temporary } from '../record/test-recordings.ts'
import { otherWords, withOtherWords } from './glass/test-damage.ts'
import { captureInMemory, type MemoryCapture, print } from './test-captures.ts'

let capture: MemoryCapture

before(async () => {
  const script = 'ls -l /proc/self/fd; sleep 0 & wait; echo a | cat; stty; (kill -9 $BASHPID)'
  capture = await captureInMemory(['/bin/bash', '--norc', '-c', `exec 2>/dev/null >/dev/null; ${script}`])
})

/** What a reader lets through of a recording. */
function read(recording: Buffer): MemoryCapture | null {
  const file = temporary('hostile.rec')
  writeFileSync(file, recording)
  const { error, records } = readAll(file)
  if (error === undefined) return { ...capture, records: records.map(record => Uint8Array.from(record)) }
  assert.ok(error instanceof RecordingError, String(error))
  return null
}

const sets = [
  '-f',
  '-f -v -yy -tt -T -s 5000',
  '-f -X verbose -x -C -ttt -r',
  '-f --format=gvisor',
  '-f --format=json',
]
for (const set of sets)
  test(`hostile records, ${set}`, async () => {
    let whole = 0
    await fc.assert(
      fc.asyncProperty(otherWords, async changes => {
        const hostile = read(withOtherWords(capture.records, changes))
        if (hostile === null) return
        whole++
        const text = await print(hostile, set.split(' '))
        assert.ok(text.length < 50_000_000, `${text.length} bytes of text`)
      }),
      { numRuns: 40 },
    )
    assert.ok(whole > 10)
  })
