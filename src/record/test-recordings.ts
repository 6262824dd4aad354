/** For tests: records and recordings made up, and recordings read into plain values. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { align8, Enter, Exit, Header, Range, RecordKind, Start, Status } from './layout.ts'
import type { RecordingMetadata } from './recording-format.ts'
import { openRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-recordings-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
/** A file in a folder that goes away with the process. */
export const temporary = (name: string): string => join(folder, name)

export const metadata: RecordingMetadata = {
  sysglass: 'test',
  argv0: 'sysglass',
  options: ['-f'],
  program: ['true'],
  attached: [],
  arch: 'amd64',
  kernel: '6.0',
  began: '2026-01-01T00:00:00.000Z',
  capture: {
    follow: true,
    dataLimit: 33,
    environment: true,
    fdPaths: true,
    sockets: true,
    devices: true,
    threadNames: true,
    systemTime: true,
    stacks: false,
  },
}

/** A record of `kind`, `bytes` long, with `fill` to set its fields. */
export function makeRecord(
  kind: number,
  bytes: number,
  time: number,
  fill: (view: DataView) => void = () => {},
): Uint8Array {
  const record = new Uint8Array(align8(bytes))
  const view = new DataView(record.buffer)
  view.setUint32(Header.size, record.length, true)
  view.setUint8(Header.kind, kind)
  view.setUint32(Header.tid, 100, true)
  view.setUint32(Header.pid, 100, true)
  view.setFloat64(Header.time, time, true)
  fill(view)
  return record
}

/** A stream of `calls` writes of a text that now and then is another. */
export function makeStream(calls: number): Uint8Array[] {
  const records = [
    makeRecord(RecordKind.start, Start.bytes, 0, view => view.setUint32(Start.version, 1, true)),
  ]
  for (let i = 0; i < calls; i++) {
    const text = Buffer.from(`line ${Math.floor(i / 10)}\n`)
    records.push(
      makeRecord(RecordKind.enter, Enter.bytes + Range.bytes + text.length, i * 1000, view => {
        view.setUint32(Enter.sysno, 1, true)
        view.setUint32(Enter.ranges, 1, true)
        view.setBigUint64(Enter.args, 1n, true)
        view.setBigUint64(Enter.args + 8, 0x1000n, true)
        view.setBigUint64(Enter.args + 16, BigInt(text.length), true)
        view.setBigUint64(Enter.bytes, 0x1000n, true)
        view.setUint32(Enter.bytes + Range.length, text.length, true)
        text.copy(new Uint8Array(view.buffer), Enter.bytes + Range.bytes)
      }),
      makeRecord(RecordKind.exit, Exit.bytes, i * 1000 + 400, view => {
        view.setUint32(Exit.sysno, 1, true)
        view.setBigInt64(Exit.result, BigInt(text.length), true)
        view.setFloat64(Exit.systemTime, Number.NaN, true)
      }),
    )
  }
  records.push(makeRecord(RecordKind.end, Status.bytes, calls * 1000))
  return records
}

/** A recording of these records, in a segment for every `perSegment` of them. */
export function makeRecording(records: readonly Uint8Array[], perSegment = 1000): Buffer {
  const parts: Uint8Array[] = []
  for (let from = 0; from < records.length; from += perSegment) {
    const writer = new RecordingWriter(bytes => parts.push(bytes), metadata)
    for (const record of records.slice(from, from + perSegment))
      writer.record(record, new DataView(record.buffer, record.byteOffset, record.length), 0)
    writer.end()
  }
  return Buffer.concat(parts)
}

/** All that can be read of a file, and the error that ended it. */
export function readAll(path: string): { records: Buffer[]; error: unknown } {
  const records: Buffer[] = []
  try {
    for (const { bytes, view, offset } of openRecording(path).records())
      records.push(Buffer.from(bytes.slice(offset, offset + view.getUint32(offset, true))))
  } catch (error) {
    return { records, error }
  }
  return { records, error: undefined }
}
