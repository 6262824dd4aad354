/**
 * Lines of text, each kept once, and searched all at once: programs make the same call over and over. Runs in node and in
 * browsers.
 */

import { grown } from './grown.ts'

/** Bytes of a stretch of lines; a line is within one. */
const stretchBytes = 1 << 20
/** A line is cut there. */
const longestLine = 512
/** Bytes of all lines; those of calls beyond that are not kept, and not searched. */
const mostBytes = 3 << 28

const newline = 10

/** What has to be kept to have the same lines again. */
export interface LineParts {
  readonly count: number
  /** Bytes used of the last stretch. */
  readonly used: number
  readonly stretches: readonly Uint8Array[]
  readonly starts: Float64Array
  readonly lengths: Uint16Array
}

export class LineTexts {
  /** Lines so far; the first is the empty one, which stands for lines that are not kept. */
  count = 1
  readonly #stretches: Uint8Array[] = []
  /** Bytes used of the last stretch. */
  #used = stretchBytes
  /** Where each line begins, over all stretches, and what it hashes to. */
  #starts: Float64Array = new Float64Array(1024)
  #lengths: Uint16Array = new Uint16Array(1024)
  #hashes = new Uint32Array(1024)
  /** Numbers of lines, by hash; 0 is free. */
  #slots = new Uint32Array(4096)

  parts(): LineParts {
    return {
      count: this.count,
      used: this.#used,
      stretches: this.#stretches,
      starts: this.#starts.subarray(0, this.count),
      lengths: this.#lengths.subarray(0, this.count),
    }
  }

  /** Lines to be read and searched; one that is added is not known to be among them. */
  static of({ count, used, stretches, starts, lengths }: LineParts): LineTexts {
    const texts = new LineTexts()
    texts.count = count
    texts.#used = used
    texts.#stretches.push(...stretches)
    texts.#starts = starts
    texts.#lengths = lengths
    texts.#hashes = new Uint32Array(count)
    return texts
  }

