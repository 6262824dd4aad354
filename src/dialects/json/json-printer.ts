/** JSON lines: an object for each call, signal, start and end of a thread. schema.ts says what is in them. */

import { calledNumber } from '../../abi/argument-blocks.ts'
import { CallDecoders, type NamedDecoder } from '../../calls/call-decoders.ts'
import { otherEvent } from '../../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../../calls/record-reader.ts'
import type { Frame } from '../../record/frame.ts'
import { type ArchName, ExitFlag, Header, RecordKind, Signal, Start } from '../../record/layout.ts'
import { readSigned } from '../../record/numbers.ts'
import { errnoOf } from '../../types/decode-numbers.ts'
import type { LineOutput } from '../strace/line-options.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { putKey, putText, putValue } from './json-values.ts'

export interface JsonOptions {
  /** Bytes of strings and buffers that are shown, where they are not paths. */
  readonly dataLimit: number
  /** Calls shown, by name; undefined: all that are recorded. */
  readonly shows?: ((call: string, arch: ArchName) => boolean) | undefined
  readonly showsSignal?: ((signo: number) => boolean) | undefined
  /** Outcomes of calls that are shown; undefined: all. */
  readonly showsOutcome?: ((outcome: 'returned' | 'failed' | 'unfinished') => boolean) | undefined
}

/** Turns a stream of records into JSON lines. `record` takes them in order; `end` tells of calls that have not returned. */
export class JsonPrinter {
  readonly #options: JsonOptions
  readonly #output: LineOutput
  readonly #decoders: CallDecoders
  readonly #records: RecordReader
  /** The wall clock at the stream's start: whole milliseconds, and nanoseconds beside them. */
  #startMs = 0
  #startNs = 0
  readonly #heads = new WeakMap<NamedDecoder, Uint8Array>()
  /** The thread of the line before, and what was written of it: often it is the same one. */
  #thread = { pid: -1, tid: -1, comm: '', text: new Uint8Array(0) }

  constructor(options: JsonOptions, output: LineOutput) {
    this.#options = options
    this.#output = output
    this.#decoders = new CallDecoders(options.dataLimit)
    this.#records = new RecordReader({
      call: thread => this.#call(thread),
      other: (kind, thread, bytes, view, offset) => this.#other(kind, thread, bytes, view, offset),
    })
  }

  /** Takes the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    if (bytes[offset + Header.kind] === RecordKind.start) {
      const wall = view.getBigUint64(offset + Start.wall, true)
      this.#startMs = Number(wall / nsPerMs)
      this.#startNs = Number(wall % nsPerMs)
    }
    this.#records.record(bytes, view, offset)
  }

  end(): void {
    this.#records.end()
  }

  #call({ frame, pid, tid, comm }: ReadThread): void {
    const decoder = this.#decoders.get(frame.arch, frame.sysno)
    const { shows, showsOutcome } = this.#options
    if (shows?.(decoder.name, frame.arch) === false) return
    const outcome = frame.result < 0 ? 'unfinished' : frame.failed ? 'failed' : 'returned'
    if (showsOutcome?.(outcome) === false) return
    const args = decoder.args(frame)
    const { cut } = decoder.progress
    const out = this.#output.buffer(tid)
    out.putBytes(this.#head(decoder, frame))
    this.#putThread(out, pid, tid, comm, frame.enterTime)
    out.putBytes(argsKey)
    putValue(out, args)
    out.putBytes(outcomes[outcome])
    if (frame.result >= 0) putOutcome(out, frame, decoder.returns(frame))
    if (cut) out.put(',"truncated":true')
    if ((frame.exitFlags & (ExitFlag.injected | ExitFlag.poked)) !== 0) out.put(',"tampered":true')
    out.put('}\n')
    this.#output.lineEnded()
  }

  #other(kind: RecordKind, thread: ReadThread, _bytes: Uint8Array, view: DataView, offset: number): void {
    const event = otherEvent(kind, thread, view, offset, 0)
    const { tid } = thread
    if (event !== undefined && this.#showsEvent(kind, view, offset)) {
      const { kind: name, pid, tid: _, comm, time: __, ...more } = event
      const out = this.#output.buffer(tid)
      out.put('{"kind":')
      putText(out, name)
      this.#putThread(out, pid, tid, comm, view.getFloat64(offset + Header.time, true))
      for (const [key, value] of Object.entries(more)) {
        if (value === undefined) continue
        out.putByte(0x2c)
        putKey(out, key)
        putValue(out, value)
      }
      out.put('}\n')
      this.#output.lineEnded()
    }
    if (kind === RecordKind.exited || kind === RecordKind.killed || kind === RecordKind.detached)
      this.#output.ended(tid)
  }

  #showsEvent(kind: RecordKind, view: DataView, offset: number): boolean {
    const { showsSignal } = this.#options
    return kind !== RecordKind.signal || showsSignal?.(view.getUint32(offset + Signal.signo, true)) !== false
  }

  /** What all lines of a call begin with. */
  #head(decoder: NamedDecoder, { arch, sysno }: Frame): Uint8Array {
    let head = this.#heads.get(decoder)
    if (head === undefined) {
      head = Buffer.from(
        `{"kind":"call","name":"${decoder.name}","arch":"${arch}","sysno":${calledNumber(sysno)}`,
      )
      this.#heads.set(decoder, head)
    }
    return head
  }

  /** Who and when: milliseconds since 1970, to the nanosecond. */
  #putThread(out: TextBuffer, pid: number, tid: number, comm: string, time: number): void {
    const last = this.#thread
    if (last.tid !== tid || last.pid !== pid || last.comm !== comm) {
      const start = out.length
      out.put(`,"pid":${pid},"tid":${tid},"comm":`)
      putText(out, comm)
      out.put(',"time":')
      this.#thread = { pid, tid, comm, text: out.bytes.slice(start, out.length) }
    } else out.putBytes(last.text)
    putMilliseconds(out, this.#startMs, this.#startNs + time)
  }
}

const ascii = (text: string): Uint8Array => Buffer.from(text)
const argsKey = ascii(',"args":')
const returnsKey = ascii(',"returns":')
const durationKey = ascii(',"duration":')
/** How a call ended, up to its result. */
const outcomes = {
  returned: ascii(',"outcome":"returned","errno":null,"result":'),
  failed: ascii(',"outcome":"failed","errno":'),
  unfinished: ascii(',"outcome":"unfinished","errno":null,"result":null,"returns":null,"duration":null'),
}
const nsPerMs = 1_000_000n

function putMilliseconds(out: TextBuffer, ms: number, ns: number): void {
  const whole = Math.floor(ns / 1e6)
  // Times of a damaged recording may be anything.
  if (!Number.isSafeInteger(ms + whole)) return out.put('0')
  out.dec(ms + whole)
  out.putByte(0x2e)
  const rest = Math.floor(ns - whole * 1e6)
  for (let unit = 100_000; unit >= 1; unit /= 10) out.putByte(0x30 + (Math.floor(rest / unit) % 10))
}

function putOutcome(out: TextBuffer, frame: Frame, returns: unknown): void {
  if (frame.failed) {
    putValue(out, errnoOf(frame.errno))
    out.put(',"result":')
  }
  const result = readSigned(frame.view, frame.result, 8)
  putValue(out, Number.isSafeInteger(result) ? result : frame.view.getBigInt64(frame.result, true))
  out.putBytes(returnsKey)
  putValue(out, returns)
  out.putBytes(durationKey)
  const { elapsed } = frame
  if (elapsed === null) out.put('null')
  else putMilliseconds(out, 0, elapsed)
}
