/** Names for numbers: sets of flags and of values, as gVisor looks them up. */
import type { TextBuffer } from '../text-buffer.ts'
import type { SetEntries } from './eras.ts'
import { putUnsigned } from './go-numbers.ts'

/** Writes a 64-bit number, given in halves, by its names. */
export type PutNames = (out: TextBuffer, low: number, high: number) => void

const halves = (value: number): [low: number, high: number] => [
  value >>> 0,
  Math.floor(value / 0x1_0000_0000) >>> 0,
]

/** Flags in the order of the set; each takes its bits away, and what is left follows in hexadecimal. */
export function flagSet(entries: SetEntries): PutNames {
  const flags = entries.map(([name, value]) => {
    const [low, high] = halves(value)
    return { name, low, high }
  })
  return (out, low, high) => {
    low >>>= 0
    high >>>= 0
    const start = out.length
    for (const flag of flags) {
      if ((low & flag.low) >>> 0 !== flag.low || (high & flag.high) >>> 0 !== flag.high) continue
      // A flag without bits would always match.
      if (flag.low === 0 && flag.high === 0) continue
      if (out.length > start) out.putChar('|')
      out.put(flag.name)
      low = (low & ~flag.low) >>> 0
      high = (high & ~flag.high) >>> 0
      if (low === 0 && high === 0) return
    }
    if (low === 0 && high === 0 && out.length > start) return
    if (out.length > start) out.putChar('|')
    out.hex(low, high)
  }
}

/** One of several values; another in hexadecimal, or (`decimal`) as an unsigned number. */
export function valueSet(entries: SetEntries, otherwise: 'hex' | 'decimal' = 'hex'): PutNames {
  // Of two names for a value the first counts.
  const names = new Map([...entries].reverse().map(([name, value]) => [value, name]))
  return (out, low, high) => {
    low >>>= 0
    const name = high === 0 ? names.get(low) : undefined
    if (name !== undefined) out.put(name)
    else if (otherwise === 'hex') out.hex(low, high)
    else putUnsigned(out, low, high)
  }
}
