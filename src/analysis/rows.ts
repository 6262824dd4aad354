/** Records as rows: what a recording's tables are filled with, in batches of columns. */
import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { putValue } from '../dialects/json/json-values.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import { type ArchName, archNames } from '../record/layout.ts'
import { readSigned } from '../record/numbers.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import { type CallPlaces, callPlaces, descriptorOf, otherPathOf, pathOf } from './call-places.ts'
import { commandOf } from './command-line.ts'
import { peerOf } from './peers.ts'

/** The columns of a table; those of a batch have the same length. */
export type Columns = unknown[][]

/** What takes the batches. */
export interface RowSink {
  calls(columns: Columns): void
  signals(columns: Columns): void
  connections(columns: Columns): void
  processes(columns: Columns): void
}

export interface RowOptions {
  /** Bytes of strings and buffers in arguments. */
  readonly dataLimit: number
  /** Decode arguments: most of the time that a call takes, so only where somebody asks for them. */
  readonly args: boolean
}

/** Rows of a batch: what DuckDB takes at once. */
export const batch = 2048

class Batch {
  readonly columns: Columns
  readonly #emit: (columns: Columns) => void

  constructor(width: number, emit: (columns: Columns) => void) {
    this.columns = Array.from({ length: width }, () => [])
    this.#emit = emit
  }

  add(...values: unknown[]): void {
    const { columns } = this
    for (let i = 0; i < values.length; i++) columns[i]!.push(values[i])
    if (columns[0]!.length === batch) this.flush()
  }

  flush(): void {
    if (this.columns[0]!.length === 0) return
    this.#emit(this.columns)
    for (const column of this.columns) column.length = 0
  }
}

interface Process {
  readonly parent: number | null
  comm: string
  command: string | null
  readonly started: number
  ended: number | null
  code: number | null
  signal: string | null
}

interface KnownCall {
  readonly name: string
  readonly places: CallPlaces
  /** It tells of a peer: connect, accept, bind and their like. */
  readonly peer: boolean
  readonly executes: boolean
}

const withPeer: ReadonlySet<string> = new Set(['connect', 'accept', 'accept4', 'bind'])
const executing: ReadonlySet<string> = new Set(['execve', 'execveat'])
/** Processes that are remembered; a damaged recording may name any number. */
const mostProcesses = 1 << 20

/** Takes records in their order; `end` hands over what is left. */
export class RowCollector {
  readonly #decoders: CallDecoders
  readonly #records: RecordReader
  readonly #known = new Map<number, KnownCall>()
  readonly #text = new TextBuffer(1024)
  readonly #options: RowOptions
  readonly #calls: Batch
  readonly #signals: Batch
  readonly #connections: Batch
  readonly #processRows: Batch
  readonly #processes = new Map<number, Process>()
  #id = 0

  constructor(options: RowOptions, sink: RowSink) {
    this.#options = options
    this.#decoders = new CallDecoders(options.dataLimit)
    this.#calls = new Batch(14, columns => sink.calls(columns))
    this.#signals = new Batch(6, columns => sink.signals(columns))
    this.#connections = new Batch(8, columns => sink.connections(columns))
    this.#processRows = new Batch(8, columns => sink.processes(columns))
    this.#records = new RecordReader({
      call: thread => this.#call(thread),
      other: (kind, thread, _, view, offset) => {
        const event = otherEvent(kind, thread, view, offset, this.#records.startTime)
        if (event === undefined) return
        const { pid, tid, comm, time } = event
        if (event.kind === 'start') this.#process(pid, event.parent, time).comm = comm
        else if (event.kind === 'signal') {
          const from = event.info !== null && 'pid' in event.info ? event.info.pid : null
          this.#signals.add(time, pid, tid, comm, String(event.signal), from)
        } else if (event.kind === 'exit' && tid === pid) {
          const process = this.#process(pid, null, time)
          process.ended = time
          process.code = event.code
          process.signal = event.signal === null ? null : String(event.signal)
        }
      },
    })
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.#records.record(bytes, view, offset)
  }

  end(): void {
    this.#records.end()
    for (const [pid, { parent, comm, command, started, ended, code, signal }] of this.#processes)
      this.#processRows.add(pid, parent, comm, command, started, ended, code, signal)
    for (const rows of [this.#calls, this.#signals, this.#connections, this.#processRows]) rows.flush()
  }

  #call({ frame, pid, tid, comm }: ReadThread): void {
    const { name, places, peer, executes } = this.#knownCall(frame.arch, frame.sysno)
    const returned = frame.result >= 0
    const result = returned ? BigInt(readSigned(frame.view, frame.result, 8)) : null
    const time = this.#records.startTime + frame.enterTime / 1e6
    const fd = descriptorOf(frame, places)
    const id = this.#id++
    const errno = returned && frame.failed ? String(errnoOf(frame.errno)) : null
    this.#calls.add(
      id,
      time,
      pid,
      tid,
      comm,
      name,
      returned ? (frame.failed ? 'failed' : 'returned') : 'unfinished',
      result,
      errno,
      returned && frame.elapsed !== null ? frame.elapsed / 1e6 : null,
      fd,
      pathOf(frame, places),
      otherPathOf(frame, places),
      this.#options.args ? this.#args(frame.arch, frame.sysno, frame) : null,
    )
    if (peer) {
      const address = peerOf(this.#decoders.get(frame.arch, frame.sysno).args(frame))
      this.#connections.add(id, time, pid, comm, name, fd, address, errno)
    }
    if (executes && returned && !frame.failed) {
      const process = this.#process(pid, null, time)
      process.comm = comm
      process.command = commandOf(this.#decoders.get(frame.arch, frame.sysno).args(frame).argv)
    }
  }

  #args(arch: ArchName, sysno: number, frame: ReadThread['frame']): string {
    const out = this.#text
    out.clear()
    putValue(out, this.#decoders.get(arch, sysno).args(frame))
    return Buffer.from(out.text()).toString('utf8')
  }

  #knownCall(arch: ArchName, sysno: number): KnownCall {
    const key = sysno * archNames.length + archNames.indexOf(arch)
    let known = this.#known.get(key)
    if (known === undefined) {
      const { name, known: hasName } = this.#decoders.get(arch, sysno)
      known = {
        name,
        places: callPlaces(arch, sysno),
        peer: withPeer.has(name),
        executes: executing.has(name),
      }
      // Numbers beyond the table are a hostile recording's to choose.
      if (hasName) this.#known.set(key, known)
    }
    return known
  }

  #process(pid: number, parent: number | null, time: number): Process {
    let process = this.#processes.get(pid)
    if (process === undefined) {
      process = { parent, comm: '', command: null, started: time, ended: null, code: null, signal: null }
      if (this.#processes.size < mostProcesses) this.#processes.set(pid, process)
    }
    return process
  }
}
