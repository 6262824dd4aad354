/** -e: its qualifiers, and what each does. */
import { Refusal } from '../../filters/refusal.ts'
import { parseSyscallFilter } from '../../filters/syscall-filter.ts'
import { parseDecodeFds, parseDecodePids } from './decode-choices.ts'
import { parseDescriptorFilter } from './descriptor-filter.ts'
import type { Draft } from './draft.ts'
import { parseInjection } from './injection.ts'
import { parseQuiet } from './quiet.ts'
import { parseSignalFilter } from './signal-filter.ts'
import { parseStatusFilter } from './status-filter.ts'

type Apply = (draft: Draft, value: string) => Refusal | undefined

/** The first expression's say is replaced by the second's, not added to; only injections add up. */
function setter<T>(
  parse: (value: string, draft: Draft) => T | Refusal,
  set: (draft: Draft, parsed: T) => void,
): Apply {
  return (draft, value) => {
    const parsed = parse(value, draft)
    if (parsed instanceof Refusal) return parsed
    set(draft, parsed)
    return undefined
  }
}

const calls = (value: string, draft: Draft) => parseSyscallFilter(value, draft.calls)
const injection = (kind: 'inject' | 'fault') => (value: string, draft: Draft) =>
  parseInjection(value, kind, draft.calls, warning => draft.warnings.push(warning))

export const qualifiers = {
  trace: setter(calls, ({ options }, filter) => {
    // Whatever is chosen: calls that no table knows cannot be left out, or be found, by name.
    options.traceFilter = filter.kind === 'all' ? filter : { ...filter, unknown: true }
  }),
  abbrev: setter(calls, ({ options }, filter) => {
    options.abbrevFilter = filter
    options.verboseStructs =
      filter.kind === 'set' && filter.names.size + filter.names32.size === 0 && !filter.unknown
  }),
  verbose: setter(calls, ({ options }, filter) => {
    options.verboseFilter = filter
  }),
  raw: setter(calls, ({ options }, filter) => {
    options.rawFilter = filter
  }),
  signal: setter(parseSignalFilter, ({ options }, filter) => {
    options.signalFilter = filter
  }),
  status: setter(parseStatusFilter, ({ options }, filter) => {
    options.statusFilter = filter
  }),
  read: setter(parseDescriptorFilter, ({ options }, filter) => {
    options.readFds = filter
  }),
  write: setter(parseDescriptorFilter, ({ options }, filter) => {
    options.writeFds = filter
  }),
  fault: setter(injection('fault'), ({ options }, one) => {
    options.injections.push(one)
  }),
  inject: setter(injection('inject'), ({ options }, one) => {
    options.injections.push(one)
  }),
  kvm: setter(
    value => (value === 'vcpu' ? true : new Refusal(`invalid -e kvm= argument: '${value}'`)),
    ({ options }) => {
      options.kvmVcpu = true
    },
  ),
  quiet: setter(parseQuiet, ({ options, long }, kinds) => {
    options.quiet = kinds
    long.quiet = true
  }),
  decodeFds: setter(parseDecodeFds, ({ options, long }, kinds) => {
    options.decodeFds = kinds
    long.decodeFds = true
  }),
  decodePids: setter(parseDecodePids, ({ options }, kinds) => {
    options.decodePids = kinds
  }),
  secontext: (): Refusal =>
    new Refusal('SELinux context printing (--secontext option) is not supported by this build of strace'),
} as const satisfies Readonly<Record<string, Apply>>

/** All names that can stand before the `=` of an expression. */
const byName: Readonly<Record<string, Apply>> = {
  trace: qualifiers.trace,
  t: qualifiers.trace,
  abbrev: qualifiers.abbrev,
  a: qualifiers.abbrev,
  verbose: qualifiers.verbose,
  v: qualifiers.verbose,
  raw: qualifiers.raw,
  x: qualifiers.raw,
  signal: qualifiers.signal,
  signals: qualifiers.signal,
  s: qualifiers.signal,
  status: qualifiers.status,
  read: qualifiers.read,
  reads: qualifiers.read,
  r: qualifiers.read,
  write: qualifiers.write,
  writes: qualifiers.write,
  w: qualifiers.write,
  fault: qualifiers.fault,
  inject: qualifiers.inject,
  kvm: qualifiers.kvm,
  quiet: qualifiers.quiet,
  silent: qualifiers.quiet,
  silence: qualifiers.quiet,
  q: qualifiers.quiet,
  'decode-fds': qualifiers.decodeFds,
  'decode-fd': qualifiers.decodeFds,
  'decode-pids': qualifiers.decodePids,
  'decode-pid': qualifiers.decodePids,
  secontext: qualifiers.secontext,
}

/** One -e: `name=value`; where no name is known the whole is a set of calls to trace. */
export function applyExpression(draft: Draft, text: string): Refusal | undefined {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(equals, 0))
  if (equals !== -1 && Object.hasOwn(byName, name)) return byName[name]!(draft, text.slice(equals + 1))
  return qualifiers.trace(draft, text)
}
