/** The memory of a made-up call: stretches that are handed out one after the other, with nothing between that anybody wrote. */

const gap = 64
const most = 1 << 22

export class SampleMemory {
  readonly #base: number
  #bytes = new Uint8Array(1 << 14)
  #used = gap

  /** `base`: the address of the first byte. */
  constructor(base: number) {
    this.#base = base
  }

  /** The address of `length` bytes that nobody else has. */
  take(length: number): number {
    const at = this.#used
    const end = at + Math.ceil(Math.max(length, 1) / 16) * 16 + gap
    if (end > most) throw new Error(`a sample of more than ${most} bytes`)
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#used = end
    return this.#base + at
  }

  has(address: number): boolean {
    return address >= this.#base && address < this.#base + this.#used
  }

  write(address: number, bytes: Uint8Array): void {
    const at = address - this.#base
    if (at >= 0 && at + bytes.length <= this.#used) this.#bytes.set(bytes, at)
  }

  /** Writes a little-endian number. */
  put(address: number, size: number, value: bigint): void {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true)
    this.write(address, bytes.subarray(0, Math.min(size, 8)))
  }

  /** The bytes that there are from `address` on, at most `length`. */
  read(address: number, length: number): Uint8Array {
    const at = address - this.#base
    return at < 0 || at >= this.#used
      ? new Uint8Array()
      : this.#bytes.subarray(at, Math.min(at + length, this.#used))
  }

  /** A little-endian number; 0 where there is nothing. */
  number(address: number, size: number): bigint {
    const bytes = this.read(address, size)
    let value = 0n
    for (let i = Math.min(bytes.length, size) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
    return value
  }
}
