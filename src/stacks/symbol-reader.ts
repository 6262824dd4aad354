/** A mangled symbol, read from its beginning to its end. */

/** What the symbol says is nothing that we know how to write. */
export class NotUnderstood extends Error {}

export class SymbolReader {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.at === this.#text.length
  }

  /** Its next character. */
  get ahead(): string | undefined {
    return this.#text[this.at]
  }

  /** What is left of it. */
  get rest(): string {
    return this.#text.slice(this.at)
  }

  /** Whether it goes on with this text. */
  peek(text: string): boolean {
    return this.#text.startsWith(text, this.at)
  }

  /** The same; where it does, it is read. */
  take(text: string): boolean {
    if (!this.peek(text)) return false
    this.at += text.length
    return true
  }

  expect(text: string): void {
    if (!this.take(text)) throw new NotUnderstood()
  }

  next(): string {
    const c = this.#text[this.at++]
    if (c === undefined) throw new NotUnderstood()
    return c
  }

  /** What of the rest a pattern (which begins with ^ and may be empty) fits. */
  match(pattern: RegExp): string {
    const found = pattern.exec(this.rest)![0]
    this.at += found.length
    return found
  }

  /** Decimal; `n` stands for a minus. */
  number(): number {
    const digits = /^n?\d+/.exec(this.#text.slice(this.at, this.at + 12))?.[0]
    if (digits === undefined) throw new NotUnderstood()
    this.at += digits.length
    return Number(digits.replace('n', '-'))
  }

  /** A number, and the `_` behind it. */
  numberWithEnd(): number {
    const number = this.number()
    this.expect('_')
    return number
  }

  /** `_` is the first, `0_` the second, and so on: of what comes several times. */
  ordinal(): number {
    return this.take('_') ? 0 : this.numberWithEnd() + 1
  }
}
