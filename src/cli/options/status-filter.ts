import { type CallStatus, callStatuses } from './options.ts'
import type { Refusal } from './refusal.ts'
import { parseNames } from './value-list.ts'

/** -e status=: which outcomes of calls are shown. */
export function parseStatusFilter(text: string): ReadonlySet<CallStatus> | Refusal {
  return parseNames(text, 'status', callStatuses)
}
