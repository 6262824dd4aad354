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

  /** The next `count` varints, into `to`. */
  varints(to: Uint32Array, count: number): void {
    const view = this.#view
    const end = this.#end
    let at = this.#at
    for (let i = 0; i < count; i++) {
      // Nearly all are of one byte.
      const byte = at < end ? view.getUint8(at) : 128
      if (byte < 128) {
        to[i] = byte
        at++
      } else {
        this.#at = at
        to[i] = this.varint()
        at = this.#at
      }
    }
    this.#at = at
  }

  uint32(): number {
    this.#at += 4
    if (this.#at <= this.#end) return this.#view.getUint32(this.#at - 4, true)
    this.exhausted = true
    return 0
  }

  float64(): number {
    this.#at += 8
    if (this.#at <= this.#end) return this.#view.getFloat64(this.#at - 8, true)
    this.exhausted = true
    return 0
  }
}
