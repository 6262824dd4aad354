/** Headers and blocks of a recording, checked: see recording-format.ts. What is wrong with one is told in words. */
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
  type RecordingMetadata,
  recordingVersion,
  Segment,
} from './recording-format.ts'
import { blockChecksum } from './recording-writer.ts'
import { Unpacker } from './unpacking.ts'
import { UnpackerOfVersion1 } from './unpacking-version-1.ts'
import { UnpackerOfVersion2 } from './unpacking-version-2.ts'

export type AnyUnpacker = Unpacker | UnpackerOfVersion1 | UnpackerOfVersion2

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Whether what begins with these four bytes is a segment, and no block. */
export const beginsSegment = (head: Uint8Array): boolean =>
  head.length >= 4 && magic.subarray(0, 4).every((b, i) => b === head[i])

/** What a segment's header says: its version, and the bytes of metadata that follow; null when it is not whole. */
export function readSegment(header: Uint8Array): { version: number; length: number } | null | string {
  const known = Math.min(header.length, magic.length)
  if (!magic.subarray(0, known).every((b, i) => b === header[i])) return 'is not a recording'
  if (header.length < Segment.bytes) return null
  const view = viewOf(header)
  const version = view.getUint32(Segment.version, true)
  if (version < 1 || version > recordingVersion)
    return `is a recording of version ${version}; this program reads up to version ${recordingVersion}`
  const length = view.getUint32(Segment.length, true)
  if (length > maxMetadataBytes) return `is damaged: its metadata claim to have ${length} bytes`
  return { version, length }
}

/** What unpacks blocks of segments of a version. */
export const unpackerOf = (version: number): AnyUnpacker =>
  version === 1 ? new UnpackerOfVersion1() : version === 2 ? new UnpackerOfVersion2() : new Unpacker()

/** The metadata of a segment with this header. */
export function readMetadata(header: Uint8Array, json: Uint8Array): RecordingMetadata | string {
  if (crc32(json) !== viewOf(header).getUint32(Segment.crc, true))
    return 'the checksum of its metadata is wrong'
  return parseMetadata(Buffer.from(json).toString('utf8'))
}

/** Bytes that follow a block's header. */
export function compressedLength(header: Uint8Array): number | string {
  const view = viewOf(header)
  if (view.getUint32(Block.mark, true) !== blockMark) return 'there is no block'
  const compressed = view.getUint32(Block.compressed, true)
  const tooLarge =
    compressed > maxPackedBytes ||
    view.getUint32(Block.packed, true) > maxPackedBytes ||
    view.getUint32(Block.records, true) > maxBlockBytes
  return tooLarge ? 'a block claims to be larger than blocks are' : compressed
}

/** Unpacks a whole block, header and all; the bytes of its records, which the unpacker then holds. */
export function unpackBlock(block: Uint8Array, unpacker: AnyUnpacker): number | string {
  const view = viewOf(block)
  const packedBytes = view.getUint32(Block.packed, true)
  const length = view.getUint32(Block.records, true)
  const count = view.getUint32(Block.count, true)
  if (blockChecksum(block) !== view.getUint32(Block.crc, true)) return 'the checksum of a block is wrong'
  let packed: Uint8Array
  try {
    packed = brotliDecompressSync(block.subarray(Block.bytes), { maxOutputLength: Math.max(1, packedBytes) })
  } catch {
    return 'a block cannot be decompressed'
  }
  if (packed.length !== packedBytes || !unpacker.unpack(packed, length, count))
    return 'a block holds no records'
  return length
}
