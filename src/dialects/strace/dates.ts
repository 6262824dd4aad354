/** The comment beside a time: ` /* 2023-11-14T22:13:20.123+0000 *​/`, in the zone of whoever reads. */
import type { TextBuffer } from '../text-buffer.ts'

/** What years of a C `struct tm` hold. */
const earliest = -67768040609740800n
const latest = 67768036191676799n
/** The calendar repeats after as many seconds. */
const fourCenturies = 12622780800n
/** As far as Date goes, in seconds either way. */
const reach = 8640000000000n

/**
 * Writes the comment; nothing at the epoch itself, for a fraction that is none, or where the date has no name.
 * `digits`: of the fraction, which is left away when it is 0.
 */
export function dateComment(out: TextBuffer, seconds: bigint, fraction: bigint, digits: 0 | 6 | 9): void {
  const text = dateText(seconds, fraction, digits)
  if (text !== '') out.put(` /* ${text} */`)
}

/** The date alone; '' where `dateComment` writes nothing. */
export function dateText(seconds: bigint, fraction: bigint, digits: 0 | 6 | 9): string {
  if ((seconds === 0n && fraction === 0n) || fraction < 0n || fraction >= 10n ** BigInt(digits)) return ''
  if (seconds < earliest || seconds > latest) return ''
  let era = 0n
  if (seconds < -reach || seconds > reach) {
    era = seconds / fourCenturies
    if (era * fourCenturies > seconds) era--
  }
  const date = new Date(Number(seconds - era * fourCenturies) * 1000)
  // The year is a C int, and wraps where 1900 does not fit beside it.
  const year = (date.getFullYear() + Number(era) * 400) | 0
  const east = -date.getTimezoneOffset()
  const minutes = Math.abs(Math.trunc(east))
  return [
    `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}T`,
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
    fraction === 0n ? '' : `.${fraction.toString().padStart(digits, '0')}`,
    `${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`,
  ].join('')
}

const two = (n: number): string => String(n).padStart(2, '0')
