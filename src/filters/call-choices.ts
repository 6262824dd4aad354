/** A choice of calls as captures take it: a byte for each number. */
import { meantNames } from '../abi/argument-blocks.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import type { CallChoice, CaptureOptions } from '../capture/backend.ts'
import type { ArchName } from '../record/layout.ts'
import { choosesCall, type SyscallFilter } from './syscall-filter.ts'

/** Numbers that a choice can tell apart; the tables end far below. */
const choosable = 4096

function callChoice(filter: SyscallFilter, arch: ArchName, throughOthers: boolean): CallChoice {
  if (filter.kind === 'all') return null
  const bits = arch === 'i386' ? 32 : 64
  const chooses = (name: string): boolean => choosesCall(filter, name, true, bits)
  // Shared: what a capture in another thread records can be switched while it runs.
  const choice = new Uint8Array(new SharedArrayBuffer(choosable)).fill(filter.unknown ? 1 : 0)
  for (const [name, nr] of Object.entries(syscallNumbers[arch]))
    choice[nr] = chooses(name) || (throughOthers && meantNames(arch, nr).some(chooses)) ? 1 : 0
  return choice
}

/** `throughOthers`: with calls that may stand for one that is chosen; whoever reads the records tells. */
export const callChoices = (filter: SyscallFilter, throughOthers = true): CaptureOptions['calls'] => ({
  amd64: callChoice(filter, 'amd64', throughOthers),
  arm64: callChoice(filter, 'arm64', throughOthers),
  i386: callChoice(filter, 'i386', throughOthers),
})
