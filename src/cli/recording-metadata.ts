/** What a recording tells of how it was made. */
import { hostname, release } from 'node:os'
import { interfaceLines } from '../dialects/strace/addresses/interfaces.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import { captureOptions } from './capture-wishes.ts'
import type { Options } from './options/options.ts'
import { changeEnvironment } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'

declare const __VERSION__: string | undefined

/** Of a list: readers refuse metadata that are much longer than that. */
const mostChars = 200_000

/** As many of these words as have `chars` chars together. */
function upTo(chars: number, words: readonly string[]): readonly string[] {
  let left = chars
  return words.filter(word => {
    left -= word.length + 4
    return left > 0
  })
}

const namesOf = ({ environment }: StartContext, options: Options): string[] =>
  changeEnvironment(environment, options.environment).map(variable => variable.split('=')[0]!)

/** Describes a capture with `options`, which `context.words` were parsed to. */
export function describeRecording(options: Options, context: StartContext): RecordingMetadata {
  const {
    follow,
    dataLimit,
    environment,
    fdPaths,
    sockets,
    devices,
    threadNames,
    systemTime,
    stacks = false,
    pidNamespaces = false,
    virtualCpus = false,
    processNames = false,
  } = captureOptions(options)
  const cwd = options.program.length > 0 ? workingDirectory() : undefined
  return {
    sysglass: typeof __VERSION__ === 'string' ? __VERSION__ : 'source',
    argv0: context.argv0,
    options: context.words.slice(0, context.words.length - options.program.length),
    program: upTo(mostChars, options.program),
    attached: options.attach,
    ...(cwd === undefined ? {} : { cwd }),
    ...(options.format === 'recording'
      ? {
          environment: upTo(mostChars, namesOf(context, options)),
          machine: hostname(),
          node: process.version,
          interfaces: upTo(mostChars, interfaceLines()),
        }
      : {}),
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    kernel: release(),
    began: new Date().toISOString(),
    capture: {
      follow,
      dataLimit,
      environment,
      fdPaths,
      sockets,
      devices,
      threadNames,
      systemTime,
      stacks,
      pidNamespaces,
      virtualCpus,
      processNames,
    },
  }
}

/** Where the program starts; undefined where that directory has been removed. */
function workingDirectory(): string | undefined {
  try {
    return Buffer.from(process.cwd()).toString('latin1')
  } catch {
    return undefined
  }
}
