/**
 * A recording as spans of OpenTelemetry: one for each process, within that of the process that started it, and in it one for
 * each call. In the JSON encoding of OTLP: ids in hexadecimal, 64-bit numbers as strings.
 */

import { createHash } from 'node:crypto'
import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { putValue } from '../dialects/json/json-values.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { Header, RecordKind, Resources, Start } from '../record/layout.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import { executingCalls } from '../syscalls/executing-calls.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import { callPlaces, descriptorOf, pathOf } from './call-places.ts'

type AnyValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
export interface Attribute {
  readonly key: string
  readonly value: AnyValue
}
export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: 1
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly events?: readonly { timeUnixNano: string; name: string; attributes: readonly Attribute[] }[]
  readonly status?: { readonly code: 2; readonly message: string }
}

export interface SpanOptions {
  /** Calls that took less, in ns, are left out. */
  readonly least: number
  /** No more calls than that. */
  readonly most: number
}

interface Process {
  readonly spanId: string
  readonly parent: number | null
  comm: string
  command: readonly string[]
  readonly began: number
  ended: boolean
  readonly attributes: Attribute[]
  readonly events: { timeUnixNano: string; name: string; attributes: readonly Attribute[] }[]
}

/** Processes that are remembered, and signals of each that are told; a damaged recording may name any number. */
const mostProcesses = 1 << 20
const mostEvents = 100
/** Chars of a call's arguments. */
const mostChars = 4000

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } })
const whole = (key: string, value: number | bigint): Attribute => ({
  key,
  value: { intValue: String(value) },
})

export class OtlpSpans {
  /** Calls that were left out since there are too many. */
  leftOut = 0
  readonly #options: SpanOptions
  readonly #metadata: RecordingMetadata
  readonly #take: (span: Span, resource: readonly Attribute[]) => void
  readonly #decoders = new CallDecoders(256)
  readonly #records: RecordReader
  readonly #out = new TextBuffer(4096)
  readonly #processes = new Map<number, Process>()
  /** The processes of threads: records name the thread that started another. */
  readonly #pids = new Map<number, number>()
  readonly #traceId: string
  #spans = 0
  #calls = 0
  /** Wall clock of the stream's start in ns, and the latest time of the stream. */
  #start = 0n
  #latest = 0

