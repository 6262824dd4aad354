/** The command line's options as what gvisor's notation and the capture for it want to know. */
import type { NotationPlans } from '../capture/backend.ts'
import { gvisorPlans } from '../dialects/gvisor/capture-plan.ts'
import type { GvisorOptions } from '../dialects/gvisor/gvisor-printer.ts'
import { choosesCall } from '../filters/syscall-filter.ts'
import type { Options } from './options/options.ts'

/** `terminal`: the lines go to one, where paths must not command it. */
export function gvisorOptions(options: Options, terminal = false): GvisorOptions {
  const { traceFilter } = options
  return {
    logSize: options.gvisorLogSize,
    era: options.gvisorEra,
    escapePaths: terminal,
    ...(traceFilter.kind === 'all' ? {} : { shows: (call: string) => choosesCall(traceFilter, call, true) }),
  }
}

/** What the capture copies for gVisor's notation; undefined when that is not wanted. A recording has it beside all else. */
export function notationPlans(options: Options): NotationPlans | undefined {
  const lines = options.format === 'gvisor' || options.format === 'recording'
  if (!lines && options.eventSocket === null) return undefined
  const limit = Math.max(
    lines ? options.gvisorLogSize : 0,
    options.eventSocket === null ? 0 : options.eventLogSize,
  )
  return {
    of: { amd64: gvisorPlans('amd64', limit), arm64: gvisorPlans('arm64', limit) },
    instead: options.format === 'gvisor',
  }
}
