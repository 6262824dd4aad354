/** From records to what the user asked for: lines of a notation, a table of counts, or a recording. */
import { type CallMode, modeOf } from '../dialects/strace/call-modes.ts'
import { LinePrinter } from '../dialects/strace/line-printer.ts'
import { Summary } from '../dialects/strace/summary.ts'
import {
  type ArchName,
  archNames,
  Enter,
  Header,
  RecordKind,
  Thread,
  ThreadOrigin,
} from '../record/layout.ts'
import { oneByOne, type TakeRecord, type TakeRecords } from '../record/record-runs.ts'
import type { RecordingMetadata } from '../record/recording-format.ts'
import type { Redaction } from '../redaction/rules.ts'
import type { ByteSink } from '../sinks/byte-sink.ts'
import { callName } from '../syscalls/index.ts'
import type { CallSwitches, Sink } from './call-switches.ts'
import { jsonOptions, lineOptions, touches } from './line-wishes.ts'
import type { Options } from './options/options.ts'
import { type Output, putMessage } from './output.ts'
import { redactMetadata } from './redaction-rules.ts'
import { pathBytes } from './resolve-program.ts'

/** What takes records and makes output of them. */
export interface Notation {
  /** Takes the record at `offset`. */
  record: TakeRecord
  /** The same of records that come together. */
  records: TakeRecords
  /** To be called when nothing more has come, and now and then. */
  flush(): void
  /** The stream is over. */
  end(): void
  /** Calls that are shown in part: since when, by thread. Notations that show calls when they return have none. */
  inProgress?(): ReadonlyMap<number, number>
  /** What has been written of a recording. */
  bytesWritten?(): number
  /** Keeps what there is now apart, where only the last part is kept. */
  snapshot?(): void
}

/** What a notation is told beside the options. */
export interface NotationSetting {
  /** What the tracer was called as: messages begin with it. */
  readonly argv0: string
  /** Where messages go. */
  readonly stderr: ByteSink
  /** The trace goes on while it is shown. */
  readonly isLive?: boolean
  /** Which calls are shown, when that can be switched. */
  readonly switches?: CallSwitches
  /** What a recording tells of itself. */
  readonly metadata: RecordingMetadata
  /** What is not to be seen. */
  readonly redaction: Redaction | null
}

/** A printer of one dialect. */
type Printer = Omit<Notation, 'records' | 'flush'>

/** Makes the notation that `options.format` names. What only some need is loaded only by them: a start is felt. */
export async function makeNotation(
  options: Options,
  output: Output,
  setting: NotationSetting,
): Promise<Notation> {
  const { redaction } = setting
  if (redaction === null) return makeOpenly(options, output, setting)
  const { Redactor } = await import('../redaction/redactor.ts')
  const metadata = redactMetadata(setting.metadata, redaction)
  const notation = await makeOpenly(options, output, { ...setting, metadata })
  const redactor = new Redactor(redaction, setting.metadata.cwd, (bytes, view, offset) =>
    notation.record(bytes, view, offset),
  )
  const record: TakeRecord = (bytes, view, offset) => redactor.record(bytes, view, offset)
  return { ...notation, record, records: oneByOne(record) }
}

async function makeOpenly(options: Options, output: Output, setting: NotationSetting): Promise<Notation> {
  if (options.format === 'recording') return makeRecording(options, output, setting)
  const summary =
    options.summary === 'none'
      ? undefined
      : new Summary(options, touches(options), lineOptions(options).shows)
  const printer = options.summary === 'only' ? undefined : await makePrinter(options, output, setting)
  const events =
    options.eventSocket === null ? undefined : await makeEvents(options, options.eventSocket, setting)
  const tell = messages(options, output, setting)
  const record: TakeRecord = (bytes, view, offset) => {
    tell.record(bytes, view, offset)
    summary?.record(bytes, view, offset)
    printer?.record(bytes, view, offset)
    events?.record(bytes, view, offset)
  }
  return {
    record,
    records: oneByOne(record),
    flush() {
      tell.flush()
      output.lines.flush()
    },
    inProgress: () => printer?.inProgress?.() ?? new Map(),
    end() {
      tell.flush()
      printer?.end()
      summary?.print(output.lines.buffer(0))
      output.lines.flush()
      events?.end()
    },
  }
}

/** gVisor's events, to whoever listens on a socket. */
async function makeEvents(
  options: Options,
  path: string,
  { argv0, stderr, switches }: NotationSetting,
): Promise<Printer> {
  const { EventPrinter } = await import('../dialects/gvisor/event-printer.ts')
  const { EventSocket } = await import('../events/event-socket.ts')
  const { frameStrace } = await import('../events/framing.ts')
  const say = (text: string): void => stderr.write(Buffer.from(`${argv0}: ${path}: ${text}\n`, 'latin1'))
  const socket = new EventSocket(path, options.eventWait)
  const problem = socket.connect()
  if (problem !== null) say(`nobody listens yet (${problem})`)
  const { gvisorOptions } = await import('./gvisor-wishes.ts')
  const { logSize: _, escapePaths: __, ...own } = gvisorOptions(options)
  const shown = withSwitches(own, 'event', switches)
  const printer = new EventPrinter({ ...shown, logSize: options.eventLogSize }, message =>
    socket.send(frameStrace(message)),
  )
  return {
    record: (bytes, view, offset) => printer.record(bytes, view, offset),
    end() {
      socket.close()
      if (socket.dropped > 0) say(`${socket.dropped} events dropped`)
    },
  }
}

/** Options of a printer, with the calls that it shows left to the switches. */
const withSwitches = <O extends { readonly shows?: ((call: string, arch: ArchName) => boolean) | undefined }>(
  options: O,
  sink: Sink,
  switches: CallSwitches | undefined,
): O => (switches === undefined ? options : { ...options, shows: call => switches.shows(sink, call) })

