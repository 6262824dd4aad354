import { loadKoffi } from './load-koffi.ts'

/**
 * Memory that native code reads and writes, handed out once and kept.
 *
 * `koffi.address` does not keep a buffer alive, and small typed arrays move with V8's heap: an address of
 * either, used later, corrupts the heap somewhere else, minutes on. The memory of a SharedArrayBuffer
 * never moves, and this object holds the buffer for as long as the addresses are in use.
 */
export class NativeMemory {
  readonly buffer: SharedArrayBuffer
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly words: Uint32Array
  /** The address of the first byte. */
  readonly address: number
  #used = 0

  constructor(memory: number | SharedArrayBuffer) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer((memory + 7) & ~7) : memory
    this.bytes = new Uint8Array(this.buffer)
    this.view = new DataView(this.buffer)
    this.words = new Uint32Array(this.buffer)
    this.address = Number(loadKoffi().address(this.bytes))
  }

  /** Takes `bytes` more, aligned to 16; returns their offset. */
  take(bytes: number): number {
    const offset = this.#used
    if (offset + bytes > this.bytes.length)
      throw new RangeError(`native memory of ${this.bytes.length} bytes is used up`)
    this.#used = (offset + bytes + 15) & ~15
    return offset
  }

  /** Writes a number of up to 2^53 as 64 bits. */
  setUint64(offset: number, value: number): void {
    this.view.setUint32(offset, value % 0x1_0000_0000, true)
    this.view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true)
  }

  getUint64(offset: number): number {
    return this.view.getUint32(offset, true) + this.view.getUint32(offset + 4, true) * 0x1_0000_0000
  }

  /** Takes a copy of `text` (one char is one byte) with a NUL behind it; returns its address. */
  takeText(text: string): number {
    const offset = this.take(text.length + 1)
    for (let i = 0; i < text.length; i++) this.bytes[offset + i] = text.charCodeAt(i)
    return this.address + offset
  }

  /** Takes a vector of pointers to copies of `texts`, ended by NULL; returns its address. */
  takeTexts(texts: readonly string[]): number {
    const vector = this.take((texts.length + 1) * 8)
    texts.forEach((text, i) => {
      this.setUint64(vector + i * 8, this.takeText(text))
    })
    this.setUint64(vector + texts.length * 8, 0)
    return this.address + vector
  }

  /** The bytes that `takeTexts` needs. */
  static sizeOfTexts(texts: readonly string[]): number {
    return texts.reduce((sum, text) => sum + ((text.length + 16) & ~15), (texts.length + 3) * 8)
  }
}
