/** `glass export`: a recording as what other tools read. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChromeTrace } from '../../analysis/chrome-trace.ts'
import { SeccompProfile } from '../../analysis/seccomp-profile.ts'
import { RecordingError, type RecordingMetadata } from '../../record/recording-format.ts'
import { type ByteSink, descriptorSink, fileSink } from '../../sinks/byte-sink.ts'
import type { Notation } from '../notations.ts'
import { errorText } from '../resolve-program.ts'
import type { StartContext } from '../start-context.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { exportSpans, type OtlpWishes } from './otlp.ts'
import { query } from './query.ts'
import { replay } from './replay.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

const formats = ['chrome', 'jsonl', 'csv', 'parquet', 'strace', 'recording', 'otlp', 'seccomp'] as const
type Format = (typeof formats)[number]
const isFormat = (name: string | undefined): name is Format =>
  (formats as readonly (string | undefined)[]).includes(name)

/** Does what the words say; sets the exit status. */
export const exportRecording = (context: StartContext): Promise<void> =>
  guarded(`${context.argv0} export`, () => run(context))

async function run(context: StartContext): Promise<void> {
  const wanted = readWords(context.words)
  if (wanted.redact.length === 0) return exportAs(context, wanted)
  if (wanted.to === 'jsonl' || wanted.to === 'strace' || wanted.to === 'recording')
    return exportAs(context, wanted)
  // What others are given is made of a recording that does not have it any more.
  const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
  try {
    const redacted = join(folder, 'redacted.rec')
    await exportAs(context, { ...wanted, to: 'recording', output: redacted })
    if (process.exitCode === undefined)
      await exportAs(context, { ...wanted, file: redacted, redact: [] }, ['--no-cache'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function exportAs(
  context: StartContext,
  wanted: Wanted,
  querying: readonly string[] = [],
): Promise<void> {
  const { file, to, output, redact } = wanted
  const name = `${context.argv0} export`
  const latin1 = (text: string): string => Buffer.from(text).toString('latin1')
  const delegate = (words: readonly string[]): StartContext => ({ ...context, words: words.map(latin1) })
  const into = output === undefined ? [] : ['-o', output]
  switch (to) {
    case 'jsonl':
    case 'strace':
      return replay(delegate([file, `--format=${to === 'jsonl' ? 'json' : to}`, ...redact, ...into]), name)
    case 'recording':
      if (output === undefined) throw new CommandEnd('a recording goes to a file: -o FILE')
      return replay(delegate([file, '--format=recording', ...redact, ...into]), name)
    case 'csv':
    case 'parquet': {
      if (output === undefined && to === 'csv')
        return query(delegate([file, 'select * from calls order by id', '--csv', ...querying]), name)
      if (output === undefined) throw new CommandEnd('Parquet goes to a file: -o FILE')
      if (!output.endsWith(`.${to}`)) throw new CommandEnd(`'${output}' must end in .${to}`)
      return query(delegate([file, 'select * from calls order by id', '--to', output, ...querying]), name)
    }
    case 'otlp':
      return exportSpans(name, wanted)
    case 'chrome':
      return translate(
        file,
        output,
        ({ capture }, write) => new ChromeTrace(Math.max(0, capture.dataLimit - 1), write),
      )
    case 'seccomp':
      return translate(file, output, ({ capture }, write) => {
        if (!capture.follow)
          stderr.write(Buffer.from(`${name}: recorded without -f: what was started may call more\n`))
        return new SeccompProfile(write)
      })
  }
}

const stderr = descriptorSink(2)

/** Hands all records to what makes another format of them. */
async function translate(
  file: string,
  output: string | undefined,
  make: (metadata: RecordingMetadata, write: (bytes: Uint8Array) => void) => Pick<Notation, 'record' | 'end'>,
): Promise<void> {
  const reader = await openAnyRecording(Buffer.from(file))
  let sink: ByteSink
  try {
    sink = output === undefined ? descriptorSink(1) : fileSink(Buffer.from(output), false)
  } catch (error) {
    throw new CommandEnd(`Can't open '${output}': ${errorText(error)}`)
  }
  const translator = make(reader.metadata, bytes => sink.write(bytes))
  let problem: unknown
  try {
    for (const { bytes, view, offset } of reader.records()) translator.record(bytes, view, offset)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    problem = error
  }
  // What could be read is whole and valid all the same.
  translator.end()
  await sink.close()
  if (problem !== undefined) throw problem
}

interface Wanted extends OtlpWishes {
  readonly to: Format
  /** As a replay has it. */
  readonly redact: readonly string[]
}

function readWords(words: readonly string[]): Wanted {
  const { values, positionals } = parseWords(words, {
    to: { type: 'string' },
    output: { type: 'string', short: 'o' },
    redact: { type: 'string', multiple: true },
    'redact-file': { type: 'string', multiple: true },
    endpoint: { type: 'string' },
    header: { type: 'string', multiple: true },
    'min-duration': { type: 'string' },
    most: { type: 'string' },
  })
  const [file, more] = positionals
  if (file === undefined || more !== undefined)
    throw new CommandEnd('one recording is needed; --help tells more')
  const { to, output, redact = [], 'redact-file': files = [] } = values
  if (!isFormat(to)) throw new CommandEnd(`--to ${formats.join(', ')}: which?`)
  const rules = [...redact.map(rule => `--redact=${rule}`), ...files.map(path => `--redact-file=${path}`)]
  const { endpoint, header = [], 'min-duration': minDuration, most } = values
  const spans = { endpoint, header, minDuration, most }
  if (to !== 'otlp' && Object.values(spans).some(value => value !== undefined && value.length > 0))
    throw new CommandEnd('--endpoint, --header, --min-duration and --most go with --to otlp')
  return { file, to, output, redact: rules, ...spans }
}
