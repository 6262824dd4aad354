/** A choice of calls as captures take it: a byte for each number. */
import { meantNames } from '../abi/argument-blocks.ts'
import { syscallNumbers } from '../abi/syscalls.ts'
import type { CallChoice, CaptureOptions } from '../capture/backend.ts'
import type { ArchName } from '../record/layout.ts'
import { choosesCall, type SyscallFilter } from './syscall-filter.ts'

/** Numbers that a choice can tell apart; the tables end far below. */
const choosable = 4096

function callChoice(filter: SyscallFilter, arch: ArchName): CallChoice {
  if (filter.kind === 'all') return null
  const bits = arch === 'i386' ? 32 : 64
  // Shared: what a capture in another thread records can be switched while it runs.
  const choice = new Uint8Array(new SharedArrayBuffer(choosable)).fill(filter.unknown ? 1 : 0)
  for (const [name, nr] of Object.entries(syscallNumbers[arch]))
    choice[nr] = [name, ...meantNames(arch, nr)].some(name => choosesCall(filter, name, true, bits)) ? 1 : 0
  return choice
}

export const callChoices = (filter: SyscallFilter): CaptureOptions['calls'] => ({
  amd64: callChoice(filter, 'amd64'),
  arm64: callChoice(filter, 'arm64'),
  i386: callChoice(filter, 'i386'),
})
