/** For tests: real captures kept in memory, and notations written to files. */
import type { CaptureOptions } from '../capture/backend.ts'
import { isCaptureError } from '../capture/backend.ts'
import { startPtrace } from '../capture/ptrace/start-ptrace.ts'
import { bundledWorker } from '../capture/ptrace/test-capture.ts'
import { pump } from '../capture/pump.ts'
import { behind, oneByOne } from '../record/record-runs.ts'
import { temporary } from '../record/test-recordings.ts'
import type { ByteSink } from '../sinks/byte-sink.ts'
import { captureOptions, withNotationPlans } from './capture-wishes.ts'
import { makeNotation } from './notations.ts'
import { defaultOptions, type Options } from './options/options.ts'
import { parseOptions } from './options/parse-options.ts'
import { makeOutput } from './output.ts'
import { describeRecording } from './recording-metadata.ts'

export interface MemoryCapture {
  /** argv of the program. */
  readonly program: readonly string[]
  readonly records: readonly Uint8Array[]
}

/** Captures a program as `glass record -f` does. */
export async function captureInMemory(program: readonly string[]): Promise<MemoryCapture> {
  const wishes: Options = { ...defaultOptions(), format: 'recording', follow: true }
  const options: CaptureOptions = {
    ...(await withNotationPlans(captureOptions(wishes), wishes)),
    program: { file: program[0]!, argv: program, envp: ['PATH=/usr/bin:/bin', 'LC_ALL=C'] },
  }
  const capture = await startPtrace(options, { worker: bundledWorker() })
  if (isCaptureError(capture)) throw new Error(capture.message)
  const records: Uint8Array[] = []
  await pump(capture, {
    records: oneByOne((bytes, view, offset) => records.push(bytes.slice(offset, behind(view, offset)))),
    idle: () => {},
  })
  const { error } = await capture.done
  if (error !== undefined) throw new Error(error.message)
  return { program, records }
}

/** The options of a command line. */
function optionsOf(words: readonly string[]): Options {
  const parsed = parseOptions(words)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.options
}

/** Collects what is written. */
function memorySink(): ByteSink & { text(): string } {
  const parts: Buffer[] = []
  return {
    terminal: false,
    write: bytes => void parts.push(Buffer.from(bytes)),
    close: async () => {},
    text: () => Buffer.concat(parts).toString('latin1'),
  }
}

/** What sysglass with these options prints of a capture, on its stderr; with -o in the options, in that file. */
export async function print({ program, records }: MemoryCapture, words: readonly string[]): Promise<string> {
  const options = optionsOf([...words, ...program])
  const stderr = memorySink()
  const output = makeOutput(options, stderr)
  if (typeof output === 'string') throw new Error(output)
  const context = { argv0: 'sysglass', words: [...words, ...program], environment: [] }
  const setting = {
    argv0: 'sysglass',
    stderr,
    metadata: describeRecording(options, context),
    redaction: null,
  }
  const notation = await makeNotation(options, output, setting)
  for (const record of records)
    notation.record(record, new DataView(record.buffer, record.byteOffset, record.length), 0)
  notation.end()
  await output.close()
  return stderr.text()
}

/** Writes a capture to a recording, as of a command line with these options. */
export async function writeRecording(
  capture: MemoryCapture,
  words: readonly string[] = ['-f'],
  name = 'capture.rec',
): Promise<string> {
  const file = temporary(name)
  await print(capture, ['--format=recording', '-o', file, ...words])
  return file
}
