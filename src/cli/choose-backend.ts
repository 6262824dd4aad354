/** Which way of seeing calls the options leave, and why. */
import type { Options } from './options/options.ts'

/** The options given that need the program to stop, as they are written. */
export function needsPtrace(options: Options): string[] {
  const needs: [boolean, string][] = [
    // Changes what a thread does, for which it must stand still.
    [options.injections.length > 0, '--inject'],
    // The stack is copied as far as it goes, and which mappings it leads to is looked up, before the thread runs on.
    [options.stackTraces, '--stack-traces'],
    // Why a virtual CPU stopped stands in a mapping that only /proc tells of.
    [options.kvmVcpu, '--kvm=vcpu'],
    // Letting go at the very call, so that nothing of the new program is seen.
    [options.breakOnExecve, '--detach-on=execve'],
    // The process that was called becomes the program: whoever seizes it there is its tracer.
    [options.daemonize > 0, '--daemonize'],
  ]
  return needs.flatMap(([is, name]) => (is ? [name] : []))
}
