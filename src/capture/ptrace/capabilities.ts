/** What the kernel lets us do. */

import { readFileSync } from 'node:fs'
import { cap } from '../../abi/sets.ts'

/** Whether this thread has an effective capability. */
export function hasCapability(name: keyof typeof cap.values): boolean {
  const line = /^CapEff:\t([0-9a-f]+)$/m.exec(readFileSync('/proc/thread-self/status', 'latin1'))
  return line !== null && ((BigInt(`0x${line[1]}`) >> BigInt(cap.values[name])) & 1n) === 1n
}
