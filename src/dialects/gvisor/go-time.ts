/** Points in time as Go's time.Time prints itself: `2006-01-02 15:04:05.999 +0000 UTC`, in the local zone. */

import { zoneName } from './zone-names.ts'

/** The calendar repeats after so many seconds. */
const fourCenturies = 12_622_780_800n
/** As far as Date goes, in seconds either way. */
const reach = 8_640_000_000_000n

export function goTime(seconds: bigint, nanoseconds: bigint): string {
  // Go carries nanoseconds that are a second or more, or negative, over into the seconds.
  let carry = nanoseconds / 1_000_000_000n
  let ns = nanoseconds % 1_000_000_000n
  if (ns < 0n) {
    ns += 1_000_000_000n
    carry--
  }
  const at = BigInt.asIntN(64, seconds + carry)
  let era = 0n
  if (at < -reach || at > reach) {
    era = at / fourCenturies
    if (era * fourCenturies > at) era--
  }
  const date = new Date(Number(at - era * fourCenturies) * 1000)
  const year = BigInt(date.getFullYear()) + era * 400n
  const sign = year < 0n ? '-' : ''
  const fraction = ns === 0n ? '' : `.${ns.toString().padStart(9, '0').replace(/0+$/, '')}`
  const day = `${sign}${(year < 0n ? -year : year).toString().padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${fraction}`
  const east = -Math.trunc(date.getTimezoneOffset())
  const minutes = Math.abs(east)
  const offset = `${east < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
  return `${day} ${clock} ${offset} ${zoneName(Number(at), east * 60) ?? nameless(offset, east)}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** A zone without a name is called by its offset, as zone files do. */
const nameless = (offset: string, east: number): string =>
  east === 0 ? 'UTC' : offset.endsWith('00') ? offset.slice(0, 3) : offset
