/**
 * Lines of text, each kept once, and searched all at once: programs make the same call over and over. Runs in node and in
 * browsers.
 */

/** Bytes of a stretch of lines; a line is within one. */
const stretchBytes = 1 << 20
/** A line is cut there. */
const longestLine = 512
/** Bytes of all lines; those of calls beyond that are not kept, and not searched. */
const mostBytes = 3 << 28

const newline = 10

export class LineTexts {
  /** Lines so far; the first is the empty one, which stands for lines that are not kept. */
  count = 1
  readonly #stretches: Uint8Array[] = []
  /** Bytes used of the last stretch. */
  #used = stretchBytes
  /** Where each line begins, over all stretches, and what it hashes to. */
  #starts = new Float64Array(1024)
  #lengths = new Uint16Array(1024)
  #hashes = new Uint32Array(1024)
  /** Numbers of lines, by hash; 0 is free. */
  #slots = new Uint32Array(4096)

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
    const length = wanted.length
    // No line has an end in it.
    if (length === 0 || from >= this.count || wanted.includes(newline)) return
    const first = wanted[0]!
    let line = Math.max(1, from)
    let at = this.#starts[line]!
    for (let s = Math.floor(at / stretchBytes); s < this.#stretches.length; s++) {
      const stretch = this.#stretches[s]!
      const base = s * stretchBytes
      const last = (s === this.#stretches.length - 1 ? this.#used : stretchBytes) - length
      for (let i = Math.max(0, at - base); i <= last; i++) {
        if (fold[stretch[i]!] !== first) continue
        let n = 1
        while (n < length && fold[stretch[i + n]!] === wanted[n]) n++
        if (n < length) continue
        line = this.#lineAt(base + i, line)
        found[line] = 1
        i = this.#starts[line]! + this.#lengths[line]! - base
      }
      at = base + stretchBytes
    }
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
      this.#starts = grown(this.#starts, new Float64Array(number * 2))
      this.#lengths = grown(this.#lengths, new Uint16Array(number * 2))
      this.#hashes = grown(this.#hashes, new Uint32Array(number * 2))
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

  /** The line that a byte belongs to; it is none before number `from`. */
  #lineAt(at: number, from: number): number {
    let [low, high] = [from, this.count]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= at) low = middle
      else high = middle
    }
    return low
  }
}

function grown<A extends Float64Array | Uint16Array | Uint32Array>(old: A, larger: A): A {
  larger.set(old)
  return larger
}

/** Bytes with capital letters made small ones. */
const fold = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte))
