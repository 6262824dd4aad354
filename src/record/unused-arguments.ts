/** Registers that a call does not take hold whatever the program left there. Recordings do not keep it. */
import { syscallArgumentCounts, syscallNumbers } from '../abi/syscalls.ts'
import { archNames, Enter, Header } from './layout.ts'

/** Calls from this number on are not in the tables of every gVisor, which shows all registers of those that it does not know. */
const firstOfNewer = 424
/** Neither are these; or gVisor, or JSON, shows more registers of them than the kernel takes. */
const shownWithMore: ReadonlySet<string> = new Set([
  'afs_syscall',
  'epoll_ctl_old',
  'epoll_wait_old',
  'faccessat',
  'getpmsg',
  'kexec_file_load',
  'pkey_alloc',
  'pkey_free',
  'pkey_mprotect',
  'putpmsg',
  'query_module',
  'rt_sigreturn',
  'security',
  'tuxcall',
  'uretprobe',
  'vserver',
])
const registers = 6

/** By architecture: of a call by number, how many registers are kept. gVisor knows no 32-bit calls. */
const keptByArch: (Uint8Array | null)[] = []

/** How many registers of a call are kept. */
export function keptArguments(arch: number, sysno: number): number {
  let kept = keptByArch[arch]
  if (kept === undefined) keptByArch[arch] = kept = tableOf(arch)
  return kept?.[sysno] ?? registers
}

function tableOf(arch: number): Uint8Array | null {
  const name = archNames[arch]
  if (name === undefined || name === 'i386') return null
  const counts: { readonly [call: string]: number } = syscallArgumentCounts[name]
  const kept = new Uint8Array(firstOfNewer).fill(registers)
  for (const [call, sysno] of Object.entries(syscallNumbers[name]))
    if (sysno < firstOfNewer && !shownWithMore.has(call)) kept[sysno] = counts[call] ?? registers
  return kept
}

/** Makes zero what the enter record at word `at` says of registers that its call does not take. */
export function forgetUnused(words: Uint32Array, at: number): void {
  const arch = (words[at + Header.kind / 4]! >>> 8) & 0xff
  const kept = keptArguments(arch, words[at + Enter.sysno / 4]!)
  for (let i = kept * 2; i < registers * 2; i++) words[at + Enter.args / 4 + i] = 0
}
