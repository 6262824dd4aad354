/** What of the command line concerns lines, and where lines go. */
import type { Frame } from '../../record/frame.ts'
import type { ArchName } from '../../record/layout.ts'
import type { TextBuffer } from '../text-buffer.ts'
import type { DumpChoice } from './dumps.ts'
import type { Style } from './style.ts'

/** Decimals of a second. */
export type Precision = 0 | 3 | 6 | 9

export interface LineOptions {
  readonly style: Style
  /** Another style for some calls (-e abbrev=, -e verbose=). */
  readonly styleOf?: (call: string) => Style
  /** Calls shown as numbers (-e raw=). */
  readonly raw?: (call: string) => boolean
  /** Calls shown; undefined: all that are recorded. */
  readonly shows?: (call: string, arch: ArchName) => boolean
  /** Of those, calls shown for what they are called with; undefined: all (-P). */
  readonly touches?: ((frame: Frame) => boolean) | undefined
  readonly showsSignal?: (signo: number) => boolean
  /** -z, -Z, -e status=: lines wait for the call's outcome; undefined: they do not. */
  readonly heldBack?: ((outcome: 'successful' | 'failed' | 'unfinished' | 'detached') => boolean) | undefined
  /** The column of `=` (-a). */
  readonly column: number
  readonly timestamps: { readonly format: 'none' | 'time' | 'unix'; readonly precision: Precision }
  readonly relativeTimestamps: Precision | null
  readonly callTimes: Precision | null
  readonly syscallNumbers: boolean
  readonly instructionPointer: boolean
  /** `1234  ` before each line: output to a file of more than one process. */
  readonly pidColumn: boolean
  /** Output goes to a file: no `[pid N]`. */
  readonly toFile: boolean
  /** One file a process (-ff): lines of others do not interrupt. */
  readonly separate: boolean
  /** -e read=, -e write=: descriptors whose data is shown below lines. */
  readonly dumps?: DumpChoice
  /** -k: stacks below lines. */
  readonly stacks?: boolean
  readonly threadNames: boolean
  readonly showExits: boolean
  readonly showSuperseded: boolean
  /** Tell when a process goes on with calls of another mode: of a 32-bit program. */
  readonly showModes?: boolean
}

/** Lines of calls alone, with nothing before them and nothing of their times. */
export const bareLines: Omit<LineOptions, 'style'> = {
  column: 0,
  timestamps: { format: 'none', precision: 0 },
  relativeTimestamps: null,
  callTimes: null,
  syscallNumbers: false,
  instructionPointer: false,
  pidColumn: false,
  toFile: true,
  separate: false,
  threadNames: false,
  showExits: false,
  showSuperseded: false,
}

/** Where lines are written: one buffer, or one a thread. */
export interface LineOutput {
  buffer(tid: number): TextBuffer
  /** A line is whole. */
  lineEnded(): void
  /** No more of this thread. */
  ended(tid: number): void
  /** Called when a buffer was emptied, with the bytes that it held. */
  onFlush: (flushed: number) => void
}
