import type { CallTables } from '../../filters/syscall-filter.ts'
import { defaultOptions, type Options } from './options.ts'

/**
 * Options while they are read. What depends on how often, or in which of two ways, something was asked for is
 * counted here and settled when all is read.
 */
export interface Draft {
  readonly options: Options
  readonly calls: CallTables
  /** Ours, which cannot be attached to; null if it is not known. */
  readonly ownPid: number | null
  readonly followPaths: (paths: readonly string[], tell: (message: string) => void) => string[]
  /** What to tell, in order, though it does not stop us. */
  readonly warnings: string[]
  /** How often each short option was given that means more when it is repeated. */
  readonly count: { D: number; f: number; F: number; q: number; t: number; x: number; y: number; zZ: number }
  /** Which long options were given that exclude their short ones. */
  readonly long: {
    daemonize: boolean
    followForks: boolean
    outputSeparately: boolean
    quiet: boolean
    timestamps: boolean
    stringsInHex: boolean
    decodeFds: boolean
  }
  summarySortGiven: boolean
  summaryColumnsGiven: boolean
  interruptibleGiven: boolean
}

export function newDraft(
  calls: CallTables,
  ownPid: number | null,
  followPaths: Draft['followPaths'] = paths => [...paths],
): Draft {
  return {
    options: defaultOptions(),
    calls,
    ownPid,
    followPaths,
    warnings: [],
    count: { D: 0, f: 0, F: 0, q: 0, t: 0, x: 0, y: 0, zZ: 0 },
    long: {
      daemonize: false,
      followForks: false,
      outputSeparately: false,
      quiet: false,
      timestamps: false,
      stringsInHex: false,
      decodeFds: false,
    },
    summarySortGiven: false,
    summaryColumnsGiven: false,
    interruptibleGiven: false,
  }
}
