/** Growing bytes that text is written to: no strings are made on the way from a record to a line. */
const hexDigits = new Uint8Array([...'0123456789abcdef'].map(c => c.charCodeAt(0)))

export class TextBuffer {
  bytes: Uint8Array
  /** The same bytes. */
  view: DataView
  length = 0

  /** `bytes`: room at the start. */
  constructor(bytes = 65536) {
    this.bytes = new Uint8Array(bytes)
    this.view = new DataView(this.bytes.buffer)
  }

  clear(): void {
    this.length = 0
  }

  /** What has been written; valid until the next write. */
  text(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** As a string of bytes (latin1). */
  toString(): string {
    return Buffer.from(this.bytes.buffer, 0, this.length).toString('latin1')
  }

  /** Makes room for `n` more bytes. */
  reserve(n: number): void {
    if (this.length + n <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.length + n, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }

  /** ASCII (or latin1) text. */
  put(s: string): void {
    const n = s.length
    this.reserve(n)
    const { bytes } = this
    let at = this.length
    for (let i = 0; i < n; i++) bytes[at++] = s.charCodeAt(i)
    this.length = at
  }

  /** UTF-8. */
  putUtf8(s: string): void {
    this.putBytes(Buffer.from(s, 'utf8'))
  }

  /** One character of ASCII. V8 makes its number of it when it compiles the caller. */
  putChar(c: string): void {
    this.putByte(c.charCodeAt(0))
  }

  putByte(b: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = b
  }

  putBytes(b: Uint8Array): void {
    this.reserve(b.length)
    this.bytes.set(b, this.length)
    this.length += b.length
  }

  /** A stretch of another buffer's text. */
  copyFrom(source: TextBuffer, from: number, to: number): void {
    this.copyBytes(source.bytes, from, to)
  }

  /** Bytes `from` to `to` of `source`. Few are copied one by one: a view of them costs more. */
  copyBytes(source: Uint8Array, from: number, to: number): void {
    const n = to - from
    this.reserve(n)
    const { bytes } = this
    const start = this.length
    if (n > 64) bytes.set(source.subarray(from, to), start)
    else for (let i = 0; i < n; i++) bytes[start + i] = source[from + i]!
    this.length = start + n
  }

  /** A whole number in decimal; exact up to 2^53. */
  dec(n: number): void {
    if (n < 0) {
      this.putChar('-')
      n = -n
    }
    if (n < 10) {
      this.putByte(48 + n)
      return
    }
    if (n > 0xffffffff) {
      this.put(String(n))
      return
    }
    this.reserve(10)
    let digits =
      n < 100
        ? 2
        : n < 1000
          ? 3
          : n < 10000
            ? 4
            : n < 100000
              ? 5
              : n < 1000000
                ? 6
                : n < 1e7
                  ? 7
                  : n < 1e8
                    ? 8
                    : n < 1e9
                      ? 9
                      : 10
    const end = this.length + digits
    let at = end
    while (digits-- > 0) {
      const q = Math.floor(n / 10)
      this.bytes[--at] = 48 + n - q * 10
      n = q
    }
    this.length = end
  }

  /** Decimal with leading zeros to `width`. */
  decPadded(n: number, width: number): void {
    let digits = 1
    for (let rest = Math.floor(n / 10); rest > 0; rest = Math.floor(rest / 10)) digits++
    if (digits < width) digits = width
    this.reserve(digits)
    const { bytes } = this
    const end = this.length + digits
    for (let at = end - 1; at >= this.length; at--) {
      const tens = Math.floor(n / 10)
      bytes[at] = 48 + n - tens * 10
      n = tens
    }
    this.length = end
  }

  /** Lower-case hexadecimal of two 32-bit halves, no prefix, no leading zeros ("0" for zero). */
  hexDigits(low: number, high: number): void {
    this.reserve(16)
    const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high)
    const digits = bits === 0 ? 1 : (bits + 3) >> 2
    const { bytes } = this
    const end = this.length + digits
    let half = low
    for (let at = end - 1; at >= this.length; at--) {
      if (end - at === 9) half = high
      bytes[at] = hexDigits[half & 15]!
      half >>>= 4
    }
    this.length = end
  }

  /** `0x…` of two halves. */
  hex(low: number, high = 0): void {
    this.putChar('0')
    this.putChar('x')
    this.hexDigits(low, high)
  }

  /** Two hexadecimal digits of a byte. */
  hexByte(b: number): void {
    this.reserve(2)
    this.bytes[this.length++] = hexDigits[b >> 4]!
    this.bytes[this.length++] = hexDigits[b & 15]!
  }

  /** Blanks up to column `column` counted from `start`; none when already there. */
  padTo(start: number, column: number): void {
    let n = column - (this.length - start)
    this.reserve(Math.max(0, n))
    while (n-- > 0) this.bytes[this.length++] = 32
  }
}
