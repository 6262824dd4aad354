/** Opens what the trace is written to: -o, -A, -ff, a command, or stderr. */
import { rmSync } from 'node:fs'
import { type ByteSink, commandSink, fileSink } from '../sinks/byte-sink.ts'
import { SeparateOutput, SharedOutput } from './line-outputs.ts'
import type { Options } from './options/options.ts'
import { pathBytes } from './resolve-program.ts'

export interface Output {
  /** The one sink; undefined with -ff. */
  readonly sink: ByteSink | undefined
  readonly lines: SharedOutput | SeparateOutput
  close(): Promise<void>
  /** Removes a file that was made in vain. */
  discard(): void
}

/** Throws node's error when the output cannot be opened. Recordings hold what programs read: they are their owner's alone. */
export function makeOutput(options: Options, stderr: ByteSink): Output {
  const { output, format } = options
  const mode = format === 'recording' ? 0o600 : 0o666
  if (output === null) return shared(stderr)
  if (output.startsWith('|') || output.startsWith('!')) return shared(commandSink(output.slice(1)))
  if (options.followSeparately && format !== 'recording') {
    const lines = new SeparateOutput(tid =>
      fileSink(pathBytes(`${output}.${tid}`), options.appendOutput, mode),
    )
    return { sink: undefined, lines, close: async () => {}, discard: () => {} }
  }
  const sink = fileSink(pathBytes(output), options.appendOutput, mode)
  return {
    ...shared(sink),
    discard: () => {
      if (!options.appendOutput) rmSync(pathBytes(output), { force: true })
    },
  }
}

function shared(sink: ByteSink): Output {
  return { sink, lines: new SharedOutput(sink), close: () => sink.close(), discard: () => {} }
}
