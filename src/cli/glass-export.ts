/** `glass export`: a recording as what other tools read. */
import { ChromeTrace } from '../analysis/chrome-trace.ts'
import { RecordingError } from '../record/recording-format.ts'
import { type ByteSink, descriptorSink, fileSink } from '../sinks/byte-sink.ts'
import { query } from './glass-query.ts'
import { replay } from './glass-replay.ts'
import { CommandEnd, guarded, parseWords } from './glass-words.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { errorText } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'

const formats = ['chrome', 'jsonl', 'csv', 'parquet', 'strace'] as const
type Format = (typeof formats)[number]
const isFormat = (name: string | undefined): name is Format =>
  (formats as readonly (string | undefined)[]).includes(name)

/** Does what the words say; sets the exit status. */
export const exportRecording = (context: StartContext): Promise<void> =>
  guarded(`${context.argv0} export`, () => run(context))

async function run(context: StartContext): Promise<void> {
  const { file, to, output } = readWords(context.words)
  const latin1 = (text: string): string => Buffer.from(text).toString('latin1')
  const delegate = (words: readonly string[]): StartContext => ({ ...context, words: words.map(latin1) })
  const into = output === undefined ? [] : ['-o', output]
  switch (to) {
    case 'jsonl':
    case 'strace':
      return replay(delegate([file, `--format=${to === 'jsonl' ? 'json' : to}`, ...into]))
    case 'csv':
    case 'parquet': {
      if (output === undefined && to === 'csv')
        return query(delegate([file, 'select * from calls order by id', '--csv']))
      if (output === undefined) throw new CommandEnd('Parquet goes to a file: -o FILE')
      if (!output.endsWith(`.${to}`)) throw new CommandEnd(`'${output}' must end in .${to}`)
      return query(delegate([file, 'select * from calls order by id', '--to', output]))
    }
    case 'chrome':
      return chrome(file, output)
  }
}

async function chrome(file: string, output: string | undefined): Promise<void> {
  const reader = openAnyRecording(Buffer.from(file))
  let sink: ByteSink
  try {
    sink = output === undefined ? descriptorSink(1) : fileSink(Buffer.from(output), false)
  } catch (error) {
    throw new CommandEnd(`Can't open '${output}': ${errorText(error)}`)
  }
  const trace = new ChromeTrace(Math.max(0, reader.metadata.capture.dataLimit - 1), bytes =>
    sink.write(bytes),
  )
  let problem: unknown
  try {
    for (const { bytes, view, offset } of reader.records()) trace.record(bytes, view, offset)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    problem = error
  }
  // What could be read is whole and valid all the same.
  trace.end()
  await sink.close()
  if (problem !== undefined) throw problem
}

function readWords(words: readonly string[]): {
  readonly file: string
  readonly to: Format
  readonly output: string | undefined
} {
  const { values, positionals } = parseWords(words, {
    to: { type: 'string' },
    output: { type: 'string', short: 'o' },
  })
  const [file, more] = positionals
  if (file === undefined || more !== undefined)
    throw new CommandEnd('one recording is needed; --help tells more')
  const { to, output } = values
  if (!isFormat(to)) throw new CommandEnd(`--to ${formats.join(', ')}: which?`)
  return { file, to, output }
}
