/** One call in full: both notations, its values, and the memory that was copied. */

import { GvisorPrinter } from '../dialects/gvisor/gvisor-printer.ts'
import { JsonPrinter } from '../dialects/json/json-printer.ts'
import { bareLines, type LineOptions, type LineOutput } from '../dialects/strace/line-options.ts'
import { LinePrinter } from '../dialects/strace/line-printer.ts'
import { defaultStyle } from '../dialects/strace/style.ts'
import { TextBuffer } from '../dialects/text-buffer.ts'
import {
  type ArchName,
  align8,
  archNames,
  Enter,
  Exit,
  Header,
  Range,
  RangeKind,
  RecordKind,
  Start,
  Thread,
} from '../record/layout.ts'
import { viewOf } from '../record/recording-parts.ts'
import { callName, declarationOf, unknownCall } from '../syscalls/index.ts'
import { manualOf, summaryOf } from '../syscalls/summaries.ts'
import { callScope } from '../types/resolve.ts'
import type { CallRecords } from './call-records.ts'
import type { CallDetails, Memory, Row } from './protocol.ts'

export interface DetailLimits {
  /** Bytes of a string or buffer in both notations and among values. */
  readonly text: number
  /** Bytes of each range of memory. */
  readonly memory: number
}

const pageLimits: DetailLimits = { text: 1024, memory: 64 << 10 }

/** Shows calls; the printers that it makes serve for all. */
export class CallDetailer {
  readonly #limits: DetailLimits
  readonly #text = new TextBuffer(4096)
  readonly #strace: LinePrinter
  readonly #gvisor: GvisorPrinter
  readonly #json: JsonPrinter

  constructor(limits: DetailLimits = pageLimits) {
    this.#limits = limits
    const output: LineOutput = {
      buffer: () => this.#text,
      lineEnded: () => {},
      ended: () => {},
      onFlush: () => {},
    }
    this.#strace = new LinePrinter(lineOptions(limits.text), output)
    this.#gvisor = new GvisorPrinter({ logSize: limits.text, era: 'head', escapePaths: true }, output)
    this.#json = new JsonPrinter({ dataLimit: limits.text }, output)
  }

