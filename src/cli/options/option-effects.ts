/** What each option does to the options that are read so far. */
import { parseCount, parseDuration } from '../../filters/numbers.ts'
import { invalidArgument, Refusal } from '../../filters/refusal.ts'
import { Bound } from '../../types/plan.ts'
import type { Draft } from './draft.ts'
import { applyExpression, qualifiers } from './expression.ts'
import { parseAmount } from './last-amount.ts'
import {
  backends,
  type EnvironmentChange,
  gvisorEras,
  type Options,
  outputFormats,
  type Precision,
} from './options.ts'
import { parseSummaryColumns, parseSummarySort } from './summary.ts'
import { parsePrecision, parseTimestamps } from './timestamps.ts'
import { parseTips } from './tips.ts'

/** What an option does when it is met; `spelled` is the option as it was found, for errors. */
export type Effect = (draft: Draft, argument: string | null, spelled: string) => Refusal | undefined

/** The common shape: read the argument, then keep it. An option without its optional argument reads null. */
function effect<T>(
  read: (argument: string, spelled: string) => T | Refusal,
  keep: (draft: Draft, value: T) => void,
): Effect {
  return (draft, argument, spelled) => {
    const value = read(argument ?? '', spelled)
    if (value instanceof Refusal) return value
    keep(draft, value)
    return undefined
  }
}

const required =
  <T>(parse: (argument: string) => T | null) =>
  (argument: string, spelled: string): T | Refusal =>
    parse(argument) ?? invalidArgument(spelled, argument)

const oneOf =
  <T>(choices: Readonly<Record<string, T>>) =>
  (argument: string): T | null =>
    Object.hasOwn(choices, argument) ? choices[argument]! : null

const isShort = (spelled: string) => !spelled.startsWith('--')

type Flag = { [Key in keyof Options]: Options[Key] extends boolean ? Key : never }[keyof Options]

export const flag = (name: Flag): Effect =>
  effect(
    () => true,
    ({ options }, value) => {
      options[name] = value
    },
  )

/** Does `onShort` for the short option; for the long one, which cannot go with it, marks `long` and does `onLong`. */
function shortOrLong(
  short: 'D' | 'f' | 't' | 'x' | 'y' | 'q',
  long: keyof Draft['long'],
  onLong: Effect = () => undefined,
): Effect {
  return (draft, argument, spelled) => {
    if (isShort(spelled)) draft.count[short]++
    else draft.long[long] = true
    return isShort(spelled) ? undefined : onLong(draft, argument, spelled)
  }
}

const daemonizeModes = oneOf({ grandchild: 1, pgroup: 2, pgrp: 2, session: 3 } as const)
const interruptModes = oneOf({ anywhere: 1, always: 1, waiting: 2, never: 3, never_tstp: 4 } as const)
const escapes = oneOf({
  none: 'default',
  'non-ascii-chars': 'non-ascii-chars',
  'non-ascii': 'non-ascii',
  all: 'all',
} as const)
const constantStyles = oneOf({ raw: 'raw', abbrev: 'abbrev', verbose: 'verbose' } as const)

/** Each byte may take four chars in the output, whose length stays an `int` for strace. */
const longestString = 2 ** 30 - 1

export const column: Effect = effect(required(parseCount), ({ options }, value) => {
  options.column = value
})

export const stringLimit: Effect = effect(
  required(argument => parseCount(argument, longestString)),
  ({ options }, value) => {
    options.stringLimit = value
  },
)

export const expression: Effect = (draft, argument) => applyExpression(draft, argument!)

export const detachOn: Effect = effect(
  argument => (argument === 'execve' ? true : new Refusal(`Syscall '${argument}' for -b isn't supported`)),
  ({ options }) => {
    options.breakOnExecve = true
  },
)

/** The second kind is refused where it stands. */
export const summary = (kind: 'only' | 'also'): Effect => {
  return ({ options }) => {
    if (options.summary !== 'none' && options.summary !== kind) {
      return new Refusal('-c/--summary-only and -C/--summary are mutually exclusive', true)
    }
    options.summary = kind
    return undefined
  }
}

export const daemonize: Effect = shortOrLong('D', 'daemonize', (draft, argument, spelled) => {
  const mode = argument === null ? 1 : daemonizeModes(argument.toLowerCase())
  if (mode === null) return invalidArgument(spelled, argument!)
  draft.options.daemonize = mode
  return undefined
})

export const environment: Effect = effect(
  (argument): EnvironmentChange => {
    const equals = argument.indexOf('=')
    if (equals === -1) return { name: argument, value: null }
    return { name: argument.slice(0, equals), value: argument.slice(equals + 1) }
  },
  ({ options }, change) => {
    options.environment.push(change)
  },
)

export const follow: Effect = shortOrLong('f', 'followForks')

export const oldFollow: Effect = ({ count }) => {
  count.F++
  return undefined
}

export const separateOutput: Effect = ({ long }) => {
  long.outputSeparately = true
  return undefined
}

export const interruptible: Effect = effect(
  required(argument => {
    const number = parseCount(argument, 4)
    return number === null
      ? interruptModes(argument.toLowerCase())
      : number === 0
        ? null
        : (number as 1 | 2 | 3 | 4)
  }),
  (draft, mode) => {
    draft.options.interruptible = mode
    draft.interruptibleGiven = true
  },
)

type Text = { [Key in keyof Options]: Options[Key] extends string | null ? Key : never }[keyof Options]

export const text = (name: Extract<Text, 'output' | 'user' | 'argv0' | 'cgroup' | 'eventSocket'>): Effect =>
  effect(
    argument => argument,
    ({ options }, argument) => {
      options[name] = argument
    },
  )

