/** Clocks before a line and times after it. Times are in nanoseconds since the stream's start. */
import type { TextBuffer } from '../text-buffer.ts'
import type { Precision } from './line-options.ts'

/** The part of a second, with its point, cut (not rounded) to `precision` decimals. */
function fraction(out: TextBuffer, ns: number, precision: Precision): void {
  if (precision === 0) return
  out.putChar('.')
  out.decPadded(Math.floor(ns / 10 ** (9 - precision)), precision)
}

let offsetHour = Number.NaN
let offsetSeconds = 0
/** Local time is behind UTC by this many seconds; looked up once an hour of the trace. */
function zoneOffset(seconds: number): number {
  const hour = Math.floor(seconds / 900)
  if (hour !== offsetHour) {
    offsetHour = hour
    offsetSeconds = new Date(seconds * 1000).getTimezoneOffset() * 60
  }
  return offsetSeconds
}

/** The wall clock at a stream's start: two numbers, as no one holds the nanoseconds since the epoch. */
export interface WallClock {
  readonly seconds: number
  readonly nanoseconds: number
}
export const wallClock = (ns: bigint): WallClock => ({
  seconds: Number(ns / 1_000_000_000n),
  nanoseconds: Number(ns % 1_000_000_000n),
})

/** `HH:MM:SS.uuuuuu ` or seconds since the epoch. */
export function printClock(
  out: TextBuffer,
  wall: WallClock,
  time: number,
  format: { readonly format: string; readonly precision: Precision },
): void {
  const ns = wall.nanoseconds + Math.round(time)
  const whole = Math.floor(ns / 1e9)
  const seconds = wall.seconds + whole
  if (format.format === 'unix') out.decPadded(seconds, 1)
  else {
    const local = seconds - zoneOffset(seconds)
    const day = ((local % 86400) + 86400) % 86400
    out.decPadded(Math.floor(day / 3600), 2)
    out.putChar(':')
    out.decPadded(Math.floor(day / 60) % 60, 2)
    out.putChar(':')
    out.decPadded(day % 60, 2)
  }
  fraction(out, ns - whole * 1e9, format.precision)
  out.putChar(' ')
}

/** Since the line before: `     0.000123 `, in parentheses after a clock. */
export function printRelative(out: TextBuffer, ns: number, precision: Precision, parentheses: boolean): void {
  const whole = Math.floor(ns / 1e9)
  if (parentheses) out.put('(+')
  out.put(String(whole).padStart(6))
  fraction(out, ns - whole * 1e9, precision)
  out.put(parentheses ? ') ' : ' ')
}

/** ` <0.000123>` */
export function printElapsed(out: TextBuffer, ns: number, precision: Precision): void {
  const time = Math.max(0, ns)
  const whole = Math.floor(time / 1e9)
  out.put(' <')
  out.put(String(whole))
  fraction(out, time - whole * 1e9, precision)
  out.putChar('>')
}
