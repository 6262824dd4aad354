/** Reads recordings: see recording-format.ts. Nothing in a file is trusted. */
import { closeSync, openSync, readSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { crc32 } from './crc32.ts'
import {
  Block,
  blockMark,
  magic,
  maxBlockBytes,
  maxMetadataBytes,
  maxPackedBytes,
  parseMetadata,
  RecordingError,
  type RecordingMetadata,
  recordingVersion,
  Segment,
} from './recording-format.ts'
import { blockChecksum } from './recording-writer.ts'
import { Unpacker } from './unpacking.ts'
import { UnpackerOfVersion1 } from './unpacking-version-1.ts'

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

/**
 * Opens a recording. Throws node's error when the file cannot be opened or read, and a RecordingError when it is
 * none.
 */
export function openRecording(path: string | Buffer): RecordingReader {
  const file = new BlockFile(path)
  try {
    return new FileReader(file)
  } catch (error) {
    file.close()
    throw error
  }
}

class FileReader implements RecordingReader {
  metadata: RecordingMetadata
  readonly #file: BlockFile
  #unpacker: Unpacker | UnpackerOfVersion1 = new Unpacker()

  constructor(file: BlockFile) {
    this.#file = file
    this.metadata = this.#segment(file.read(4))
  }

  *records(): IterableIterator<RecordPlace> {
    try {
      const place = { bytes: this.#unpacker.bytes, view: this.#unpacker.view, offset: 0 }
      for (let head = this.#next(); head !== null; head = this.#next()) {
        if (isMagic(head)) this.metadata = this.#segment(head)
        else {
          const length = this.#block(head)
          place.bytes = this.#unpacker.bytes
          place.view = this.#unpacker.view
          for (place.offset = 0; place.offset < length; ) {
            const size = place.view.getUint32(place.offset, true)
            yield place
            place.offset += size
          }
        }
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
    if (!isMagic(head)) return file.refuse(head.length === 0 ? 'is empty' : 'is not a recording')
    const rest = file.read(Segment.bytes - head.length)
    if (!magic.subarray(4, 4 + rest.length).every((b, i) => b === rest[i]))
      return file.refuse('is not a recording')
    if (rest.length < Segment.bytes - 4) return file.cutOff()
    const view = viewOf(rest)
    const version = view.getUint32(Segment.version - 4, true)
    if (version < 1 || version > recordingVersion)
      return file.refuse(
        `is a recording of version ${version}; this program reads up to version ${recordingVersion}`,
      )
    this.#unpacker = version === 1 ? new UnpackerOfVersion1() : new Unpacker()
    const length = view.getUint32(Segment.length - 4, true)
    if (length > maxMetadataBytes)
      return file.refuse(`is damaged: its metadata claim to have ${length} bytes`)
    const crc = view.getUint32(Segment.crc - 4, true)
    const json = file.read(length)
    if (json.length < length) return file.cutOff()
    if (crc32(json) !== crc) return file.damaged('the checksum of its metadata is wrong')
    const metadata = parseMetadata(Buffer.from(json).toString('utf8'))
    return typeof metadata === 'string' ? file.damaged(metadata) : metadata
  }

  /** Reads and unpacks a block whose first four bytes were `head`; the bytes of its records. */
  #block(head: Uint8Array): number {
    const file = this.#file
    if (viewOf(head).getUint32(0, true) !== blockMark) return file.damaged('there is no block')
    const rest = file.read(Block.bytes - 4)
    if (rest.length < Block.bytes - 4) return file.cutOff()
    const view = viewOf(rest)
    const compressed = view.getUint32(Block.compressed - 4, true)
    const packedBytes = view.getUint32(Block.packed - 4, true)
    const length = view.getUint32(Block.records - 4, true)
    const count = view.getUint32(Block.count - 4, true)
    const crc = view.getUint32(Block.crc - 4, true)
    if (compressed > maxPackedBytes || packedBytes > maxPackedBytes || length > maxBlockBytes)
      return file.damaged('a block claims to be larger than blocks are')
    const block = new Uint8Array(Block.bytes + compressed)
    block.set(rest, 4)
    const content = file.read(compressed)
    if (content.length < compressed) return file.cutOff()
    block.set(content, Block.bytes)
    if (blockChecksum(block) !== crc) return file.damaged('the checksum of a block is wrong')
    let packed: Uint8Array
    try {
      packed = brotliDecompressSync(content, { maxOutputLength: Math.max(1, packedBytes) })
    } catch {
      return file.damaged('a block cannot be decompressed')
    }
    if (packed.length !== packedBytes || !this.#unpacker.unpack(packed, length, count))
      return file.damaged('a block holds no records')
    return length
  }
}

const isMagic = (head: Uint8Array): boolean => head.length === 4 && head.every((b, i) => b === magic[i])
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** A file read from front to back (it may be a pipe), with errors that name it. */
class BlockFile {
  readonly #name: string
  #fd: number
  /** Where the block or header that is being read began, and where reading is. */
  #begun = 0
  #at = 0

  constructor(path: string | Buffer) {
    this.#name = String(path)
    this.#fd = openSync(path, 'r')
  }

  begin(): void {
    this.#begun = this.#at
  }

  /** The next `length` bytes; fewer at the end of the file. */
  read(length: number): Uint8Array {
    // Room is made as bytes come: a length that a file claims is no reason to trust it.
    let bytes = Buffer.alloc(Math.min(length, firstRoom))
    let have = 0
    while (have < length) {
      if (have === bytes.length) bytes = Buffer.concat([bytes], Math.min(length, bytes.length * 4))
      const n = readSync(this.#fd, bytes, have, bytes.length - have, null)
      if (n === 0) break
      have += n
    }
    this.#at += have
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
    const bytes = this.#at - this.#begun
    return bytes === 1 ? 'the last byte is lost' : `the last ${bytes} bytes are lost`
  }
}

const firstRoom = 1 << 20
