/** The blocks of a recording's file, one after the other while it grows, or any of them again. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { Block, RecordingError, type RecordingMetadata, Segment } from './recording-format.ts'
import {
  type AnyUnpacker,
  beginsSegment,
  compressedLength,
  readMetadata,
  readSegment,
  unpackBlock,
  unpackerOf,
} from './recording-parts.ts'

/** Where a block stands in the file, and in a segment of which version. */
export interface BlockPlace {
  readonly at: number
  readonly version: number
}

/** Records of a block; valid until another is read. */
export interface RecordBlock extends BlockPlace {
  /** Where the next one stands in the file. */
  readonly end: number
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly length: number
}

export class RecordingBlocks {
  /** Of the segment that was begun last; null before the first. */
  metadata: RecordingMetadata | null = null
  readonly #name: string
  #fd: number
  #at = 0
  #version = 0
  readonly #unpackers = new Map<number, AnyUnpacker>()

  /** Throws node's error when the file cannot be opened. */
  constructor(path: string | Buffer) {
    this.#name = String(path)
    this.#fd = openSync(path, 'r')
  }

  /** The next block; null when the file ends here, or in the middle of a block: its writer may go on. Throws a RecordingError where it is damaged. */
  next(): RecordBlock | null {
    for (;;) {
      const head = this.#read(this.#at, Segment.bytes)
      if (head.length < 4) return null
      if (!beginsSegment(head)) {
        if (this.#at === 0) throw new RecordingError(this.#name, 'is not a recording')
        const block = this.#block({ at: this.#at, version: this.#version })
        if (block !== null) this.#at = block.end
        return block
      }
      const segment = readSegment(head)
      if (typeof segment === 'string') throw new RecordingError(this.#name, segment)
      if (segment === null) return null
      const json = this.#read(this.#at + Segment.bytes, segment.length)
      if (json.length < segment.length) return null
      const metadata = readMetadata(head, json)
      if (typeof metadata === 'string') return this.#damaged(this.#at, metadata)
      this.metadata = metadata
      this.#version = segment.version
      this.#at += Segment.bytes + segment.length
    }
  }

  /** The block that stands at a place where `next` found one. */
  read(place: BlockPlace): RecordBlock {
    const block = this.#block(place)
    if (block === null) throw new RecordingError(this.#name, 'has become shorter')
    return block
  }

  /** How far `next` has come, and the bytes that are there. */
  get progress(): { readonly at: number; readonly size: number } {
    return { at: this.#at, size: this.#fd < 0 ? this.#at : fstatSync(this.#fd).size }
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd)
    this.#fd = -1
  }

  /** Null when it is not whole. */
  #block({ at, version }: BlockPlace): RecordBlock | null {
    const header = this.#read(at, Block.bytes)
    if (header.length < Block.bytes) return null
    const compressed = compressedLength(header)
    if (typeof compressed === 'string') return this.#damaged(at, compressed)
    const block = this.#read(at, Block.bytes + compressed)
    if (block.length < Block.bytes + compressed) return null
    let unpacker = this.#unpackers.get(version)
    if (unpacker === undefined) this.#unpackers.set(version, (unpacker = unpackerOf(version)))
    const length = unpackBlock(block, unpacker)
    if (typeof length === 'string') return this.#damaged(at, length)
    const end = at + block.length
    return { at, version, end, bytes: unpacker.bytes, view: unpacker.view, length }
  }

  #read(at: number, length: number): Uint8Array {
    const there = Math.max(0, Math.min(length, fstatSync(this.#fd).size - at))
    const bytes = new Uint8Array(there)
    let have = 0
    while (have < there) {
      const n = readSync(this.#fd, bytes, have, there - have, at + have)
      if (n === 0) break
      have += n
    }
    return bytes.subarray(0, have)
  }

  #damaged(at: number, problem: string): never {
    throw new RecordingError(this.#name, `is damaged at byte ${at}: ${problem}`)
  }
}
