/** Records of the calls of a Task: the same that a capture writes, with the Task's memory in place of a process's. */

import { type PlanOf, Plans } from '../capture/plans/plans.ts'
import { RecordBuilder } from '../capture/plans/record-builder.ts'
import { gvisorPlan } from '../dialects/gvisor/capture-plan.ts'
import {
  type ArchName,
  AT_FDCWD,
  align8,
  archNames,
  Enter,
  Exit,
  ExitFlag,
  Header,
  maxRecordBytes,
  Range,
  RangeKind,
  RecordKind,
  Status,
  Thread,
} from '../record/layout.ts'
import type { TakeRecord } from '../record/record-runs.ts'
import type { Register, Task } from './task.ts'

/** gVisor's plans: the memory that its notation looks at. */
const gvisorPlanOf =
  (limit: number): PlanOf =>
  (arch, sysno) =>
    arch === 'i386' ? undefined : gvisorPlan(arch, sysno, limit, 'head')

/** Nanoseconds of the clock that records' times go by. */
export const now = (): number => performance.now() * 1e6

/** `limit`: bytes that are copied of buffers; `planOf`: what is copied. */
export class TaskRecords {
  readonly #arch: ArchName
  readonly #plans: Plans
  readonly #bytes = new Uint8Array(maxRecordBytes + 8192)
  readonly #view = new DataView(this.#bytes.buffer)
  readonly #builder: RecordBuilder
  #task: Task | undefined

  constructor(arch: ArchName, limit: number, planOf: PlanOf = gvisorPlanOf(limit)) {
    this.#arch = arch
    this.#plans = new Plans(planOf, {
      dataLimit: limit,
      environment: true,
      noteDescriptor: (record, fd) => this.#note(record, fd),
    })
    const read = (address: number, length: number, to: number): number => {
      // The next bytes in the record are free: a Task that says it copied more than it was asked for has not.
      const copied = this.#task!.readMemory(address, this.#bytes.subarray(to, to + length))
      return copied >= 0 && copied <= length ? Math.floor(copied) : 0
    }
    this.#builder = new RecordBuilder(this.#bytes, this.#view, { read, readNear: read, forget() {} })
  }

  /** A thread appears, or has another name. */
  named(task: Task, take: TakeRecord): void {
    this.#header(task, RecordKind.thread, 0, Thread.bytes)
    this.#bytes.fill(0, Header.bytes, Thread.bytes)
    this.#bytes.set(Buffer.from(task.name).subarray(0, 15), Thread.comm)
    take(this.#bytes, this.#view, 0)
  }

  /** `time`: when it begins, as `now`. */
  entered(
    task: Task,
    sysno: number,
    args: readonly Register[],
    take: TakeRecord,
    time: number = now(),
  ): void {
    this.#task = task
    const builder = this.#builder
    this.#header(task, RecordKind.enter, 0, Enter.bytes, time)
    this.#view.setUint32(Enter.sysno, sysno, true)
    this.#view.setBigUint64(Enter.ip, 0n, true)
    this.#view.setBigUint64(Enter.sp, 0n, true)
    this.#takeArguments(args)
    for (const [i, half] of builder.args.entries()) this.#view.setUint32(Enter.args + i * 4, half, true)
    builder.begin(0, Enter.bytes)
    this.#plans.get(this.#arch, sysno).enter?.(builder)
    this.#finish(Enter.ranges, take)
  }

  /** `errno` 0: it succeeded with `result`. */
  returned(
    task: Task,
    sysno: number,
    args: readonly Register[],
    result: Register,
    errno: number,
    take: TakeRecord,
    time: number = now(),
  ): void {
    this.#task = task
    const builder = this.#builder
    const value = BigInt.asUintN(64, errno === 0 ? BigInt(result) : BigInt(-errno))
    this.#header(task, RecordKind.exit, errno === 0 ? 0 : ExitFlag.failed, Exit.bytes, time)
    this.#view.setUint32(Exit.sysno, sysno, true)
    this.#view.setBigUint64(Exit.result, value, true)
    this.#view.setFloat64(Exit.systemTime, Number.NaN, true)
    this.#takeArguments(args)
    builder.resultLow = Number(value & 0xffff_ffffn)
    builder.resultHigh = Number(value >> 32n)
    builder.begin(0, Exit.bytes)
    const plan = this.#plans.get(this.#arch, sysno)
    ;(errno === 0 ? plan.exit : plan.exitFailed)?.(builder)
    this.#finish(Exit.ranges, take)
  }

  /** The thread has ended. */
  ended(task: Task, take: TakeRecord): void {
    this.#header(task, RecordKind.exited, 0, Status.bytes)
    take(this.#bytes, this.#view, 0)
  }

  #takeArguments(args: readonly Register[]): void {
    for (let i = 0; i < 6; i++) {
      const value = BigInt.asUintN(64, BigInt(args[i] ?? 0))
      this.#builder.args[i * 2] = Number(value & 0xffff_ffffn)
      this.#builder.args[i * 2 + 1] = Number(value >> 32n)
    }
  }

  #header({ tid, pid }: Task, kind: number, flags: number, size: number, time: number = now()): void {
    this.#view.setUint32(Header.size, size, true)
    this.#view.setUint32(Header.kind, kind | (archNames.indexOf(this.#arch) << 8) | (flags << 16), true)
    this.#view.setUint32(Header.tid, tid, true)
    this.#view.setUint32(Header.pid, pid, true)
    this.#view.setFloat64(Header.time, time, true)
  }

  #finish(ranges: number, take: TakeRecord): void {
    this.#view.setUint32(ranges, this.#builder.ranges, true)
    this.#view.setUint32(Header.size, align8(this.#builder.at), true)
    this.#task = undefined
    take(this.#bytes, this.#view, 0)
  }

  #note(record: RecordBuilder, fd: number): void {
    const path = fd === AT_FDCWD ? this.#task!.workingDirectory : fd < 0 ? undefined : this.#task!.fdPath(fd)
    if (path === undefined) return
    const bytes = Buffer.from(path).subarray(0, 4096)
    if (!record.hasRoom(bytes.length)) return
    record.bytes.set(bytes, record.at + Range.bytes)
    record.note(fd === AT_FDCWD ? RangeKind.cwd : RangeKind.fdPath, fd === AT_FDCWD ? 0 : fd, bytes.length)
  }
}
