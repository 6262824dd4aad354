import { libc } from '../../libc/libc.ts'
import {
  type ArchName,
  archNames,
  Enter,
  Exit,
  ExitFlag,
  RangeKind,
  RecordKind,
} from '../../record/layout.ts'
import { type CaptureOptions, isChosen } from '../backend.ts'
import { emptyPlan, type Plans } from '../plans/plans.ts'
import { RecordBuilder } from '../plans/record-builder.ts'
import { AuditArch, Request, SyscallInfo } from './ptrace-constants.ts'
import type { RecordWriter } from './record-writer.ts'
import type { Tracee } from './tracee.ts'
import { StoppedMemory } from './tracee-memory.ts'

/**
 * Writes the records of calls. The kernel writes its ptrace_syscall_info straight to where the next record begins:
 * there the arguments already stand where an enter record has them.
 */
export class CallRecorder {
  readonly #writer: RecordWriter
  readonly #plans: Plans
  readonly #builder: RecordBuilder
  readonly #memory: StoppedMemory
  readonly #calls: CaptureOptions['calls']
  readonly #otherCalls: CaptureOptions['otherCalls']
  /** Where calls end that move their thread is noted. */
  readonly #notesMoves: boolean
  /** The ring as 32-bit words. */
  readonly #words: Uint32Array

  /** @param onShortRead told of a string that could be read in part. */
  constructor(
    writer: RecordWriter,
    plans: Plans,
    { calls, otherCalls, instructionPointers, asKernel }: CaptureOptions,
    onShortRead: RecordBuilder['onShortRead'],
  ) {
    this.#writer = writer
    this.#plans = plans
    this.#calls = calls
    this.#otherCalls = otherCalls
    this.#notesMoves = instructionPointers === true
    this.#memory = new StoppedMemory(writer.memory, asKernel)
    this.#builder = new RecordBuilder(writer.ring.bytes, writer.ring.view, this.#memory)
    this.#builder.onShortRead = onShortRead
    this.#words = writer.memory.words
  }

  /** Asks the kernel where a tracee stopped at a call stands: SyscallInfo.entry, exit or seccomp; -1 when it is gone. */
  inspect(tracee: Tracee): number {
    const at = this.#writer.ring.begin()
    const got = libc.ptrace(
      Request.GET_SYSCALL_INFO,
      tracee.tid,
      SyscallInfo.bytes,
      this.#writer.memory.address + at,
    )
    return got < 0 ? -1 : this.#writer.ring.bytes[at]!
  }

  /** After `inspect` said entry or seccomp: notes which call it is. False for one of an architecture that we do not know. */
  identify(tracee: Tracee): boolean {
    const at = this.#writer.ring.offset >> 2
    const words = this.#words
    tracee.inCall = true
    tracee.recorded = false
    tracee.sysno = words[at + SyscallInfo.nr / 4]!
    const arch = archOf(words[at + SyscallInfo.arch / 4]!)
    if (arch === undefined) return false
    tracee.arch = arch
    for (let i = 0; i < 12; i++) tracee.args[i] = words[at + SyscallInfo.args / 4 + i]!
    return true
  }

