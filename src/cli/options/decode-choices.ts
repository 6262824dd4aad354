import type { Refusal } from '../../filters/refusal.ts'
import { parseNames } from '../../filters/value-list.ts'
import { type DecodeFdKind, type DecodePidKind, decodeFdKinds, decodePidKinds } from './options.ts'

const byDefaultAll = decodeFdKinds.filter(kind => kind !== 'signalfd')

/** -e decode-fds=: what is told of file descriptors. */
export function parseDecodeFds(text: string): ReadonlySet<DecodeFdKind> | Refusal {
  return parseNames<DecodeFdKind>(text, 'decode-fds', byDefaultAll, { signalfd: 'signalfd' })
}

/** -y tells paths, -yy all that strace 6.1 tells. */
export function decodeFdsByCount(count: number): ReadonlySet<DecodeFdKind> {
  return count === 0 ? new Set() : count === 1 ? new Set(['path'] as const) : new Set(byDefaultAll)
}

/** -e decode-pids=: what is told of process ids. */
export function parseDecodePids(text: string): ReadonlySet<DecodePidKind> | Refusal {
  return parseNames(text, 'decode-pids', decodePidKinds)
}
