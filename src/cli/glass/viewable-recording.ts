/** What a page is made from: a recording whose blocks can be read in any order. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RecordingError, type RecordingMetadata } from '../../record/recording-format.ts'
import { openRecording } from '../../record/recording-reader.ts'
import { RecordingWriter } from '../../record/recording-writer.ts'
import { descriptorSink, privateFileSink } from '../../sinks/byte-sink.ts'
import type { StartContext } from '../start-context.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { replay } from './replay.ts'

const stderr = descriptorSink(2)

/** As words of a command line come. */
export const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

/** A file of ours alone, which goes when we do. */
export function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glass-view-'))
  // A recorder that has just been started may still make its file.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return join(folder, 'recording')
}

export function isRecording(path: Buffer): boolean {
  try {
    openRecording(path).close()
    return true
  } catch {
    return false
  }
}

/** A file whose blocks can be read in any order, and what it begins with. */
export interface ReadableFile {
  readonly path: Buffer
  readonly metadata: RecordingMetadata
}

/** The recording itself, or what a log or a pipe holds made into one. */
export async function readable(file: string): Promise<ReadableFile> {
  const path = Buffer.from(file)
  const reader = await openAnyRecording(path)
  const { metadata } = reader
  // Logs have no blocks.
  if ('blocks' in reader && statSync(path).isFile()) {
    reader.close()
    return { path, metadata }
  }
  const copy = Buffer.from(temporary())
  const sink = privateFileSink(copy, false)
  const writer = new RecordingWriter(bytes => sink.write(bytes), metadata)
  try {
    for (const { bytes, view, offset } of reader.records()) writer.record(bytes, view, offset)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    stderr.write(Buffer.from(`${error.message}; what comes before that is shown\n`))
  }
  writer.end()
  void sink.close()
  return { path: copy, metadata }
}

/** Another recording, without what the rules name; null where that could not be made. */
export async function redacted(
  file: string,
  rules: readonly string[],
  context: StartContext,
): Promise<Buffer | null> {
  const copy = temporary()
  const words = [file, '--format=recording', '-o', copy, ...rules]
  await replay({ ...context, words: words.map(latin1) }, `${context.argv0} view`)
  return process.exitCode === undefined ? Buffer.from(copy) : null
}
