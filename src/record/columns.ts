/** Numbers that come in one order, and are written column by column. */
export class Columns {
  length = 0
  #values = new Uint32Array(1024)
  #columnOf = new Uint32Array(1024)
  #sorted = new Uint32Array(1024)
  /** Numbers of each column, and how many columns there are. */
  #counts = new Uint32Array(1024)
  #columns = 0

  clear(): void {
    this.#counts.fill(0, 0, this.#columns)
    this.length = this.#columns = 0
  }

  add(column: number, value: number): void {
    if (this.length === this.#values.length) this.#widen()
    if (column >= this.#columns) {
      this.#columns = column + 1
      if (column >= this.#counts.length) this.#counts = widened(this.#counts, column + 1)
    }
    this.#counts[column]!++
    this.#columnOf[this.length] = column
    this.#values[this.length++] = value
  }

  /** The numbers by column, valid until the next call; what is here is cleared then. */
  sorted(): Uint32Array<ArrayBuffer> {
    const [counts, columnOf, values, sorted] = [this.#counts, this.#columnOf, this.#values, this.#sorted]
    firstPlaces(counts, this.#columns, 0)
    for (let i = 0; i < this.length; i++) sorted[counts[columnOf[i]!]!++] = values[i]!
    const length = this.length
    this.clear()
    return sorted.subarray(0, length)
  }

  #widen(): void {
    this.#values = widened(this.#values, 0)
    this.#columnOf = widened(this.#columnOf, 0)
    this.#sorted = new Uint32Array(this.#values.length)
  }
}

/** Turns numbers of `columns` columns into where the first of each stands, when the first of all does at `from`; where the last ends. */
export function firstPlaces(counts: Uint32Array, columns: number, from: number): number {
  let place = from
  for (let i = 0; i < columns; i++) {
    const count = counts[i]!
    counts[i] = place
    place += count
  }
  return place
}

/** A copy that is at least twice as long, and has room for `least`. */
export function widened(old: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const wide = new Uint32Array(Math.max(old.length * 2, least))
  wide.set(old)
  return wide
}
