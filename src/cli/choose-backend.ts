/** Which way of seeing calls the options leave, and why. */
import type { Options } from './options/options.ts'

/** The options given that need the program to stop, as they are written. */
export function needsPtrace(options: Options): string[] {
  const needs: [boolean, string][] = [
    [options.injections.length > 0, '--inject'],
    [options.stackTraces, '--stack-traces'],
    [options.breakOnExecve, '--detach-on=execve'],
    [options.daemonize > 0, '--daemonize'],
  ]
  return needs.flatMap(([is, name]) => (is ? [name] : []))
}
