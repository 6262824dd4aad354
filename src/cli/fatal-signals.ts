/** Signals that would end us, and that are the program's or the capture's business first. */
export const fatalSignals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGPIPE', 'SIGTERM'] as const

/**
 * Keeps them while a trace is set up: the program may run before what shows the trace has handlers of its own. The result lets
 * those that came come again.
 */
export function holdSignals(): () => void {
  const came: NodeJS.Signals[] = []
  let released = false
  const again = (signal: NodeJS.Signals): void => {
    process.off(signal, hold)
    process.kill(process.pid, signal)
  }
  const hold = (signal: NodeJS.Signals): void => {
    if (released) again(signal)
    else came.push(signal)
  }
  for (const name of fatalSignals) process.on(name, hold)
  return () => {
    released = true
    // Where nobody else listens we go on: a signal that is on its way through the event loop would be lost with its last listener.
    for (const name of fatalSignals) if (process.listenerCount(name) > 1) process.off(name, hold)
    for (const signal of came) again(signal)
  }
}