  /** Whether the string that an argument of the call points to begins with `text`. */
  argumentBegins(tracee: Tracee, argument: number, text: string): boolean {
    const high = tracee.arch === 'i386' ? 0 : tracee.args[argument * 2 + 1]!
    // Behind what `inspect` has written.
    const at = this.#writer.ring.offset + 256
    this.#memory.tid = tracee.tid
    const address = tracee.args[argument * 2]! + high * 0x1_0000_0000
    if (address >= 2 ** 53 || this.#memory.read(address, text.length, at) < text.length) return false
    for (let i = 0; i < text.length; i++)
      if (this.#writer.ring.bytes[at + i] !== text.charCodeAt(i)) return false
    return true
  }

  /** Whether the call that `identify` found was chosen. */
  isChosen(tracee: Tracee): boolean {
    const choice = this.#calls[tracee.arch]
    return !this.#writer.quiet && isChosen(choice, tracee.sysno)
  }

  /** After `identify`: whether the call, which was not chosen, is to be told of nevertheless. */
  tellsOther(tracee: Tracee): boolean {
    if (this.#writer.quiet || this.#otherCalls === undefined) return false
    return this.#otherCalls === 'numbers' || modeOf(tracee) !== tracee.mode
  }

  /** Writes the enter record of the call that `identify` found; of one that was not chosen, that it was made. */
  enter(tracee: Tracee, time: number, chosen = true): void {
    const { ring } = this.#writer
    const at = ring.offset
    const words = this.#words
    const from = at >> 2
    // The arguments are in place already; instruction and stack pointer move behind them before the header is laid over.
    words[from + Enter.ip / 4] = words[from + SyscallInfo.ip / 4]!
    words[from + Enter.ip / 4 + 1] = words[from + SyscallInfo.ip / 4 + 1]!
    words[from + Enter.sp / 4] = words[from + SyscallInfo.sp / 4]!
    words[from + Enter.sp / 4 + 1] = words[from + SyscallInfo.sp / 4 + 1]!
    tracee.ipLow = words[from + Enter.ip / 4]!
    tracee.ipHigh = words[from + Enter.ip / 4 + 1]!
    tracee.mode = modeOf(tracee)
    this.#writer.header(at, RecordKind.enter, archNames.indexOf(tracee.arch), 0, tracee.tid, tracee.pid, time)
    words[from + Enter.sysno / 4] = tracee.sysno

    const builder = this.#builder
    const plan = chosen ? this.#plans.get(tracee.arch, tracee.sysno) : emptyPlan
    builder.begin(at, Enter.bytes)
    if (plan.enter !== null) {
      builder.args = tracee.args
      builder.stack = words[from + Enter.sp / 4]! + words[from + Enter.sp / 4 + 1]! * 0x1_0000_0000
      this.#memory.tid = tracee.tid
      plan.enter(builder)
    }
    words[from + Enter.ranges / 4] = builder.ranges
    ring.commit(builder.at - at)
    tracee.plan = plan
    tracee.recorded = chosen
  }

  /** After `inspect` said exit: whether the call failed. */
  hasFailed(): boolean {
    return this.#writer.ring.bytes[this.#writer.ring.offset + SyscallInfo.isError] !== 0
  }

  /** After `inspect` said exit: the low half of the result, signed. */
  result(): number {
    return this.#writer.ring.view.getInt32(this.#writer.ring.offset + SyscallInfo.rval, true)
  }

  /** After `inspect` said exit: puts another result in place of the kernel's. */
  setResult(low: number, high: number, failed: boolean): void {
    const { ring } = this.#writer
    const from = ring.offset >> 2
    this.#words[from + SyscallInfo.rval / 4] = low
    this.#words[from + SyscallInfo.rval / 4 + 1] = high
    ring.bytes[ring.offset + SyscallInfo.isError] = failed ? 1 : 0
  }

  /** Writes the exit record. `systemTime`: spent in the call, in ns; NaN when that was not asked for. */
  exit(tracee: Tracee, time: number, systemTime: number, flags = 0): void {
    const { ring } = this.#writer
    const at = ring.offset
    const words = this.#words
    const from = at >> 2
    const failed = this.hasFailed()
    const low = words[from + SyscallInfo.rval / 4]!
    const high = words[from + SyscallInfo.rval / 4 + 1]!
    const ipLow = words[from + SyscallInfo.ip / 4]!
    const ipHigh = words[from + SyscallInfo.ip / 4 + 1]!
    this.#writer.header(
      at,
      RecordKind.exit,
      archNames.indexOf(tracee.arch),
      flags | (failed ? ExitFlag.failed : 0),
      tracee.tid,
      tracee.pid,
      time,
    )
    words[from + Exit.sysno / 4] = tracee.sysno
    words[from + Exit.result / 4] = low
    words[from + Exit.result / 4 + 1] = high
    ring.view.setFloat64(at + Exit.systemTime, systemTime, true)

    const builder = this.#builder
    const steps = failed ? tracee.plan!.exitFailed : tracee.plan!.exit
    builder.begin(at, Exit.bytes)
    if (steps !== null) {
      builder.args = tracee.args
      builder.resultLow = low
      builder.resultHigh = high
      this.#memory.tid = tracee.tid
      steps(builder)
    }
    if (this.#notesMoves && (ipLow !== tracee.ipLow || ipHigh !== tracee.ipHigh))
      builder.noteKey(RangeKind.instruction, ipLow, ipHigh)
    words[from + Exit.ranges / 4] = builder.ranges
    ring.commit(builder.at - at)
  }
}

/** Tells calls of 32-bit programs and of x32 (whose numbers are amd64's with a bit set) from the machine's own. */
const modeOf = ({ arch, sysno }: Tracee): number =>
  arch === 'i386' ? 1 : arch === 'amd64' && sysno >>> 30 === 1 ? 2 : 0

function archOf(audit: number): ArchName | undefined {
  switch (audit) {
    case AuditArch.amd64:
      return 'amd64'
    case AuditArch.arm64:
      return 'arm64'
    case AuditArch.i386:
      return 'i386'
    default:
      return undefined
  }
}
