/** What texts hang on that processes have set up before. */
import type { Frame } from '../../record/frame.ts'
import { callName } from '../../syscalls/index.ts'
import { DescriptorLimits } from './descriptor-limits.ts'
import { Roots } from './roots.ts'

export class ProcessStates {
  readonly roots: Roots = new Roots()
  readonly limits: DescriptorLimits = new DescriptorLimits()

  /** After a call that returned. */
  changedBy(frame: Frame): void {
    const call = frame.failed ? undefined : callName(frame.arch, frame.sysno)
    if (call === undefined) return
    this.roots.changedBy(frame, call)
    this.limits.changedBy(frame, call)
  }

  /** A process begins as what it was forked from. */
  inherit(pid: number, parent: number | undefined): void {
    this.roots.inherit(pid, parent)
    this.limits.inherit(pid, parent)
  }

  forget(pid: number): void {
    this.roots.forget(pid)
    this.limits.forget(pid)
  }
}
