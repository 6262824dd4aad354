/**
 * What a note (a descriptor's path, the working directory) will say: what it said last, or for a descriptor that was just
 * opened the path that the call was given. Packing and unpacking ask at the same records, so that notes that say what was
 * expected need not be told.
 */
import { align8, Enter, Header, Range, RangeKind } from './layout.ts'

const slots = 4096
const slash = 47

export class ExpectedNotes {
  /** Where the bytes of what was noted last stand, and how many they are. */
  at = 0
  length = 0
  readonly #places = new Int32Array(slots)
  readonly #lengths = new Int32Array(slots)
  /** The path that was put together. */
  path: Uint8Array<ArrayBuffer> = new Uint8Array(4096)
  /** The enter that it was put together for, and its length. */
  #enter = -1
  #opened = -1

  clear(): void {
    this.#places.fill(-1)
    this.#enter = -1
  }

  /**
   * Looks up what was noted last of what the range at word `range` tells of: see `at` and `length`. False when nothing was.
   * Where there is very much, it is sometimes what was noted of something else.
   */
  find(words: Uint32Array, record: number, range: number): boolean {
    const slot = slotOf(words, record, range)
    this.at = this.#places[slot]!
    this.length = this.#lengths[slot]!
    return this.at >= 0
  }

  /** Remembers the note at word `range`, whose length stands there already. */
  note(words: Uint32Array, record: number, range: number): void {
    const slot = slotOf(words, record, range)
    this.#places[slot] = (range << 2) + Range.bytes
    this.#lengths[slot] = words[range + Range.length / 4]!
  }

  /**
   * Puts together the path that the call whose enter is at word `enter` was given; its length, -1 when there is none. A
   * call is asked about when its enter is whole, and may be for each of thousands of ranges.
   */
  opened(words: Uint32Array, bytes: Uint8Array, enter: number): number {
    if (enter !== this.#enter) {
      this.#enter = enter
      this.#opened = this.#put(words, bytes, enter)
    }
    return this.#opened
  }

  #put(words: Uint32Array, bytes: Uint8Array, enter: number): number {
    const end = Math.min(enter + (words[enter]! >> 2), words.length)
    let at = enter + Enter.bytes / 4
    let [base, baseLength] = [-1, 0]
    // Ranges may be anything, where a record was not made of ranges.
    for (let n = words[enter + Enter.ranges / 4]!; n > 0 && at + Range.bytes / 4 <= end; n--) {
      const length = words[at + Range.length / 4]!
      const content = (at << 2) + Range.bytes
      if (length > (end << 2) - content) return -1
      const kind = words[at + Range.kind / 4]! & 0xff
      if (kind === RangeKind.memory) return this.#join(bytes, base, baseLength, content, length)
      if (kind === RangeKind.fdPath || kind === RangeKind.cwd) [base, baseLength] = [content, length]
      at += (Range.bytes + align8(length)) >> 2
    }
    return -1
  }

  #join(bytes: Uint8Array, base: number, baseLength: number, name: number, nameLength: number): number {
    let length = 0
    const absolute = nameLength > 0 && bytes[name] === slash
    if (!absolute && base < 0) return -1
    if (baseLength + nameLength + 1 > this.path.length) return -1
    const path = this.path
    if (!absolute) {
      for (let i = 0; i < baseLength; i++) path[length++] = bytes[base + i]!
      if (path[length - 1] !== slash) path[length++] = slash
    }
    for (let i = 0; i < nameLength; i++) {
      const byte = bytes[name + i]!
      if (byte === 0) break
      path[length++] = byte
    }
    return length
  }
}

const slotOf = (words: Uint32Array, record: number, range: number): number =>
  Math.imul(
    words[range]! +
      Math.imul(words[range + Range.kind / 4]! & 0xff, 0x1f35) +
      Math.imul(words[record + Header.pid / 4]!, 0x3d),
    0x9e3779b1,
  ) >>> 20
