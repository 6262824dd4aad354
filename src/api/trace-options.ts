/** What a trace can be asked for, and what of it a capture needs to know. */
import { resolve } from 'node:path'
import type { CaptureOptions, Program } from '../capture/backend.ts'
import { callChoices } from '../filters/call-choices.ts'
import { encodeText } from '../types/text.ts'
import { type CallFilter, chooseCalls } from './choose-calls.ts'
import { findProgram } from './find-program.ts'
import { TraceError } from './trace-error.ts'

/** What to trace: a program to start, by its argv, or processes that run already. */
export type TraceTarget =
  | readonly [program: string, ...args: string[]]
  | { readonly pid: number | readonly number[] }

/** `F` and `E` are what `filter` and `events` are: the type of what a trace yields follows from them. */
export interface TraceOptions<
  F extends readonly CallFilter[] = readonly CallFilter[],
  E extends boolean = boolean,
> {
  /** Trace what the program starts as well: threads and processes. Default true for a program, and for a process with its threads. */
  readonly follow?: boolean
  /**
   * Calls to trace: names, `%classes` and `/regular expressions`; `!` leaves out. Default: all. With `follow`, calls that are not
   * chosen cost the program next to nothing.
   */
  readonly filter?: F
  /** Yield signals, stops, starts and ends of threads, too: see `kind`. Default false. */
  readonly events?: E
  /** The program's environment. Default: ours. */
  readonly env?: { readonly [name: string]: string | undefined }
  /** Where the program starts. Default: our own working directory. */
  readonly cwd?: string
  /** argv[0], when it is to differ from the name that the program is found by. */
  readonly argv0?: string
  /**
   * The program's standard input, output and error: ours (`inherit`, the default), /dev/null (`ignore`), or a descriptor
   * of ours. One for all, or one each.
   */
  readonly stdio?: Stdio | readonly [Stdio, Stdio, Stdio]
  /** Bytes of strings and buffers to keep; `truncated` says where there was more. Paths are always kept whole. Default 4096. */
  readonly dataLimit?: number
  /**
   * How calls are caught: `ptrace` (the default) stops the program at each; `ebpf` stops nobody, takes root or the capabilities
   * CAP_BPF and CAP_PERFMON, and does not note what descriptors refer to.
   */
  readonly backend?: 'ptrace' | 'ebpf'
  /** Note what descriptors refer to: `path` beside `fd`. Default true. */
  readonly descriptorPaths?: boolean
  /** The environment of execve, which is long. Default true. */
  readonly environment?: boolean
  /** Ends the trace, as leaving the loop does; the loop then throws the signal's reason. */
  readonly signal?: AbortSignal
  /**
   * What becomes of a program that the trace has started, when the loop is left before its end: `kill` (the default) or
   * `detach`, which lets it run on. Whatever else is traced, what the program has started among it, runs on in either case.
   */
  readonly whenLeft?: 'kill' | 'detach'
}

export type Stdio = 'inherit' | 'ignore' | number

/** strings of JavaScript as the capture takes them: latin1, one char for one byte. */
const latin1 = (text: string): string => Buffer.from(encodeText(text)).toString('latin1')

/** What the capture must do. `nullDevice`: a descriptor of /dev/null, asked for only when one is needed. */
export function captureOptions(
  target: TraceTarget,
  options: TraceOptions,
  nullDevice: () => number,
): CaptureOptions {
  const { filter, dataLimit = defaultDataLimit } = options
  checkTarget(target, options)
  if (!Number.isInteger(dataLimit) || dataLimit < 0 || dataLimit > mostData)
    throw new TraceError('option', `dataLimit: ${dataLimit} is not a number of bytes from 0 to ${mostData}`)
  const started = isArgv(target)
  return {
    ...(started ? { program: program(target, options, nullDevice) } : {}),
    attach: started ? [] : pids(target.pid),
    follow: options.follow ?? true,
    calls: filter === undefined ? everyCall : callChoices(chooseCalls(filter)),
    filterInKernel: filter !== undefined,
    signals: options.events ? null : new Uint8Array(signalNumbers),
    // One more: it shows whether a string ends there.
    dataLimit: dataLimit + 1,
    environment: options.environment ?? true,
    asKernel: true,
    fdPaths: options.descriptorPaths ?? true,
    sockets: false,
    devices: false,
    threadNames: true,
    systemTime: false,
    pin: 'auto',
  }
}

export const isArgv = (target: TraceTarget): target is readonly [string, ...string[]] => Array.isArray(target)

/** What types say, for those who call from JavaScript. */
function checkTarget(target: unknown, { backend }: TraceOptions): void {
  if (backend !== undefined && backend !== 'ptrace' && backend !== 'ebpf')
    throw new TraceError('option', `backend: '${backend}' is neither 'ptrace' nor 'ebpf'`)
  if (Array.isArray(target)) {
    if (target.length > 0 && target.every(word => typeof word === 'string')) return
    throw new TraceError('option', 'a program is an array of strings, its name first')
  }
  if (typeof target !== 'object' || target === null || !('pid' in target))
    throw new TraceError('option', `what is to be traced is a program, ['ls', '-l'], or { pid }`)
}

export const defaultDataLimit = 4096
/** What one record can hold with room to spare. */
const mostData = 262144
const signalNumbers = 65
const everyCall = { amd64: null, arm64: null, i386: null }

function pids(pid: number | readonly number[]): readonly number[] {
  const all = typeof pid === 'number' ? [pid] : pid
  for (const one of all)
    if (!Number.isInteger(one) || one <= 0) throw new TraceError('option', `pid: ${one} is not a process id`)
  if (all.length === 0) throw new TraceError('option', 'pid: no process is given')
  return all
}

function program(
  argv: readonly [string, ...string[]],
  options: TraceOptions,
  nullDevice: () => number,
): Program {
  const env = options.env ?? process.env
  const cwd = resolve(options.cwd ?? '.')
  for (const word of [...argv, options.argv0 ?? '', cwd, ...Object.entries(env).flat()])
    if (word?.includes('\0'))
      throw new TraceError('option', 'a string with a NUL in it cannot be passed to a program')
  const stdio = standard(options.stdio, nullDevice)
  return {
    file: latin1(findProgram(argv[0], env.PATH, cwd)),
    argv: [options.argv0 ?? argv[0], ...argv.slice(1)].map(latin1),
    envp: Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [latin1(`${name}=${value}`)],
    ),
    ...(options.cwd === undefined ? {} : { cwd: latin1(cwd) }),
    ...(stdio === undefined ? {} : { stdio }),
  }
}

function standard(stdio: TraceOptions['stdio'], nullDevice: () => number): Program['stdio'] {
  if (stdio === undefined || stdio === 'inherit') return undefined
  const each: readonly Stdio[] = typeof stdio === 'object' ? stdio : [stdio, stdio, stdio]
  const fds = each.map((s, i) => (s === 'inherit' ? i : s === 'ignore' ? nullDevice() : s))
  return [fds[0]!, fds[1]!, fds[2]!]
}
