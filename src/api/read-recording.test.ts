import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { AnyCall, TraceEvent } from '../calls/call.ts'
import { EventReader } from '../calls/event-reader.ts'
import { isCaptureError } from '../capture/backend.ts'
import { startPtrace } from '../capture/ptrace/start-ptrace.ts'
import { bundledWorker, everything, run } from '../capture/ptrace/test-capture.ts'
import { pump } from '../capture/pump.ts'
import { oneByOne } from '../record/record-runs.ts'
import { RecordingWriter } from '../record/recording-writer.ts'
import { metadata } from '../record/test-recordings.ts'
import { readRecording } from './read-recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-read-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a recording yields what the trace would have', async () => {
  const live: (AnyCall | TraceEvent)[] = []
  const reader = new EventReader({ limit: 32, events: true }, e => live.push(e))
  const blocks: Uint8Array[] = []
  const writer = new RecordingWriter(bytes => blocks.push(bytes.slice()), metadata)
  const options = { ...everything, ...run('/bin/sh', '-c', 'cat /dev/null; kill -9 $$'), fdPaths: true }
  const capture = await startPtrace(options, { worker: bundledWorker() })
  if (isCaptureError(capture)) throw new Error(capture.message)
  await pump(capture, {
    records(...records) {
      oneByOne((...record) => reader.record(...record))(...records)
      writer.records(...records)
    },
    idle() {},
  })
  reader.end()
  writer.end()
  const file = join(folder, 'recording')
  writeFileSync(file, Buffer.concat(blocks))

  const read: (AnyCall | TraceEvent)[] = []
  for await (const event of readRecording(file, { events: true, dataLimit: 32 })) read.push(event)
  assert.ok(read.length > 20)
  assert.deepEqual(read, live)

  const names: string[] = []
  for await (const call of readRecording(file, { filter: ['execve', 'kill'] })) names.push(call.name)
  assert.deepEqual([...new Set(names)].sort(), ['execve', 'kill'])

  truncateSync(file, Buffer.concat(blocks).length - 5)
  await assert.rejects(async () => {
    for await (const _ of readRecording(file)) {
    }
  }, /recording/)
  await assert.rejects(readRecording(join(folder, 'none')).next(), { code: 'ENOENT' })
})
