/** The command line's options as what a capture wants to know. What prints is not loaded for it. */
import { syscallNumbers } from '../abi/syscalls.ts'
import type { CaptureOptions, Tampering } from '../capture/backend.ts'
import { callChoices } from '../filters/call-choices.ts'
import type { ArchName } from '../record/layout.ts'
import { Bound } from '../types/plan.ts'
import { diesAtOnce } from './fatal-signals.ts'
import type { Injection, Options } from './options/options.ts'
import { choosesSignal } from './options/signal-filter.ts'

/** Whether the data of some descriptors is to be dumped whole. */
export const dumps = ({ readFds, writeFds }: Options): boolean =>
  [readFds, writeFds].some(filter => filter.inverted || filter.fds.size > 0)

/** What the capture must do for these options; the program itself comes from elsewhere. */
export function captureOptions(options: Options): Omit<CaptureOptions, 'program'> {
  const recording = options.format === 'recording'
  const text = options.format === 'strace'
  const holdsFds = recording && !options.decodeNoFds
  const names =
    options.format === 'gvisor' || options.format === 'json' || recording || options.eventSocket !== null
  const bytes =
    options.format === 'gvisor' || recording
      ? Math.max(options.gvisorLogSize, options.stringLimit, recording ? options.dataLimit : 0)
      : options.stringLimit
  const filters = options.traceFilter.kind !== 'all'
  // -n has with a signal the number of the call before it, whether that is shown or not.
  const numbers = text && options.syscallNumbers && !options.seccompBpf && options.summary !== 'only'
  const modes = text && (options.instructionPointer || !options.quiet.has('personality'))
  // Who has a filter cannot be let go.
  const filterInKernel = filters && !options.breakOnExecve && !numbers
  const { follow } = options
  return {
    attach: options.attach,
    ...(options.system ? { system: true } : {}),
    ...(options.cgroup === null ? {} : { cgroup: options.cgroup }),
    ...(options.lossless === null ? {} : { lossless: options.lossless }),
    follow,
    calls: callChoices(options.traceFilter),
    ...(filters && (numbers || modes) ? { otherCalls: numbers ? 'numbers' : 'modes' } : {}),
    instructionPointers: recording || options.instructionPointer,
    filterInKernel,
    detachOnExec: options.breakOnExecve,
    signals: signalChoice(options),
    dataLimit: bytes + 1,
    // Which calls are to be shown whole is for printers to look up.
    environment: options.verboseStructs || options.abbrevFilter.kind !== 'all' || names,
    asKernel: !text,
    fdPaths: options.decodeFds.size > 0 || (recording ? holdsFds : names),
    sockets: holdsFds || options.decodeFds.has('socket'),
    devices: holdsFds || options.decodeFds.has('dev'),
    pidfds: holdsFds || options.decodeFds.has('pidfd'),
    virtualCpus: options.kvmVcpu,
    pidNamespaces: options.decodePids.has('pidns'),
    processNames: recording || options.decodePids.has('comm'),
    watchNames: options.decodePids.has('comm'),
    threadNames: true,
    innerIds: options.format === 'gvisor' || recording,
    entryTimes: showsEntries(options),
    ...(recording
      ? {}
      : {
          outcomes: {
            successful: options.statusFilter.has('successful'),
            failed: options.statusFilter.has('failed'),
          },
        }),
    systemTime: recording || (options.summary !== 'none' && !options.summaryWallClock),
    resources: recording,
    // Should we be killed, the program would stay on one CPU for good.
    pin: diesAtOnce(options, { filterInKernel, follow }) ? 'never' : 'auto',
    dedicated: true,
    stacks: options.stackTraces,
    ...(dumps(options) ? { dataLimit: Math.max(bytes + 1, Bound.data) } : {}),
    // Calls are told by what their descriptors lead to.
    ...(options.pathFilter.length === 0 ? {} : { fdPaths: true, tamperingPaths: options.pathFilter }),
    // What is not to be seen is told by that too.
    ...(options.redact.length + options.redactFiles.length === 0 ? {} : { fdPaths: true }),
    ...(options.injections.length === 0 ? {} : { tampering: options.injections.map(tampering) }),
  }
}

/** Whether it shows, or may be asked for later, when calls began, or that they did before they returned. */
function showsEntries(options: Options): boolean {
  if (options.format === 'recording') return options.entryTimes
  if (options.format !== 'strace' || options.summary !== 'none') return true
  const { statusFilter } = options
  return (
    statusFilter.has('unfinished') ||
    statusFilter.has('detached') ||
    options.timestamps.format !== 'none' ||
    options.relativeTimestamps !== null ||
    options.callTimes !== null
  )
}

function tampering({ calls, syscall, ...effects }: Injection): Tampering {
  const number = (arch: ArchName): number | undefined =>
    (syscallNumbers[arch] as { readonly [name: string]: number })[syscall ?? '']
  const [amd64, arm64, i386] = [number('amd64'), number('arm64'), number('i386')]
  return {
    ...effects,
    // strace tampers with nothing that it does not know by name.
    // Not bind where socket is named, which socketcall makes both.
    calls: callChoices(calls.kind === 'all' ? calls : { ...calls, unknown: false }, false),
    syscall: syscall === null ? null : ({ amd64, arm64, i386 } as Tampering['syscall']),
  }
}

function signalChoice(options: Options): Uint8Array | null {
  if (options.signalFilter.all) return null
  return Uint8Array.from({ length: 65 }, (_, n) => (n > 0 && choosesSignal(options.signalFilter, n) ? 1 : 0))
}

/** With what gVisor's notation wants copied too; that is loaded only where it is wanted. */
export async function withNotationPlans<C extends Omit<CaptureOptions, 'program'>>(
  capture: C,
  options: Options,
): Promise<C> {
  const { format, eventSocket } = options
  if (format !== 'gvisor' && format !== 'recording' && eventSocket === null) return capture
  const { notationPlans } = await import('./gvisor-wishes.ts')
  const plans = notationPlans(options)
  return plans === undefined ? capture : { ...capture, plans }
}
