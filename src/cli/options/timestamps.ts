/** -t and --absolute-timestamps=: which times stand before lines. */
import type { Precision, Timestamps } from './options.ts'

const precisions: Readonly<Record<string, Precision>> = { s: 0, ms: 3, us: 6, ns: 9 }
const formats = ['none', 'time', 'unix'] as const

/** `s`, `ms`, `us` or `ns`, in either case, as decimals of a second; or null. */
export function parsePrecision(text: string): Precision | null {
  const unit = text.toLowerCase()
  return Object.hasOwn(precisions, unit) ? precisions[unit]! : null
}

/**
 * --absolute-timestamps=: a format and a precision in either order, each with or without its name before it. What is
 * not said stays as it was in `before`, but for a format that was not chosen yet. Null where it makes no sense.
 */
export function parseTimestamps(text: string, before: Timestamps): Timestamps | null {
  let format: Timestamps['format'] = before.format === 'none' ? 'time' : before.format
  let { precision } = before
  for (const item of text.split(',')) {
    if (item === '') continue
    const [, name, value = ''] = /^(?:(format|precision):)?(.*)$/is.exec(item)!
    const lower = value.toLowerCase()
    const newFormat = name?.toLowerCase() === 'precision' ? undefined : formats.find(known => known === lower)
    const newPrecision = name?.toLowerCase() === 'format' ? null : parsePrecision(lower)
    if (newFormat === undefined && newPrecision === null) return null
    format = newFormat ?? format
    precision = newPrecision ?? precision
  }
  return { format, precision }
}

/** -t: the time of day; -tt: with microseconds; -ttt: seconds since 1970 with microseconds. */
export function timestampsByCount(count: number): Timestamps {
  if (count === 0) return { format: 'none', precision: 0 }
  return { format: count > 2 ? 'unix' : 'time', precision: count > 1 ? 6 : 0 }
}
