/**
 * Records to lines as strace prints them: prefixes, clocks, calls that begin on one line and end on another,
 * signals, ends of threads.
 */

import { Frame } from '../../record/frame.ts'
import {
  archNames,
  Enter,
  ExitFlag,
  Header,
  RecordKind,
  Signal,
  Start,
  Status,
  Thread as ThreadRecord,
  threadName,
} from '../../record/layout.ts'
import type { StackFrame } from '../../stacks/unwind.ts'
import { callName } from '../../syscalls/index.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { type CallMode, modeOf, ownArch } from './call-modes.ts'
import type { CallPrinter } from './call-printer.ts'
import { CallPrinters } from './call-printers.ts'
import { printDump } from './dumps.ts'
import { inCall, LineHead } from './line-head.ts'
import type { LineOptions, LineOutput } from './line-options.ts'
import { pidNote, processNameText } from './process-ids.ts'
import { nameOfSignal } from './scalars.ts'
import { printSiginfo } from './specials/siginfo.ts'
import { StackPrinter } from './stack-printer.ts'
import { printElapsed } from './timestamps.ts'

interface Thread {
  readonly tid: number
  readonly frame: Frame
  comm: string
  /** In which its last call was made. */
  mode: CallMode
  /** A line of it has been begun and not ended. */
  open: boolean
  inCall: boolean
  /** The call is shown: it passed the filters. */
  shown: boolean
  printer: CallPrinter | undefined
  /** Arguments written so far. */
  written: number
  /** The name of the call before this one, for restart_syscall. */
  previous: string
  /** The last record made a line, below which its stack belongs. */
  takesStack: boolean
  /** The stack that the call in progress, or the last one, leaves: for its line, or the thread's last. */
  stack: readonly StackFrame[]
}

/** Turns a stream of records into strace's text. `record` takes them in order; `end` closes open lines. */
export class LinePrinter {
  readonly #options: LineOptions
  readonly #output: LineOutput
  readonly #threads = new Map<number, Thread>()
  readonly #printers: CallPrinters
  readonly #head: LineHead
  /** Whose line is open (its text has no newline yet), if any. */
  #open: Thread | undefined
  /** Where the open line starts in the buffer, less what of it was flushed before. */
  #lineStart = 0
  readonly #stacks: StackPrinter | undefined

  constructor(options: LineOptions, output: LineOutput) {
    this.#options = options
    this.#output = output
    this.#printers = new CallPrinters(options)
    this.#head = new LineHead(options)
    this.#stacks = options.stacks ? new StackPrinter() : undefined
    output.onFlush = flushed => {
      this.#lineStart -= flushed
    }
  }

  /** Takes the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const tid = view.getUint32(offset + Header.tid, true)
    switch (bytes[offset + Header.kind]) {
      case RecordKind.enter:
        return this.#enter(this.#thread(tid), bytes, view, offset)
      case RecordKind.exit:
        return this.#exit(this.#thread(tid), bytes, view, offset)
      case RecordKind.signal:
        return this.#signal(this.#thread(tid), bytes, view, offset)
      case RecordKind.stopped:
        return this.#stopped(this.#thread(tid), view, offset)
      case RecordKind.exiting:
        return this.#exiting(this.#thread(tid))
      case RecordKind.exited:
        return this.#ended(
          tid,
          view,
          offset,
          this.#options.showExits
            ? `+++ exited with ${view.getUint32(offset + Status.value, true)} +++`
            : undefined,
        )
      case RecordKind.killed: {
        const signo = view.getUint32(offset + Status.value, true)
        const core = view.getUint32(offset + Status.core, true) !== 0 ? '(core dumped) ' : ''
        return this.#ended(
          tid,
          view,
          offset,
          this.#showsSignal(signo) ? `+++ killed by ${signalText(signo)} ${core}+++` : undefined,
        )
      }
      case RecordKind.stack:
        return this.#stack(this.#thread(tid), bytes, view, offset)
      case RecordKind.mappings:
        return this.#stacks?.setMappings(bytes, view, offset)
      case RecordKind.superseded:
        return this.#superseded(tid, view, offset)
      case RecordKind.thread: {
        const parent = this.#threads.get(view.getUint32(offset + ThreadRecord.parent, true))
        const thread = this.#thread(tid)
        if (parent !== undefined) thread.mode = parent.mode
        return this.#comm(tid, bytes, offset)
      }
      case RecordKind.comm:
        return this.#comm(tid, bytes, offset)
      case RecordKind.detached:
        return this.#detached(tid)
      case RecordKind.start:
        return this.#head.startsAt(view.getBigUint64(offset + Start.wall, true))
      case RecordKind.lost:
        return this.#lost(view.getUint32(offset + Status.value, true))
    }
  }

  /** Ends what is open, at the end of the stream. */
  end(): void {
    for (const thread of [...this.#threads.values()]) this.#detached(thread.tid)
  }

  /** How many threads are being shown: with more than one, lines on a terminal say whose they are. */
  get threadCount(): number {
    return this.#threads.size
  }

  /** Calls whose beginning alone has been printed: since when, by thread. */
  inProgress(): ReadonlyMap<number, number> {
    const calls = [...this.#threads].filter(([, thread]) => thread.inCall && thread.shown)
    return new Map(calls.map(([tid, { frame }]) => [tid, frame.enterTime]))
  }

  #thread(tid: number): Thread {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      thread = {
        tid,
        frame: new Frame(),
        comm: '',
        mode: '64 bit',
        open: false,
        inCall: false,
        shown: false,
        printer: undefined,
        written: 0,
        previous: '',
        takesStack: false,
        stack: [],
      }
      this.#threads.set(tid, thread)
    }
    return thread
  }

