/** Sets of signals: `[INT TERM]`, or `~[KILL STOP]` when most are set. */
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import type { TextBuffer } from '../../text-buffer.ts'
import { nameOfSignal } from '../scalars.ts'

/** Prints a set of 64 signals given as halves. */
export function signalSet(out: TextBuffer, low: number, high: number): void {
  const count = bitCount(low) + bitCount(high)
  // More than two thirds set: what is not in it is the shorter list.
  const inverted = count >= 43
  const l = inverted ? ~low >>> 0 : low
  const h = inverted ? ~high >>> 0 : high
  out.put(inverted ? '~[' : '[')
  let some = false
  for (let n = 1; n <= 64; n++) {
    const set = n <= 32 ? l & (1 << (n - 1)) : h & (1 << (n - 33))
    if (set === 0) continue
    if (some) out.putByte(32)
    some = true
    out.put(nameOfSignal(n)!.slice(3))
  }
  out.putByte(93)
}

const bitCount = (n: number): number => {
  let count = 0
  for (let v = n >>> 0; v !== 0; v = (v & (v - 1)) >>> 0) count++
  return count
}

export const sigset = (_scope: PrintScope): SpecialPrinter => (out, frame, at, length) =>
  signalSet(out, length >= 4 ? frame.view.getUint32(at, true) : 0, length >= 8 ? frame.view.getUint32(at + 4, true) : 0)
