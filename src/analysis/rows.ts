/** Records as rows: what a recording's tables are filled with, in batches of columns. */

import { CallDecoders } from '../calls/call-decoders.ts'
import { otherEvent } from '../calls/event-reader.ts'
import { type ReadThread, RecordReader } from '../calls/record-reader.ts'
import { putValue } from '../dialects/json/json-values.ts'
import { type ArchName, archNames, Header, RecordKind, Resources } from '../record/layout.ts'
import type { RecordingReader } from '../record/recording-reader.ts'
import { executingCalls } from '../syscalls/executing-calls.ts'
import { errnoOf } from '../types/decode-numbers.ts'
import { CallColumns } from './call-columns.ts'
import {
  type CallPlaces,
  callPlaces,
  descriptorOf,
  FoundPath,
  findOtherPath,
  findPath,
  findReturned,
} from './call-places.ts'
import { ColumnBatch, type RowSink } from './column-batch.ts'
import { commandOf } from './command-line.ts'
import { type FileCall, type FileRole, FileUses, fileRoleOf } from './file-uses.ts'
import { peerOf } from './peers.ts'
import { nullNumber, type TableName } from './tables.ts'
import { TextNumbers } from './text-numbers.ts'

export interface RowOptions {
  /** Bytes of strings and buffers in arguments. */
  readonly dataLimit: number
  /** Decode arguments: most of the time that a call takes, so only where somebody asks for them. */
  readonly args: boolean
}

interface Process {
  readonly parent: number | null
  comm: string
  command: string | null
  readonly started: number
  ended: number | null
  code: number | null
  signal: string | null
  /** What it has used, as the last columns of its row. */
  used: readonly (number | null)[]
}

const unused: Process['used'] = [null, null, null, null, null, null]

interface KnownCall {
  readonly name: string
  /** Of its text. */
  readonly number: number
  readonly places: CallPlaces
  /** It tells of a peer: connect, accept, bind and their like. */
  readonly peer: boolean
  readonly executes: boolean
  readonly fileRole: FileRole
}

const withPeer: ReadonlySet<string> = new Set(['connect', 'accept', 'accept4', 'bind'])
const slash = 47
/** Processes that are remembered; a damaged recording may name any number. */
const mostProcesses = 1 << 20

/** Records between two looks at how far it has come. */
const betweenLooks = 8192

/** Hands over all rows of a recording; what ended the reading before its time. `look` hears now and then how many records that were. */
export function collectRows(
  reader: Pick<RecordingReader, 'metadata' | 'records'>,
  args: boolean,
  sink: RowSink,
  look: (records: number) => void = () => {},
): Error | null {
  const { dataLimit } = reader.metadata.capture
  const rows = new RowCollector({ args, dataLimit: Math.max(0, dataLimit - 1) }, sink)
  let problem: Error | null = null
  try {
    let count = 0
    for (const { bytes, view, offset } of reader.records()) {
      rows.record(bytes, view, offset)
      if (++count % betweenLooks === 0) look(count)
    }
  } catch (error) {
    problem = error as Error
  }
  rows.end()
  return problem
}

/** Takes records in their order; `end` hands over what is left. */
class RowCollector {
  readonly #decoders: CallDecoders
  readonly #records: RecordReader
  readonly #known = new Map<number, KnownCall>()
  readonly #options: RowOptions
  readonly #texts = new TextNumbers()
  #outcomes!: { readonly [outcome in 'returned' | 'failed' | 'unfinished']: number }
  readonly #calls: CallColumns
  readonly #signals: ColumnBatch
  readonly #connections: ColumnBatch
  readonly #processRows: ColumnBatch
  readonly #files: FileUses
  readonly #fileCall: FileCall = { pid: 0, comm: 0, failed: false, bytes: 0, duration: 0 }
  readonly #path = new FoundPath()
  readonly #processes = new Map<number, Process>()
  /** That of the last call. */
  #comm: { readonly text: string | null; readonly number: number } = { text: null, number: 0 }
  #id = 0

