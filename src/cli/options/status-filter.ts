import type { Refusal } from '../../filters/refusal.ts'
import { parseNames } from '../../filters/value-list.ts'
import { type CallStatus, callStatuses } from './options.ts'

/** -e status=: which outcomes of calls are shown. */
export function parseStatusFilter(text: string): ReadonlySet<CallStatus> | Refusal {
  return parseNames(text, 'status', callStatuses)
}