  /** `take` gets each span with what is told of its process. */
  constructor(
    options: SpanOptions,
    metadata: RecordingMetadata,
    take: (span: Span, resource: readonly Attribute[]) => void,
  ) {
    this.#options = options
    this.#metadata = metadata
    this.#take = take
    this.#traceId = createHash('sha256').update(JSON.stringify(metadata)).digest('hex').slice(0, 32)
    this.#records = new RecordReader({
      call: thread => this.#call(thread),
      other: (kind, thread, _, view, offset) => this.#other(kind, thread, view, offset),
    })
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    if (bytes[offset + Header.kind] === RecordKind.start)
      this.#start = view.getBigUint64(offset + Start.wall, true)
    this.#latest = Math.max(this.#latest, view.getFloat64(offset + Header.time, true))
    this.#records.record(bytes, view, offset)
  }

  /** Processes that have not ended, too. */
  end(): void {
    this.#records.end()
    for (const [pid, process] of this.#processes)
      if (!process.ended) this.#endProcess(pid, process, this.#latest)
  }

  #other(kind: RecordKind, thread: ReadThread, view: DataView, offset: number): void {
    const { pid, tid, comm } = thread
    const time = view.getFloat64(offset + Header.time, true)
    if (kind === RecordKind.resources) {
      const used = (what: number): number => view.getFloat64(offset + what, true)
      const { attributes } = this.#process(pid, null, time)
      const seconds = used(Resources.cpu) / 1e9
      if (Number.isFinite(seconds))
        attributes.push({ key: 'process.cpu.time', value: { doubleValue: seconds } })
      const memory = used(Resources.maxMemory)
      if (Number.isInteger(memory)) attributes.push(whole('process.memory.usage.max', memory))
      return
    }
    const event = otherEvent(kind, thread, view, offset, 0)
    if (event === undefined) return
    if (event.kind === 'start') {
      if (this.#pids.size >= mostProcesses) this.#pids.clear()
      this.#pids.set(tid, pid)
      if (tid !== pid) return
      const parent = event.parent === null ? null : (this.#pids.get(event.parent) ?? event.parent)
      this.#process(pid, parent, time, true).comm = comm
    } else if (event.kind === 'signal') {
      const { events } = this.#process(pid, null, time)
      const attributes = [whole('thread.id', tid)]
      if (events.length < mostEvents)
        events.push({ timeUnixNano: this.#wall(time), name: String(event.signal), attributes })
    } else if (event.kind === 'exit' && tid === pid) {
      const process = this.#process(pid, null, time)
      if (process.ended) return
      if (event.signal === null) process.attributes.push(whole('process.exit.code', event.code ?? 0))
      else process.attributes.push(text('process.exit.signal', String(event.signal)))
      const ill =
        event.signal !== null
          ? `killed by ${event.signal}`
          : event.code === 0
            ? ''
            : `exited with ${event.code}`
      this.#endProcess(pid, process, time, ill)
    }
  }

  #call(thread: ReadThread): void {
    const { frame, pid, tid, comm } = thread
    const process = this.#process(pid, null, frame.enterTime)
    const decoder = this.#decoders.get(frame.arch, frame.sysno)
    const returned = frame.result >= 0
    const places = callPlaces(frame.arch, frame.sysno)
    if (returned && !frame.failed && executingCalls.has(decoder.name)) {
      const { argv } = decoder.args(frame)
      process.comm = comm
      if (Array.isArray(argv)) process.command = argv.filter(word => typeof word === 'string')
    }
    const ended = returned ? frame.exitTime : Math.max(this.#latest, frame.enterTime)
    if (ended - frame.enterTime < this.#options.least) return
    if (this.#calls >= this.#options.most) {
      this.leftOut++
      return
    }
    this.#calls++
    const attributes = [
      whole('thread.id', tid),
      text('thread.name', comm),
      text('syscall.args', this.#args(thread)),
    ]
    if (returned) attributes.push(whole('syscall.result', frame.view.getBigInt64(frame.result, true)))
    const fd = descriptorOf(frame, places)
    if (fd !== null) attributes.push(whole('syscall.fd', fd))
    const path = pathOf(frame, places)
    if (path?.startsWith('/')) attributes.push(text('file.path', path))
    const failed = returned && frame.failed
    const errno = failed ? String(errnoOf(frame.errno)) : ''
    if (failed) attributes.push(text('error.type', errno))
    this.#take(
      {
        traceId: this.#traceId,
        spanId: this.#nextId(),
        parentSpanId: process.spanId,
        name: decoder.name,
        kind: 1,
        startTimeUnixNano: this.#wall(frame.enterTime),
        endTimeUnixNano: this.#wall(Math.max(ended, frame.enterTime)),
        attributes,
        ...(failed ? { status: { code: 2, message: errno } } : {}),
      },
      this.#resource(pid, process),
    )
  }

  #args({ frame }: ReadThread): string {
    const out = this.#out
    out.clear()
    putValue(out, this.#decoders.get(frame.arch, frame.sysno).args(frame))
    const json = Buffer.from(out.text()).toString('utf8')
    return json.length > mostChars ? `${json.slice(0, mostChars)}...` : json
  }

  #endProcess(pid: number, process: Process, time: number, problem = ''): void {
    process.ended = true
    const parent = process.parent === null ? undefined : this.#processes.get(process.parent)
    const { attributes, events, command, comm } = process
    if (command.length > 0)
      attributes.push({
        key: 'process.command_args',
        value: { arrayValue: { values: command.slice(0, 100).map(word => ({ stringValue: word })) } },
      })
    this.#take(
      {
        traceId: this.#traceId,
        spanId: process.spanId,
        ...(parent === undefined || parent === process ? {} : { parentSpanId: parent.spanId }),
        name: comm === '' ? 'process' : comm,
        kind: 1,
        startTimeUnixNano: this.#wall(process.began),
        endTimeUnixNano: this.#wall(Math.max(time, process.began)),
        attributes,
        ...(events.length === 0 ? {} : { events }),
        ...(problem === '' ? {} : { status: { code: 2, message: problem } }),
      },
      this.#resource(pid, process),
    )
  }

  #resource(pid: number, { comm, parent }: Process): Attribute[] {
    const { machine, arch } = this.#metadata
    return [
      text('service.name', comm === '' ? 'unknown_service' : comm),
      text('os.type', 'linux'),
      text('host.arch', arch === 'arm64' ? 'arm64' : 'amd64'),
      ...(machine === undefined ? [] : [text('host.name', machine)]),
      whole('process.pid', pid),
      ...(parent === null ? [] : [whole('process.parent_pid', parent)]),
      ...(comm === '' ? [] : [text('process.executable.name', comm)]),
    ]
  }

  /** @param isNew it starts now; a number that comes again is another process */
  #process(pid: number, parent: number | null, time: number, isNew = false): Process {
    let process = this.#processes.get(pid)
    if (process === undefined || (isNew && process.ended)) {
      process = {
        spanId: this.#nextId(),
        parent,
        comm: '',
        command: [],
        began: time,
        ended: false,
        attributes: [],
        events: [],
      }
      if (this.#processes.size < mostProcesses) this.#processes.set(pid, process)
    }
    return process
  }

  #nextId(): string {
    this.#spans++
    return this.#traceId.slice(0, 6) + this.#spans.toString(16).padStart(10, '0')
  }

  #wall(time: number): string {
    return String(this.#start + BigInt(Math.round(time)))
  }
}
