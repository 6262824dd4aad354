/** `glass info`: what a recording tells of itself. */
import { shellWords } from '../../analysis/command-line.ts'
import type { RecordingMetadata } from '../../record/recording-format.ts'
import { descriptorSink } from '../../sinks/byte-sink.ts'
import type { StartContext } from '../start-context.ts'
import { openAnyRecording } from './open-any-recording.ts'
import { CommandEnd, guarded, parseWords } from './words.ts'

/** Does what the words say; sets the exit status. */
export const info = (context: StartContext): Promise<void> =>
  guarded(`${context.argv0} info`, async () => {
    const { values, positionals } = parseWords(context.words, { json: { type: 'boolean' } })
    const [file, more] = positionals
    if (file === undefined || more !== undefined)
      throw new CommandEnd('one recording is needed; --help tells more')
    const reader = await openAnyRecording(Buffer.from(file))
    const { metadata } = reader
    reader.close()
    const text = values.json === true ? `${JSON.stringify(metadata)}\n` : linesOf(metadata)
    // A recording may come from anywhere: its bytes reach a terminal only escaped.
    descriptorSink(1).write(Buffer.from(text.replace(/[^\n\x20-\x7e]/g, escaped), 'latin1'))
  })

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

function linesOf(metadata: RecordingMetadata): string {
  const { program, attached, options, cwd, began, machine, kernel, arch, sysglass, node } = metadata
  const { capture, environment, redacted } = metadata
  const lines: (readonly [name: string, value: string | undefined])[] = [
    ['program', program.length === 0 ? undefined : shellWords(program)],
    ['attached to', attached.length === 0 ? undefined : attached.join(' ')],
    ['options', shellWords(options)],
    ['directory', cwd],
    ['began', began],
    ['machine', machine],
    ['kernel', `${kernel} ${arch}`],
    ['recorded by', `sysglass ${sysglass}${node === undefined ? '' : `, node ${node}`}`],
    ['strings up to', `${Math.max(0, capture.dataLimit - 1)} bytes`],
    ['redacted', redacted?.join(' ')],
    ['environment', environment?.join(' ')],
  ]
  return lines
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${`${name}:`.padEnd(15)}${value.replace(/\n/g, escaped)}\n`],
    )
    .join('')
}
