/** Reads recordings: see recording-format.ts. Nothing in a file is trusted. */
import { closeSync, openSync, readSync } from 'node:fs'
import {
  Block,
  RecordingError,
  type RecordingMetadata,
  recordingVersion,
  Segment,
} from './recording-format.ts'
import {
  type AnyUnpacker,
  beginsSegment,
  compressedLength,
  readMetadata,
  readSegment,
  unpackBlock,
  unpackerOf,
} from './recording-parts.ts'

/** A record as readers take it; one object serves for all, and the bytes are valid until the next is asked for. */
export interface RecordPlace {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly offset: number
}

export interface RecordingReader {
  /** Of the segment that is being read: a file that several captures were appended to has several. */
  readonly metadata: RecordingMetadata
  /**
   * All records in order, once. Throws a RecordingError where the file is damaged or cut off, after all whole
   * blocks before that. Closes the file at the end.
   */
  records(): IterableIterator<RecordPlace>
  /** Closes the file before the end. */
  close(): void
}

/** A recording in a file, which can be read by blocks too. */
export interface FileRecording extends RecordingReader {
  /**
   * The records of each `turns`-th block, from block number `turn` on; throws as `records`, also for what is wrong with the headers of
   * others. One object serves for all, and what it has is valid until the next is asked for.
   */
  blocks(turn: number, turns: number): IterableIterator<UnpackedBlock>
}

export interface UnpackedBlock {
  /** Where it ends in the file. */
  readonly end: number
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly length: number
}

/**
 * Opens a recording. Throws node's error when the file cannot be opened or read, and a RecordingError when it is
 * none.
 *
 * @param end where reading ends, as if the file did
 */
export function openRecording(path: string | Buffer, end: number = Number.POSITIVE_INFINITY): FileRecording {
  const file = new BlockFile(path, end)
  try {
    return new FileReader(file)
  } catch (error) {
    file.close()
    throw error
  }
}

class FileReader implements FileRecording {
  metadata: RecordingMetadata
  readonly #file: BlockFile
  #unpacker: AnyUnpacker = unpackerOf(recordingVersion)

  constructor(file: BlockFile) {
    this.#file = file
    this.metadata = this.#segment(file.read(4))
  }

  *records(): IterableIterator<RecordPlace> {
    const place = { bytes: this.#unpacker.bytes as Uint8Array, view: this.#unpacker.view, offset: 0 }
    for (const { bytes, view, length } of this.blocks(0, 1)) {
      place.bytes = bytes
      place.view = view
      for (place.offset = 0; place.offset < length; ) {
        const size = view.getUint32(place.offset, true)
        yield place
        place.offset += size
      }
    }
  }

  *blocks(turn: number, turns: number): IterableIterator<UnpackedBlock> {
    try {
      const block = { bytes: this.#unpacker.bytes, view: this.#unpacker.view, length: 0, end: 0 }
      let number = 0
      for (let head = this.#next(); head !== null; head = this.#next()) {
        if (beginsSegment(head)) {
          this.metadata = this.#segment(head)
          continue
        }
        const packed = this.#block(head)
        if (number++ % turns !== turn) continue
        block.length = this.#unpack(packed)
        block.end = this.#file.at
        block.bytes = this.#unpacker.bytes
        block.view = this.#unpacker.view
        yield block
      }
    } finally {
      this.close()
    }
  }

  close(): void {
    this.#file.close()
  }

  /** The first four bytes of what follows; null at the end of the file. */
  #next(): Uint8Array | null {
    this.#file.begin()
    const head = this.#file.read(4)
    if (head.length === 0) return null
    return head.length < 4 ? this.#file.cutOff() : head
  }

  /** Reads a header whose first four bytes were `head`. */
  #segment(head: Uint8Array): RecordingMetadata {
    const file = this.#file
    if (!beginsSegment(head)) return file.refuse(head.length === 0 ? 'is empty' : 'is not a recording')
    const rest = file.read(Segment.bytes - head.length)
    const header = new Uint8Array(head.length + rest.length)
    header.set(head)
    header.set(rest, head.length)
    const segment = readSegment(header)
    if (typeof segment === 'string') return file.refuse(segment)
    if (segment === null) return file.cutOff()
    this.#unpacker = unpackerOf(segment.version)
    const json = file.read(segment.length)
    if (json.length < segment.length) return file.cutOff()
    const metadata = readMetadata(header, json)
    return typeof metadata === 'string' ? file.damaged(metadata) : metadata
  }

  /** Reads a block whose first four bytes were `head`. */
  #block(head: Uint8Array): Uint8Array {
    const file = this.#file
    const rest = file.read(Block.bytes - 4)
    if (rest.length < Block.bytes - 4) return file.cutOff()
    const header = new Uint8Array(Block.bytes)
    header.set(head)
    header.set(rest, 4)
    const compressed = compressedLength(header)
    if (typeof compressed === 'string') return file.damaged(compressed)
    const block = new Uint8Array(Block.bytes + compressed)
    block.set(header)
    const content = file.read(compressed)
    if (content.length < compressed) return file.cutOff()
    block.set(content, Block.bytes)
    return block
  }

  /** Unpacks the block that was read last; the bytes of its records. */
  #unpack(block: Uint8Array): number {
    const length = unpackBlock(block, this.#unpacker)
    return typeof length === 'string' ? this.#file.damaged(length) : length
  }
}

/** A file read from front to back (it may be a pipe), with errors that name it. */
class BlockFile {
  readonly #name: string
  #fd: number
  /** Where the block or header that is being read began, and where reading is. */
  #begun = 0
  at = 0

  readonly #end: number

  constructor(path: string | Buffer, end: number) {
    this.#end = end
    this.#name = String(path)
    this.#fd = openSync(path, 'r')
  }

  begin(): void {
    this.#begun = this.at
  }

  /** The next `length` bytes; fewer at the end of the file. */
  read(wanted: number): Uint8Array {
    const length = Math.min(wanted, this.#end - this.at)
    // Room is made as bytes come: a length that a file claims is no reason to trust it.
    let bytes = Buffer.alloc(Math.min(length, firstRoom))
    let have = 0
    while (have < length) {
      if (have === bytes.length) bytes = Buffer.concat([bytes], Math.min(length, bytes.length * 4))
      const n = readSync(this.#fd, bytes, have, bytes.length - have, null)
      if (n === 0) break
      have += n
    }
    this.at += have
    return bytes.subarray(0, have)
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
  }

  refuse(problem: string): never {
    throw new RecordingError(this.#name, problem)
  }

  damaged(problem: string): never {
    return this.refuse(`is damaged at byte ${this.#begun}: ${problem}; ${this.#lost()}`)
  }

  cutOff(): never {
    return this.refuse(`ends in the middle: ${this.#lost()}`)
  }

  #lost(): string {
    while (this.read(firstRoom).length > 0) {}
    const bytes = this.at - this.#begun
    return bytes === 1 ? 'the last byte is lost' : `the last ${bytes} bytes are lost`
  }
}

const firstRoom = 1 << 20
