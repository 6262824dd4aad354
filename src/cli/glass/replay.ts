/** `glass replay`: a recording as text. */

import { useInterfacesOf } from '../../dialects/strace/addresses/interfaces.ts'
import { Refusal } from '../../filters/refusal.ts'
import { archNames, Enter, Header, RecordKind, Signal } from '../../record/layout.ts'
import { RecordingError } from '../../record/recording-format.ts'
import type { RecordingReader } from '../../record/recording-reader.ts'
import type { Redaction } from '../../redaction/rules.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import { captureOptions } from '../capture-wishes.ts'
import { endBySigpipe } from '../end-process.ts'
import { makeNotation, type Notation } from '../notations.ts'
import type { Options } from '../options/options.ts'
import { renderMessages } from '../options/parse-options.ts'
import { makeOutput, type Output } from '../output.ts'
import { readRedaction } from '../redaction-rules.ts'
import { errorText, isSameFile, pathBytes } from '../resolve-program.ts'
import type { StartContext } from '../start-context.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { findRecording, limitToRecorded, replayOptions } from './replay-options.ts'
import { CommandEnd } from './words.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
/** Records between two flushes of outputs that keep what they have. */
const flushEvery = 20_000

/** Replays what the words say; `name` is what messages begin with. */
export async function replay(
  { argv0, words }: StartContext,
  name: string = `${argv0} replay`,
): Promise<void> {
  try {
    await run(name, words)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return endBySigpipe()
    const known = error instanceof CommandEnd || error instanceof RecordingError
    if (!known && code === undefined) throw error
    stderr.write(latin1(`${name}: ${known ? error.message : errorText(error)}\n`))
    process.exitCode = 1
  }
}

async function run(name: string, words: readonly string[]): Promise<void> {
  const found = findRecording(words)
  if (found instanceof Refusal) throw new CommandEnd(found.message)
  const reader = await openAnyRecording(pathBytes(found.file), found.file)
  let options = settle(name, found.options, reader)
  if (isSameFile(found.file, options.output))
    throw new CommandEnd(`'${found.file}' is what is to be replayed`)
  const redaction = await readRedaction(options)
  if (typeof redaction === 'string') throw new CommandEnd(redaction)
  const output = makeOutput(options, stdout)
  if (typeof output === 'string') throw new CommandEnd(output)
  let notation: Notation | undefined
  let problem: unknown
  try {
    let chosen = choice(options)
    let n = 0
    let last: number | undefined
    for (const { bytes, view, offset } of reader.records()) {
      const kind = bytes[offset + Header.kind]
      last = kind
      if (kind === RecordKind.start || notation === undefined) {
        // Each capture in the file is a trace of its own.
        if (notation !== undefined) {
          notation.end()
          options = settle(name, found.options, reader)
          chosen = choice(options)
        }
        notation = await begin(options, output, reader, redaction)
      }
      if (chosen(bytes, view, offset)) notation.record(bytes, view, offset)
      if (++n % flushEvery === 0) notation.flush()
    }
    if (last !== RecordKind.end)
      stderr.write(latin1(`${name}: ${found.file}: the recording was stopped before the trace ended\n`))
  } catch (error) {
    if (!(error instanceof RecordingError)) throw writeProblem(error, options)
    problem = error
  }
  try {
    notation ??= await begin(options, output, reader, redaction)
    notation.end()
  } catch (error) {
    throw writeProblem(error, options)
  }
  await output.close()
  if (problem !== undefined) throw problem
}

/** The options for the part of the recording that is about to be read; says what they come to. */
function settle(name: string, words: readonly string[], { metadata }: RecordingReader): Options {
  const parsed = replayOptions(words, metadata)
  stderr.write(latin1(renderMessages(name, parsed)))
  if (!parsed.ok) {
    process.exit(1)
  }
  // Stacks hold whatever the program had there: they are left out.
  if (parsed.options.redact.length + parsed.options.redactFiles.length > 0) parsed.options.stackTraces = false
  for (const note of limitToRecorded(parsed.options, metadata)) stderr.write(latin1(`${name}: ${note}\n`))
  return parsed.options
}

const begin = (
  options: Options,
  output: Output,
  { metadata }: RecordingReader,
  redaction: Redaction | null,
): Promise<Notation> => {
  useInterfacesOf(metadata)
  return makeNotation(options, output, {
    argv0: metadata.argv0,
    stderr: options.output === null ? stdout : stderr,
    metadata,
    redaction,
  })
}

/** An output that cannot be written to, named. */
function writeProblem(error: unknown, { output }: Options): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined || (code === 'EPIPE' && output === null)) return error
  return new CommandEnd(`${output ?? 'standard output'}: ${errorText(error)}`)
}

/** Whether a capture with these options would have recorded a record. */
function choice(options: Options): (bytes: Uint8Array, view: DataView, offset: number) => boolean {
  const { calls, signals } = captureOptions(options)
  const byArch = archNames.map(arch => calls[arch])
  return (bytes, view, offset) => {
    switch (bytes[offset + Header.kind]) {
      case RecordKind.enter:
      case RecordKind.exit: {
        const chosen = byArch[bytes[offset + Header.arch]!] ?? null
        return chosen === null || chosen[view.getUint32(offset + Enter.sysno, true)] === 1
      }
      case RecordKind.signal:
        return signals === null || signals[view.getUint32(offset + Signal.signo, true)] === 1
      default:
        return true
    }
  }
}
