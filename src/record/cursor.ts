/** Reading streams of bytes that may come from anywhere. */

/** Reads a stream; what lies beyond its end is zero, and makes it `exhausted`. */
export class Cursor {
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0
  #end = 0
  exhausted = false

  over(view: DataView, from: number, to: number): this {
    this.#view = view
    this.#at = from
    this.#end = Math.min(to, view.byteLength)
    this.exhausted = false
    return this
  }

  byte(): number {
    if (this.#at < this.#end) return this.#view.getUint8(this.#at++)
    this.exhausted = true
    return 0
  }

  varint(): number {
    let n = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      n |= (byte & 127) << shift
      if (byte < 128) break
    }
    return n >>> 0
  }

  float64(): number {
    this.#at += 8
    if (this.#at <= this.#end) return this.#view.getFloat64(this.#at - 8, true)
    this.exhausted = true
    return 0
  }
}
