/** The command line's options as what printers want to know. */

import { pathFilter } from '../capture/ptrace/path-filter.ts'
import type { JsonOptions } from '../dialects/json/json-printer.ts'
import type { LineOptions } from '../dialects/strace/line-options.ts'
import type { Style } from '../dialects/strace/style.ts'
import { choosesCall } from '../filters/syscall-filter.ts'
import type { ArchName } from '../record/layout.ts'
import { isUnknownCallName } from '../syscalls/unknown-calls.ts'
import { dumps } from './capture-wishes.ts'
import { choosesDescriptor } from './options/descriptor-filter.ts'
import type { Options } from './options/options.ts'
import { choosesSignal } from './options/signal-filter.ts'

function styleOf(options: Options): Style {
  return {
    stringLimit: options.stringLimit,
    escape: options.escape,
    verbose: options.verboseStructs,
    constants: options.constantStyle,
    // What is told of signalfds is told of their path.
    descriptorPaths: options.decodeFds.has('path') || options.decodeFds.has('signalfd'),
    socketDetails: options.decodeFds.has('socket'),
    deviceNumbers: options.decodeFds.has('dev'),
    pidfdProcesses: options.decodeFds.has('pidfd'),
    processNames: options.decodePids.has('comm'),
    pidNamespaces: options.decodePids.has('pidns'),
  }
}

/** -P: which calls count, told by what they are called with. */
export const touches = ({ pathFilter: paths }: Options): LineOptions['touches'] =>
  paths.length === 0 ? undefined : pathFilter(paths)

export function lineOptions(options: Options): LineOptions {
  const style = styleOf(options)
  const processes = options.attach.length + (options.program.length > 0 ? 1 : 0)
  const toFile = options.output !== null
  const { statusFilter } = options
  return {
    style,
    ...(options.abbrevFilter.kind === 'all' && options.verboseFilter.kind === 'all'
      ? {}
      : {
          styleOf: (call: string) => ({
            ...style,
            verbose: options.verboseStructs || !choosesCall(options.abbrevFilter, call, true),
            unread: !choosesCall(options.verboseFilter, call, true),
          }),
        }),
    raw: call => choosesCall(options.rawFilter, call, true),
    shows: (call, arch) => choosesCall(options.traceFilter, call, !isUnknownCallName(call), bitsOf(arch)),
    touches: touches(options),
    showsSignal: signo => choosesSignal(options.signalFilter, signo),
    heldBack: statusFilter.size === 5 ? undefined : outcome => statusFilter.has(outcome),
    column: options.column,
    timestamps: options.timestamps,
    relativeTimestamps: options.relativeTimestamps,
    callTimes: options.callTimes,
    syscallNumbers: options.syscallNumbers,
    instructionPointer: options.instructionPointer,
    pidColumn: toFile && !options.followSeparately && (options.follow || processes > 1),
    toFile,
    separate: options.followSeparately && toFile,
    stacks: options.stackTraces,
    ...(dumps(options)
      ? {
          dumps: {
            reads: (fd: number) => choosesDescriptor(options.readFds, fd),
            writes: (fd: number) => choosesDescriptor(options.writeFds, fd),
          },
        }
      : {}),
    threadNames: options.decodePids.has('comm'),
    showExits: !options.quiet.has('exit'),
    showSuperseded: !options.quiet.has('thread-execve'),
    showModes: !options.quiet.has('personality'),
  }
}

export function jsonOptions(options: Options): JsonOptions {
  const { statusFilter } = options
  return {
    dataLimit: options.stringLimit,
    ...shown(options),
    ...(statusFilter.size === 5
      ? {}
      : { showsOutcome: outcome => statusFilter.has(outcome === 'returned' ? 'successful' : outcome) }),
  }
}

/** The two sets of calls that a filter can tell apart. */
const bitsOf = (arch: ArchName): 32 | 64 => (arch === 'i386' ? 32 : 64)

/** Calls and signals that are shown, where that is not all. */
function shown({ traceFilter, signalFilter }: Options): Pick<LineOptions, 'shows' | 'showsSignal'> {
  return {
    ...(traceFilter.kind === 'all'
      ? {}
      : { shows: (call, arch) => choosesCall(traceFilter, call, !isUnknownCallName(call), bitsOf(arch)) }),
    ...(signalFilter.all ? {} : { showsSignal: signo => choosesSignal(signalFilter, signo) }),
  }
}
