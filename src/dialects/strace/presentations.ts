/** Calls whose arguments strace writes in another order, under labels, or with a printer of their own. */
import type { Holds } from '../../types/evaluate.ts'
import { bpfPresentations } from './presentations/bpf.ts'
import { credentialPresentations } from './presentations/credentials.ts'
import { descriptorPresentations } from './presentations/descriptors.ts'
import { filePresentations } from './presentations/files.ts'
import { handlePresentations } from './presentations/handles.ts'
import { ioUringPresentations } from './presentations/io-uring.ts'
import { ioctlPresentations } from './presentations/ioctl.ts'
import { ipcPresentations } from './presentations/ipc.ts'
import { kexecPresentations } from './presentations/kexec.ts'
import { keyPresentations } from './presentations/keys.ts'
import { memoryPresentations } from './presentations/memory.ts'
import { messagePresentations } from './presentations/messages.ts'
import { mountPresentations } from './presentations/mounts.ts'
import { perfPresentations } from './presentations/perf.ts'
import { pollingPresentations } from './presentations/polling.ts'
import { prctlPresentations } from './presentations/prctl.ts'
import { processPresentations } from './presentations/process.ts'
import { schedulingPresentations } from './presentations/scheduling.ts'
import { signalPresentations } from './presentations/signals.ts'
import { socketPresentations } from './presentations/sockets.ts'
import { systemPresentations } from './presentations/system.ts'
import { timePresentations } from './presentations/time.ts'
import { tracingPresentations } from './presentations/tracing.ts'
import type { Printer, PrintScope } from './print.ts'

export interface ShownArgument {
  /** Written as `label=` before the value; '' for none. */
  readonly label: string
  /** The declaration's name of the argument. */
  readonly arg: string
  /** In place of the printer that the argument's type gives. */
  readonly print?: Printer
  /** Known only at the exit, whatever its type says; or a test of it. */
  readonly waits?: true | Holds
  /** Goes on with the argument before it: no comma. */
  readonly joined?: true
  /** Where a line stops before this argument, its comma is written with it, at the exit (clone's). */
  readonly lateComma?: true
}

/** Makes the list of a call's arguments as they are shown. */
export type Presentation = (scope: PrintScope) => readonly ShownArgument[]
export type Presentations = { readonly [call: string]: Presentation }

export const presentations: Presentations = {
  ...tracingPresentations,
  ...systemPresentations,
  ...signalPresentations,
  ...schedulingPresentations,
  ...processPresentations,
  ...prctlPresentations,
  ...memoryPresentations,
  ...bpfPresentations,
  ...credentialPresentations,
  ...descriptorPresentations,
  ...filePresentations,
  ...handlePresentations,
  ...ioctlPresentations,
  ...ioUringPresentations,
  ...ipcPresentations,
  ...kexecPresentations,
  ...keyPresentations,
  ...messagePresentations,
  ...mountPresentations,
  ...perfPresentations,
  ...pollingPresentations,
  ...socketPresentations,
  ...timePresentations,
}
