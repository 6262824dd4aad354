import type { Refusal } from '../../filters/refusal.ts'
import { parseNames } from '../../filters/value-list.ts'
import { type QuietKind, quietKinds } from './options.ts'

/** -e quiet=: which messages are left out. A superseded thread has two names; `thread-execve` is its message. */
export function parseQuiet(text: string): ReadonlySet<QuietKind> | Refusal {
  return parseNames(text, 'quiet', quietKinds, { exits: 'exit', superseded: 'thread-execve' })
}

/** What one, two, three or more -q leave out. */
export function quietByCount(count: number): ReadonlySet<QuietKind> {
  if (count === 0) return new Set()
  if (count > 2) return new Set(quietKinds)
  return new Set<QuietKind>(count === 1 ? ['attach', 'personality'] : ['attach', 'personality', 'exit'])
}
