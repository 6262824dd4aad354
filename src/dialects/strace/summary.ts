/** -c and -C: calls, errors and times by name, as a table. */
import { argumentBlock, calledNumber } from '../../abi/argument-blocks.ts'
import { Frame } from '../../record/frame.ts'
import { type ArchName, archNames, Enter, Exit, ExitFlag, Header, RecordKind } from '../../record/layout.ts'
import type { TextBuffer } from '../text-buffer.ts'
import { type CallMode, callModes, modeOf, nameInMode } from './call-modes.ts'

type SummaryColumn =
  | 'time-percent'
  | 'total-time'
  | 'min-time'
  | 'max-time'
  | 'avg-time'
  | 'calls'
  | 'errors'
  | 'name'
export interface SummaryOptions {
  readonly summarySort: SummaryColumn | 'nothing'
  readonly summaryColumns: readonly SummaryColumn[]
  /** Time from call to return in place of system time. */
  readonly summaryWallClock: boolean
  /** Nanoseconds taken off each call. */
  readonly summaryOverhead: number | null
}

interface Count {
  readonly name: string
  readonly mode: CallMode
  readonly order: number
  calls: number
  errors: number
  /** Nanoseconds. */
  time: number
  min: number
  max: number
}

/** Counts the calls of a stream. */
export class Summary {
  readonly #options: SummaryOptions
  readonly #counts = new Map<number, Count>()
  /** By thread: when its call began. */
  readonly #entered = new Map<number, number>()
  /** By thread: which call the last one was that was made through another. */
  readonly #meant = new Map<number, number>()
  readonly #touches: ((frame: Frame) => boolean) | undefined
  readonly #shows: (call: string, arch: ArchName) => boolean
  readonly #frame = new Frame()

  /**
   * @param touches the calls that count, told by what they are called with; undefined: all (-P)
   * @param shows the same, told by their names
   */
  constructor(
    options: SummaryOptions,
    touches?: (frame: Frame) => boolean,
    shows: (call: string, arch: ArchName) => boolean = () => true,
  ) {
    this.#shows = shows
    this.#options = options
    this.#touches = touches
  }

  record(bytes: Uint8Array, view: DataView, offset: number): void {
    const tid = view.getUint32(offset + Header.tid, true)
    switch (bytes[offset + Header.kind]) {
      case RecordKind.enter:
        if (this.#counted(tid, bytes, view, offset))
          this.#entered.set(tid, view.getFloat64(offset + Header.time, true))
        else this.#entered.delete(tid)
        return
      case RecordKind.exit:
        return this.#exit(tid, bytes, view, offset)
      case RecordKind.exited:
      case RecordKind.killed:
        this.#entered.delete(tid)
        this.#meant.delete(tid)
    }
  }

  #counted(tid: number, bytes: Uint8Array, view: DataView, offset: number): boolean {
    const block = argumentBlock(archOf(bytes, offset), view.getUint32(offset + Enter.sysno, true))
    const throughOthers = block !== undefined && block.chosenBy !== null
    if (this.#touches === undefined && !throughOthers) return true
    this.#frame.enter(bytes, view, offset)
    if (throughOthers) this.#meant.set(tid, this.#frame.sysno)
    return this.#touches === undefined || this.#touches(this.#frame)
  }