async function makePrinter(
  options: Options,
  output: Output,
  { switches }: NotationSetting,
): Promise<Printer> {
  if (options.format === 'gvisor') {
    const { GvisorPrinter } = await import('../dialects/gvisor/gvisor-printer.ts')
    const { gvisorOptions } = await import('./gvisor-wishes.ts')
    return new GvisorPrinter(
      withSwitches(gvisorOptions(options, output.terminal), 'log', switches),
      output.lines,
    )
  }
  if (options.format === 'json') {
    const { JsonPrinter } = await import('../dialects/json/json-printer.ts')
    return new JsonPrinter(withSwitches(jsonOptions(options), 'log', switches), output.lines)
  }
  return new LinePrinter(withSwitches(lineOptions(options), 'log', switches), output.lines)
}

/** The modes that threads make their calls in. A new one begins as the one that was seen last. */
class Modes {
  readonly #threads = new Map<number, CallMode>()
  #last: CallMode = '64 bit'

  /** The mode that a thread is in now, where that is another one than before. */
  change(bytes: Uint8Array, view: DataView, offset: number): CallMode | undefined {
    const tid = view.getUint32(offset + Header.tid, true)
    switch (bytes[offset + Header.kind]) {
      case RecordKind.thread:
        this.#threads.set(tid, this.#last)
        return
      case RecordKind.exited:
      case RecordKind.killed:
        this.#threads.delete(tid)
        return
      case RecordKind.enter: {
        const arch = archNames[bytes[offset + Header.arch]!] ?? 'amd64'
        const before = this.#threads.get(tid) ?? this.#last
        this.#last = modeOf(arch, view.getUint32(offset + Enter.sysno, true))
        this.#threads.set(tid, this.#last)
        return this.#last === before ? undefined : this.#last
      }
    }
  }
}

/** Tells whom we attached to and let go, and with -d which calls we do not know. */
function messages(
  options: Options,
  output: Output,
  { argv0, stderr }: NotationSetting,
): Pick<Notation, 'record' | 'flush'> {
  const attachments = !options.quiet.has('attach') && options.format !== 'json'
  // Among lines it is one of them; a table has none.
  const modes = options.quiet.has('personality') || options.summary !== 'only' ? undefined : new Modes()
  if (!attachments && modes === undefined && !options.debug) return { record: () => {}, flush: () => {} }
  const say = (text: string): void => tell(`${argv0}: ${text}`)
  const tell = (line: string): void => putMessage(output, stderr, Buffer.from(`${line}\n`, 'latin1'))
  // The threads of a process that we attach to come one after another: they are told of together.
  let [attached, threads] = [0, 0]
  const flush = (): void => {
    if (threads > 0) say(`Process ${attached} attached${threads > 1 ? ` with ${threads} threads` : ''}`)
    threads = 0
  }
  const born = (tid: number, pid: number, origin: number): void => {
    if (origin === ThreadOrigin.started) return
    if (origin !== ThreadOrigin.attached) return say(`Process ${tid} attached`)
    if (threads > 0 && pid === attached) threads++
    else {
      flush()
      ;[attached, threads] = [tid, 1]
    }
  }
  const record: Notation['record'] = (bytes, view, offset) => {
    const kind = bytes[offset + Header.kind]
    if (kind !== RecordKind.thread) flush()
    const mode = modes?.change(bytes, view, offset)
    if (mode !== undefined)
      tell(`[ Process PID=${view.getUint32(offset + Header.tid, true)} runs in ${mode} mode. ]`)
    if (kind === RecordKind.enter && options.debug) {
      const sysno = view.getUint32(offset + Enter.sysno, true)
      if (callName(archNames[bytes[offset + Header.arch]!] ?? 'amd64', sysno) !== undefined) return
      const number = BigInt.asUintN(64, BigInt(sysno | 0)).toString(16)
      say(`pid ${view.getUint32(offset + Header.tid, true)} invalid syscall 0x${number}`)
    } else if (!attachments) return
    else if (kind === RecordKind.thread) {
      const [tid, pid] = [
        view.getUint32(offset + Header.tid, true),
        view.getUint32(offset + Header.pid, true),
      ]
      born(tid, pid, view.getUint32(offset + Thread.origin, true))
    } else if (kind === RecordKind.detached)
      say(`Process ${view.getUint32(offset + Header.tid, true)} detached`)
  }
  return { record, flush }
}

async function makeRecording(
  { output: path, last }: Options,
  { sink }: Output,
  { metadata, isLive = false }: NotationSetting,
): Promise<Notation> {
  const { RecordingWriter } = await import('../record/recording-writer.ts')
  if (sink === undefined) throw new Error('a recording goes to one file')
  // With --last the file that the sink made is replaced by others.
  const part =
    last === null || path === null
      ? null
      : new (await import('../record/last-part.ts')).LastPart(pathBytes(path), last, metadata)
  let written = 0
  const write = (bytes: Uint8Array, time: number): void => {
    if (part !== null) return part.write(bytes, time)
    sink.write(bytes)
    written += bytes.length
  }
  const writer = new RecordingWriter(write, metadata, {
    isLive,
    ...(part === null ? {} : { blockBytes: part.blockBytes }),
  })
  const notation: Notation = {
    bytesWritten: () => part?.size ?? written,
    record: (bytes, view, offset) => writer.record(bytes, view, offset),
    records: (bytes, view, from, to) => writer.records(bytes, view, from, to),
    flush: () => writer.flush(),
    end() {
      writer.end()
      part?.close()
    },
  }
  if (part === null) return notation
  return {
    ...notation,
    snapshot() {
      writer.end()
      part.snapshot()
    },
  }
}
