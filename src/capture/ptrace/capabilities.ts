/** What the kernel lets us do. */
import { readFileSync } from 'node:fs'

/** Whether this thread has an effective capability. `bit`: its number. */
export function hasCapability(bit: number): boolean {
  const line = /^CapEff:\t([0-9a-f]+)$/m.exec(readFileSync('/proc/thread-self/status', 'latin1'))
  return line !== null && ((BigInt(`0x${line[1]}`) >> BigInt(bit)) & 1n) === 1n
}
