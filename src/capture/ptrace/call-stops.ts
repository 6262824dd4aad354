/** Stops at the enter and at the exit of a call: what is recorded of it, and what tampering does to it. */
import { prctl_options } from '../../abi/sets.ts'
import { syscallNumbers } from '../../abi/syscalls.ts'
import { libc } from '../../libc/libc.ts'
import type { ArchName } from '../../record/layout.ts'
import type { CaptureError, CaptureNote, CaptureOptions } from '../backend.ts'
import { DescriptorNotes, describesDescriptors } from '../notes/descriptor-notes.ts'
import { noteNetlink } from '../notes/netlink-sockets.ts'
import { describesPids, PidNotes } from '../notes/pid-notes.ts'
import { noteVirtualCpu } from '../notes/virtual-cpu-notes.ts'
import { type PlanOf, Plans } from '../plans/plans.ts'
import type { Affinity } from './affinity.ts'
import { CallRecorder } from './call-recorder.ts'
import { Errno, SyscallInfo } from './ptrace-constants.ts'
import type { RecordWriter } from './record-writer.ts'
import type { StackRecorder } from './stack-recorder.ts'
import type { Tamperer } from './tampering.ts'
import { Launch, type Tracee } from './tracee.ts'

/** What a capture records calls by: the plans, and the notes that the options ask for. */
export function makeCallRecorder(
  options: CaptureOptions,
  writer: RecordWriter,
  planOf: PlanOf,
  note: (note: CaptureNote) => void,
): CallRecorder {
  const descriptors = describesDescriptors(options) ? new DescriptorNotes(options) : null
  const plans = new Plans(planOf, {
    dataLimit: options.dataLimit,
    environment: options.environment,
    noteDescriptor: descriptors === null ? null : descriptors.note,
    ...(descriptors === null ? {} : { noteForeign: descriptors.noteForeign }),
    notePid: describesPids(options) ? new PidNotes(options).note : null,
    noteVirtualCpu: options.virtualCpus === true ? noteVirtualCpu : null,
    noteNetlink,
  })
  return new CallRecorder(writer, plans, options, (address, read, asked) =>
    note({
      note: 'short-read',
      pid: 0,
      message: `short read (${read} < ${asked}) @0x${address.toString(16)}`,
    }),
  )
}

export interface CallStopsSetting {
  readonly options: CaptureOptions
  readonly writer: RecordWriter
  readonly recorder: CallRecorder
  readonly affinity: Affinity
  /** Null: stacks are not asked for. */
  readonly stacks: StackRecorder | null
  readonly tamperer: Tamperer | null
  /** System CPU time in ns of the tracee that has stopped. */
  readonly systemTime: () => number
  /** The launcher could not do what it should, or not execute the program. */
  readonly launchFailed: (error: CaptureError) => void
}

export class CallStops {
  readonly #options: CaptureOptions
  readonly #writer: RecordWriter
  readonly #recorder: CallRecorder
  readonly #affinity: Affinity
  readonly #stacks: StackRecorder | null
  readonly #tamperer: Tamperer | null
  readonly #systemTime: () => number
  readonly #launchFailed: (error: CaptureError) => void

  constructor(setting: CallStopsSetting) {
    this.#options = setting.options
    this.#writer = setting.writer
    this.#recorder = setting.recorder
    this.#affinity = setting.affinity
    this.#stacks = setting.stacks
    this.#tamperer = setting.tamperer
    this.#systemTime = setting.systemTime
    this.#launchFailed = setting.launchFailed
  }

