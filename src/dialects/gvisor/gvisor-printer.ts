/** Records to lines as gVisor's sentry prints them: an `E` line as a call begins, an `X` line as it returns. */
import { Frame } from '../../record/frame.ts'
import { Header, RecordKind, Status, Thread as ThreadRecord, threadName } from '../../record/layout.ts'
import { callName } from '../../syscalls/index.ts'
import type { LineOutput } from '../strace/line-options.ts'
import { TextBuffer } from '../text-buffer.ts'
import { type CallPrinter, CallPrinters, type EnterText, newEnterText } from './call-printer.ts'
import type { Era } from './eras.ts'
import { errorText } from './error-text.ts'
import { putDuration } from './go-duration.ts'
import { putUnsigned } from './go-numbers.ts'
import { putEscaped } from './go-quote.ts'
import { ThreadName } from './thread-name.ts'

export interface GvisorOptions {
  /** Bytes of a buffer that are shown: gVisor's --strace-log-size, 1024 by default. */
  readonly logSize: number
  /** Of what programs read and write only address and length are shown. */
  readonly hidesData?: boolean
  /** The style: today's, that of December 2022, or that of early 2021. */
  readonly era: Era
  /** Paths and names of threads are escaped, which gVisor does not: a terminal shows them. */
  readonly escapePaths: boolean
  /** Calls shown, by Linux's name, also where gVisor has none; undefined: all that are recorded. */
  readonly shows?: (call: string) => boolean
}

interface Thread {
  readonly tid: number
  pid: number
  /** In the innermost pid name space, where that is not the tracer's; else 0. */
  innerPid: number
  innerTid: number
  readonly frame: Frame
  readonly kept: EnterText
  readonly name: ThreadName
  /** It got the leader's number in execve, whose own exit line still has the old one. */
  renumbered: boolean
  /** `[   1:   1] comm `, made anew when one of these changes. */
  readonly prefix: TextBuffer
  printer: CallPrinter | undefined
  inCall: boolean
  shown: boolean
}

/** A call that did not fail, whatever register it restored. */
export const restoresRegisters = 'rt_sigreturn'
/** Calls whose thread ends: gVisor shows their return all the same. */
export const endsThread: ReadonlySet<string> = new Set(['exit', 'exit_group'])

/** Turns a stream of records into gVisor's text. `record` takes them in order; `end` closes what is open. */
export class GvisorPrinter {
  readonly #options: GvisorOptions
  readonly #output: LineOutput
  readonly #printers: CallPrinters
  readonly #threads = new Map<number, Thread>()

