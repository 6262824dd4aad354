/** Which way of seeing calls the options leave, and why. */
import type { Options } from './options/options.ts'

/**
 * The options given that need the program to stop, as they are written. Recordings and JSON are less without it, for they tell
 * what descriptors refer to: nobody gets less who leaves the choice to us, but who asks for eBPF knows.
 */
export function needsPtrace(options: Options): string[] {
  const { format } = options
  const isOurChoice = options.backend === 'auto'
  const needs: [boolean, string][] = [
    [options.injections.length > 0, '--inject'],
    [options.stackTraces, '--stack-traces'],
    [options.breakOnExecve, '--detach-on=execve'],
    [options.daemonize > 0, '--daemonize'],
    // What a descriptor refers to, and what the thread has used, is looked up while the thread stands still.
    [options.summary !== 'none' && !options.summaryWallClock, '--summary without --summary-wall-clock'],
    [
      format === 'gvisor' || ((format === 'json' || format === 'recording') && isOurChoice),
      `--format=${format}`,
    ],
    [options.eventSocket !== null, '--event-socket'],
  ]
  return needs.flatMap(([is, name]) => (is ? [name] : []))
}
