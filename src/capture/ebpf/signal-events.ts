/**
 * Signals, told of in the order in which a tracer that stops its tracees would hear of them: one that is ignored follows the call in
 * which it came; one that ends the process, which the kernel delivers to nobody, comes before the end that it brings.
 */
import { align8, Header, RecordKind, Signal as SignalRecord } from '../../record/layout.ts'
import { senderOf } from '../plans/pids-in-memory.ts'
import { Signal } from '../ptrace/ptrace-constants.ts'
import { nativeIndex } from '../ptrace/record-writer.ts'
import { Launch } from '../ptrace/tracee.ts'
import { Event, kernelSiginfoBytes } from './capture-layout.ts'
import type { EventRecords } from './event-records.ts'
import type { TracedThread } from './traced-thread.ts'

const siginfoBytes = 128
const SI_KERNEL = 0x80

/** As `writePidNote`. */
export type NoteSender = (tid: number, sender: number, bytes: Uint8Array, at: number) => number

export class SignalEvents {
  readonly #records: EventRecords
  /** Signals to record, a byte for each number; null: all. */
  readonly #chosen: Uint8Array | null
  /** By process and number: signals that were sent and have not been delivered. */
  readonly #sent = new Map<number, Map<number, Uint8Array>>()

  readonly #noteSender: NoteSender | null

  /** @param noteSender writes what is to be noted of who sent a signal; null for nothing */
  constructor(records: EventRecords, chosen: Uint8Array | null, noteSender: NoteSender | null) {
    this.#records = records
    this.#noteSender = noteSender
    this.#chosen = chosen
  }

  delivered(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    this.flushIgnored(thread)
    const { ring } = this.#records
    const signo = ring.view.getUint32(offset + Event.first, true)
    const time = this.#records.time(offset)
    this.#sent.get(thread.pid)?.delete(signo)
    this.#write(ring.bytes.subarray(offset, offset + ring.length(offset)), time)
    const isStop =
      signo === Signal.SIGSTOP ||
      signo === Signal.SIGTSTP ||
      signo === Signal.SIGTTIN ||
      signo === Signal.SIGTTOU
    if (isStop && ring.view.getUint32(offset + Event.second, true) === 1)
      this.#records.status(RecordKind.stopped, thread.tid, thread.pid, signo, 0, time)
  }

  /** A signal was sent: one that is ignored is told of here alone, and so is one that ends the process at once. */
  sent(thread: TracedThread, offset: number): void {
    if (thread.launch !== Launch.none) return
    const { ring } = this.#records
    const event = this.#records.kept(offset)
    if (ring.view.getUint32(offset + Event.second, true) === 0) {
      const sent = this.#sent.get(thread.pid)
      const signo = ring.view.getUint32(offset + Event.first, true)
      if (sent === undefined) this.#sent.set(thread.pid, new Map([[signo, event]]))
      else sent.set(signo, event)
    } else if (thread.inCall) thread.ignored.push(event)
    else this.#write(event, this.#records.time(offset))
  }

  /** A call of the thread is over: tells of the signals that were ignored in it. */
  flushIgnored(thread: TracedThread): void {
    if (thread.ignored.length === 0) return
    for (const event of thread.ignored.splice(0)) this.#write(event, this.#records.writer.now())
  }

  /** The signal that ends a process is not delivered where it has no handler: every thread just ends. */
  fatal({ tid, pid, launch }: TracedThread, signo: number, time: number): void {
    const event = this.#sent.get(pid)?.get(signo)
    if (event === undefined || launch !== Launch.none) return
    this.#sent.delete(pid)
    new DataView(event.buffer).setUint32(Header.tid, tid, true)
    this.#write(event, time)
  }

  /** A process is gone. */
  forget(pid: number): void {
    this.#sent.delete(pid)
  }

  #write(event: Uint8Array, time: number): void {
    const source = new DataView(event.buffer, event.byteOffset, event.byteLength)
    const signo = source.getUint32(Event.first, true)
    if (this.#chosen !== null && this.#chosen[signo] !== 1) return
    const { writer } = this.#records
    const { ring } = writer
    const at = ring.begin()
    const { view, bytes } = ring
    writer.header(
      at,
      RecordKind.signal,
      nativeIndex,
      0,
      source.getUint32(Header.tid, true),
      source.getUint32(Header.pid, true),
      time,
    )
    view.setUint32(at + SignalRecord.signo, signo, true)
    view.setUint32(at + SignalRecord.length, siginfoBytes, true)
    const info = at + SignalRecord.siginfo
    bytes.fill(0, info, info + siginfoBytes)
    bytes.set(event.subarray(Event.siginfo, Event.siginfo + kernelSiginfoBytes), info)
    if (view.getUint32(info, true) === 0) {
      // The kernel's own, which it says in place of all information.
      view.setUint32(info, signo, true)
      view.setUint32(info + 8, SI_KERNEL, true)
    }
    bytes.set(event.subarray(Event.ip, Event.ip + 8), info + siginfoBytes)
    const end = info + siginfoBytes + 8
    ring.commit(end - at + this.#sender(source.getUint32(Header.tid, true), info, end))
  }

  /** Notes the sender in the siginfo at `info`; the bytes that it takes. */
  #sender(tid: number, info: number, to: number): number {
    if (this.#noteSender === null) return 0
    const { view, bytes } = this.#records.writer.ring
    const noted = this.#noteSender(tid, senderOf(view, info, info + siginfoBytes, 8), bytes, to + 8)
    if (noted <= 0) return 0
    view.setUint32(to, noted, true)
    view.setUint32(to + 4, 0, true)
    return 8 + align8(noted)
  }
}
