/** Sets of descriptors and of CPUs: `[0 3 5]`. */

import type { TextBuffer } from '../../text-buffer.ts'
import type { PrintScope } from '../print.ts'
import type { SpecialPrinter } from '../registry.ts'
import { descriptor } from '../scalars.ts'

function members(
  out: TextBuffer,
  bytes: Uint8Array,
  at: number,
  bits: number,
  print: (n: number) => void,
): void {
  out.putChar('[')
  let some = false
  for (let n = 0; n < bits; n++) {
    if ((bytes[at + (n >> 3)]! & (1 << (n & 7))) === 0) continue
    if (some) out.putChar(' ')
    some = true
    print(n)
  }
  out.putChar(']')
}

/** Descriptors below `length` (nfds), all of whose bits are there. */
export const fdset =
  ({ style }: PrintScope): SpecialPrinter =>
  (out, frame, at, length) =>
    members(out, frame.bytes, at, length, n => descriptor(out, frame, n, style))

/** No more than 1024 CPUs are looked at. */
export const mostCpuBytes = 128
export const cpuset =
  (_scope: PrintScope): SpecialPrinter =>
  (out, frame, at, length) => {
    members(out, frame.bytes, at, Math.min(length, mostCpuBytes) * 8, n => out.dec(n))
    if (length <= mostCpuBytes) return
    out.length--
    out.put(' ...]')
  }
