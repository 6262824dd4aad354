/** For tests: recordings and logs, damaged as drawn. */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import fc from 'fast-check'
import { crc32 } from '../../record/crc32.ts'
import { Header } from '../../record/layout.ts'
import { Block, Segment } from '../../record/recording-format.ts'
import { blockChecksum } from '../../record/recording-writer.ts'
import { makeRecording } from '../../record/test-recordings.ts'

/** A change of bytes; places are taken modulo the length that there is. */
export interface Change {
  readonly how: 'flip' | 'set' | 'word' | 'remove' | 'insert' | 'repeat' | 'cut' | 'splice'
  readonly at: number
  readonly value: number
  readonly length: number
}

/** What is changed: the file's bytes as they are, or what stands in it, with checksums that are right again. */
export type Layer = 'file' | 'metadata' | 'block header' | 'compressed' | 'packed' | 'records'

export interface Damage {
  readonly layer: Layer
  readonly changes: readonly Change[]
}

/** Numbers that are more likely than others to be taken for what they are not. */
const interesting = [0, 1, 2, 7, 8, 0x22, 0x2c, 0x7f, 0x80, 0xff, 0x1000, 0x7fffffff, 0x80000000, 0xffffffff]
const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom('flip', 'set', 'word', 'word', 'remove', 'insert', 'repeat', 'cut', 'splice'),
  at: fc.nat(),
  value: fc.oneof(fc.constantFrom(...interesting), fc.nat(0xffffffff)),
  length: fc.oneof(fc.nat(8), fc.nat(3000)),
})
const layers: readonly Layer[] = [
  'file',
  'metadata',
  'block header',
  'compressed',
  'packed',
  'packed',
  ...new Array<'records'>(8).fill('records'),
]
export const damage: fc.Arbitrary<Damage> = fc.record({
  // Most of it where it gets far.
  layer: fc.constantFrom(...layers),
  changes: fc.array(change, { minLength: 1, maxLength: 12 }),
})

/** Other words in some records. */
export const otherWords: fc.Arbitrary<readonly OtherWord[]> = fc.array(
  fc.record({
    record: fc.nat(),
    word: fc.nat(40),
    value: fc.oneof(fc.constantFrom(...interesting), fc.nat(0xffffffff)),
  }),
  { minLength: 1, maxLength: 40 },
)
interface OtherWord {
  readonly record: number
  readonly word: number
  readonly value: number
}

/** A recording of these records with other words in them, the checksums being right. Sizes, and kinds that they do not fit, stay. */
export function withOtherWords(records: readonly Uint8Array[], changes: readonly OtherWord[]): Buffer {
  const all = records.map(record => record.slice())
  for (const { record: n, word, value } of changes) {
    const record = all[n % all.length]!
    const at = (word * 4) % record.length
    const kind = record[Header.kind]!
    if (at !== Header.size) new DataView(record.buffer).setUint32(at, value, true)
    record[Header.kind] = kind
  }
  return makeRecording(all, 1 << 20)
}

/** The bytes with these changes. */
export function changed(bytes: Buffer, changes: readonly Change[], other: Buffer): Buffer {
  let now = Buffer.from(bytes)
  for (const { how, at: place, value, length } of changes) {
    if (now.length === 0) return now
    const at = place % now.length
    const [before, after] = [now.subarray(0, at), now.subarray(at)]
    if (how === 'flip') now[at]! ^= 1 << (value & 7)
    else if (how === 'set') now[at] = value & 0xff
    else if (how === 'word') {
      if ((at & ~3) + 4 <= now.length) now.writeUInt32LE(value >>> 0, at & ~3)
    } else if (how === 'remove') now = Buffer.concat([before, after.subarray(length)])
    else if (how === 'insert') now = Buffer.concat([before, Buffer.alloc(length, value & 0xff), after])
    else if (how === 'repeat') now = Buffer.concat([before, after.subarray(0, length), after])
    else if (how === 'cut') now = Buffer.from(before)
    else {
      const from = value % Math.max(1, other.length)
      now = Buffer.concat([before, other.subarray(from, from + length), after])
    }
  }
  return now
}

/** A recording of one segment and one block, with the records in it. */
export interface Whole {
  readonly bytes: Buffer
  readonly records: readonly Uint8Array[]
}

/** A recording, damaged. */
export function damaged(
  { bytes: recording, records }: Whole,
  { layer, changes }: Damage,
  { bytes: other }: Whole,
): Buffer {
  if (layer === 'file') return changed(recording, changes, other)
  if (layer === 'records') return makeRecording(withWords(records, changes), 1 << 20)
  const blockAt = Segment.bytes + recording.readUInt32LE(Segment.length)
  const header = recording.subarray(0, Segment.bytes)
  const metadata = recording.subarray(Segment.bytes, blockAt)
  const block = recording.subarray(blockAt)
  if (layer === 'metadata') return withMetadata(header, changed(metadata, changes, other), block)
  const head = block.subarray(0, Block.bytes)
  const compressed = block.subarray(Block.bytes)
  if (layer === 'block header')
    return Buffer.concat([header, metadata, sealed(changed(head, changes, other), compressed)])
  if (layer === 'compressed') {
    const content = changed(compressed, changes, other)
    return Buffer.concat([
      header,
      metadata,
      sealed(withNumber(head, Block.compressed, content.length), content),
    ])
  }
  const packed = changed(brotliDecompressSync(compressed), changes, other)
  const content = brotliCompressSync(packed, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } })
  const sized = withNumber(withNumber(head, Block.compressed, content.length), Block.packed, packed.length)
  return Buffer.concat([header, metadata, sealed(sized, content)])
}

/** Records whose words are others; sizes, and kinds that they would not fit, are left to the other layers. */
function withWords(records: readonly Uint8Array[], changes: readonly Change[]): readonly Uint8Array[] {
  const all = records.slice()
  for (const { how, at, value, length } of changes) {
    const n = at % all.length
    if (how === 'repeat') all.splice(n, 0, all[value % all.length]!)
    else if (how === 'remove') all.splice(n, 1 + (length % 3))
    else {
      const record = all[n]!.slice()
      const kind = record[Header.kind]!
      const word = length % (record.length >> 2)
      if (word * 4 !== Header.size) new DataView(record.buffer).setUint32(word * 4, value >>> 0, true)
      record[Header.kind] = kind
      all[n] = record
    }
    if (all.length === 0) return all
  }
  return all
}

function withMetadata(header: Buffer, metadata: Buffer, block: Buffer): Buffer {
  const sized = withNumber(header, Segment.length, metadata.length)
  return Buffer.concat([withNumber(sized, Segment.crc, crc32(metadata)), metadata, block])
}

/** A block with the checksum that it should have. */
function sealed(head: Buffer, content: Buffer): Buffer {
  const block = Buffer.concat([head, content])
  if (head.length >= Block.bytes) block.writeUInt32LE(blockChecksum(block), Block.crc)
  return block
}

function withNumber(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(value >>> 0, at)
  return copy
}
