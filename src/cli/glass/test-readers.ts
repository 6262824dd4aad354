/** For tests: everything that reads recordings, each to its end. */
import { ChromeTrace } from '../../analysis/chrome-trace.ts'
import type { RowSink } from '../../analysis/column-batch.ts'
import { compareRecordings } from '../../analysis/compare-recordings.ts'
import { commonDetail, comparedCalls, Texts } from '../../analysis/compared-calls.ts'
import { openDatabase } from '../../analysis/database.ts'
import { questions } from '../../analysis/questions.ts'
import { collectRows } from '../../analysis/rows.ts'
import { RecordingError } from '../../record/recording-format.ts'
import { openRecording, type RecordingReader } from '../../record/recording-reader.ts'
import type { ByteSink } from '../../sinks/byte-sink.ts'
import { makeNotation, type Notation } from '../notations.ts'
import { makeOutput } from '../output.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { limitToRecorded, replayOptions } from './replay-options.ts'
import { CommandEnd } from './words.ts'

/** Reads a file, or ends with a RecordingError; tells how many bytes of text came of it. */
export type Reads = (file: string) => Promise<number>

const optionSets = [
  '',
  '-f',
  '-f -v -yy -tt -T -s 5000',
  '-f -X verbose -x -C -ttt -r',
  '-f -c -S calls',
  '-f -k',
  '-f --format=gvisor',
  '-f --format=json',
]

function count(): ByteSink & { bytes: number } {
  return {
    terminal: false,
    bytes: 0,
    write(bytes) {
      this.bytes += bytes.length
    },
    close: async () => {},
  }
}

/** What a reader is told that has all of a recording, or its part before the damage. */
function each(
  reader: RecordingReader,
  take: (bytes: Uint8Array, view: DataView, offset: number) => void,
): void {
  try {
    for (const { bytes, view, offset } of reader.records()) take(bytes, view, offset)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
  }
}

const replays =
  (words: string): Reads =>
  async file => {
    const reader = await openAnyRecording(Buffer.from(file))
    const parsed = replayOptions(words.split(' ').filter(Boolean), reader.metadata)
    // What a recording says of its options may be none.
    if (!parsed.ok) return 0
    const { options } = parsed
    if (options.output !== null) throw new Error(`a recording chose where to write: ${options.output}`)
    limitToRecorded(options, reader.metadata)
    const sink = count()
    const output = makeOutput(options, sink)
    if (typeof output === 'string') throw new Error(output)
    const setting = { argv0: 'glass', stderr: sink, metadata: reader.metadata, redaction: null }
    const notation: Notation = await makeNotation(options, output, setting)
    each(reader, (bytes, view, offset) => notation.record(bytes, view, offset))
    notation.end()
    await output.close()
    return sink.bytes
  }

const rows: Reads = async file => {
  const reader = await openAnyRecording(Buffer.from(file))
  let bytes = 0
  const sink: RowSink = {
    rows: (_, columns, length) => {
      bytes += columns.length * length
    },
  }
  collectRows(reader, true, sink)
  return bytes
}

const chrome: Reads = async file => {
  const reader = await openAnyRecording(Buffer.from(file))
  let size = 0
  const trace = new ChromeTrace(Math.max(0, reader.metadata.capture.dataLimit - 1), bytes => {
    size += bytes.length
  })
  each(reader, (bytes, view, offset) => trace.record(bytes, view, offset))
  trace.end()
  return size
}

/** Compares with another recording, which is whole. */
const compares =
  (whole: string): Reads =>
  async file => {
    const a = await openAnyRecording(Buffer.from(whole))
    const b = await openAnyRecording(Buffer.from(file))
    const texts = new Texts()
    const detail = commonDetail(a.metadata, b.metadata)
    const [before, after] = [comparedCalls(a, texts, detail), comparedCalls(b, texts, detail)]
    return JSON.stringify(compareRecordings(before, after, texts, 'all')).length
  }

/** By DuckDB itself, which takes longer. */
export const asks: Reads = async file => {
  const open = (): Promise<RecordingReader> => openAnyRecording(Buffer.from(file))
  const db = await openDatabase({ file, open, args: true, cache: false })
  try {
    let rows = 0
    for (const { sql } of Object.values(questions))
      rows += (await db.connection.runAndReadAll(sql)).getRowsJson().length
    return rows
  } finally {
    db.close()
  }
}

/** All readers, by a name for people. `whole` is a recording to compare with. */
export const allReaders = (whole: string): readonly (readonly [name: string, reads: Reads])[] => [
  ...optionSets.map(words => [`replay ${words}`, replays(words)] as const),
  ['rows', rows],
  ['chrome', chrome],
  ['diff', compares(whole)],
]

/** What may come out of hostile input beside a result. */
export const isExpected = (error: unknown): boolean =>
  error instanceof RecordingError || error instanceof CommandEnd

/** Whether it is a recording up to its end. */
export function isWhole(file: string): boolean {
  try {
    for (const _ of openRecording(file).records());
    return true
  } catch {
    return false
  }
}
