/**
 * A recording that keeps no more than the last part of a trace. It is a whole recording at any time: when it has grown an
 * eighth beyond what it may have, its last blocks go to a new file, behind what must be known of those who
 * still live, and that file takes its place.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { LiveFacts } from './live-facts.ts'
import type { RecordingMetadata } from './recording-format.ts'
import { openRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'

/** How much is kept; what is null does not count. */
export interface Amount {
  readonly bytes: number | null
  /** Of the stream's time. */
  readonly nanoseconds: number | null
}

/** A block of the file. */
interface Part {
  readonly bytes: number
  /** When its last record was written. */
  readonly time: number
}

const chunk = 1 << 20
/** Blocks are dropped whole: of so many bytes that are kept, a block may have a quarter before it is compressed, but not less than this. */
const smallestBlock = 1 << 16

export class LastPart {
  readonly #path: string
  readonly #most: Amount
  readonly #metadata: RecordingMetadata
  #fd: number
  /** Bytes before the parts: the header, and facts. */
  #head = 0
  #parts: Part[] = []
  #size = 0

  /** Makes the file, or empties it. Throws node's error when that cannot be done. */
  constructor(path: string | Buffer, most: Amount, metadata: RecordingMetadata) {
    closeSync(openSync(path, 'a', 0o600))
    // Where the name is a link, what it leads to is replaced, and not the link.
    this.#path = realpathSync(path)
    this.#most = most
    this.#metadata = metadata
    this.#fd = openSync(this.#path, 'w')
    fchmodSync(this.#fd, 0o600)
  }

  /** Takes what a RecordingWriter writes: its header first, then blocks; `time` is that of the last record. */
  write(bytes: Uint8Array, time: number): void {
    this.#put(bytes)
    this.#size += bytes.length
    if (this.#head === 0) {
      this.#head = bytes.length
      return
    }
    this.#parts.push({ bytes: bytes.length, time })
    if (this.#exceeds(9 / 8)) this.#rotate()
  }

  /** How many bytes of records a block may have. */
  get blockBytes(): number {
    const { bytes } = this.#most
    return bytes === null ? Number.POSITIVE_INFINITY : Math.max(bytes / 4, smallestBlock)
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#size
  }

  /** Copies what is kept now to the first of FILE.1, FILE.2 … that is not there; its name. */
  snapshot(): string {
    for (let n = 1; ; n++)
      try {
        copyFileSync(this.#path, `${this.#path}.${n}`, constants.COPYFILE_EXCL)
        return `${this.#path}.${n}`
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
  }

  /** Drops what is too much, and closes the file. */
  close(): void {
    if (this.#exceeds(1)) this.#rotate()
    closeSync(this.#fd)
  }

  #exceeds(times: number): boolean {
    const { bytes, nanoseconds } = this.#most
    // The last block is kept, however large it is.
    if (this.#parts.length < 2) return false
    const since = this.#parts.at(-1)!.time - this.#parts[0]!.time
    return (
      (bytes !== null && this.#size > bytes * times) || (nanoseconds !== null && since > nanoseconds * times)
    )
  }

  /** Drops the oldest blocks until what is left is as much as may be. */
  #rotate(): void {
    const { bytes, nanoseconds } = this.#most
    const last = this.#parts.at(-1)!.time
    let from = 0
    let cut = this.#head
    while (from < this.#parts.length - 1) {
      const tooLarge = bytes !== null && this.#size - cut > bytes
      const tooOld = nanoseconds !== null && this.#parts[from]!.time < last - nanoseconds
      if (!tooLarge && !tooOld) break
      cut += this.#parts[from]!.bytes
      from++
    }
    if (from === 0) return
    const name = `${this.#path}.new`
    rmSync(name, { force: true })
    const fd = openSync(name, 'wx+', 0o600)
    try {
      this.#parts = this.#parts.slice(from)
      this.#move(fd, cut)
      renameSync(name, this.#path)
      closeSync(this.#fd)
      this.#fd = fd
    } catch (error) {
      closeSync(fd)
      rmSync(name, { force: true })
      throw error
    }
  }

  /** Writes the facts that the blocks before `cut` tell, and then the others, to `fd`. */
  #move(fd: number, cut: number): void {
    const facts = new LiveFacts()
    const reader = openRecording(this.#path, cut)
    for (const { bytes, view, offset } of reader.records()) facts.record(bytes, view, offset)
    let head = 0
    const writer = new RecordingWriter(bytes => {
      writeAll(fd, bytes)
      head += bytes.length
    }, this.#metadata)
    for (const record of facts.records())
      writer.record(record, new DataView(record.buffer, record.byteOffset, record.length), 0)
    writer.end()
    const old = openSync(this.#path, 'r')
    try {
      const bytes = new Uint8Array(chunk)
      for (let at = cut; at < this.#size; ) {
        const n = readSync(old, bytes, 0, chunk, at)
        if (n === 0) break
        writeAll(fd, bytes.subarray(0, n))
        at += n
      }
    } finally {
      closeSync(old)
    }
    this.#size += head - cut
    this.#head = head
  }

  #put(bytes: Uint8Array): void {
    writeAll(this.#fd, bytes)
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}
