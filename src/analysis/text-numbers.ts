/** Texts by number: most are said again and again, and a number is soon copied. */

/** Texts, and characters in them, that are remembered at once. */
const mostTexts = 1 << 17
const mostCharacters = 1 << 24
/** Places for texts seen last, by their bytes. */
const placeBits = 16

/** 0 is for no text. */
export class TextNumbers {
  readonly #take: (texts: readonly string[], first: number) => void
  readonly #numbers = new Map<string, number>()
  /** Those that have not been handed over. */
  #fresh: string[] = []
  #characters = 0
  /** By some of their bytes: making a string takes longer than comparing. */
  readonly #seen = new Array<{ readonly view: DataView; readonly number: number } | undefined>(1 << placeBits)

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
    const known = this.#seen[place]
    if (known !== undefined && isSame(known.view, view, from, length)) return known.number
    const own = bytes.slice(from, to)
    const number = this.numberOf(textOf(own, 0, length))
    this.#seen[place] = { view: new DataView(own.buffer), number }
    return number
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
    this.#seen.fill(undefined)
    this.#characters = 0
  }
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')

/** Whether the `length` bytes of `own`, at least four, stand in `view` too. */
function isSame(own: DataView, view: DataView, from: number, length: number): boolean {
  if (own.byteLength !== length) return false
  const last = length - 4
  for (let i = 0; i < last; i += 4) if (own.getUint32(i) !== view.getUint32(from + i)) return false
  return own.getUint32(last) === view.getUint32(from + last)
}
