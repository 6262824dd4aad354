/** Bytes of a program's buffer, as far as they were captured. */

const decoder = new TextDecoder()

/** A copy of what a program read, wrote or was given. */
export class Data extends Uint8Array {
  /** How many bytes the program's buffer held; `length` of them are here. */
  fullLength = 0

  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array
  }

  /** Takes `length` bytes of `source` that stand at `at`. */
  static copy(source: Uint8Array, at: number, length: number, fullLength: number): Data {
    const data = new Data(length)
    data.set(source.subarray(at, at + length))
    data.fullLength = fullLength
    return data
  }

  /** There was more than what is here: the capture's limit was reached, or the rest could not be read. */
  get cut(): boolean {
    return this.fullLength > this.length
  }

  /** As UTF-8. */
  text(): string {
    return decoder.decode(this)
  }
}
