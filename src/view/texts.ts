/** Texts by number, the numbers in the order of coming. Runs in node and in browsers. */

/** Texts that are kept together at most, in characters: a hostile recording may have a new one for each call. */
const most = 1 << 28
const tooMany = '…'

export class Texts {
  readonly list: string[] = []
  readonly #numbers = new Map<string, number>()
  #room = most

  /** `texts`: those with the first numbers. */
  constructor(texts: readonly string[] = []) {
    for (const text of texts) this.numberOf(text)
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    if (this.#room < text.length && text !== tooMany) return this.numberOf(tooMany)
    this.#room -= text.length
    const number = this.list.push(text) - 1
    this.#numbers.set(text, number)
    return number
  }

  text(number: number): string {
    return this.list[number] ?? ''
  }
}
