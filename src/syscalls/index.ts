/** The table: every system call of amd64 and arm64, one declaration each. Numbers come from src/abi by name. */
import { calledNumber, meantCall } from '../abi/argument-blocks.ts'
import { type Arch, syscallNumbers } from '../abi/syscalls.ts'
import { type Call, call, hex, long } from '../types/language.ts'
import { asyncIoCalls } from './async-io.ts'
import { attributeCalls } from './attributes.ts'
import { bpfCalls } from './bpf.ts'
import { credentialCalls } from './credentials.ts'
import { descriptorCalls } from './descriptors.ts'
import { directoryCalls } from './directories.ts'
import { extendedAttributeCalls } from './extended-attributes.ts'
import { fileControlCalls } from './file-control.ts'
import { fileCalls } from './files.ts'
import { for32Bits, otherNames } from './for-32-bits.ts'
import { futexCalls } from './futexes.ts'
import { i386Calls } from './i386.ts'
import { ioUringCalls } from './io-uring.ts'
import { ioctlCalls } from './ioctl/index.ts'
import { ipcCalls } from './ipc.ts'
import { kexecCalls } from './kexec.ts'
import { keyCalls } from './keys.ts'
import { lsmCalls } from './lsm.ts'
import { memoryCalls } from './memory.ts'
import { messageQueueCalls } from './message-queues.ts'
import { messageCalls } from './messages.ts'
import { moduleCalls } from './modules.ts'
import { mountCalls } from './mounts.ts'
import { notificationCalls } from './notifications.ts'
import { obsoleteCalls } from './obsolete.ts'
import { perfCalls } from './perf.ts'
import { placementCalls } from './placement.ts'
import { pollingCalls } from './polling.ts'
import { prctlCalls } from './prctl.ts'
import { processCalls } from './process.ts'
import { quotaCalls } from './quotas.ts'
import { schedulingCalls } from './scheduling.ts'
import { signalCalls } from './signals.ts'
import { socketCalls } from './sockets.ts'
import { systemCalls } from './system.ts'
import { timeCalls } from './time.ts'
import { timerCalls } from './timers.ts'
import { tracingCalls } from './tracing.ts'
import { transferCalls } from './transfers.ts'

export const table = {
  ...attributeCalls,
  ...descriptorCalls,
  ...directoryCalls,
  ...extendedAttributeCalls,
  ...fileCalls,
  ...fileControlCalls,
  ...futexCalls,
  ...ioctlCalls,
  ...ipcCalls,
  ...messageCalls,
  ...messageQueueCalls,
  ...mountCalls,
  ...notificationCalls,
  ...pollingCalls,
  ...quotaCalls,
  ...socketCalls,
  ...timeCalls,
  ...timerCalls,
  ...transferCalls,
  ...credentialCalls,
  ...memoryCalls,
  ...placementCalls,
  ...processCalls,
  ...schedulingCalls,
  ...signalCalls,
  ...systemCalls,
  ...prctlCalls,
  ...tracingCalls,
  ...asyncIoCalls,
  ...bpfCalls,
  ...ioUringCalls,
  ...kexecCalls,
  ...keyCalls,
  ...lsmCalls,
  ...moduleCalls,
  ...obsoleteCalls,
  ...perfCalls,
} as const

export type Table = typeof table

type OlderCalls = { readonly [name: string]: Call }
/** Calls that only 32-bit programs have, or have otherwise. */
const olderCalls: OlderCalls = {
  ...i386Calls,
}

const byNumber = new Map<Arch, (string | undefined)[]>()

/** The name of a call by number; undefined for numbers that the architecture does not have. */
export function callName(arch: Arch, sysno: number): string | undefined {
  let names = byNumber.get(arch)
  if (names === undefined) {
    names = []
    for (const [name, nr] of Object.entries(syscallNumbers[arch])) names[nr] = name
    byNumber.set(arch, names)
  }
  return names[sysno] ?? meantCall(arch, sysno)?.name
}

/** What stands in for a call that the table does not have: a newer kernel's. */
export const unknownCall: Call = call({ a: hex, b: hex, c: hex, d: hex, e: hex, f: hex }, long)

/**
 * The declaration of a call by name, as it is on an architecture. `number`: as frames have it, where one is at hand; with the arguments
 * in memory a call may have others than with those that lead there.
 */
export function declarationOf(name: string, arch: Arch = 'amd64', number = 0): Call {
  if (meantCall(arch, number) !== undefined) {
    const calls = declarationOf(callName(arch, calledNumber(number)) ?? name, arch).inMemory?.calls
    if (calls?.[name] !== undefined) return calls[name]
  }
  const usual = (table as { readonly [name: string]: Call })[otherNames[name] ?? name]
  if (arch === 'i386') return olderCalls[name] ?? for32Bits(name, usual ?? unknownCall)
  return usual ?? olderCalls[name] ?? unknownCall
}
