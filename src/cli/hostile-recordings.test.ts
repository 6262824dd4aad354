/** Whatever stands in a recording whose checksums are right: no notation fails on it, or writes without end. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { Header } from '../record/layout.ts'
import { RecordingError } from '../record/recording-format.ts'
import { makeRecording, readAll, temporary } from '../record/test-recordings.ts'
import { captureInMemory, type MemoryCapture, print } from './test-captures.ts'

let capture: MemoryCapture

before(async () => {
  const script = 'ls -l /proc/self/fd; sleep 0 & wait; echo a | cat; stty; (kill -9 $BASHPID)'
  capture = await captureInMemory(['/bin/bash', '--norc', '-c', `exec 2>/dev/null >/dev/null; ${script}`])
})

const interesting = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x1000, 0x7fffffff, 0x80000000, 0xffffffff]
/** Words of some records, chosen anew. */
const change = fc.record({
  record: fc.nat(),
  word: fc.nat(40),
  value: fc.oneof(fc.constantFrom(...interesting), fc.nat(0xffffffff)),
})

/** What a reader lets through of the capture with these changes. */
function changed(changes: readonly { record: number; word: number; value: number }[]): MemoryCapture | null {
  const records = capture.records.map(record => record.slice())
  for (const { record: n, word, value } of changes) {
    const record = records[n % records.length]!
    const at = (word * 4) % record.length
    const kind = record[Header.kind]!
    // Sizes, and kinds that the size does not fit, are for the tests of the reader.
    if (at !== Header.size) new DataView(record.buffer).setUint32(at, value, true)
    record[Header.kind] = kind
  }
  const file = temporary('hostile.rec')
  writeFileSync(file, makeRecording(records, 1 << 20))
  const read = readAll(file)
  if (read.error === undefined) return { ...capture, records: read.records.map(r => Uint8Array.from(r)) }
  assert.ok(read.error instanceof RecordingError, String(read.error))
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
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 40 }), async changes => {
        const hostile = changed(changes)
        if (hostile === null) return
        whole++
        const text = await print(hostile, set.split(' '))
        assert.ok(text.length < 50_000_000, `${text.length} bytes of text`)
      }),
      { numRuns: 40 },
    )
    assert.ok(whole > 10)
  })
