/** Writes records to a file, in blocks: see recording-format.ts. */
import { type BrotliOptions, brotliCompressSync, constants } from 'node:zlib'
import { crc32 } from './crc32.ts'
import { Header, maxRecordBytes } from './layout.ts'
import { Packer } from './packing.ts'
import { behind } from './record-runs.ts'
import {
  Block,
  blockMark,
  fullBlock,
  magic,
  type RecordingMetadata,
  recordingVersion,
  Segment,
} from './recording-format.ts'

/** A crash loses no more than what came in so many ms. */
const longestWait = 500

export interface WritingOptions {
  /** What is traced runs meanwhile, and `flush` is called whenever all that came is written: in between time is short. */
  readonly isLive?: boolean
  /** Record bytes at which a block is written. */
  readonly blockBytes?: number
}

export class RecordingWriter {
  readonly #write: (bytes: Uint8Array, time: number) => void
  readonly #isLive: boolean
  readonly #blockBytes: number
  readonly #packer = new Packer()
  /** Records of the block that is under way. */
  readonly #bytes = new Uint8Array(fullBlock + maxRecordBytes)
  #length = 0
  #count = 0
  #begun = 0
  #time = 0
  #header: Uint8Array | null
  /** Since the last block there was a moment when nothing more had come. */
  #keepsUp = true

  /**
   * `write` gets the header, then whole blocks, each with the time of the latest record. It may throw: what it throws comes
   * out of whatever was called here.
   */
  constructor(
    write: (bytes: Uint8Array, time: number) => void,
    metadata: RecordingMetadata,
    { isLive = false, blockBytes = fullBlock }: WritingOptions = {},
  ) {
    this.#write = write
    this.#isLive = isLive
    this.#blockBytes = Math.min(blockBytes, fullBlock)
    this.#header = header(metadata)
  }

  /** Takes the record at `offset`. */
  record(bytes: Uint8Array, view: DataView, offset: number): void {
    this.records(bytes, view, offset, behind(view, offset))
  }

  /** Takes the records from `from` to `to`. */
  records(bytes: Uint8Array, view: DataView, from: number, to: number): void {
    for (let at = from; at < to; ) {
      if (this.#count === 0) this.#begun = performance.now()
      const start = at
      // The one that fills the block is its last.
      const end = Math.min(to, start + this.#blockBytes - this.#length)
      let last = at
      for (; at < end; at = behind(view, at), this.#count++) last = at
      this.#bytes.set(bytes.subarray(start, at), this.#length)
      this.#time = view.getFloat64(last + Header.time, true)
      this.#length += at - start
      if (this.#length >= this.#blockBytes) this.#writeBlock()
    }
  }

  /** To be called now and then: writes what has waited for long. */
  flush(): void {
    this.#keepsUp = true
    this.#writeHeader()
    if (this.#count > 0 && performance.now() - this.#begun >= longestWait) this.#writeBlock()
  }

  /** Writes what is left. */
  end(): void {
    this.#writeHeader()
    if (this.#count > 0) this.#writeBlock()
  }

  #writeHeader(): void {
    if (this.#header === null) return
    const bytes = this.#header
    this.#header = null
    this.#write(bytes, this.#time)
  }

  #writeBlock(): void {
    this.#writeHeader()
    const packed = this.#packer.pack(this.#bytes, this.#length, this.#count)
    const compressed = brotliCompressSync(packed, this.#keepsUp ? thorough : quick)
    if (this.#isLive) this.#keepsUp = false
    const block = new Uint8Array(Block.bytes + compressed.length)
    const view = new DataView(block.buffer)
    view.setUint32(Block.mark, blockMark, true)
    view.setUint32(Block.compressed, compressed.length, true)
    view.setUint32(Block.packed, packed.length, true)
    view.setUint32(Block.records, this.#length, true)
    view.setUint32(Block.count, this.#count, true)
    block.set(compressed, Block.bytes)
    view.setUint32(Block.crc, blockChecksum(block), true)
    this.#length = 0
    this.#count = 0
    this.#write(block, this.#time)
  }
}

const ofQuality = (quality: number): BrotliOptions => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 20 },
})
/** Deflate at its fastest takes as long as `quick`, for more bytes; 9 takes three to four times as long as 5, for 2 % to 5 % less. */
const thorough = ofQuality(5)
/** A third of the CPU time for 12 % to 15 % more bytes. 4 takes twice as long, and is hardly better. */
const quick = ofQuality(3)

/** The checksum of a whole block: of all but the mark and the checksum itself. */
export const blockChecksum = (block: Uint8Array): number =>
  crc32(block.subarray(Block.bytes), crc32(block.subarray(Block.compressed, Block.crc)))

function header(metadata: RecordingMetadata): Uint8Array {
  const json = Buffer.from(`${JSON.stringify(metadata, null, 1)}\n`)
  const bytes = new Uint8Array(Segment.bytes + json.length)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(Segment.version, recordingVersion, true)
  view.setUint32(Segment.length, json.length, true)
  view.setUint32(Segment.crc, crc32(json), true)
  bytes.set(json, Segment.bytes)
  return bytes
}