  constructor(options: RowOptions, sink: RowSink) {
    this.#options = options
    this.#decoders = new CallDecoders(options.dataLimit)
    const rows = (table: TableName): ColumnBatch => new ColumnBatch(table, this.#texts, sink)
    this.#calls = new CallColumns(rows('calls'))
    this.#signals = rows('signals')
    this.#connections = rows('connections')
    this.#processRows = rows('processes')
    this.#files = new FileUses(rows('file_uses'))
    this.#numberOutcomes()
    this.#records = new RecordReader({
      call: thread => this.#call(thread),
      other: (kind, thread, _, view, offset) => {
        if (kind === RecordKind.resources) {
          const time = this.#records.startTime + view.getFloat64(offset + Header.time, true) / 1e6
          this.#process(thread.pid, null, time).used = usedOf(view, offset)
          return
        }
        const event = otherEvent(kind, thread, view, offset, this.#records.startTime)
        if (event === undefined) return
        const { pid, tid, comm, time } = event
        if (event.kind === 'start') {
          if (tid === pid) this.#giveUp(pid)
          this.#process(pid, event.parent, time).comm = comm
        } else if (event.kind === 'signal') {
          const from = event.info !== null && 'pid' in event.info ? event.info.pid : null
          this.#makeRoom()
          this.#signals.add(time, pid, tid, comm, String(event.signal), from)
        } else if (event.kind === 'exit' && tid === pid) {
          const process = this.#process(pid, null, time)
          // Of a program whose execve was not recorded this is the only name.
          if (process.command === null) process.comm = comm
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
    for (const [pid, process] of this.#processes) this.#addProcess(pid, process)
    this.#flush()
  }

  /** A number that a process had which has ended is another one's now. */
  #giveUp(pid: number): void {
    const process = this.#processes.get(pid)
    if (process === undefined || process.ended === null) return
    this.#addProcess(pid, process)
    this.#processes.delete(pid)
  }

  #addProcess(pid: number, { parent, comm, command, started, ended, code, signal, used }: Process): void {
    this.#makeRoom()
    this.#processRows.add(pid, parent, comm, command, started, ended, code, signal, ...used)
  }

  #flush(): void {
    this.#files.flush()
    for (const rows of [this.#calls.rows, this.#signals, this.#connections, this.#processRows]) rows.flush()
  }

  /** Where too many texts are remembered, hands over what has their numbers, and has them numbered anew. */
  #makeRoom(): void {
    if (!this.#texts.full) return
    this.#flush()
    this.#texts.forget()
    this.#known.clear()
    this.#comm = { text: null, number: 0 }
    this.#numberOutcomes()
  }

  #numberOutcomes(): void {
    const texts = this.#texts
    this.#outcomes = {
      returned: texts.numberOf('returned'),
      failed: texts.numberOf('failed'),
      unfinished: texts.numberOf('unfinished'),
    }
  }

  #call({ frame, pid, tid, comm }: ReadThread): void {
    const texts = this.#texts
    this.#makeRoom()
    const { name, number, places, peer, executes, fileRole } = this.#knownCall(frame.arch, frame.sysno)
    const calls = this.#calls
    const { view, result } = frame
    const returned = result >= 0
    const failed = returned && frame.failed
    const time = this.#records.startTime + frame.enterTime / 1e6
    const fd = descriptorOf(frame, places)
    const id = this.#id++
    const errno = failed ? String(errnoOf(frame.errno)) : null
    const row = calls.rows.next()
    const call = this.#fileCall
    calls.id[row] = id
    calls.time[row] = time
    calls.pid[row] = call.pid = pid
    calls.tid[row] = tid
    calls.comm[row] = call.comm = this.#numberOfComm(comm)
    calls.name[row] = number
    calls.outcome[row] = this.#outcomes[returned ? (failed ? 'failed' : 'returned') : 'unfinished']
    const low = returned ? view.getInt32(result, true) : 0
    const high = returned ? view.getInt32(result + 4, true) : nullNumber.INTEGER
    calls.result[2 * row] = low
    calls.result[2 * row + 1] = high
    calls.errno[row] = errno === null ? 0 : texts.numberOf(errno)
    call.failed = failed
    call.bytes = (low >>> 0) + high * 0x1_0000_0000
    call.duration = calls.duration[row] = frame.elapsed === null ? Number.NaN : frame.elapsed / 1e6
    calls.fd[row] = fd ?? nullNumber.INTEGER
    const { opens, reads, writes, readsOther, writesOther } = fileRole
    calls.path[row] = findPath(frame, places, this.#path)
      ? this.#usedFile(opens && returned && !failed, reads, writes)
      : 0
    calls.otherPath[row] = findOtherPath(frame, places, this.#path)
      ? this.#usedFile(false, readsOther, writesOther)
      : 0
    if (this.#options.args) this.#putArgs(row, frame)
    if (peer) {
      const address = peerOf(this.#decoders.get(frame.arch, frame.sysno).args(frame))
      const accepted = findReturned(frame, places, this.#path) ? this.#pathNumber() : 0
      const socket = accepted || calls.path[row]! || null
      this.#connections.add(id, time, pid, comm, name, fd, address, errno, socket)
    }
    if (executes && returned && !failed) {
      const process = this.#process(pid, null, time)
      process.comm = comm
      process.command = commandOf(this.#decoders.get(frame.arch, frame.sysno).args(frame).argv)
    }
  }

  /** The number of the path that was found, which the call used, if it is that of a file. */
  #usedFile(opened: boolean, reads: boolean, writes: boolean): number {
    const path = this.#pathNumber()
    if (this.#path.bytes[this.#path.from] === slash)
      this.#files.add(path, this.#fileCall, opened, reads, writes)
    return path
  }

  #pathNumber(): number {
    const { bytes, view, from, to } = this.#path
    return this.#texts.numberOfBytes(bytes, view, from, to)
  }

  #numberOfComm(comm: string): number {
    if (comm !== this.#comm.text) this.#comm = { text: comm, number: this.#texts.numberOf(comm) }
    return this.#comm.number
  }

  #putArgs(row: number, frame: ReadThread['frame']): void {
    const { text, ends } = this.#calls.args
    putValue(text, this.#decoders.get(frame.arch, frame.sysno).args(frame))
    ends[row] = text.length
  }

  #knownCall(arch: ArchName, sysno: number): KnownCall {
    const key = sysno * archNames.length + archNames.indexOf(arch)
    let known = this.#known.get(key)
    if (known === undefined) {
      const { name, known: hasName } = this.#decoders.get(arch, sysno)
      known = {
        name,
        number: this.#texts.numberOf(name),
        places: callPlaces(arch, sysno),
        peer: withPeer.has(name),
        executes: executingCalls.has(name),
        fileRole: fileRoleOf(name),
      }
      // Numbers beyond the table are a hostile recording's to choose.
      if (hasName) this.#known.set(key, known)
    }
    return known
  }

  #process(pid: number, parent: number | null, time: number): Process {
    let process = this.#processes.get(pid)
    if (process === undefined) {
      process = {
        parent,
        comm: '',
        command: null,
        started: time,
        ended: null,
        code: null,
        signal: null,
        used: unused,
      }
      if (this.#processes.size < mostProcesses) this.#processes.set(pid, process)
    }
    return process
  }
}

/** CPU time in ms, and whole numbers of bytes; null where a recording does not know, or cannot. */
function usedOf(view: DataView, offset: number): Process['used'] {
  const { cpu, maxMemory, read, written, fromStorage, toStorage } = Resources
  const bytes = (at: number): number | null => {
    const n = view.getFloat64(offset + at, true)
    return Number.isSafeInteger(n) ? n : null
  }
  const time = view.getFloat64(offset + cpu, true) / 1e6
  return [
    Number.isFinite(time) ? time : null,
    ...[maxMemory, read, written, fromStorage, toStorage].map(bytes),
  ]
}