  /** The number of a line that stands in `bytes`. */
  numberOf(bytes: Uint8Array, from: number, to: number): number {
    const length = Math.min(to - from, longestLine)
    let hash = 0x811c9dc5
    for (let i = from; i < from + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    hash = (hash ^ (hash >>> 15)) >>> 0
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[(slot = (slot + 1) & mask)]!)
      if (this.#hashes[known] === hash && this.#isSame(known, bytes, from, length)) return known
    if ((this.#stretches.length - 1) * stretchBytes + this.#used >= mostBytes) return 0
    return this.#add(slot, hash, bytes, from, length)
  }

  /** A line by its number, as latin1: what was escaped is ASCII, and other bytes stay apart. */
  text(number: number): string {
    if (number === 0 || number >= this.count) return ''
    const at = this.#starts[number]!
    const stretch = this.#stretches[Math.floor(at / stretchBytes)]!
    let text = ''
    for (let i = at % stretchBytes, end = i + this.#lengths[number]!; i < end; i++)
      text += String.fromCharCode(stretch[i]!)
    return text
  }

  /** Marks in `found` those of the lines from number `from` on that contain `text`, whatever its case. */
  find(text: string, from: number, found: Uint8Array): void {
    const wanted = Uint8Array.from(text, char => {
      const code = char.codePointAt(0)!
      // Lines are ASCII: nothing else is in them.
      return code < 128 ? fold[code]! : 0
    })
    // No line has an end in it.
    if (wanted.length === 0 || from >= this.count || wanted.includes(newline)) return
    const rare = this.#rarest(wanted)
    let line = Math.max(1, from)
    for (let s = Math.floor(this.#starts[line]! / stretchBytes); s < this.#stretches.length; s++) {
      const base = s * stretchBytes
      const used = s === this.#stretches.length - 1 ? this.#used : stretchBytes
      const bytes = this.#stretches[s]!.subarray(0, used)
      const places = new RarePlaces(bytes, wanted[rare]!)
      let next = Math.max(0, this.#starts[line]! - base)
      for (let at = places.from(next + rare); at >= 0; at = places.from(next + rare)) {
        const start = at - rare
        if (!isThere(bytes, start, wanted)) {
          next = start + 1
          continue
        }
        line = this.#lineAt(base + start, line)
        found[line] = 1
        next = this.#starts[line]! + this.#lengths[line]! - base
      }
      // The stretch's end is before whatever comes.
      if (s + 1 < this.#stretches.length) line = this.#lineAt((s + 1) * stretchBytes, line)
    }
  }

  /** Which place of a text has the byte that the lines have least of: the others are looked at only where that one is. */
  #rarest(wanted: Uint8Array): number {
    const counts = new Uint32Array(256)
    for (const stretch of this.#stretches.slice(-4))
      for (const byte of stretch.subarray(0, 1 << 14)) counts[fold[byte]!]!++
    let rarest = 0
    for (let place = 1; place < wanted.length; place++)
      if (counts[wanted[place]!]! < counts[wanted[rarest]!]!) rarest = place
    return rarest
  }

  #isSame(number: number, bytes: Uint8Array, from: number, length: number): boolean {
    if (this.#lengths[number] !== length) return false
    const at = this.#starts[number]!
    const stretch = this.#stretches[Math.floor(at / stretchBytes)]!
    const start = at % stretchBytes
    for (let i = 0; i < length; i++) if (stretch[start + i] !== bytes[from + i]) return false
    return true
  }

  #add(slot: number, hash: number, bytes: Uint8Array, from: number, length: number): number {
    if (this.#used + length + 1 > stretchBytes) {
      this.#stretches.push(new Uint8Array(stretchBytes))
      this.#used = 0
    }
    const number = this.count++
    if (number === this.#starts.length) {
      this.#starts = grown(this.#starts, number * 2)
      this.#lengths = grown(this.#lengths, number * 2)
      this.#hashes = grown(this.#hashes, number * 2)
    }
    const stretch = this.#stretches.at(-1)!
    stretch.set(bytes.subarray(from, from + length), this.#used)
    stretch[this.#used + length] = newline
    this.#starts[number] = (this.#stretches.length - 1) * stretchBytes + this.#used
    this.#lengths[number] = length
    this.#hashes[number] = hash
    this.#used += length + 1
    this.#slots[slot] = number
    if (number * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let number = 1; number < this.count; number++) {
      let slot = this.#hashes[number]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number
    }
    this.#slots = slots
  }

  /** The line that a byte belongs to; it is none before number `from`, and mostly not far behind it. */
  #lineAt(at: number, from: number): number {
    let low = from
    let step = 1
    while (low + step < this.count && this.#starts[low + step]! <= at) {
      low += step
      step *= 2
    }
    let high = Math.min(this.count, low + step)
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= at) low = middle
      else high = middle
    }
    return low
  }
}

/** Where a byte stands in others, be it a small letter or a capital one, from the first place to the last. */
class RarePlaces {
  readonly #bytes: Uint8Array
  readonly #small: number
  readonly #capital: number
  #nextSmall = -2
  #nextCapital = -2

  constructor(bytes: Uint8Array, byte: number) {
    this.#bytes = bytes
    this.#small = byte
    this.#capital = byte >= 97 && byte <= 122 ? byte - 32 : byte
    if (this.#capital === byte) this.#nextCapital = -1
  }

  /** The first from `at` on, -1 when there is none; `at` never goes back. */
  from(at: number): number {
    if (this.#nextSmall !== -1 && this.#nextSmall < at) this.#nextSmall = this.#bytes.indexOf(this.#small, at)
    if (this.#nextCapital !== -1 && this.#nextCapital < at)
      this.#nextCapital = this.#bytes.indexOf(this.#capital, at)
    if (this.#nextSmall < 0) return this.#nextCapital
    return this.#nextCapital < 0 ? this.#nextSmall : Math.min(this.#nextSmall, this.#nextCapital)
  }
}

/** Whether a text of small letters stands at a place, whatever its case. */
function isThere(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  if (at < 0 || at + wanted.length > bytes.length) return false
  for (let n = 0; n < wanted.length; n++) if (fold[bytes[at + n]!] !== wanted[n]) return false
  return true
}

/** Bytes with capital letters made small ones. */
const fold = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte))
