/** `glass diff`: what a second run did otherwise than a first one. As diff(1): status 0 for no difference, 1 for some, 2 for trouble. */
import { type Change, compareRecordings, type ProcessComparison } from '../../analysis/compare-recordings.ts'
import { type ComparedRecording, commonDetail, comparedCalls, Texts } from '../../analysis/compared-calls.ts'
import { printable } from '../../analysis/show-rows.ts'
import type { RecordingReader } from '../../record/recording-reader.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import type { StartContext } from '../start-context.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

const stdout = descriptorSink(1)
const stderr = descriptorSink(2)

/** Does what the words say; sets the exit status. */
export const diff = ({ argv0, words }: StartContext): Promise<void> => {
  const name = `${argv0} diff`
  return guarded(name, () => run(name, words), 2)
}

async function run(name: string, words: readonly string[]): Promise<void> {
  const { values, positionals } = parseWords(words, {
    json: { type: 'boolean' },
    times: { type: 'boolean' },
    'no-times': { type: 'boolean' },
    most: { type: 'string' },
    view: { type: 'boolean' },
    export: { type: 'string' },
    port: { type: 'string' },
    open: { type: 'boolean' },
  })
  const [first, second, more] = positionals
  if (first === undefined || second === undefined || more !== undefined)
    throw new CommandEnd('two recordings are needed; --help tells more')
  const times = values['no-times'] === true ? 'none' : values.times === true ? 'all' : 'clear'
  const most = values.most === undefined ? undefined : Number(values.most)
  if (most !== undefined && (!Number.isSafeInteger(most) || most < 1))
    throw new CommandEnd(`'${values.most}' is no number of changes`)
  if (values.view === true || values.export !== undefined) {
    // Most comparisons are read on a terminal.
    const [{ viewComparison }, { portOf }] = [
      await import('./view-comparison.ts'),
      await import('./serve-page.ts'),
    ]
    const page = { port: portOf(values.port), open: values.open === true }
    return viewComparison([first, second], { ...page, report: values.export, most, times })
  }
  if (values.port !== undefined || values.open === true)
    throw new CommandEnd('--port and --open are for --view')
  const texts = new Texts()
  const readers = [
    await openAnyRecording(Buffer.from(first)),
    await openAnyRecording(Buffer.from(second)),
  ] as const
  const detail = commonDetail(readers[0].metadata, readers[1].metadata)
  const read = (reader: RecordingReader): ComparedRecording => {
    const recording = comparedCalls(reader, texts, detail)
    if (recording.problem !== null)
      stderr.write(Buffer.from(`${name}: ${recording.problem.message}; what comes before that is compared\n`))
    return recording
  }
  const all = compareRecordings(read(readers[0]), read(readers[1]), texts, times)
  const told = all.filter(({ changes, pids }) => changes.length > 0 || pids.includes(null))
  // How long something took is no difference in what was done.
  const differing = told.filter(
    ({ changes, pids }) => pids.includes(null) || changes.some(({ change }) => change !== 'slower'),
  ).length
  const text =
    values.json === true
      ? told.map(process => `${JSON.stringify(process)}\n`).join('')
      : asText(all, told, differing, most ?? mostChanges)
  stdout.write(Buffer.from(text))
  process.exitCode = differing > 0 ? 1 : 0
}

/** Changes of one kind that are shown of a process. */
const mostChanges = 40

function asText(
  all: readonly ProcessComparison[],
  told: readonly ProcessComparison[],
  differing: number,
  most: number,
): string {
  const lines: string[] = []
  for (const { command, pids, same, changes } of told) {
    const [a, b] = pids
    const where =
      a === null ? `only in the second, ${b}` : b === null ? `only in the first, ${a}` : `${a} and ${b}`
    lines.push(`${printable(command)} (${where}): ${same} calls alike`)
    if (a === null || b === null) continue
    for (const kind of ['otherwise', 'missing', 'added', 'slower'] as const) {
      const ofKind = changes.filter(({ change }) => change === kind)
      for (const change of ofKind.slice(0, most)) lines.push(`  ${lineOf(change)}`)
      if (ofKind.length > most) lines.push(`  ... and ${ofKind.length - most} more (--most=N)`)
    }
  }
  const total = all.reduce((sum, { same }) => sum + same, 0)
  lines.push(`${all.length} processes, ${differing} of them differ; ${total} calls alike`)
  return lines.map(line => `${line}\n`).join('')
}

function lineOf(change: Change): string {
  const times = 'times' in change && change.times > 1 ? `  (${change.times} times)` : ''
  const call = printable(change.call)
  switch (change.change) {
    case 'missing':
      return `- ${call} = ${change.outcome}${times}`
    case 'added':
      return `+ ${call} = ${change.outcome}${times}`
    case 'otherwise':
      return `! ${call} = ${change.before}, then ${change.after}${times}`
    case 'slower': {
      const [before, after] = change.calls
      return `~ ${call}: ${milliseconds(change.before)}, then ${milliseconds(change.after)} (${before} and ${after} calls)`
    }
  }
}

const milliseconds = (ms: number): string => `${ms.toPrecision(3)} ms`