  constructor(options: GvisorOptions, output: LineOutput) {
    this.#options = options
    this.#output = output
    this.#printers = new CallPrinters({
      era: options.era,
      limit: options.logSize,
      hidesData: options.hidesData ?? false,
      escapePaths: options.escapePaths,
    })
  }

  /** Takes the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const tid = view.getUint32(offset + Header.tid, true)
    switch (bytes[offset + Header.kind]) {
      case RecordKind.enter:
        return this.#enter(this.#thread(tid, view, offset), bytes, view, offset)
      case RecordKind.exit:
        return this.#exit(this.#thread(tid, view, offset), bytes, view, offset)
      case RecordKind.exiting:
        return this.#exiting(this.#thread(tid, view, offset), view, offset)
      case RecordKind.thread:
        this.#begun(this.#thread(tid, view, offset), view, offset)
        return this.#named(this.#thread(tid, view, offset), threadName(bytes, offset).slice())
      case RecordKind.comm:
        return this.#named(this.#thread(tid, view, offset), threadName(bytes, offset).slice())
      case RecordKind.superseded:
        return this.#superseded(tid, view, offset)
      case RecordKind.exited:
      case RecordKind.killed:
      case RecordKind.detached:
        this.#threads.delete(tid)
        this.#printers.processes.forget(tid)
        return this.#output.ended(tid)
      case RecordKind.lost:
        this.#output.buffer(0).put(`+++ ${view.getUint32(offset + Status.value, true)} calls lost +++\n`)
        return this.#output.lineEnded()
    }
  }

  /** Every line is whole when it is written: nothing is left open. */
  end(): void {
    for (const tid of this.#threads.keys()) this.#output.ended(tid)
    this.#threads.clear()
  }

  /** Calls whose beginning alone has been printed: since when, by thread. */
  inProgress(): ReadonlyMap<number, number> {
    const calls = [...this.#threads].filter(([, thread]) => thread.inCall && thread.shown)
    return new Map(calls.map(([tid, { frame }]) => [tid, frame.enterTime]))
  }

  #thread(tid: number, view: DataView, offset: number): Thread {
    const pid = view.getUint32(offset + Header.pid, true)
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      thread = {
        tid,
        pid,
        innerPid: 0,
        innerTid: 0,
        frame: new Frame(),
        kept: newEnterText(),
        name: new ThreadName(),
        renumbered: false,
        prefix: new TextBuffer(64),
        printer: undefined,
        inCall: false,
        shown: false,
      }
      this.#threads.set(tid, thread)
      this.#prefix(thread)
    } else if (thread.pid !== pid) {
      thread.pid = pid
      this.#prefix(thread)
    }
    return thread
  }

  #begun(thread: Thread, view: DataView, offset: number): void {
    const parent = this.#threads.get(view.getUint32(offset + ThreadRecord.parent, true))
    this.#printers.processes.inherit(thread.pid, parent?.pid)
    if (view.getUint32(offset, true) < ThreadRecord.bytes) return
    thread.innerPid = view.getUint32(offset + ThreadRecord.innerPid, true)
    thread.innerTid = view.getUint32(offset + ThreadRecord.innerTid, true)
  }

  #named(thread: Thread, comm: Uint8Array): void {
    thread.name.told(comm, thread.inCall)
    if (!thread.inCall) this.#prefix(thread)
  }

  #prefix({ prefix, pid, tid, innerPid, innerTid, name }: Thread): void {
    // Go's `% 4d`: a blank where a sign would be.
    const padded = (n: number): string => ` ${n}`.padStart(4)
    const both = (n: number, inner: number): string =>
      innerTid === 0 ? padded(n) : `${padded(n)}(${`${inner}`.padStart(4)})`
    prefix.clear()
    prefix.put(
      this.#options.era === '2021' ? `[${padded(tid)}] ` : `[${both(pid, innerPid)}:${both(tid, innerTid)}] `,
    )
    if (this.#options.escapePaths) putEscaped(prefix, name.bytes, 0, name.bytes.length, 0, this.#options.era)
    else prefix.putBytes(name.bytes)
    prefix.putChar(' ')
  }

  #enter(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame } = thread
    frame.enter(bytes, view, offset)
    const printer = this.#printers.of(frame.arch, frame.sysno)
    thread.printer = printer
    thread.inCall = true
    const { shows } = this.#options
    thread.shown = shows === undefined || shows(callName(frame.arch, frame.sysno) ?? printer.name)
    if (!thread.shown) return
    const out = this.#line(thread, printer.enterHead)
    printer.enter(out, frame, thread.kept)
    out.putChar(')')
    out.putChar('\n')
    this.#output.lineEnded()
  }

  #exit(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame, printer } = thread
    if (!thread.inCall || printer === undefined) return
    thread.inCall = false
    frame.exit(bytes, view, offset)
    if (thread.name.changedBy(frame)) this.#prefix(thread)
    if (thread.shown) this.#exitLine(thread, printer)
    this.#printers.processes.changedBy(frame)
    if (!thread.name.changedAfter() && !thread.renumbered) return
    thread.renumbered = false
    this.#prefix(thread)
  }

  #exitLine(thread: Thread, printer: CallPrinter): void {
    const { frame } = thread
    const out = this.#line(thread, printer.exitHead)
    printer.exit(out, frame, thread.kept)
    out.putChar(')')
    if (printer.name === restoresRegisters) return this.#finish(out, printer, frame, frame.exitTime, 0, 0, 0)
    const low = frame.view.getUint32(frame.result, true)
    const high = frame.view.getUint32(frame.result + 4, true)
    this.#finish(out, printer, frame, frame.exitTime, low, high, frame.errno)
  }

  /**
   * The thread is on its way out. The call that sent it there has succeeded; one in which it was killed has come to what
   * nobody but a log sees, mostly to be restarted.
   */
  #exiting(thread: Thread, view: DataView, offset: number): void {
    const { frame, printer } = thread
    if (!thread.inCall || printer === undefined) return
    thread.inCall = false
    if (!thread.shown) return
    if (!endsThread.has(printer.name)) {
      if (frame.exiting(view, offset)) this.#exitLine(thread, printer)
      return
    }
    const out = this.#line(thread, printer.exitHead)
    printer.exit(out, frame, thread.kept)
    out.putChar(')')
    this.#finish(out, printer, frame, view.getFloat64(offset + Header.time, true), 0, 0, 0)
  }

  #line(thread: Thread, head: TextBuffer): TextBuffer {
    const out = this.#output.buffer(thread.tid)
    out.copyFrom(thread.prefix, 0, thread.prefix.length)
    out.copyFrom(head, 0, head.length)
    return out
  }

  /** ` = 5 (0x5) (1.2µs)`, in the style of the era. */
  #finish(
    out: TextBuffer,
    { name }: CallPrinter,
    frame: Frame,
    time: number,
    low: number,
    high: number,
    errno: number,
  ): void {
    out.put(' = ')
    const { era } = this.#options
    // Before, a call that failed showed what its handler returned, which is nearly always nothing.
    const failed = errno !== 0
    if (failed && era === 'head') out.put('-1')
    else if (era === '2021') out.hex(failed ? 0 : low, failed ? 0 : high)
    else {
      putUnsigned(out, failed ? 0 : low, failed ? 0 : high)
      out.put(' (')
      out.hex(failed ? 0 : low, failed ? 0 : high)
      out.putChar(')')
    }
    if (failed) out.put(` errno=${errno} (${errorText(era, name, frame)})`)
    out.put(' (')
    putDuration(out, Math.round(time - frame.enterTime))
    out.put(')\n')
    this.#output.lineEnded()
  }

  /** execve from another thread: it lives on under the leader's number. */
  #superseded(tid: number, view: DataView, offset: number): void {
    const old = view.getUint32(offset + Status.value, true)
    const caller = this.#threads.get(old)
    if (caller === undefined || old === tid) return
    this.#threads.delete(old)
    const thread = { ...caller, tid, innerTid: caller.innerPid, renumbered: caller.inCall }
    this.#threads.set(tid, thread)
    if (!caller.inCall) this.#prefix(thread)
    this.#output.ended(old)
  }
}
