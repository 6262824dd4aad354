/** Durations as Go's time package writes them: `1.5µs`, `2m0.25s`. */
import { TextBuffer } from '../text-buffer.ts'

const micro = 1000
const milli = 1000 * micro
const second = 1000 * milli

/** Writes a number of nanoseconds; a fraction of one is dropped. */
export function putDuration(out: TextBuffer, nanoseconds: number): void {
  if (nanoseconds <= -1) out.putChar('-')
  const ns = Math.abs(Math.trunc(nanoseconds))
  if (ns === 0) {
    out.putChar('0')
    out.putChar('s')
  } else if (ns < micro) {
    out.dec(ns)
    out.put('ns')
  } else if (ns < milli) {
    putWithFraction(out, ns, micro, 3)
    out.put('\u00c2\u00b5s') // µ in UTF-8
  } else if (ns < second) {
    putWithFraction(out, ns, milli, 6)
    out.put('ms')
  } else putLong(out, ns)
}

/** The same as a string. */
export function goDuration(nanoseconds: number): string {
  const out = new TextBuffer(32)
  putDuration(out, nanoseconds)
  return Buffer.from(out.text()).toString('utf8')
}

function putLong(out: TextBuffer, ns: number): void {
  const seconds = Math.floor(ns / second)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) {
    out.dec(hours)
    out.putChar('h')
  }
  if (minutes > 0) {
    out.dec(minutes % 60)
    out.putChar('m')
  }
  putWithFraction(out, (seconds % 60) * second + (ns % second), second, 9)
  out.putChar('s')
}

/** `ns / unit` with up to `digits` decimals, those that are zero at the end left away. */
function putWithFraction(out: TextBuffer, ns: number, unit: number, digits: number): void {
  const whole = Math.floor(ns / unit)
  let fraction = ns - whole * unit
  out.dec(whole)
  if (fraction === 0) return
  out.putChar('.')
  for (let weight = unit / 10; fraction > 0 && digits > 0; weight /= 10, digits--) {
    const digit = Math.floor(fraction / weight)
    out.putByte(48 + digit)
    fraction -= digit * weight
  }
}
