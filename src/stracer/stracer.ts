/**
 * gVisor's strace for kernels that run in user space: `syscallEnter` and `syscallExit` around each call of a Task, sinks
 * that can be switched while it runs. Package strace of gVisor's sentry has the same surface in Go.
 */

import { type EventMessage, EventPrinter } from '../dialects/gvisor/event-printer.ts'
import { GvisorPrinter } from '../dialects/gvisor/gvisor-printer.ts'
import type { LineOutput } from '../dialects/strace/line-options.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import type { TakeRecord } from '../record/record-runs.ts'
import { eventFlag, logFlag, type SyscallTable } from './syscall-table.ts'
import type { Register, Task } from './task.ts'
import { now, TaskRecords } from './task-records.ts'

export interface StracerOptions {
  /** Bytes of a buffer that the log shows. Default 1024. */
  readonly logMaximumSize?: number
  /** Bytes of a buffer that events show. Default 0. */
  readonly eventMaximumSize?: number
  /** Whether what programs read and write is shown: without it, address and length alone. Default true. */
  readonly logAppDataAllowed?: boolean
  /** Takes the messages of the event sink. */
  readonly onEvent?: (message: EventMessage) => void
}

/** What `syscallEnter` gives and `syscallExit` takes. */
export interface CallContext {
  readonly sysno: number
  readonly args: readonly Register[]
  readonly flags: number
  /** In nanoseconds: when the call began, as its lines tell it, and when both sinks had been told. */
  readonly entered: number
  readonly began: number
}

/** What a kernel calls around each call. */
export interface Stracer {
  /**
   * A call begins. `flags` is what the call's table says (`SyscallTable.flags`), read once for both ends. The context is null when
   * nobody is to see the call.
   */
  syscallEnter(task: Task, sysno: number, args: readonly Register[], flags: number): CallContext | null
  /** It returns: with a result, or with an error number that is not 0. */
  syscallExit(context: CallContext | null, task: Task, result: Register, errno: number): void
  /** The thread has ended. */
  taskExit(task: Task): void
}

/** What is printed by one sink of one architecture. */
interface Sink {
  readonly records: TaskRecords
  /** The printer. */
  readonly take: TakeRecord
  /** Threads that the printer knows, by the name that it knows them by. */
  readonly names: Map<number, string>
}

/** A record has 32 bits for a call's number: what has more of them is no call, and is shown as all ones. */
const callNumber = (sysno: number): number =>
  Number.isInteger(sysno) && sysno >= 0 && sysno <= 0xffff_ffff ? sysno : 0xffff_ffff

/** A Stracer for one architecture. */
export class StraceWriter implements Stracer, LineOutput {
  readonly #log: Sink
  readonly #event: Sink | null
  readonly #line = new TextBuffer(4096)
  #task: Task | null = null
  #result = 0n
  onFlush: LineOutput['onFlush'] = () => {}

  constructor(arch: 'amd64' | 'arm64', options: StracerOptions = {}) {
    const { logMaximumSize = 1024, eventMaximumSize = 0, logAppDataAllowed = true, onEvent } = options
    const shared = { era: 'head', hidesData: !logAppDataAllowed } as const
    const sink = (limit: number, printer: { readonly record: TakeRecord }): Sink => ({
      records: new TaskRecords(arch, limit),
      take: printer.record.bind(printer),
      names: new Map(),
    })
    this.#log = sink(
      logMaximumSize,
      new GvisorPrinter({ ...shared, logSize: logMaximumSize, escapePaths: false }, this),
    )
    this.#event =
      onEvent === undefined
        ? null
        : sink(
            eventMaximumSize,
            new EventPrinter({ ...shared, logSize: eventMaximumSize }, message =>
              onEvent(this.#withResult(message)),
            ),
          )
  }

  syscallEnter(task: Task, sysno: number, args: readonly Register[], flags: number): CallContext | null {
    if ((flags & (logFlag | eventFlag)) === 0) return null
    const entered = now()
    sysno = callNumber(sysno)
    for (const { records, take, names } of this.#sinks(flags)) {
      this.#task = task
      if (names.get(task.tid) !== task.name) {
        names.set(task.tid, task.name)
        records.named(task, take)
      }
      records.entered(task, sysno, args, take, entered)
    }
    this.#task = null
    return { sysno, args, flags, entered, began: now() }
  }

  syscallExit(context: CallContext | null, task: Task, result: Register, errno: number): void {
    if (context === null) return
    const { sysno, args, flags, entered, began } = context
    // How long it took is the same for both sinks, without what it took to show how it began.
    const time = entered + (now() - began)
    this.#result = BigInt.asUintN(64, BigInt(result))
    for (const { records, take } of this.#sinks(flags)) {
      this.#task = task
      records.returned(task, sysno, args, result, errno, take, time)
    }
    this.#task = null
  }

  taskExit(task: Task): void {
    for (const { records, take, names } of this.#sinks(logFlag | eventFlag)) {
      names.delete(task.tid)
      records.ended(task, take)
    }
  }

  /** Events have what the kernel says that the call returned also where it failed. */
  #withResult(message: EventMessage): EventMessage {
    const { info } = message
    if (info.case !== 'exit' || info.value.errNo === 0n) return message
    const value = { ...info.value, return: `0x${this.#result.toString(16)}` }
    return { ...message, info: { case: 'exit', value } }
  }

  *#sinks(flags: number): Iterable<Sink> {
    if ((flags & logFlag) !== 0) yield this.#log
    if ((flags & eventFlag) !== 0 && this.#event !== null) yield this.#event
  }

  // ---- where lines of the log go: to the Task that they are about

  buffer(): TextBuffer {
    return this.#line
  }

  lineEnded(): void {
    const line = Buffer.from(this.#line.text()).toString()
    this.#line.clear()
    this.#task?.log(line.endsWith('\n') ? line.slice(0, -1) : line)
  }

  ended(): void {}
}

/** Attaches names and numbers to tables: once, before anything else. Tables without a map are passed over by `enable` and `enableAll`. */
export function initialize(tables: Iterable<SyscallTable>): void {
  for (const table of tables) table.initialize()
}

/**
 * Shows the calls of the list to `sinks` (`sinkLog`, `sinkEvent`), and no others that the kernel has; those that it has not are
 * shown. An empty list and null both choose none.
 *
 * @throws UnknownCallError for a name that a table's map lacks. Tables before it have been changed.
 */
export function enable(tables: Iterable<SyscallTable>, names: readonly string[] | null, sinks: number): void {
  for (const table of tables) {
    if (table.map === undefined) continue
    table.enable(table.map.convertToSysnoMap(names), sinks)
  }
}

/** Shows all calls to `sinks`. */
export function enableAll(tables: Iterable<SyscallTable>, sinks: number): void {
  for (const table of tables) if (table.map !== undefined) table.enableAll(sinks)
}

/** Shows no call to `sinks`. */
export function disable(tables: Iterable<SyscallTable>, sinks: number): void {
  for (const table of tables) table.disable(sinks)
}
