/**
 * What makes a recording small before it is compressed. Records tell little that is new: a record is written as what
 * differs from the last one of its shape (kind, architecture, system call) by the same thread, or else by any, in the
 * block. What is alike stands together, in streams of one sort of bytes each; their lengths come first, a u32 each.
 * "By shape" means: those of the records of the first shape, then of the second. Numbers are varints where nothing else is said.
 *
 * | stream    | what |
 * |-----------|---|
 * | threads   | of each record its thread: see recent-threads.ts |
 * | tids      | of each new thread, u32 |
 * | kinds     | of each new shape, a byte |
 * | shapes    | of each record, by thread; a new one has the next number |
 * | masks     | of each record, by shape: `MaskBit`, and a bit for each word of the fixed part that is another, in order, without the time's |
 * | high      | of each record's time, by shape: the zigzag difference to the record before in ns, without its lowest byte, plus one; 0: none that a number here could hold |
 * | low       | the lowest bytes of these differences, which are noise, in the records' order |
 * | instants  | where there is no difference, the time, f64 |
 * | words     | those that are others, u32, one place of one shape after the other |
 * | layouts   | how many; then of each the number of its ranges, and of each range a head: see `HeadBit` |
 * | laid      | of each record whose tail is told as ranges, by shape: which layout |
 * | numbers   | of ranges that have them, by head: lengths, or for `AddressFrom.near` the zigzag difference to the end of the range before |
 * | addresses | u64, where nothing else tells them |
 * | differing | of structures: a bit for each word that is not that of the last one under the same head, by head and byte |
 * | fields    | those words, u32, one place of one head after the other |
 * | texts     | the bytes of paths, strings, notes |
 * | buffers   | the bytes of other ranges; tails that are not told as ranges |
 *
 * The size of a record and the number of its ranges are not told where its ranges tell them. Padding is not kept: it is
 * whatever the memory held before. Nor are registers that the call does not take: see unused-arguments.ts.
 */
import { Enter, Exit, Header, RecordKind } from './layout.ts'

export const streams = 17
/** Bytes before the streams. */
export const lengthsBytes: number = streams * 4
/** Bits of a record's mask. */
export const MaskBit = {
  /** Its tail is not that of the record before. */
  tail: 1,
  /** It is told as ranges. */
  ranges: 2,
  words: 4,
} as const
/** A head: how a range's address (4 bits) and bytes (3 bits) are told, its kind (4), its flags (8), a structure's words less one (6). */
export const HeadBit = { content: 4, kind: 7, flags: 11, words: 19, end: 25 } as const
/** Where the address of a range is from: 0 to 5 is the call's argument of that number. */
export const AddressFrom = {
  near: 6,
  listed: 7,
  /** The whole range is the one before once more. */
  again: 8,
} as const
/** Where the bytes of a range are from. */
export const ContentFrom = {
  buffers: 0,
  texts: 1,
  fields: 2,
  /** What was noted last of the same thing: see expected-notes.ts. */
  noted: 3,
  /** The path that the call was to open. */
  opened: 4,
} as const
/** How far away an address is near. */
export const nearby: number = 2 ** 24
/** Above this upper half an address is no whole number any more. */
export const highestNear: number = 2 ** 20 - 1
/** Of structures, the longest that is told by its words. */
export const longestFields = 256
/** Kinds of range, and flags, that heads can tell. */
export const rangeKinds = 16
/** Differences of times that are written as such, in ns. */
export const maxStep: number = 2 ** 29

const headerWords = Header.bytes / 4
export const timeWord: number = Header.time / 4
/** Places of a shape that have a column of their own: no fixed part has more words, without the time's. */
export const mostWords = 22

/** Words of a record's fixed part. */
export const fixedWordsOf = (kind: number): number =>
  kind === RecordKind.enter ? Enter.bytes / 4 : kind === RecordKind.exit ? Exit.bytes / 4 : headerWords

export const isCall = (kind: number): boolean => kind === RecordKind.enter || kind === RecordKind.exit

/** Of each shape and thread, the record that was last: where many of both are, some lose their place to others. */
export class OwnRecords {
  readonly #places = new Int32Array(slots)
  readonly #shapes = new Int32Array(slots)

  clear(): void {
    this.#shapes.fill(-1)
  }

  /** Puts `at` in; what was there, or else `otherwise`. */
  exchange(shape: number, thread: number, at: number, otherwise: number): number {
    const slot = Math.imul(shape + Math.imul(thread, 0x3d), 0x9e3779b1) >>> 20
    const before = this.#shapes[slot] === shape ? this.#places[slot]! : otherwise
    this.#shapes[slot] = shape
    this.#places[slot] = at
    return before
  }
}
const slots = 4096

export const contentOf = (head: number): number => (head >>> HeadBit.content) & 7
/** Words of the structure that a range is; 0 where it is none. */
export const fieldsOf = (head: number): number =>
  contentOf(head) === ContentFrom.fields ? (head >>> HeadBit.words) + 1 : 0
/** How many numbers a range has: its length, how far away it is. */
export function numbersOf(head: number): number {
  const from = head & 15
  if (from === AddressFrom.again) return 0
  return (contentOf(head) <= ContentFrom.texts ? 1 : 0) + (from === AddressFrom.near ? 1 : 0)
}