  /** A tracee has stopped at a call. `told`: it is to go on; `gone`: it was killed; `unsupported`: the kernel is too old to tell of calls. */
  at(tracee: Tracee, time: number): 'told' | 'gone' | 'unsupported' {
    // Before anything is written of the call: records stand in one place until they are whole.
    if (this.#options.watchNames && tracee.launch === Launch.none) this.#writer.renamed(tracee)
    switch (this.#recorder.inspect(tracee)) {
      case SyscallInfo.entry:
      case SyscallInfo.seccomp:
        // A filtered call that was resumed with SYSCALL stops twice on its way in.
        if (!tracee.inCall) this.#entered(tracee, time)
        break
      case SyscallInfo.exit:
        if (tracee.inCall) this.#returned(tracee, time)
        break
      case -1:
        return libc.errno() === Errno.EIO ? 'unsupported' : 'gone'
    }
    return 'told'
  }

  #entered(tracee: Tracee, time: number): void {
    const known = this.#recorder.identify(tracee)
    tracee.stopsNext = false
    if (tracee.launch !== Launch.none && !this.#launching(tracee)) return
    if (known) this.#affinity.entered(tracee, time)
    if (!known || !this.#recorder.isChosen(tracee)) {
      if (known && this.#recorder.tellsOther(tracee)) this.#recorder.enter(tracee, time, false)
      // Where calls stop by choice only, nothing is to be seen at this one's end.
      tracee.inCall = !tracee.filtered || tracee.launch !== Launch.none
      return
    }
    // The execve that our program starts by is ours as much as its.
    const tamperer = tracee.launch === Launch.none ? this.#tamperer : null
    if (tamperer?.choosesByPath === false) tracee.tampered = tamperer.enter(tracee)
    tracee.systemTime = this.#systemTime()
    const { bytes, view, offset } = this.#writer.ring
    this.#recorder.enter(tracee, time)
    if (tamperer?.choosesByPath && tamperer.touches(bytes, view, offset))
      tracee.tampered = tamperer.enter(tracee)
    if (this.#stacks !== null) {
      tracee.stackTaken = leavesStack(tracee)
      if (tracee.stackTaken) this.#stacks.record(tracee, true)
    }
  }

  #returned(tracee: Tracee, time: number): void {
    if (tracee.launch !== Launch.none && this.#recorder.hasFailed())
      this.#failedLaunch(tracee, -this.#recorder.result())
    const { tampered } = tracee
    if (tampered !== null && this.#tamperer!.exit(tracee, tampered))
      this.#recorder.setResult(tampered.low, tampered.high, tampered.failed)
    if (tracee.recorded && !this.#writer.quiet)
      this.#recorder.exit(
        tracee,
        time,
        this.#systemTime() - tracee.systemTime,
        tampered === null ? 0 : this.#tamperer!.flags(tampered),
      )
    if (tracee.recorded && !tracee.stackTaken) this.#stacks?.record(tracee)
    tracee.stackTaken = false
    if (this.#options.threadNames && isRenaming(tracee) && tracee.launch === Launch.none)
      this.#writer.renamed(tracee)
    tracee.inCall = false
    tracee.recorded = false
  }

  /** A call of the launcher is entered: whether it is to be recorded, as only its execve is. */
  #launching(tracee: Tracee): boolean {
    if (tracee.launch !== Launch.steps || tracee.sysno !== execveNumber) return false
    tracee.launch = Launch.exec
    return true
  }

  /** A call of the launcher failed. Not all that may fail end it: what counts is the last one. */
  #failedLaunch(tracee: Tracee, errno: number): void {
    if (tracee.launch === Launch.failed) return
    const error = tracee.launch === Launch.exec ? 'exec' : 'launch'
    this.#launchFailed({ error, errno, pid: tracee.tid, message: `call ${tracee.sysno} of the launcher` })
    if (error === 'exec') tracee.launch = Launch.failed
  }
}

/** The call gives its thread another name. */
const isRenaming = ({ arch, sysno, args }: Tracee): boolean =>
  sysno === syscallNumbers[arch].prctl && args[0] === prctl_options.values.PR_SET_NAME

/** Whether the call, when it succeeds, leaves the stack that it was made from. The launcher's is nobody's. */
const leavesStack = ({ arch, sysno, launch }: Tracee): boolean =>
  launch === Launch.none && leaving[arch].includes(sysno)

const leavingOn = (arch: ArchName): readonly number[] => {
  const { execve, execveat, exit, exit_group } = syscallNumbers[arch]
  return [execve, execveat, exit, exit_group]
}
const leaving = { amd64: leavingOn('amd64'), arm64: leavingOn('arm64'), i386: leavingOn('i386') }

const execveNumber = process.arch === 'arm64' ? syscallNumbers.arm64.execve : syscallNumbers.amd64.execve
