/** What each process did with each file: summed while calls come, since asking all calls takes long. */
import { type ColumnBatch, mostRows } from './column-batch.ts'

/** What a call does to the file behind its path or first descriptor, and to that behind its second descriptor. */
export interface FileRole {
  readonly opens: boolean
  readonly reads: boolean
  readonly writes: boolean
  readonly readsOther: boolean
  readonly writesOther: boolean
}

const opening: ReadonlySet<string> = new Set(['open', 'openat', 'openat2', 'creat'])
const reading: ReadonlySet<string> = new Set(
  ['read', 'pread64', 'readv', 'preadv', 'preadv2', 'getdents64', 'getdents'], // biome-ignore format: a list
)
const writing: ReadonlySet<string> = new Set(['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'])
/** From the first descriptor to the second; sendfile has them the other way round. */
const copying: ReadonlySet<string> = new Set(['copy_file_range', 'splice', 'tee'])

export const fileRoleOf = (name: string): FileRole => ({
  opens: opening.has(name),
  reads: reading.has(name) || copying.has(name),
  writes: writing.has(name) || name === 'sendfile',
  readsOther: name === 'sendfile',
  writesOther: copying.has(name),
})

/** A call, as far as files are concerned. */
export interface FileCall {
  pid: number
  /** A text's number, as that of a path. */
  comm: number
  failed: boolean
  /** What it returned, where that may be a count of bytes. */
  bytes: number
  /** In ms, NaN when unknown. */
  duration: number
}

/** Places for sums, by process and path: twice as many as a batch has rows. */
const placeBits = 18
const places = 1 << placeBits
/** Places that are looked at: who makes up a recording could have all want the same. What finds none is a row of its own. */
const mostLooks = 32
/** Results are a hostile program's to choose. */
const mostBytes = 2 ** 53

/** Sums are kept where they are handed over, in the columns of a batch. What a full batch has is summed anew in the next one. */
export class FileUses {
  readonly #rows: ColumnBatch
  /** Rows of the batch, from 1 on. */
  readonly #places = new Int32Array(places)
  readonly #pid: Int32Array
  readonly #comm: Int32Array
  readonly #path: Int32Array
  readonly #opened: Int32Array
  readonly #failed: Int32Array
  readonly #calls: Int32Array
  readonly #duration: Float64Array
  /** Words of what was read and written, and the same as numbers. */
  readonly #readWords: Int32Array
  readonly #writtenWords: Int32Array
  readonly #read = new Float64Array(mostRows)
  readonly #written = new Float64Array(mostRows)

  constructor(rows: ColumnBatch) {
    this.#rows = rows
    const { ints, longs, doubles } = rows
    this.#pid = ints('pid')
    this.#comm = ints('comm')
    this.#path = ints('path')
    this.#opened = ints('opened')
    this.#failed = ints('failed')
    this.#calls = ints('calls')
    this.#duration = doubles('duration')
    this.#readWords = longs('bytes_read')
    this.#writtenWords = longs('bytes_written')
  }

  /** A call used the file whose path is the text of this number. */
  add(path: number, call: FileCall, opened: boolean, reads: boolean, writes: boolean): void {
    const row = this.#rowOf(path, call)
    const { bytes, duration } = call
    this.#calls[row]!++
    if (call.failed) this.#failed[row]!++
    if (opened) this.#opened[row]!++
    if (bytes > 0 && reads) this.#read[row] = Math.min(this.#read[row]! + bytes, mostBytes)
    if (bytes > 0 && writes) this.#written[row] = Math.min(this.#written[row]! + bytes, mostBytes)
    if (duration >= 0) {
      const before = this.#duration[row]!
      this.#duration[row] = before >= 0 ? before + duration : duration
    }
  }

  /** Hands over the sums, and begins anew. */
  flush(): void {
    for (let row = 0; row < this.#rows.length; row++) {
      putLong(this.#readWords, row, this.#read[row]!)
      putLong(this.#writtenWords, row, this.#written[row]!)
    }
    this.#rows.flush()
    this.#places.fill(0)
  }

  #rowOf(path: number, call: FileCall): number {
    const { pid } = call
    let place = (Math.imul(path, 0x9e37_79b1) ^ Math.imul(pid, 0x85eb_ca6b)) >>> (32 - placeBits)
    for (let looks = 0; looks < mostLooks; looks++) {
      const row = this.#places[place]! - 1
      if (row < 0) break
      if (this.#path[row] === path && this.#pid[row] === pid) return row
      place = (place + 1) & (places - 1)
    }
    if (this.#rows.length === mostRows) {
      this.flush()
      return this.#rowOf(path, call)
    }
    const row = this.#newRow(path, call)
    if (this.#places[place] === 0) this.#places[place] = row + 1
    return row
  }

  #newRow(path: number, { pid, comm }: FileCall): number {
    const row = this.#rows.next()
    this.#pid[row] = pid
    this.#comm[row] = comm
    this.#path[row] = path
    this.#opened[row] = this.#failed[row] = this.#calls[row] = this.#read[row] = this.#written[row] = 0
    this.#duration[row] = Number.NaN
    return row
  }
}

function putLong(words: Int32Array, row: number, value: number): void {
  words[2 * row] = value
  words[2 * row + 1] = value / 0x1_0000_0000
}
