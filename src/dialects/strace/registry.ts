/**
 * Where strace's notation is more than `{field=value}`: printers by the name of a structure or of a special
 * kind. Each file of specials/ and structs/ holds one family; this list is all that print.ts and pointees.ts know of them.
 */
import type { Frame } from '../../record/frame.ts'
import type { Bases } from '../../types/evaluate.ts'
import type { SpecialName, Struct } from '../../types/language.ts'
import type { TextBuffer } from '../text-buffer.ts'
import type { Printer, PrintScope } from './print.ts'
import { cpuset, fdset } from './specials/bitsets.ts'
import { cmsgs } from './specials/cmsgs.ts'
import { dirents, dirents64 } from './specials/dirents.ts'
import { netlink } from './specials/netlink.ts'
import { siginfo } from './specials/siginfo.ts'
import { sigset } from './specials/sigset.ts'
import { sockaddr } from './specials/sockaddr.ts'
import { waitstatus } from './specials/waitstatus.ts'
import { asyncIoStructs } from './structs/async-io.ts'
import { blockDeviceStructs } from './structs/block-devices.ts'
import { btrfsStructs } from './structs/btrfs.ts'
import { deviceStructs } from './structs/devices.ts'
import { fileStructs } from './structs/files.ts'
import { ioUringStructs } from './structs/io-uring.ts'
import { ipcStructs } from './structs/ipc.ts'
import { keyStructs } from './structs/keys.ts'
import { otherStructs } from './structs/other.ts'
import { pollingStructs } from './structs/polling.ts'
import { processStructs } from './structs/process.ts'
import { signalStructs } from './structs/signals.ts'
import { socketStructs } from './structs/sockets.ts'
import { terminalStructs } from './structs/terminals.ts'
import { timeStructs } from './structs/time.ts'
import { tracingStructs } from './structs/tracing.ts'
import { videoStructs } from './structs/video.ts'
import { virtualMachineStructs } from './structs/virtual-machines.ts'

/** Prints a special kind of `length` (bytes; bits for fdset) that stands at `at`. */
export type SpecialPrinter = (out: TextBuffer, frame: Frame, at: number, length: number, bases: Bases) => void
export type SpecialPrinters = { readonly [N in SpecialName]: (scope: PrintScope) => SpecialPrinter }
/** Makes the printer of a structure; undefined: print its fields one by one. */
export type StructPrinters = {
  readonly [layout: string]: (type: Struct, scope: PrintScope) => Printer | undefined
}

export const specialPrinters: SpecialPrinters = {
  sigset,
  sockaddr,
  cmsgs,
  fdset,
  cpuset,
  dirents,
  dirents64,
  siginfo,
  waitstatus,
  netlink,
}

export const structPrinters: StructPrinters = {
  ...blockDeviceStructs,
  ...btrfsStructs,
  ...deviceStructs,
  ...fileStructs,
  ...asyncIoStructs,
  ...ioUringStructs,
  ...ipcStructs,
  ...keyStructs,
  ...pollingStructs,
  ...processStructs,
  ...signalStructs,
  ...socketStructs,
  ...terminalStructs,
  ...timeStructs,
  ...tracingStructs,
  ...videoStructs,
  ...virtualMachineStructs,
  ...otherStructs,
}
