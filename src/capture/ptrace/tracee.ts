/** What the loop knows of a thread that it traces. */
import type { ArchName } from '../../record/layout.ts'
import type { CompiledPlan } from '../plans/plan-compiler.ts'
import { TraceeAffinity } from './affinity.ts'
import type { Tampered } from './tampering.ts'

/** Where a program that we start is on its way to its first instruction. */
export const Launch = {
  /** Not (or no longer) on that way. */
  none: 0,
  /** Between our launcher's start and its execve. */
  steps: 1,
  /** In the execve. */
  exec: 2,
  /** The execve failed, and the launcher is about to exit. */
  failed: 3,
} as const
export type Launch = (typeof Launch)[keyof typeof Launch]

/** A thread that we trace. */
export class Tracee {
  tid: number
  readonly pid: number
  /** It has our seccomp filter: resumed with CONT, it stops at chosen calls only. */
  readonly filtered: boolean
  launch: Launch = Launch.none
  /** Its numbers in the innermost pid name space, where that is not ours; else 0. */
  innerPid = 0
  innerTid = 0
  /** It ran already when we came. */
  attached = false
  /** Its name, as it was recorded. */
  name = ''
  readonly affinity: TraceeAffinity = new TraceeAffinity()
  /** We detach it at its next stop. */
  leaving = false

  /** It is on its way out. */
  exiting = false

  /** Between the enter and the exit of a call. */
  inCall = false
  /** The call's stack was recorded at the enter: it leaves it. */
  stackTaken = false
  /** Its next call stops even if its filter lets that go: the program is another, and perhaps of another mode. */
  stopsNext = false
  /** Whether an enter record of a 32-bit call, or of one of x32, was the last that was written. */
  mode = 0
  /** Where the call was made: the two halves of an address. */
  ipLow = 0
  ipHigh = 0
  /** An enter record of the call was written, so an exit record is due. */
  recorded = false
  arch: ArchName = 'amd64'
  sysno = 0
  plan: CompiledPlan | null = null
  /** The call's six arguments as pairs of 32-bit halves. */
  readonly args: Uint32Array = new Uint32Array(12)
  /** What was done to the call. */
  tampered: Tampered | null = null
  /** System CPU time in ns when the call was entered. */
  systemTime = 0

  constructor(tid: number, pid: number, filtered: boolean) {
    this.tid = tid
    this.pid = pid
    this.filtered = filtered
  }
}
