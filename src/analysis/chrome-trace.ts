/**
 * A recording in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a track for each thread, a slice
 * for each call with its arguments, and what signals and ends come in between. Times are microseconds since the recording's start.
 */
import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { putText, putValue } from '../dialects/json/json-values.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { readSigned } from '../record/numbers.ts'
import { errnoOf } from '../types/decode-numbers.ts'

/** Bytes that are handed over at once. */
const chunk = 1 << 16

/** Writes an array of events. `record` takes records in order; `end` closes the array. */
export class ChromeTrace {
  readonly #write: (bytes: Uint8Array) => void
  readonly #decoders: CallDecoders
  readonly #records: RecordReader
  readonly #out = new TextBuffer(2 * chunk)
  readonly #named = new Map<number, string>()
  #some = false
  /** The latest time seen, in microseconds: where a call ends that has not returned. */
  #latest = 0

  /** @param dataLimit bytes of strings and buffers in arguments */
  constructor(dataLimit: number, write: (bytes: Uint8Array) => void) {
    this.#write = write
    this.#decoders = new CallDecoders(dataLimit)
    this.#records = new RecordReader({
      call: thread => this.#call(thread),
      other: (kind, thread, _, view, offset) => {
        const event = otherEvent(kind, thread, view, offset, 0)
        if (event === undefined) return
        const { pid, tid } = event
        this.#name(thread)
        if (event.kind === 'signal')
          this.#instant(String(event.signal), 'signal', pid, tid, event.time * 1000)
        else if (event.kind === 'exit') {
          const how = event.signal === null ? `exited with ${event.code}` : `killed by ${event.signal}`
          this.#instant(how, 'exit', pid, tid, event.time * 1000)
          this.#named.delete(tid)
        }
      },
    })
    this.#out.put('{"displayTimeUnit":"ns","traceEvents":[\n')
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.#records.record(bytes, view, offset)
  }

  end(): void {
    this.#records.end()
    this.#out.put('\n]}\n')
    this.#flush()
  }

  #call(thread: ReadThread): void {
    const { frame, pid, tid } = thread
    this.#name(thread)
    const decoder = this.#decoders.get(frame.arch, frame.sysno)
    const returned = frame.result >= 0
    const began = frame.enterTime / 1000
    const ended = returned ? frame.exitTime / 1000 : Math.max(this.#latest, began)
    this.#latest = Math.max(this.#latest, ended)
    const out = this.#out
    this.#begin()
    out.put('{"ph":"X","cat":')
    out.put(returned ? (frame.failed ? '"syscall,failed"' : '"syscall"') : '"syscall,unfinished"')
    out.put(
      `,"name":"${decoder.name}","pid":${pid},"tid":${tid},"ts":${time(began)},"dur":${time(ended - began)},"args":{`,
    )
    for (const [name, value] of Object.entries(decoder.args(frame))) {
      if (value === undefined) continue
      putText(out, name)
      out.putByte(0x3a)
      putValue(out, value)
      out.putByte(0x2c)
    }
    out.put('"result":')
    if (!returned) out.put('null')
    else if (frame.failed) putText(out, String(errnoOf(frame.errno)))
    else putValue(out, BigInt(readSigned(frame.view, frame.result, 8)))
    out.put('}}')
    this.#flushIfFull()
  }

  #instant(name: string, category: string, pid: number, tid: number, at: number): void {
    const out = this.#out
    this.#begin()
    out.put('{"ph":"i","s":"t","name":')
    putText(out, name)
    out.put(`,"cat":"${category}","pid":${pid},"tid":${tid},"ts":${time(at)}}`)
    this.#flushIfFull()
  }

  /** Names a thread's track, and with the first thread the process, when it is new. */
  #name({ pid, tid, comm }: ReadThread): void {
    if (this.#named.get(tid) === comm) return
    this.#named.set(tid, comm)
    for (const kind of tid === pid ? ['thread_name', 'process_name'] : ['thread_name']) {
      this.#begin()
      this.#out.put(`{"ph":"M","name":"${kind}","pid":${pid},"tid":${tid},"args":{"name":`)
      putText(this.#out, comm)
      this.#out.put('}}')
    }
  }

  /** Events stand apart by commas. */
  #begin(): void {
    if (this.#some) this.#out.put(',\n')
    this.#some = true
  }

  #flushIfFull(): void {
    if (this.#out.length >= chunk) this.#flush()
  }

  #flush(): void {
    this.#write(this.#out.text())
    this.#out.clear()
  }
}

/** Microseconds with the nanoseconds behind the point. */
const time = (microseconds: number): string => (Number.isFinite(microseconds) ? microseconds.toFixed(3) : '0')