  #comm(tid: number, bytes: Uint8Array, offset: number): void {
    if (this.#options.threadNames)
      this.#thread(tid).comm = processNameText(threadName(bytes, offset), this.#options.style)
  }

  #enter(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame } = thread
    if (thread.inCall) this.#abandon(thread)
    this.#mode(thread, bytes, view, offset)
    frame.enter(bytes, view, offset)
    thread.inCall = true
    thread.written = 0
    const printer = this.#printers.of(frame.arch, frame.sysno)
    thread.printer = printer
    const { shows, touches } = this.#options
    thread.shown =
      (shows === undefined || shows(printer.name, frame.arch)) && (touches === undefined || touches(frame))
    if (!thread.shown || this.#options.heldBack) return
    const out = this.#leader(thread, frame.enterTime, inCall)
    this.#begin(thread, out)
  }

  /** Tells when a call is of another mode than the one before it. */
  #mode(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const arch = archNames[bytes[offset + Header.arch]!] ?? 'amd64'
    const mode = modeOf(arch, view.getUint32(offset + Enter.sysno, true))
    if (mode === thread.mode) return
    thread.mode = mode
    if (this.#options.showModes)
      this.#event(
        thread,
        view,
        offset,
        out => out.put(`[ Process PID=${thread.tid} runs in ${mode} mode. ]`),
        view.getBigUint64(offset + Enter.ip, true),
      )
  }

  /** The call's name and the arguments known at the enter. */
  #begin(thread: Thread, out: TextBuffer): void {
    const printer = thread.printer!
    out.put(printer.name)
    out.putChar('(')
    if (printer.name === 'restart_syscall' && !printer.raw)
      // Of a call that was under way when we came nothing is known; strace 6.1 takes it for its own call with number 0.
      out.put(
        `<... resuming interrupted ${thread.previous || (callName(ownArch(thread.frame.arch), 0) ?? 'system call')} ...>`,
      )
    thread.written = printer.args(out, thread.frame, 0)
  }

  #exit(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame } = thread
    if (!thread.inCall || thread.printer === undefined) return
    frame.exit(bytes, view, offset)
    thread.inCall = false
    const printer = thread.printer
    thread.previous = printer.name
    thread.takesStack = false
    const { stack } = thread
    thread.stack = []
    if (!thread.shown) return
    let out: TextBuffer
    if (this.#options.heldBack) {
      if (!this.#options.heldBack(frame.failed ? 'failed' : 'successful')) return
      out = this.#leader(thread, frame.enterTime, inCall)
      this.#begin(thread, out)
    } else out = this.#resume(thread, frame.exitTime)
    printer.args(out, frame, thread.written)
    out.put(') ')
    this.#toColumn(out)
    out.put('= ')
    printer.result(out, frame)
    if ((frame.exitFlags & tampered) !== 0) printTampering(out, frame.exitFlags)
    const { callTimes } = this.#options
    const elapsed = callTimes === null ? null : frame.elapsed
    if (callTimes !== null && elapsed !== null) printElapsed(out, elapsed, callTimes)
    this.#finishLine(out)
    if (this.#options.dumps !== undefined) printDump(out, frame, printer.name, this.#options.dumps)
    if (stack.length > 0) this.#stacks?.print(this.#output.buffer(thread.tid), stack, true)
    else thread.takesStack = true
  }

  /** Continues the thread's open line, or opens another one that says which call goes on. */
  #resume(thread: Thread, time: number): TextBuffer {
    if (this.#isOpen(thread)) {
      this.#open = thread
      return this.#output.buffer(thread.tid)
    }
    const out = this.#leader(thread, time, thread.frame.movedTo ?? inCall)
    out.put(`<... ${thread.printer!.name} resumed>`)
    return out
  }

  /** The call will not return: the thread is on its way out. */
  #exiting(thread: Thread): void {
    if (!thread.inCall) return
    thread.inCall = false
    if (!thread.shown || thread.printer === undefined) return
    let out: TextBuffer
    if (this.#options.heldBack) {
      if (!this.#options.heldBack('unfinished')) return
      out = this.#leader(thread, thread.frame.enterTime, inCall)
      this.#begin(thread, out)
    } else out = this.#resume(thread, thread.frame.enterTime)
    const { count, toldLate } = thread.printer
    out.put(thread.written < count || toldLate ? ' <unfinished ...>) ' : ') ')
    this.#toColumn(out)
    out.put('= ?')
    this.#finishLine(out)
  }

  /** A new enter without an exit: something was missed; close what was begun. */
  #abandon(thread: Thread): void {
    thread.inCall = false
    if (this.#isOpen(thread)) this.#unfinished(thread)
  }

  #stopped(thread: Thread, view: DataView, offset: number): void {
    const signo = view.getUint32(offset + Status.value, true)
    if (this.#showsSignal(signo))
      this.#event(thread, view, offset, out => out.put(`--- stopped by ${signalText(signo)} ---`))
  }

  #showsSignal(signo: number): boolean {
    return this.#options.showsSignal?.(signo) ?? true
  }

  #signal(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const signo = view.getUint32(offset + Signal.signo, true)
    thread.takesStack = false
    if (!this.#showsSignal(signo)) return
    const info = view.getUint32(offset + Signal.length, true)
    const ipAt = offset + Signal.bytes + info
    const end = offset + view.getUint32(offset, true)
    const ip = ipAt + 8 <= end ? view.getBigUint64(ipAt, true) : 0n
    const write = (out: TextBuffer): void => {
      out.put(`--- ${signalText(signo)} `)
      if (info >= 128) {
        printSiginfo(out, view, offset + Signal.siginfo, this.#options.style, sender =>
          this.#sender(out, sender, bytes, view, ipAt + 8, end),
        )
        out.putChar(' ')
      }
      out.put('---')
    }
    this.#event(thread, view, offset, write, ip)
    thread.takesStack = true
  }

  /** What a signal's record says at `at` of who sent it. */
  #sender(out: TextBuffer, sender: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const length = at + 8 <= end ? view.getUint32(at, true) : 0
    if (length > 0 && at + 8 + length <= end)
      pidNote(out, bytes.subarray(at + 8, at + 8 + length), sender, true, this.#options.style)
  }

  /** The stack at the record before; or that which a call leaves. */
  #stack(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const leaving = view.getUint16(offset + Header.flags, true) !== 0
    if (this.#stacks === undefined || !(leaving ? thread.inCall && thread.shown : thread.takesStack)) return
    const frames = this.#stacks.frames(bytes, view, offset)
    if (leaving) thread.stack = frames
    else this.#stacks.print(this.#output.buffer(thread.tid), frames)
    thread.takesStack = false
  }

  #event(
    thread: Thread,
    view: DataView,
    offset: number,
    write: (out: TextBuffer) => void,
    ip = 0n,
    caller = thread,
  ): void {
    const out = this.#leader(thread, view.getFloat64(offset + Header.time, true), ip, caller)
    write(out)
    this.#finishLine(out)
  }

  #ended(tid: number, view: DataView, offset: number, text: string | undefined): void {
    const thread = this.#threads.get(tid)
    if (thread === undefined) return
    this.#exiting(thread)
    if (text !== undefined) this.#event(thread, view, offset, out => out.put(text))
    this.#stacks?.print(this.#output.buffer(tid), thread.stack, true)
    if (tid === view.getUint32(offset + Header.pid, true)) this.#stacks?.forget(tid)
    this.#threads.delete(tid)
    this.#output.ended(tid)
  }

  /** execve from another thread: `tid` lives on as its leader. */
  #superseded(tid: number, view: DataView, offset: number): void {
    const old = view.getUint32(offset + Status.value, true)
    const caller = this.#threads.get(old)
    const leader = this.#thread(tid)
    if (caller !== undefined && this.#isOpen(caller)) {
      this.#output.buffer(old).put(` <pid changed to ${tid} ...>\n`)
      this.#closed(caller)
    }
    if (this.#options.showSuperseded) {
      const told = offset + Status.ip + 8 <= offset + view.getUint32(offset, true)
      // What the line begins with is of the thread that goes on: its call, and where the new program begins.
      this.#event(
        leader,
        view,
        offset,
        out => out.put(`+++ superseded by execve in pid ${old} +++`),
        told ? view.getBigUint64(offset + Status.ip, true) : 0n,
        caller ?? leader,
      )
    }
    if (caller === undefined || caller === leader) return
    // The caller's call returns under the leader's number.
    if (this.#isOpen(caller)) this.#unfinished(caller)
    this.#threads.delete(old)
    this.#threads.set(tid, { ...caller, tid })
    this.#output.ended(old)
  }

  #detached(tid: number): void {
    const thread = this.#threads.get(tid)
    if (thread === undefined) return
    if (thread.inCall && thread.shown && this.#options.heldBack?.('detached'))
      this.#begin(thread, this.#leader(thread, thread.frame.enterTime, inCall))
    if (this.#isOpen(thread)) {
      this.#open = thread
      const out = this.#output.buffer(tid)
      out.put(' <detached ...>')
      this.#finishLine(out)
    }
    this.#threads.delete(tid)
    this.#output.ended(tid)
  }

  #lost(count: number): void {
    if (this.#open !== undefined) this.#unfinished()
    const out = this.#output.buffer(0)
    out.put(`+++ ${count} calls lost +++\n`)
  }

  /** Begins a line of `thread`: closes another's open line, then writes prefix and clocks. `at`: the instruction, 0 for none; `caller`: whose call it has. */
  #leader(thread: Thread, time: number, at: bigint | typeof inCall, caller = thread): TextBuffer {
    if (this.#options.separate ? thread.open : this.#open !== undefined)
      this.#unfinished(this.#options.separate ? thread : this.#open!)
    const out = this.#output.buffer(thread.tid)
    this.#open = thread
    thread.open = true
    this.#lineStart = out.length
    const head = caller === thread ? thread : { ...caller, tid: thread.tid, comm: thread.comm }
    this.#head.print(out, head, time, at, this.#threads.size <= 1)
    return out
  }

  #unfinished(thread: Thread = this.#open!): void {
    const out = this.#output.buffer(thread.tid)
    out.put(' <unfinished ...>\n')
    this.#closed(thread)
  }

  /** Whether a line of the thread waits to be continued: the one line of all, or in a file of its own. */
  #isOpen(thread: Thread): boolean {
    return this.#options.separate ? thread.open : this.#open === thread
  }

  #closed(thread: Thread): void {
    thread.open = false
    if (this.#open === thread) this.#open = undefined
  }

  #toColumn(out: TextBuffer): void {
    // A file of its own keeps an open line whole.
    const start = this.#options.separate ? out.bytes.lastIndexOf(10, out.length - 1) + 1 : this.#lineStart
    out.padTo(start, this.#options.column)
  }

  #finishLine(out: TextBuffer): void {
    out.putChar('\n')
    if (this.#open !== undefined) this.#closed(this.#open)
    this.#output.lineEnded()
  }
}

const signalText = (n: number): string => nameOfSignal(n) ?? `SIG_${n}`

const tampered = ExitFlag.injected | ExitFlag.poked | ExitFlag.delayed

/** What we did to the call. */
function printTampering(out: TextBuffer, flags: number): void {
  if ((flags & ExitFlag.poked) !== 0)
    out.put((flags & ExitFlag.injected) !== 0 ? ' (INJECTED: args, retval)' : ' (INJECTED: args)')
  else if ((flags & ExitFlag.injected) !== 0) out.put(' (INJECTED)')
  if ((flags & ExitFlag.delayed) !== 0) out.put(' (DELAYED)')
}
