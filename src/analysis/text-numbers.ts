/** Texts by number: most are said again and again, and a number is soon copied. No string is made of what stands in bytes. */
import { isUtf8 } from 'node:buffer'
import { TextBuffer } from '../dialects/text-buffer.ts'

/** Texts, and bytes of theirs, that are remembered at once. */
const mostTexts = 1 << 18
const mostBytes = 1 << 25
/** Room for twice as many. */
const places = mostTexts * 2
/** Places that are looked at: who makes up a recording could have all texts want the same. Those that find none are in a map. */
const mostLooks = 32
/** Up to so many bytes a loop copies faster. */
const shortText = 64

/** 0 is for no text. */
export class TextNumbers {
  /** Numbers of texts, by a hash of their bytes, at the next free place; 0 for none. */
  readonly #places = new Int32Array(places)
  /** The same of those that were given as strings, and of those that found no place. */
  readonly #byString = new Map<string, number>()
  /** By number. A text ends where the next one begins. */
  #hashes = new Int32Array(1024)
  #starts = new Uint32Array(1024)
  readonly #text = new TextBuffer()
  /** How many texts there are: the highest number. */
  count = 0

  /** Whether so much is remembered that it is time to forget. */
  get full(): boolean {
    return this.count >= mostTexts || this.#text.length >= mostBytes
  }

  numberOf(text: string): number {
    let number = this.#byString.get(text)
    if (number === undefined) {
      const bytes = Buffer.from(text)
      number = this.numberOfBytes(
        bytes,
        new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
        0,
        bytes.length,
      )
      this.#byString.set(text, number)
    }
    return number
  }

  /** The number of a text that stands in UTF-8: what is none of it is shown as U+FFFD. */
  numberOfBytes(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const hash = hashOf(view, from, to)
    const length = to - from
    for (
      let place = hash & (places - 1), looks = 0;
      looks < mostLooks;
      place = (place + 1) & (places - 1), looks++
    ) {
      const number = this.#places[place]!
      if (number === 0) {
        if (!isText(bytes, from, to)) return this.numberOf(stringOf(bytes, from, to))
        return (this.#places[place] = this.#add(hash, bytes, from, length))
      }
      if (
        this.#hashes[number] === hash &&
        this.lengthOf(number) === length &&
        this.#isSame(number, view, from, to)
      )
        return number
    }
    const text = stringOf(bytes, from, to)
    let number = this.#byString.get(text)
    if (number === undefined) {
      const own = Buffer.from(text)
      this.#byString.set(text, (number = this.#add(hash, own, 0, own.length)))
    }
    return number
  }

  lengthOf(number: number): number {
    return this.#starts[number + 1]! - this.#starts[number]!
  }

  /** Writes the bytes of a text; how many. */
  copy(number: number, to: Uint8Array, at: number): number {
    const start = this.#starts[number]!
    const end = this.#starts[number + 1]!
    if (end - start > shortText) to.set(this.#text.bytes.subarray(start, end), at)
    else for (let i = start; i < end; i++) to[at++] = this.#text.bytes[i]!
    return end - start
  }

  /** Begins anew with 1: whatever has the numbers from before must be through. */
  forget(): void {
    this.#places.fill(0)
    this.#byString.clear()
    this.#text.clear()
    this.count = 0
  }

  #add(hash: number, bytes: Uint8Array, from: number, length: number): number {
    const number = ++this.count
    this.#reserve(number + 2)
    this.#text.copyBytes(bytes, from, from + length)
    this.#hashes[number] = hash
    this.#starts[number + 1] = this.#text.length
    return number
  }

  #reserve(numbers: number): void {
    if (numbers <= this.#starts.length) return
    const starts = new Uint32Array(numbers * 2)
    starts.set(this.#starts)
    this.#starts = starts
    const hashes = new Int32Array(numbers * 2)
    hashes.set(this.#hashes)
    this.#hashes = hashes
  }

  #isSame(number: number, view: DataView, from: number, to: number): boolean {
    const own = this.#text.view
    let at = this.#starts[number]!
    for (; from + 4 <= to; from += 4, at += 4)
      if (own.getUint32(at, true) !== view.getUint32(from, true)) return false
    for (; from < to; from++, at++) if (own.getUint8(at) !== view.getUint8(from)) return false
    return true
  }
}

/** For a test, which makes up texts that are alike in it. */
export function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from
  for (; from + 4 <= to; from += 4) {
    hash = Math.imul(hash ^ view.getUint32(from, true), 0x9e37_79b1)
    hash ^= hash >>> 15
  }
  for (; from < to; from++) hash = Math.imul(hash ^ view.getUint8(from), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 13), 0x85eb_ca6b)
  return hash ^ (hash >>> 16)
}

function isText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return isUtf8(bytes.subarray(i, to))
  return true
}

const stringOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
