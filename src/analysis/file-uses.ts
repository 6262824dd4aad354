/** What each process did with each file: summed while calls come, since asking all calls takes long. */
import type { ColumnBatch } from './column-batch.ts'

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

interface FileUse {
  readonly comm: number
  opened: number
  failed: number
  read: number
  written: number
  calls: number
  duration: number
}

/** Sums that are kept at once: more of them are handed over in parts. */
const mostUses = 1 << 16
/** Results are a hostile program's to choose. */
const mostBytes = 2 ** 53

export class FileUses {
  readonly #rows: ColumnBatch
  readonly #byProcess = new Map<number, Map<number, FileUse>>()
  #count = 0

  constructor(rows: ColumnBatch) {
    this.#rows = rows
  }

  get full(): boolean {
    return this.#count >= mostUses
  }

  /** A call used the file whose path is the text of this number. */
  add(path: number, call: FileCall, opened: boolean, reads: boolean, writes: boolean): void {
    const use = this.#useOf(path, call)
    const { bytes, duration } = call
    use.calls++
    if (call.failed) use.failed++
    if (opened) use.opened++
    if (bytes > 0 && reads) use.read = Math.min(use.read + bytes, mostBytes)
    if (bytes > 0 && writes) use.written = Math.min(use.written + bytes, mostBytes)
    if (duration >= 0) use.duration = use.duration >= 0 ? use.duration + duration : duration
  }

  /** Hands over the sums, and begins anew. */
  flush(): void {
    for (const [pid, uses] of this.#byProcess)
      for (const [path, { comm, opened, failed, read, written, calls, duration }] of uses)
        this.#rows.add(pid, comm, path, opened, failed, read, written, calls, duration)
    this.#rows.flush()
    this.#byProcess.clear()
    this.#count = 0
  }

  #useOf(path: number, { pid, comm }: FileCall): FileUse {
    let uses = this.#byProcess.get(pid)
    if (uses === undefined) this.#byProcess.set(pid, (uses = new Map()))
    let use = uses.get(path)
    if (use === undefined) {
      use = { comm, opened: 0, failed: 0, read: 0, written: 0, calls: 0, duration: Number.NaN }
      uses.set(path, use)
      this.#count++
    }
    return use
  }
}
