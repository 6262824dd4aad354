import { constants } from 'node:os'
import type { CaptureOptions, Inherited } from '../capture/backend.ts'
import type { Options } from './options/options.ts'

/** Signals that would end us, and that are the program's or the capture's business first. */
const fatalSignals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGPIPE', 'SIGTERM'] as const

/**
 * Whether the program runs on, and hears nothing of it, when one of them ends us on the spot: so it is with -I 1. But a filtered
 * program cannot be left (calls that its filter stops would fail), nor a recording cut off.
 */
export const diesAtOnce = (
  { interruptible, format }: Options,
  { filterInKernel, follow }: Pick<CaptureOptions, 'filterInKernel' | 'follow'>,
): boolean => interruptible === 1 && format === 'strace' && !(filterInKernel && follow)

export interface HeardSignal {
  readonly name: NodeJS.Signals
  readonly ignored: boolean
}

/** Those that we listen to while we trace. */
export function heardSignals(
  options: Options,
  captured: CaptureOptions,
  inherited: Inherited | undefined,
): readonly HeardSignal[] {
  const atOnce = diesAtOnce(options, captured)
  // What was blocked when we came stays so; node itself has let it through.
  const blocked = BigInt(inherited?.blockedSignals ?? 0)
  const isBlocked = (name: NodeJS.Signals): boolean =>
    ((blocked >> BigInt(constants.signals[name] - 1)) & 1n) === 1n
  return (
    fatalSignals
      // SIGPIPE comes of our own writing, too.
      .filter(name => !atOnce || isBlocked(name) || name === 'SIGPIPE')
      // With -I 3 and 4 (an output file and a program) the program alone decides when it ends.
      .map(name => ({ name, ignored: isBlocked(name) || options.interruptible >= 3 }))
  )
}

/**
 * Keeps them while a trace is set up: the program may run before what shows the trace has handlers of its own. The result lets
 * those that came come again.
 */
export function holdSignals(signals: readonly HeardSignal[]): () => void {
  const came: NodeJS.Signals[] = []
  let released = false
  const names = signals.map(({ name }) => name)
  const again = (signal: NodeJS.Signals): void => {
    process.off(signal, hold)
    process.kill(process.pid, signal)
  }
  const hold = (signal: NodeJS.Signals): void => {
    if (released) again(signal)
    else came.push(signal)
  }
  for (const name of names) process.on(name, hold)
  return () => {
    released = true
    // Where nobody else listens we go on: a signal that is on its way through the event loop would be lost with its last listener.
    for (const name of names) if (process.listenerCount(name) > 1) process.off(name, hold)
    for (const signal of came) again(signal)
  }
}
