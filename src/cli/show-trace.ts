/** Runs a capture to its end: records to the chosen notation, signals to the capture. */
import { constants } from 'node:os'
import type { Capture, CaptureEnd, CaptureOptions } from '../capture/backend.ts'
import { pump } from '../capture/pump.ts'
import { choosesCall } from '../filters/syscall-filter.ts'
import { Header, RecordKind, Status } from '../record/layout.ts'
import { behind } from '../record/record-runs.ts'
import type { Redaction } from '../redaction/rules.ts'
import type { ByteSink } from '../sinks/byte-sink.ts'
import { isUnknownCallName } from '../syscalls/unknown-calls.ts'
import { CallSwitches } from './call-switches.ts'
import { listenForControl } from './control-socket.ts'
import { execMessage } from './error-messages.ts'
import type { HeardSignal } from './fatal-signals.ts'
import { makeNotation } from './notations.ts'
import type { Options } from './options/options.ts'
import type { Output } from './output.ts'
import { describeRecording } from './recording-metadata.ts'
import { errorText } from './resolve-program.ts'
import type { StartContext } from './start-context.ts'

export interface TraceEnd {
  readonly end: CaptureEnd
  /** The signal that made us stop, or null. */
  readonly signal: number | null
  /** It has been said why the program could not be executed. */
  readonly told: boolean
}

/** Milliseconds. */
const flushEvery = 250
/** How long a call may take that is waited for, in ms. */
const soon = 20

/** Shows everything that the capture yields; resolves when it has ended and all is written. */
export async function showTrace(
  capture: Capture,
  options: Options,
  output: Output,
  context: StartContext,
  stderr: ByteSink,
  captured: CaptureOptions,
  heard: readonly HeardSignal[],
  redaction: Redaction | null,
): Promise<TraceEnd> {
  let signal: number | null = null
  const stop = (signo: number): void => {
    if (signal !== null) return
    signal = signo
    // With -I 1 it is as if we had no handler: we die, and the program hears nothing of it.
    capture.stop(options.interruptible === 1 ? 'detach' : { signal: signo })
  }
  /** As if we had no handler. */
  const dies = (name: NodeJS.Signals): void => {
    signal ??= constants.signals[name]
    capture.stop('detach')
  }
  for (const { name, ignored } of heard)
    process.on(name, ignored ? () => {} : () => stop(constants.signals[name]))
  const switches = new CallSwitches(
    captured.calls,
    // What of one architecture alone is meant, the capture knows.
    call => {
      const known = !isUnknownCallName(call)
      return (
        choosesCall(options.traceFilter, call, known) || choosesCall(options.traceFilter, call, known, 32)
      )
    },
    captured.filterInKernel && captured.follow,
  )
  const metadata = describeRecording(options, context)
  const setting = { argv0: context.argv0, stderr, isLive: true, switches, metadata, redaction }
  const notation = await makeNotation(options, output, setting)
  let broken = false
  const guard = (write: () => void): void => {
    if (broken) return
    try {
      write()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
      broken = true
      if (output.sink !== stderr) complain(stderr, context.argv0, options.output, error)
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE')
        // Nobody reads our lines any more: go as SIGPIPE would have us go, and leave the program alone.
        dies('SIGPIPE')
      // Otherwise go on without writing: the program ends as it does, and we with its status.
    }
  }
  // Left to itself, node would open a debugger to whoever connects.
  process.on('SIGUSR1', notation.snapshot ? () => guard(() => notation.snapshot?.()) : () => dies('SIGUSR1'))
  // What a crash would lose of a recording must not grow old, even while nothing happens.
  const timer = setInterval(() => guard(() => notation.flush()), flushEvery).unref()
  let [isBehind, idles] = [false, 0]
  const inProgress = (): ReadonlyMap<number, number> => notation.inProgress?.() ?? new Map()
  const settled = async (): Promise<void> => {
    for (const seen = idles; isBehind && idles === seen; ) await sleep(1)
    // A call that was shown as it began is shown as it returns: those that do so soon are waited for.
    const begun = [...inProgress()]
    const until = performance.now() + soon
    while (performance.now() < until && begun.some(([tid, since]) => inProgress().get(tid) === since))
      await sleep(1)
    for (const seen = idles; isBehind && idles === seen; ) await sleep(1)
  }
  const endControl = listenForControl(switches, settled)
  let told = false
  let [calls, lost] = [0, 0]
  const progress = wantsProgress(options, stderr)
    ? new (await import('./progress-line.ts')).ProgressLine(stderr, () => notation.bytesWritten?.() ?? 0)
    : null
  await pump(capture, {
    records(bytes, view, from, to) {
      isBehind = true
      let next = from
      for (let at = from; at < to; at = behind(view, at)) {
        const kind = bytes[at + Header.kind]
        if (kind === RecordKind.enter) calls++
        else if (kind === RecordKind.lost) lost += view.getUint32(at + Status.value, true)
        else if (kind === RecordKind.exited) {
          const error = view.getUint32(at + Status.execError, true)
          if (error === 0) continue
          // Where the launcher itself would say so: between its failing call and its end.
          guard(() => notation.records(bytes, view, next, at))
          guard(() => notation.flush())
          guard(() => stderr.write(Buffer.from(`${context.argv0}: ${execMessage(error)}\n`, 'latin1')))
          next = at
          told = true
        }
      }
      progress?.tell(calls, lost)
      guard(() => notation.records(bytes, view, next, to))
    },
    idle() {
      isBehind = false
      idles++
      guard(() => notation.flush())
    },
  })
  endControl()
  const end = await capture.done
  clearInterval(timer)
  guard(() => notation.end())
  progress?.end()
  if (lost > 0) guard(() => stderr.write(Buffer.from(`${context.argv0}: ${lost} calls lost\n`, 'latin1')))
  for (const { name } of heard) process.removeAllListeners(name)
  process.removeAllListeners('SIGUSR1')
  return { end, signal, told }
}

const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/** A program that we start has our terminal, and its lines would be disturbed: there progress is for who asks. */
const wantsProgress = (options: Options, stderr: ByteSink): boolean =>
  options.format === 'recording' && stderr.terminal && (options.progress || options.program.length === 0)

/** Says that `output` could not be written to. */
function complain(stderr: ByteSink, argv0: string, output: string | null, error: unknown): void {
  try {
    stderr.write(Buffer.from(`${argv0}: ${output}: ${errorText(error)}\n`, 'latin1'))
  } catch {
    // Then nobody can be told.
  }
}
