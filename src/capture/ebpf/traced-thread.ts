import type { ArchName } from '../../record/layout.ts'
import { Launch } from '../ptrace/tracee.ts'

/** A thread that the programs in the kernel follow, as its events tell of it. */
export class TracedThread {
  tid: number
  readonly pid: number
  launch: Launch = Launch.none
  /** Between the enter and the exit of a call that was recorded. */
  inCall = false
  arch: ArchName = 'amd64'
  sysno = 0
  /** The call's six arguments as pairs of 32-bit halves. */
  readonly args: Uint32Array = new Uint32Array(12)
  /** Signals that were sent during the call and are ignored: told of at its end, as a tracer that stops the thread would. */
  readonly ignored: Uint8Array[] = []
  /** An enter whose memory was not all there, held back until it is: at the call's exit, or a while later. */
  held: Uint8Array | null = null
  /** What was noted beside its memory: ranges of the record that it will be, and how many. */
  heldNotes: { readonly bytes: Uint8Array; readonly count: number } | null = null
  /** When it was held back, on the clock of records. */
  heldAt = 0
  /** It has its new name already, but an event of the call that gave it is still to be told. */
  holdsName = false
  /** A leader that ended before its other threads: its exit code. Whoever waits for it hears of it after theirs. */
  ended: number | null = null
  comm = ''
  /** Its numbers in the innermost pid namespace, where that is not ours; else 0. */
  innerPid = 0
  innerTid = 0

  constructor(tid: number, pid: number) {
    this.tid = tid
    this.pid = pid
  }
}
