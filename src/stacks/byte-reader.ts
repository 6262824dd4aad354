/** Reads the encodings of DWARF (sections 7.6 and 7.7 of DWARF 5) out of bytes that may be wrong: beyond the end it throws a RangeError. */
export class ByteReader {
  readonly view: DataView
  at: number
  end: number

  constructor(view: DataView, at = 0, end = view.byteLength) {
    this.view = view
    this.at = at
    this.end = Math.min(end, view.byteLength)
    if (!(at >= 0 && at <= this.end)) throw new RangeError('outside of the section')
  }

  get more(): boolean {
    return this.at < this.end
  }

  u8(): number {
    return this.view.getUint8(this.#take(1))
  }
  u16(): number {
    return this.view.getUint16(this.#take(2), true)
  }
  u32(): number {
    return this.view.getUint32(this.#take(4), true)
  }
  i8(): number {
    return this.view.getInt8(this.#take(1))
  }
  i16(): number {
    return this.view.getInt16(this.#take(2), true)
  }
  i32(): number {
    return this.view.getInt32(this.#take(4), true)
  }
  /** Addresses of programs are below 2^53. */
  u64(): number {
    const at = this.#take(8)
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000
  }
  i64(): number {
    const at = this.#take(8)
    return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * 0x1_0000_0000
  }
  uleb(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 128) return value
      if (scale > 2 ** 56) throw new RangeError('a number without an end')
    }
  }
  sleb(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (byte < 128) return byte & 0x40 ? value - scale * 128 : value
      if (scale > 2 ** 56) throw new RangeError('a number without an end')
    }
  }
  /** A string ended by NUL, latin1. */
  text(): string {
    let text = ''
    for (let byte = this.u8(); byte !== 0; byte = this.u8()) text += String.fromCharCode(byte)
    return text
  }
  /** A part of `bytes` bytes, which is then behind us. */
  part(bytes: number): ByteReader {
    const at = this.#take(bytes)
    return new ByteReader(this.view, at, at + bytes)
  }

  #take(bytes: number): number {
    const { at } = this
    if (!(bytes >= 0) || at + bytes > this.end) throw new RangeError('outside of the section')
    this.at = at + bytes
    return at
  }
}
