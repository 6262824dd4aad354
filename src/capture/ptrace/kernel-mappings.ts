/**
 * Memory that a program may write or execute, but not read. The kernel, on whose behalf the processor makes no such difference, reads it
 * when a call has it there; process_vm_readv goes by the mapping's permissions, and refuses.
 */
import { readFileSync } from 'node:fs'
import { procNumber } from '../notes/process-numbers.ts'

/** Below this nothing is mapped (vm.mmap_min_addr), and what programs pass there are no pointers at all. */
const lowest = 0x1_0000

/** Where such a mapping of thread `tid` ends that `address` is in; 0 when it is in none. */
export function endOfUnreadable(tid: number, address: number): number {
  if (address < lowest) return 0
  let text: string
  try {
    text = readFileSync(`/proc/${procNumber(tid)}/maps`, 'latin1')
  } catch {
    return 0
  }
  for (const [, start, end] of text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) -(?:w.|.x)/gm))
    if (address >= Number.parseInt(start!, 16) && address < Number.parseInt(end!, 16))
      return Number.parseInt(end!, 16)
  return 0
}
