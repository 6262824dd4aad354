/** Which options a replay goes by: its own, or those that the recording was made with. */

import { Refusal } from '../../filters/refusal.ts'
import type { RecordingMetadata } from '../../record/recording-format.ts'
import { Bound } from '../../types/plan.ts'
import { scanOptions } from '../options/getopt.ts'
import { optionTable } from '../options/option-table.ts'
import type { Options } from '../options/options.ts'
import { type ParseResult, parseOptions } from '../options/parse-options.ts'

/** A replay's command line: the recording, and the options around it. */
export interface ReplayWords {
  readonly file: string
  readonly options: readonly string[]
}

/** Finds the recording's name among `words`; options may stand before and after it. */
export function findRecording(words: readonly string[]): ReplayWords | Refusal {
  const at = endOfOptions(words)
  if (at instanceof Refusal) return at
  const file = words[at]
  if (file === undefined) return new Refusal('which recording? replay FILE [OPTION]...', false)
  const before = words.slice(0, at).filter((word, i) => !(word === '--' && i === at - 1))
  return { file, options: [...before, ...words.slice(at + 1)] }
}

function endOfOptions(words: readonly string[]): number | Refusal {
  const scan = scanOptions(words, optionTable)
  for (;;) {
    const step = scan.next()
    if (step.done) return step.value
  }
}

/** Options that say where a replay goes and in which notation. A command line with no others goes by the recording's. */
const destination = [
  '--output',
  '--output-append-mode',
  '--format',
  '--gvisor-log-size',
  '--data-limit',
  '--progress',
  '--last',
  '--redact',
  '--redact-file',
]
/** Options that a recording cannot obey. */
const forCaptures = [
  '--attach',
  '--backend',
  '--system',
  '--cgroup',
  '--lossless',
  '--entry-times',
  '--env',
  '--user',
  '--argv0',
  '--daemonize',
  '--detach-on',
  '--inject',
  '--fault',
]

/** The options of a replay with `words` of a recording with `metadata`, as if its program were traced with them. */
export function replayOptions(words: readonly string[], metadata: RecordingMetadata): ParseResult {
  const own = rewrite(words, () => true)
  if (own instanceof Refusal) return refused(own)
  const forbidden = own.names.find(name => forCaptures.includes(name))
  if (forbidden !== undefined) return refused(new Refusal(`${forbidden} has no effect on a recording`, false))
  if (own.rest.length > 0) return refused(new Refusal(`one recording at a time: '${own.rest[0]}'`, false))
  const inherits = own.names.every(name => destination.includes(name))
  const recorded = inherits
    ? rewrite(metadata.options, name => !destination.includes(name) && name !== '--attach')
    : undefined
  if (recorded instanceof Refusal) return refused(recorded)
  const attach = metadata.attached.length > 0 ? [`--attach=${metadata.attached.join(',')}`] : []
  // Who was traced is a fact, whatever else it goes by.
  const watched = rewrite(metadata.options, name => !inherits && (name === '--system' || name === '--cgroup'))
  if (watched instanceof Refusal) return refused(watched)
  const result = parseOptions([
    ...(recorded?.words ?? []),
    ...watched.words,
    ...own.words,
    ...attach,
    '--',
    ...metadata.program,
  ])
  if (!result.ok) return result
  // The recording's own injections came to pass; what they were is in its records.
  if (!inherits && result.options.injections.length > 0)
    return refused(new Refusal('-e inject= has no effect on a recording', false))
  result.options.follow ||= metadata.capture.follow
  return result
}

const refused = ({ message, hint }: Refusal): ParseResult => ({
  ok: false,
  message,
  hint,
  code: 1,
  warnings: [],
})

/** The options in `words` that `keeps`, by their first long name or the short one, each in words of its own. */
function rewrite(
  words: readonly string[],
  keeps: (name: string) => boolean,
): { words: string[]; names: string[]; rest: readonly string[] } | Refusal {
  const kept: string[] = []
  const names: string[] = []
  const scan = scanOptions(words, optionTable)
  for (;;) {
    const step = scan.next()
    if (step.done) {
      if (step.value instanceof Refusal) return step.value
      return { words: kept, names, rest: words.slice(step.value) }
    }
    const { option, argument, spelled } = step.value
    const [first] = option.long
    const name = first === undefined ? `-${option.short}` : `--${first}`
    if (!keeps(name)) continue
    names.push(name)
    if (argument === null) kept.push(spelled)
    else if (spelled.startsWith('--')) kept.push(`${spelled}=${argument}`)
    else kept.push(spelled, argument)
  }
}

/** What of these options the recording cannot satisfy; takes back what would make wrong lines. */
export function limitToRecorded(options: Options, metadata: RecordingMetadata): string[] {
  const { capture } = metadata
  const notes: string[] = []
  const most = Math.max(0, capture.dataLimit - 1)
  if (options.stringLimit > most) {
    notes.push(`no more than ${most} bytes of a string were recorded: --data-limit keeps more`)
    options.stringLimit = most
  }
  const dumps = [options.readFds, options.writeFds].some(({ inverted, fds }) => inverted || fds.size > 0)
  if (dumps && capture.dataLimit < Bound.data)
    notes.push(`no more than ${most} bytes of a buffer were recorded: --data-limit=all keeps more`)
  if (options.stackTraces && capture.stacks !== true) notes.push('no stacks were recorded: that takes -k')
  if (options.kvmVcpu && capture.virtualCpus !== true)
    notes.push('why virtual CPUs stopped was not recorded: that takes --kvm=vcpu')
  if (options.decodePids.has('pidns') && capture.pidNamespaces !== true)
    notes.push("no processes' numbers in other pid namespaces were recorded: that takes --decode-pids=pidns")
  options.gvisorLogSize = Math.min(options.gvisorLogSize, most)
  return notes
}