  #exit(tid: number, bytes: Uint8Array, view: DataView, offset: number): void {
    if (this.#touches !== undefined && !this.#entered.has(tid)) return
    const called = view.getUint32(offset + Enter.sysno, true)
    const meant = this.#meant.get(tid)
    const isMeant = meant !== undefined && calledNumber(meant) === called
    const key = (isMeant ? meant : called) * 4 + bytes[offset + Header.arch]!
    let count = this.#counts.get(key)
    if (count === undefined) {
      const sysno = Math.floor(key / 4)
      const arch = archNames[key % 4] ?? 'amd64'
      const name = nameInMode(arch, sysno)
      // Numbers without a name are the program's to choose: no row.
      if (name === undefined || !this.#shows(name, arch)) return
      // A part of ipc has two numbers, by how the program asks for it.
      const known = [...this.#counts.values()].find(
        c => isMeant && c.name === name && calledNumber(Math.floor(c.order / 4)) === called,
      )
      this.#counts.set(
        key,
        (count = known ?? {
          name,
          mode: modeOf(arch, sysno),
          order: key,
          calls: 0,
          errors: 0,
          time: 0,
          min: Number.POSITIVE_INFINITY,
          max: 0,
        }),
      )
    }
    let time = this.#options.summaryWallClock
      ? view.getFloat64(offset + Header.time, true) - (this.#entered.get(tid) ?? Number.NaN)
      : view.getFloat64(offset + Exit.systemTime, true)
    time = Number.isFinite(time) ? Math.max(0, time - (this.#options.summaryOverhead ?? 0)) : 0
    count.calls++
    if ((view.getUint16(offset + Header.flags, true) & ExitFlag.failed) !== 0) count.errors++
    count.time += time
    count.min = Math.min(count.min, time)
    count.max = Math.max(count.max, time)
  }

  /** Writes a table for each mode that calls were made in. */
  print(out: TextBuffer): void {
    for (const mode of callModes) {
      const counts = [...new Set(this.#counts.values())].filter(count => count.mode === mode)
      if (counts.length === 0) continue
      if (mode !== callModes[0]) out.put(`System call usage summary for ${mode} mode:\n`)
      this.#printTable(out, counts)
    }
  }

  #printTable(out: TextBuffer, counts: Count[]): void {
    const total = { calls: 0, errors: 0, time: 0, min: Number.POSITIVE_INFINITY, max: 0 }
    for (const c of counts) {
      total.calls += c.calls
      total.errors += c.errors
      total.time += c.time
      total.min = Math.min(total.min, c.min)
      total.max = Math.max(total.max, c.max)
    }
    const rows = counts.sort(this.#order())
    const { summaryColumns } = this.#options
    const widths = summaryColumns.map(c => columns[c].width)
    const line = (cells: readonly string[]): void => {
      const text = cells.map((cell, i) =>
        summaryColumns[i] === 'name'
          ? i === cells.length - 1
            ? cell
            : cell.padEnd(widths[i]!)
          : cell.padStart(widths[i]!),
      )
      out.put(`${text.join(' ')}\n`)
    }
    const name = Math.max(16, ...rows.map(r => r.name.length))
    summaryColumns.forEach((c, i) => {
      if (c === 'name') widths[i] = name
    })
    const rule = summaryColumns.map((_, i) => '-'.repeat(widths[i]!))
    line(summaryColumns.map(c => columns[c].title))
    line(rule)
    for (const row of rows) line(summaryColumns.map(c => columns[c].cell(row, total.time)))
    line(rule)
    line(summaryColumns.map(c => columns[c].total(total)))
  }

  #order(): (a: Count, b: Count) => number {
    const by = this.#options.summarySort
    const value: (c: Count) => number = {
      'time-percent': (c: Count) => c.time,
      'total-time': (c: Count) => c.time,
      'min-time': (c: Count) => c.min,
      'max-time': (c: Count) => c.max,
      'avg-time': (c: Count) => c.time / c.calls,
      calls: (c: Count) => c.calls,
      errors: (c: Count) => c.errors,
      name: () => 0,
      nothing: (c: Count) => -c.order,
    }[by]
    return by === 'name'
      ? (a, b) => (a.name < b.name ? -1 : 1)
      : (a, b) => value(b) - value(a) || a.order - b.order
  }
}

const seconds = (ns: number): string => (ns / 1e9).toFixed(6)
const whole = (n: number): string => (n === 0 ? '' : String(n))
type Total = Pick<Count, 'calls' | 'errors' | 'time' | 'min' | 'max'>
const columns: {
  readonly [C in SummaryColumn]: {
    title: string
    width: number
    cell: (c: Count, time: number) => string
    total: (t: Total) => string
  }
} = {
  'time-percent': {
    title: '% time',
    width: 6,
    cell: (c, t) => (t === 0 ? 0 : (c.time / t) * 100).toFixed(2),
    total: () => '100.00',
  },
  'total-time': { title: 'seconds', width: 11, cell: c => seconds(c.time), total: t => seconds(t.time) },
  'min-time': { title: 'shortest', width: 8, cell: c => seconds(c.min), total: t => seconds(t.min) },
  'max-time': { title: 'longest', width: 8, cell: c => seconds(c.max), total: t => seconds(t.max) },
  'avg-time': {
    title: 'usecs/call',
    width: 11,
    cell: c => String(Math.floor(c.time / c.calls / 1000)),
    total: t => String(t.calls === 0 ? 0 : Math.floor(t.time / t.calls / 1000)),
  },
  calls: { title: 'calls', width: 9, cell: c => String(c.calls), total: t => String(t.calls) },
  errors: { title: 'errors', width: 9, cell: c => whole(c.errors), total: t => whole(t.errors) },
  name: { title: 'syscall', width: 16, cell: c => c.name, total: () => 'total' },
}

const archOf = (bytes: Uint8Array, offset: number): ArchName =>
  archNames[bytes[offset + Header.arch]!] ?? 'amd64'