export const dataLimit: Effect = effect(
  required(argument => (argument === 'all' ? Bound.data : parseCount(argument, Bound.data))),
  ({ options }, bytes) => {
    options.dataLimit = bytes
  },
)

/** Of a time and a size, both may be given. */
export const last: Effect = effect(required(parseAmount), ({ options }, { bytes, nanoseconds }) => {
  const before = options.last
  options.last = {
    bytes: bytes ?? before?.bytes ?? null,
    nanoseconds: nanoseconds ?? before?.nanoseconds ?? null,
  }
})

/** Each time it is given, one more. */
export const listed = (name: 'redact' | 'redactFiles'): Effect =>
  effect(
    argument => argument,
    ({ options }, argument) => {
      options[name].push(argument)
    },
  )

export const overhead: Effect = effect(required(parseDuration), ({ options }, nanoseconds) => {
  options.summaryOverhead = nanoseconds
})

/** Numbers with one separator between them; one may trail, and nothing at all is no process. */
export const attach: Effect = ({ options, ownPid }, argument) => {
  const items = argument!.split(/[, \t\n]/)
  if (items.at(-1) === '') items.pop()
  for (const item of items) {
    const pid = parseCount(item)
    if (pid === null || pid === 0) return new Refusal(`Invalid process id: '${item}'`)
    if (pid === ownPid) return new Refusal(`process ${pid} is this tracer, which cannot trace itself`)
    options.attach.push(pid)
  }
  return undefined
}

export const tracePath: Effect = effect(
  argument => argument,
  ({ options }, path) => {
    options.pathFilter.push(path)
  },
)

/** -r and -T count in microseconds if not told otherwise. */
export const precisionOf = (name: 'relativeTimestamps' | 'callTimes'): Effect => {
  return ({ options }, argument, spelled) => {
    const precision: Precision | null = argument === null ? 6 : parsePrecision(argument)
    if (precision === null) return invalidArgument(spelled, argument!)
    options[name] = precision
    return undefined
  }
}

export const summarySort: Effect = effect(parseSummarySort, (draft, key) => {
  draft.options.summarySort = key
  draft.summarySortGiven = true
})

export const summaryColumns: Effect = effect(parseSummaryColumns, (draft, columns) => {
  draft.options.summaryColumns = columns
  draft.summaryColumnsGiven = true
})

export const timestamps: Effect = shortOrLong('t', 'timestamps', ({ options }, argument, spelled) => {
  const chosen = parseTimestamps(argument ?? 'format:time', options.timestamps)
  if (chosen === null) return invalidArgument(spelled, argument!)
  options.timestamps = chosen
  return undefined
})

export const version: Effect = ({ options }) => {
  options.version++
  return undefined
}

export const stringsInHex: Effect = shortOrLong('x', 'stringsInHex', ({ options }, argument, spelled) => {
  const which = argument === null ? 'all' : escapes(argument.toLowerCase())
  if (which === null) return invalidArgument(spelled, argument!)
  options.escape = which
  return undefined
})

export const constantStyle: Effect = effect(required(constantStyles), ({ options }, style) => {
  options.constantStyle = style
})

/** What --name=VALUE shares with -e name=VALUE. */
export const qualifier = (name: keyof typeof qualifiers, without = ''): Effect => {
  return (draft, argument) => qualifiers[name](draft, argument ?? without)
}

export const quiet: Effect = shortOrLong('q', 'quiet', qualifier('quiet', 'attach,personality'))

export const decodeFds: Effect = shortOrLong('y', 'decodeFds', qualifier('decodeFds', 'path'))

/** An option that is short for an expression. */
export const shorthand = (name: keyof typeof qualifiers, value: string): Effect => {
  return draft => qualifiers[name](draft, value)
}

/** A later one, or a later -e status, takes the place of an earlier one. */
export const status = (only: 'successful' | 'failed'): Effect => {
  return ({ options, count }) => {
    options.statusFilter = new Set([only])
    count.zZ++
    return undefined
  }
}

export const tips: Effect = ({ options }, argument, spelled) => {
  const chosen = parseTips(argument ?? '', options.tips)
  if (chosen === null) return invalidArgument(spelled, argument!)
  options.tips = chosen
  return undefined
}

/** A choice that strace does not have: its error names what there is. */
const ourChoice =
  <T extends string>(choices: readonly T[]) =>
  (argument: string, spelled: string): T | Refusal => {
    const known = `known: ${choices.join(', ')}`
    return (
      choices.find(name => name === argument) ??
      new Refusal(`invalid ${spelled} argument: '${argument}' (${known})`, true)
    )
  }

export const format: Effect = effect(ourChoice(outputFormats), ({ options }, name) => {
  options.format = name
})

export const backend: Effect = effect(ourChoice(backends), ({ options }, name) => {
  options.backend = name
})

/** `yes` or `no`, to a field that is one or the other. */
export const yesOrNo = (field: 'entryTimes' | 'lossless'): Effect =>
  effect(ourChoice(['yes', 'no'] as const), ({ options }, word) => {
    options[field] = word === 'yes'
  })

export const gvisorLogSize: Effect = effect(required(parseCount), ({ options }, size) => {
  options.gvisorLogSize = size
})

export const eventLogSize: Effect = effect(required(parseCount), ({ options }, size) => {
  options.eventLogSize = size
})

export const eventWait: Effect = effect(required(parseCount), ({ options }, milliseconds) => {
  options.eventWait = milliseconds
})

export const gvisorEra: Effect = effect(
  required(name => gvisorEras.find(era => era === name) ?? null),
  ({ options }, era) => {
    options.gvisorEra = era
  },
)
