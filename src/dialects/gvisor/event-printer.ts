/** Records to the messages of gVisor's event channel: one as a call begins, one as it returns. */
import { Frame } from '../../record/frame.ts'
import { Header, RecordKind, Status, Thread as ThreadRecord, threadName } from '../../record/layout.ts'
import { callName } from '../../syscalls/index.ts'
import { TextBuffer } from '../text-buffer.ts'
import { type CallPrinter, CallPrinters } from './call-printer.ts'
import type { Era } from './eras.ts'
import { errorText } from './error-text.ts'
import { endsThread, restoresRegisters } from './gvisor-printer.ts'
import { ThreadName } from './thread-name.ts'

/** What a message says. */
export interface EventMessage {
  /** The thread's name. */
  readonly process: string
  /** The call. */
  readonly function: string
  readonly args: string[]
  readonly info:
    | { readonly case: 'enter'; readonly value: object }
    | {
        readonly case: 'exit'
        readonly value: {
          /** The result in hexadecimal. */
          readonly return: string
          readonly error: string
          readonly errNo: bigint
          readonly elapsedNs: bigint
        }
      }
}

export interface EventOptions {
  /** Bytes of buffers in arguments: none by default. */
  readonly logSize: number
  /** Of what programs read and write only address and length are shown. */
  readonly hidesData?: boolean
  readonly era: Era
  readonly shows?: (call: string) => boolean
}

interface Thread {
  readonly frame: Frame
  readonly name: ThreadName
  inCall: boolean
  printer: CallPrinter | undefined
  args: string[]
}

/** Turns a stream of records into messages, which `emit` gets. */
export class EventPrinter {
  readonly #options: EventOptions
  readonly #emit: (message: EventMessage) => void
  readonly #printers: CallPrinters
  readonly #threads = new Map<number, Thread>()
  readonly #text = new TextBuffer(1024)

  constructor(options: EventOptions, emit: (message: EventMessage) => void) {
    this.#options = options
    this.#emit = emit
    this.#printers = new CallPrinters({
      era: options.era,
      limit: options.logSize,
      hidesData: options.hidesData ?? false,
      escapePaths: false,
    })
  }

  /** Takes the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const tid = view.getUint32(offset + Header.tid, true)
    switch (bytes[offset + Header.kind]) {
      case RecordKind.enter:
        return this.#enter(this.#thread(tid), bytes, view, offset)
      case RecordKind.exit:
        return this.#exit(this.#thread(tid), bytes, view, offset)
      case RecordKind.exiting:
        return this.#exiting(this.#thread(tid), view, offset)
      case RecordKind.thread: {
        const parent = this.#threads.get(view.getUint32(offset + ThreadRecord.parent, true))
        this.#printers.processes.inherit(view.getUint32(offset + Header.pid, true), parent?.frame.pid)
        return this.#named(this.#thread(tid), threadName(bytes, offset).slice())
      }
      case RecordKind.comm:
        return this.#named(this.#thread(tid), threadName(bytes, offset).slice())
      case RecordKind.superseded: {
        const old = view.getUint32(offset + Status.value, true)
        const caller = this.#threads.get(old)
        if (caller !== undefined) this.#threads.set(tid, caller)
        if (old !== tid) this.#threads.delete(old)
        return
      }
      case RecordKind.exited:
      case RecordKind.killed:
      case RecordKind.detached:
        this.#threads.delete(tid)
        this.#printers.processes.forget(tid)
    }
  }

  #thread(tid: number): Thread {
    let thread = this.#threads.get(tid)
    if (thread === undefined)
      this.#threads.set(
        tid,
        (thread = {
          frame: new Frame(),
          name: new ThreadName(),
          inCall: false,
          printer: undefined,
          args: [],
        }),
      )
    return thread
  }

  #named(thread: Thread, comm: Uint8Array): void {
    thread.name.told(comm, thread.inCall)
  }

  #enter(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame } = thread
    frame.enter(bytes, view, offset)
    const printer = this.#printers.of(frame.arch, frame.sysno)
    const { shows } = this.#options
    thread.inCall = true
    const shown = shows === undefined || shows(callName(frame.arch, frame.sysno) ?? printer.name)
    thread.printer = shown ? printer : undefined
    if (thread.printer === undefined) return
    thread.args = printer.specifiers.map(({ enter }, i) => this.#write(out => enter(out, frame, i)))
    this.#emit({
      process: thread.name.text,
      function: printer.name,
      args: thread.args,
      info: { case: 'enter', value: {} },
    })
  }

  #exit(thread: Thread, bytes: Uint8Array, view: DataView, offset: number): void {
    const { frame, printer, name } = thread
    if (!thread.inCall) return
    thread.inCall = false
    thread.printer = undefined
    frame.exit(bytes, view, offset)
    name.changedBy(frame)
    if (printer !== undefined) this.#ended(thread, printer)
    this.#printers.processes.changedBy(frame)
    name.changedAfter()
  }

  #ended(thread: Thread, printer: CallPrinter): void {
    const { frame } = thread
    // What failed changed nothing: the same texts again.
    const args = frame.failed
      ? thread.args
      : printer.specifiers.map(({ exit }, i) =>
          exit === undefined ? thread.args[i]! : this.#write(out => exit(out, frame, i)),
        )
    const restored = printer.name === restoresRegisters
    const result = frame.failed || restored ? 0n : frame.view.getBigUint64(frame.result, true)
    this.#returned(thread, printer, args, result, restored ? 0 : frame.errno, frame.exitTime)
  }

  #exiting(thread: Thread, view: DataView, offset: number): void {
    const { frame, printer } = thread
    thread.inCall = false
    thread.printer = undefined
    if (printer === undefined) return
    if (endsThread.has(printer.name))
      this.#returned(thread, printer, thread.args, 0n, 0, view.getFloat64(offset + Header.time, true))
    else if (frame.exiting(view, offset)) this.#ended(thread, printer)
  }

  #returned(
    thread: Thread,
    printer: CallPrinter,
    args: string[],
    result: bigint,
    errno: number,
    time: number,
  ): void {
    this.#emit({
      process: thread.name.text,
      function: printer.name,
      args,
      info: {
        case: 'exit',
        value: {
          return: `0x${result.toString(16)}`,
          error: errno === 0 ? '' : errorText(this.#options.era, printer.name, thread.frame),
          errNo: BigInt(errno),
          elapsedNs: BigInt(Math.round(time - thread.frame.enterTime)),
        },
      },
    })
  }

  /** Bytes that are no UTF-8 cannot stand in a message: U+FFFD stands for them. */
  #write(write: (out: TextBuffer) => void): string {
    this.#text.clear()
    write(this.#text)
    return Buffer.from(this.#text.text()).toString('utf8')
  }
}
