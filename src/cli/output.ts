/** Opens what the trace is written to: -o, -A, -ff, a command, or stderr. */
import { accessSync, constants, existsSync, fstatSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { prepareAppending } from '../record/recording-append.ts'
import { RecordingError } from '../record/recording-format.ts'
import { type ByteSink, commandSink, fileSink, privateFileSink } from '../sinks/byte-sink.ts'
import { Bound } from '../types/plan.ts'
import { SeparateOutput, SharedOutput } from './line-outputs.ts'
import type { Options } from './options/options.ts'
import { errorText, nameTooLong, pathBytes } from './resolve-program.ts'

export interface Output {
  /** The one sink; undefined with -ff. */
  readonly sink: ByteSink | undefined
  readonly lines: SharedOutput | SeparateOutput
  /** It is a terminal. */
  readonly terminal: boolean
  /** What the program itself writes may come to the same place: lines must stand before what it does next. */
  readonly inStep: boolean
  close(): Promise<void>
  /** Removes a file that was made in vain; one that was there before stays. */
  discard(): void
}

/** Opens the output that the options name, `standard` when they name none; or says what is wrong with it. */
export function makeOutput(options: Options, standard: ByteSink): Output | string {
  try {
    return openOutput(options, standard)
  } catch (error) {
    if (error instanceof RecordingError) return error.message
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return `Can't fopen '${options.output}': ${errorText(error)}`
  }
}

/** A dot, the digits of a thread's number, and the NUL. */
const longestSuffix = 12

function openOutput(options: Options, standard: ByteSink): Output | string {
  const { output, appendOutput } = options
  const recording = options.format === 'recording'
  if (output === null) return recording ? 'a recording goes to a file: -o FILE' : shared(standard, true)
  if (output.startsWith('|') || output.startsWith('!')) return shared(commandSink(output.slice(1)), false)
  const path = pathBytes(output)
  if (options.followSeparately && !recording) {
    // A longer name leaves no room for the number of a thread.
    if (path.length >= Bound.path - longestSuffix) return `${output}: ${nameTooLong}`
    // Files are opened as there is something to write; that they can be made is told before anything runs.
    accessSync(dirname(path.toString('latin1')), constants.W_OK)
    const lines = new SeparateOutput(tid => fileSink(pathBytes(`${output}.${tid}`), appendOutput))
    const nothing = { close: async () => {}, discard: () => {} }
    return { sink: undefined, lines, terminal: false, inStep: false, ...nothing }
  }
  const isNew = !existsSync(path)
  if (recording && appendOutput) prepareAppending(path)
  const sink = (recording ? privateFileSink : fileSink)(path, appendOutput)
  return {
    ...shared(sink, sink.terminal || isStandard(path)),
    discard: () => {
      if (isNew) rmSync(path, { force: true })
    },
  }
}

/** It leads to what our standard output or error is (/dev/stdout, say), and that is no /dev/null. */
function isStandard(path: Buffer): boolean {
  const file = statSync(path)
  if (file.isCharacterDevice()) return false
  return [fstatSync(1), fstatSync(2)].some(({ dev, ino }) => dev === file.dev && ino === file.ino)
}

function shared(sink: ByteSink, inStep: boolean): Output {
  return {
    sink,
    lines: new SharedOutput(sink),
    terminal: sink.terminal,
    inStep,
    close: () => sink.close(),
    discard: () => {},
  }
}

/** On a shared stderr a message lands where the line has got to, as strace's does. */
export function putMessage(output: Output, stderr: ByteSink, line: Uint8Array): void {
  if (output.sink === stderr && 'text' in output.lines) output.lines.text.putBytes(line)
  else stderr.write(line)
}