  /** @param began milliseconds since 1970 at time 0 */
  details(row: Row, began: number, records: CallRecords | null): CallDetails {
    const known = { summary: summaryOf(row.name) ?? null, manual: manualOf(row.name) ?? null }
    if (records === null) {
      const gone = 'the recording cannot be read any more'
      return { row, strace: row.line, gvisor: gone, values: null, memory: [], ...known }
    }
    const stream = [startRecord(began), threadRecord(row), withThread(records.enter, row)]
    if (records.end !== null) stream.push(withThread(records.end, row))
    return {
      row,
      strace: firstLine(this.#shown(stream, this.#strace)),
      gvisor: this.#shown(stream, this.#gvisor).trimEnd(),
      values: valuesIn(this.#shown(stream, this.#json)),
      memory: memoryOf(records, this.#limits.memory),
      ...known,
    }
  }

  /** What a printer makes of these records, after which it knows nothing of them. */
  #shown(records: readonly Uint8Array[], printer: Printer): string {
    this.#text.clear()
    for (const bytes of records) printer.record(bytes, viewOf(bytes), 0)
    printer.end()
    return Buffer.from(this.#text.text()).toString('utf8')
  }
}

const lineOptions = (stringLimit: number): LineOptions => ({
  ...bareLines,
  style: {
    ...defaultStyle,
    stringLimit,
    verbose: true,
    descriptorPaths: true,
    socketDetails: true,
    deviceNumbers: true,
    pidfdProcesses: true,
  },
})

interface Printer {
  record(bytes: Uint8Array, view: DataView, offset: number): void
  end(): void
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!

function valuesIn(json: string): unknown {
  const line = json.split('\n').find(text => text.startsWith('{"kind":"call"'))
  return line === undefined ? null : (JSON.parse(line) as unknown)
}

function record(kind: RecordKind, length: number, { tid, pid }: { tid: number; pid: number }): DataView {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint32(Header.size, length, true)
  view.setUint8(Header.kind, kind)
  view.setUint32(Header.tid, tid, true)
  view.setUint32(Header.pid, pid, true)
  return view
}

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer)

function startRecord(began: number): Uint8Array {
  const view = record(RecordKind.start, Start.bytes, { tid: 0, pid: 0 })
  view.setBigUint64(Start.wall, BigInt(Math.max(0, Math.round(began * 1e6))), true)
  return bytesOf(view)
}

/** Says what the call's thread is called. */
function threadRecord(row: Row): Uint8Array {
  const bytes = bytesOf(record(RecordKind.comm, Thread.plain, row))
  new TextEncoder().encodeInto(row.comm, bytes.subarray(Thread.comm, Thread.plain - 1))
  return bytes
}

/** A record under the number that its thread has at the call's end: execve changes those of threads. */
function withThread(bytes: Uint8Array, { tid }: Row): Uint8Array {
  viewOf(bytes).setUint32(Header.tid, tid, true)
  return bytes
}

interface MemoryRange {
  readonly address: bigint
  readonly bytes: Uint8Array
}

/** The memory that a record holds. */
function* rangesOf(bytes: Uint8Array): Generator<MemoryRange> {
  const view = viewOf(bytes)
  const isEnter = bytes[Header.kind] === RecordKind.enter
  if (!isEnter && bytes[Header.kind] !== RecordKind.exit) return
  const count = view.getUint32(isEnter ? Enter.ranges : Exit.ranges, true)
  let at: number = isEnter ? Enter.bytes : Exit.bytes
  for (let n = 0; n < count && at + Range.bytes <= bytes.length; n++) {
    const length = view.getUint32(at + Range.length, true)
    const from = at + Range.bytes
    if (from + length > bytes.length) return
    if (bytes[at + Range.kind] === RangeKind.memory && length > 0)
      yield { address: view.getBigUint64(at, true), bytes: bytes.subarray(from, from + length) }
    at = from + align8(length)
  }
}

/** Ranges that are shown at most. */
const mostRanges = 256

/** What was copied, the last state of each place: by the argument that leads there. */
function memoryOf({ enter, end }: CallRecords, limit: number): Memory[] {
  const arch: ArchName = archNames[enter[Header.arch]!] ?? 'amd64'
  const view = viewOf(enter)
  const name = callName(arch, view.getUint32(Enter.sysno, true))
  const { args } = callScope(arch, name === undefined ? unknownCall : declarationOf(name, arch))
  const ranges = new Map<bigint, MemoryRange>()
  for (const range of [...rangesOf(enter), ...(end === null ? [] : rangesOf(end))]) {
    const before = ranges.get(range.address)
    // The same bytes may have been copied for several reasons.
    if (before === undefined || before.bytes.length <= range.bytes.length) ranges.set(range.address, range)
  }
  const names = new Map<bigint, string>()
  for (const [i, argument] of args.entries()) {
    const address = view.getBigUint64(Enter.args + i * 8, true)
    if (!names.has(address)) names.set(address, argument.name)
  }
  const direct = [...ranges.values()].filter(({ address }) => names.has(address))
  for (const range of direct) nameTargets(range, names)
  return [...ranges.values()].slice(0, mostRanges).map(({ address, bytes }) => ({
    name: names.get(address) ?? '',
    address: `0x${address.toString(16)}`,
    bytes: Buffer.from(bytes.subarray(0, limit)).toString('base64'),
    total: bytes.length,
  }))
}

/** What a structure's pointers lead to is named after it. */
function nameTargets({ address, bytes }: MemoryRange, names: Map<bigint, string>): void {
  const view = viewOf(bytes)
  const own = names.get(address)!
  for (let at = 0; at + 8 <= Math.min(bytes.length, 4096); at += 8) {
    const target = view.getBigUint64(at, true)
    if (target > 4096n && !names.has(target)) names.set(target, `${own} → +${at}`)
  }
}
