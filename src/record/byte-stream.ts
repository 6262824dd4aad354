/** A stream of bytes that is being written. */
export class ByteStream {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024)
  #view: DataView = new DataView(this.#bytes.buffer)
  #length = 0

  clear(): void {
    this.#length = 0
  }

  /** What was written; valid until more is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  byte(n: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1)
    this.#bytes[this.#length++] = n
  }

  varint(n: number): void {
    this.#reserve(5)
    const bytes = this.#bytes
    let at = this.#length
    let rest = n
    while (rest > 127) {
      bytes[at++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[at++] = rest
    this.#length = at
  }

  varints(numbers: Uint32Array): void {
    this.#reserve(numbers.length * 5)
    const bytes = this.#bytes
    let at = this.#length
    for (let i = 0; i < numbers.length; i++) {
      let rest = numbers[i]!
      while (rest > 127) {
        bytes[at++] = (rest & 127) | 128
        rest >>>= 7
      }
      bytes[at++] = rest
    }
    this.#length = at
  }

  uint32(n: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#length, n, true)
    this.#length += 4
  }

  float64(n: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, n, true)
    this.#length += 8
  }

  /** The bytes from `from` to `to` of `source`. */
  copy(source: Uint8Array, from: number, to: number): void {
    const length = to - from
    this.#reserve(length)
    if (length > shortCopy) this.#bytes.set(source.subarray(from, to), this.#length)
    else {
      const [bytes, at] = [this.#bytes, this.#length]
      for (let i = 0; i < length; i++) bytes[at + i] = source[from + i]!
    }
    this.#length += length
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const wide = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more))
    wide.set(this.bytes)
    this.#bytes = wide
    this.#view = new DataView(wide.buffer)
  }
}

/** Up to so many bytes a loop copies faster. */
export const shortCopy = 64

export const bytesOf = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength)

export function varintsOf(numbers: Uint32Array): Uint8Array {
  const stream = new ByteStream()
  stream.varints(numbers)
  return stream.bytes
}

/** A number of up to 53 bits, seven at a time. */
export function putVarint(bytes: number[], value: number): void {
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  bytes.push(value)
}
