/** Notes what ids that a tracee passes or gets are in our pid namespace, and how those processes are called. */
import { Header, Range, RangeKind } from '../../record/layout.ts'
import type { PidKind } from '../../types/plan.ts'
import type { CaptureOptions } from '../backend.ts'
import type { RecordBuilder } from '../plans/record-builder.ts'
import { type IdKind, threadName, translate } from './process-numbers.ts'

/** A name has no more bytes. */
const mostName = 15

export const describesPids = (options: CaptureOptions): boolean =>
  options.pidNamespaces === true || options.processNames === true

/** Who tells what numbers mean. */
export interface PidLookup {
  /** What thread `tid` knows as `id`, as we number it; 0 when that cannot be told. */
  translate(tid: number, id: number, kind: IdKind): number
  /** The name of our thread `tid`. */
  threadName(tid: number): Uint8Array
}
const proc: PidLookup = { translate, threadName }

/** Writes a note of `id` to `bytes` at `at`; its length. Nothing is a note too: there may be one of who had the number before. */
export function writePidNote(
  options: CaptureOptions,
  tid: number,
  id: number,
  kind: PidKind,
  bytes: Uint8Array,
  at: number,
  lookup = proc,
): number {
  const group = kind === 'pidOrGroup' && id < -1
  const number = group ? -id : id
  if (number <= 0) return none
  const own = lookup.translate(tid, number, kind === 'pidOrGroup' ? (group ? 'pgid' : 'pid') : kind)
  if (own === 0) return empty
  const named = options.processNames && !group && kind !== 'pgid' && kind !== 'sid'
  const name = named ? lookup.threadName(own).subarray(0, mostName) : nameless
  if (own === number && name.length === 0) return empty
  for (let i = 0; i < 4; i++) bytes[at + i] = own >>> (8 * i)
  bytes.set(name, at + 4)
  return 4 + name.length
}
const none = -1
const empty = 0
const nameless = new Uint8Array()

/** Of the longest note. */
const mostPidNote: number = 4 + mostName

export class PidNotes {
  readonly #options: CaptureOptions
  readonly #lookup: PidLookup

  constructor(options: CaptureOptions, lookup: PidLookup = proc) {
    this.#options = options
    this.#lookup = lookup
  }

  /** Appends what there is to say about `id` as the record's thread knows it. */
  readonly note = (record: RecordBuilder, id: number, kind: PidKind): void => {
    if (!record.hasRoom(mostPidNote)) return
    const tid = record.view.getUint32(record.offset + Header.tid, true)
    const at = record.at + Range.bytes
    const length = writePidNote(this.#options, tid, id, kind, record.bytes, at, this.#lookup)
    if (length >= 0) record.note(RangeKind.pid, kind === 'pidOrGroup' ? Math.abs(id) : id, length)
  }
}
