/** Texts by number: most are said again and again, and a number is soon copied. */

/** Texts, and characters in them, that are remembered at once. */
const mostTexts = 1 << 17
const mostCharacters = 1 << 24
/** Places for texts seen last, by their bytes. */
const placeBits = 16
/** Bytes of theirs that are kept, and of one. */
const seenBytes = 1 << 22
const longestSeen = 4096

/** 0 is for no text. */
export class TextNumbers {
  readonly #take: (texts: readonly string[], first: number) => void
  readonly #numbers = new Map<string, number>()
  /** Those that have not been handed over. */
  #fresh: string[] = []
  #characters = 0
  /** By some of their bytes, since making a string takes longer than comparing: where in #bytes they stand, -1 for nowhere. */
  readonly #seenAt = new Int32Array(1 << placeBits).fill(-1)
  readonly #seenLength = new Int32Array(1 << placeBits)
  readonly #seenNumber = new Int32Array(1 << placeBits)
  readonly #bytes = new Uint8Array(seenBytes)
  readonly #view = new DataView(this.#bytes.buffer)
  #used = 0

  /** `take` gets texts whose numbers count up from `first`. */
  constructor(take: (texts: readonly string[], first: number) => void) {
    this.#take = take
  }

  /** Whether so much is remembered that it is time to forget. */
  get full(): boolean {
    return this.#numbers.size >= mostTexts || this.#characters >= mostCharacters
  }

  numberOf(text: string | null): number {
    if (text === null) return 0
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#numbers.size + 1
      this.#numbers.set(text, number)
      this.#fresh.push(text)
      this.#characters += text.length
    }
    return number
  }

  /** The number of a text that stands in UTF-8: what is none of it is shown as U+FFFD. */
  numberOfBytes(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    const length = to - from
    if (length < 4) return this.numberOf(textOf(bytes, from, to))
    const middle = view.getUint32(from + ((length - 4) >> 1), true)
    const last = view.getUint32(to - 4, true)
    const place = Math.imul(Math.imul(last ^ length, 0x9e37_79b1) ^ middle, 0x85eb_ca6b) >>> (32 - placeBits)
    const at = this.#seenAt[place]!
    if (at >= 0 && this.#seenLength[place] === length && isSame(this.#view, at, view, from, length))
      return this.#seenNumber[place]!
    const number = this.numberOf(textOf(bytes, from, to))
    if (length <= longestSeen) this.#see(place, bytes, from, length, number)
    return number
  }

  #see(place: number, bytes: Uint8Array, from: number, length: number, number: number): void {
    if (this.#used + length > seenBytes) this.#forgetSeen()
    const own = this.#bytes
    const at = this.#used
    for (let i = 0; i < length; i++) own[at + i] = bytes[from + i]!
    this.#seenAt[place] = at
    this.#seenLength[place] = length
    this.#seenNumber[place] = number
    this.#used += length
  }

  #forgetSeen(): void {
    this.#seenAt.fill(-1)
    this.#used = 0
  }

  /** Hands over texts that are new. */
  flush(): void {
    if (this.#fresh.length === 0) return
    this.#take(this.#fresh, this.#numbers.size - this.#fresh.length + 1)
    this.#fresh = []
  }

  /** Begins anew with 1: whatever has the numbers from before must be through. */
  forget(): void {
    this.flush()
    this.#numbers.clear()
    this.#forgetSeen()
    this.#characters = 0
  }
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')

/** Whether `length` bytes, at least four, are the same in both. */
function isSame(a: DataView, at: number, b: DataView, from: number, length: number): boolean {
  const last = length - 4
  for (let i = 0; i < last; i += 4) if (a.getUint32(at + i) !== b.getUint32(from + i)) return false
  return a.getUint32(at + last) === b.getUint32(from + last)
}
