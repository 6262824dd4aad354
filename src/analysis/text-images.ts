/**
 * Texts as DuckDB's columns have them (duckdb_string_t): four words each. The first is the length in bytes; up to twelve bytes
 * follow it, and of a longer text its first four and the address of all. So a column of texts is copied as numbers are:
 * handing them over one by one costs a call into native code for each.
 */
import { NativeMemory } from '../capture/ptrace/native-memory.ts'

export const imageWords = 4
const shortText = 12

/** Writes the image of the text of `length` bytes that stands at `from` of memory that stays. */
export function putImage(
  words: Uint32Array,
  at: number,
  { bytes, address }: NativeMemory,
  from: number,
  length: number,
): void {
  words[at] = length
  const known = Math.min(length, shortText)
  words[at + 1] = word(bytes, from, known)
  if (length > shortText) {
    words[at + 2] = (address + from) % 0x1_0000_0000
    words[at + 3] = (address + from) / 0x1_0000_0000
  } else {
    words[at + 2] = word(bytes, from + 4, known - 4)
    words[at + 3] = word(bytes, from + 8, known - 8)
  }
}

/** The word of up to four bytes, zeros behind them. */
function word(bytes: Uint8Array, from: number, length: number): number {
  let word = 0
  for (let i = Math.min(length, 4) - 1; i >= 0; i--) word = (word << 8) | bytes[from + i]!
  return word
}

/** Bytes of memory that is taken at once, if the next text has room in it. */
const moreMemory = 1 << 20

/** Images of texts by their numbers. */
export class TextImages {
  /** One after the other; that of number 0 is of an empty text. */
  words: Uint32Array = new Uint32Array(1024 * imageWords)
  /** What they point into, and how much of the last is used. */
  #memory: NativeMemory[] = []
  #used = 0

  /** Texts with numbers from `first` on; 1 begins anew, and what was there before is not pointed to any more. */
  put(texts: readonly string[], first: number): void {
    if (first === 1) {
      this.#memory = []
      this.#used = 0
    }
    const end = (first + texts.length) * imageWords
    if (end > this.words.length) {
      const wider = new Uint32Array(end * 2)
      wider.set(this.words)
      this.words = wider
    }
    for (const [i, text] of texts.entries()) {
      const utf8 = Buffer.from(text)
      const memory = this.#roomFor(utf8.length)
      memory.bytes.set(utf8, this.#used)
      putImage(this.words, (first + i) * imageWords, memory, this.#used, utf8.length)
      this.#used += utf8.length
    }
  }

  #roomFor(bytes: number): NativeMemory {
    const last = this.#memory.at(-1)
    if (last !== undefined && this.#used + bytes <= last.bytes.length) return last
    const memory = new NativeMemory(Math.max(moreMemory, bytes))
    this.#memory.push(memory)
    this.#used = 0
    return memory
  }
}
