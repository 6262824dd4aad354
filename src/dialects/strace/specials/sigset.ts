/** Sets of signals: `[INT TERM]`, or `~[KILL STOP]` when most are set. */
import type { TextBuffer } from '../../text-buffer.ts'
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import { nameOfSignal } from '../scalars.ts'
import type { Style } from '../style.ts'

/** Prints a set of `bits` (32 or 64) signals given as halves. From two thirds on, what is not in a set is the shorter list. */
export function signalSet(out: TextBuffer, low: number, high: number, style: Style, bits = 64): void {
  const inverted = bitCount(low) + bitCount(high) >= Math.floor((bits * 2) / 3)
  const l = inverted ? ~low >>> 0 : low
  const h = inverted && bits > 32 ? ~high >>> 0 : high
  out.put(inverted ? '~[' : '[')
  let some = false
  for (let n = 1; n <= 64; n++) {
    const set = n <= 32 ? l & (1 << (n - 1)) : h & (1 << (n - 33))
    if (set === 0) continue
    if (some) out.putChar(' ')
    some = true
    const name = nameOfSignal(n)!.slice(3)
    if (style.constants === 'raw') out.dec(n)
    else out.put(style.constants === 'verbose' ? `${n} /* ${name} */` : name)
  }
  out.putChar(']')
}

const bitCount = (n: number): number => {
  let count = 0
  for (let v = n >>> 0; v !== 0; v = (v & (v - 1)) >>> 0) count++
  return count
}

/** Bytes of a set that are not given are empty. */
export const sigset =
  ({ style }: PrintScope): SpecialPrinter =>
  (out, { view }, at, length) => {
    let low = 0
    let high = 0
    for (let i = 0; i < Math.min(length, 8); i++) {
      const byte = view.getUint8(at + i)
      if (i < 4) low = (low | (byte << (i * 8))) >>> 0
      else high = (high | (byte << ((i - 4) * 8))) >>> 0
    }
    signalSet(out, low, high, style, length === 4 ? 32 : 64)
  }
