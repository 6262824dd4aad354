/** What a recording tells of how it was made. */
import { release } from 'node:os'
import type { RecordingMetadata } from '../record/recording-format.ts'
import { captureOptions } from './capture-wishes.ts'
import type { Options } from './options/options.ts'
import type { StartContext } from './start-context.ts'

declare const __VERSION__: string | undefined

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
    processNames = false,
  } = captureOptions(options)
  return {
    sysglass: typeof __VERSION__ === 'string' ? __VERSION__ : 'source',
    argv0: context.argv0,
    options: context.words.slice(0, context.words.length - options.program.length),
    program: options.program,
    attached: options.attach,
    ...(options.program.length > 0 ? { cwd: Buffer.from(process.cwd()).toString('latin1') } : {}),
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
      processNames,
    },
  }
}
