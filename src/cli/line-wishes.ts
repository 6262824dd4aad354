/** The command line's options as what printers and captures want to know. */
import { syscallNumbers } from '../abi/syscalls.ts'
import type { CaptureOptions, Tampering } from '../capture/backend.ts'
import type { JsonOptions } from '../dialects/json/json-printer.ts'
import type { LineOptions } from '../dialects/strace/line-options.ts'
import type { Style } from '../dialects/strace/style.ts'
import { callChoices } from '../filters/call-choices.ts'
import { pathFilter } from '../filters/path-filter.ts'
import { choosesCall } from '../filters/syscall-filter.ts'
import type { ArchName } from '../record/layout.ts'
import { Bound } from '../types/plan.ts'
import { notationPlans } from './gvisor-wishes.ts'
import { choosesDescriptor } from './options/descriptor-filter.ts'
import type { Injection, Options } from './options/options.ts'
import { choosesSignal } from './options/signal-filter.ts'

export function styleOf(options: Options): Style {
  return {
    stringLimit: options.stringLimit,
    escape: options.escape,
    verbose: options.verboseStructs,
    constants: options.constantStyle,
    descriptorPaths: options.decodeFds.size > 0,
    socketDetails: options.decodeFds.has('socket'),
    deviceNumbers: options.decodeFds.has('dev'),
    pidfdProcesses: options.decodeFds.has('pidfd'),
  }
}

export function lineOptions(options: Options): LineOptions {
  const style = styleOf(options)
  const processes = options.attach.length + (options.program.length > 0 ? 1 : 0)
  const toFile = options.output !== null
  const { statusFilter } = options
  return {
    style,
    ...(options.abbrevFilter.kind === 'all'
      ? {}
      : {
          styleOf: (call: string) => ({
            ...style,
            verbose: options.verboseStructs || !choosesCall(options.abbrevFilter, call, true),
          }),
        }),
    raw: call => choosesCall(options.rawFilter, call, true),
    shows: call => choosesCall(options.traceFilter, call, true),
    ...(options.pathFilter.length === 0 ? {} : { touches: pathFilter(options.pathFilter) }),
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

/** Calls and signals that are shown, where that is not all. */
function shown({ traceFilter, signalFilter }: Options): Pick<LineOptions, 'shows' | 'showsSignal'> {
  return {
    ...(traceFilter.kind === 'all' ? {} : { shows: call => choosesCall(traceFilter, call, true) }),
    ...(signalFilter.all ? {} : { showsSignal: signo => choosesSignal(signalFilter, signo) }),
  }
}

/** Whether the data of some descriptors is to be dumped whole. */
const dumps = ({ readFds, writeFds }: Options): boolean =>
  [readFds, writeFds].some(filter => filter.inverted || filter.fds.size > 0)

/** What the capture must do for these options; the program itself comes from elsewhere. */
export function captureOptions(options: Options): Omit<CaptureOptions, 'program'> {
  const recording = options.format === 'recording'
  const names =
    options.format === 'gvisor' || options.format === 'json' || recording || options.eventSocket !== null
  const bytes =
    options.format === 'gvisor' || recording
      ? Math.max(options.gvisorLogSize, options.stringLimit)
      : options.stringLimit
  const plans = notationPlans(options)
  return {
    attach: options.attach,
    follow: options.follow,
    calls: callChoices(options.traceFilter),
    // Who has a filter cannot be let go.
    filterInKernel: options.traceFilter.kind !== 'all' && !options.breakOnExecve,
    detachOnExec: options.breakOnExecve,
    signals: signalChoice(options),
    dataLimit: bytes + 1,
    environment: options.verboseStructs || names,
    fdPaths: names || options.decodeFds.size > 0,
    sockets: recording || options.decodeFds.has('socket'),
    devices: recording || options.decodeFds.has('dev'),
    pidfds: recording || options.decodeFds.has('pidfd'),
    threadNames: true,
    systemTime: recording || (options.summary !== 'none' && !options.summaryWallClock),
    pin: 'auto',
    dedicated: true,
    stacks: options.stackTraces,
    ...(dumps(options) ? { dataLimit: Math.max(bytes + 1, Bound.data) } : {}),
    // Calls are told by what their descriptors lead to.
    ...(options.pathFilter.length === 0 ? {} : { fdPaths: true }),
    ...(plans === undefined ? {} : { plans }),
    ...(options.injections.length === 0 ? {} : { tampering: options.injections.map(tampering) }),
  }
}

function tampering({ calls, syscall, ...effects }: Injection): Tampering {
  const number = (arch: ArchName): number | undefined =>
    (syscallNumbers[arch] as { readonly [name: string]: number })[syscall ?? '']
  const [amd64, arm64, i386] = [number('amd64'), number('arm64'), number('i386')]
  return {
    ...effects,
    calls: callChoices(calls),
    syscall: syscall === null ? null : ({ amd64, arm64, i386 } as Tampering['syscall']),
  }
}

function signalChoice(options: Options): Uint8Array | null {
  if (options.signalFilter.all) return null
  return Uint8Array.from({ length: 65 }, (_, n) => (n > 0 && choosesSignal(options.signalFilter, n) ? 1 : 0))
}
