/** Durations as Go's time package writes them: `1.5µs`, `2m0.25s`. */

const micro = 1000
const milli = 1000 * micro
const second = 1000 * milli

/** The text of a number of nanoseconds; a fraction of one is dropped. */
export function goDuration(nanoseconds: number): string {
  const sign = nanoseconds < 0 ? '-' : ''
  const ns = Math.abs(Math.trunc(nanoseconds))
  if (ns === 0) return '0s'
  if (ns < micro) return `${sign}${ns}ns`
  if (ns < milli) return `${sign}${withFraction(ns, micro, 3)}µs`
  if (ns < second) return `${sign}${withFraction(ns, milli, 6)}ms`
  const seconds = Math.floor(ns / second)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const rest = withFraction((seconds % 60) * second + (ns % second), second, 9)
  if (hours > 0) return `${sign}${hours}h${minutes % 60}m${rest}s`
  return minutes > 0 ? `${sign}${minutes}m${rest}s` : `${sign}${rest}s`
}

/** `ns / unit` with up to `digits` decimals, those that are zero at the end left away. */
function withFraction(ns: number, unit: number, digits: number): string {
  const whole = Math.floor(ns / unit)
  const fraction = ns % unit
  if (fraction === 0) return String(whole)
  return `${whole}.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`
}
