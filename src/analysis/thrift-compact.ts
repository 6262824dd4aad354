/** Thrift's compact protocol, as far as Parquet's headers need it: structures whose fields have numbers. */
import { putVarint } from '../record/byte-stream.ts'

const Type = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const

export class ThriftWriter {
  readonly #bytes: number[] = []
  /** The field written last, of each structure that is open. */
  readonly #last: number[] = [0]

  int(field: number, value: number): this {
    this.#field(field, Type.i32)
    return this.#zigzag(value)
  }

  long(field: number, value: number): this {
    this.#field(field, Type.i64)
    return this.#zigzag(value)
  }

  text(field: number, text: string): this {
    this.#field(field, Type.binary)
    return this.#text(text)
  }

  struct(field: number, write: () => void): this {
    this.#field(field, Type.struct)
    return this.#struct(write)
  }

  structs<T>(field: number, values: readonly T[], write: (value: T) => void): this {
    return this.#list(field, Type.struct, values, value => this.#struct(() => write(value)))
  }

  ints(field: number, values: readonly number[]): this {
    return this.#list(field, Type.i32, values, value => this.#zigzag(value))
  }

  texts(field: number, values: readonly string[]): this {
    return this.#list(field, Type.binary, values, value => this.#text(value))
  }

  /** All of it, as one structure. */
  end(): Uint8Array {
    this.#bytes.push(0)
    return Uint8Array.from(this.#bytes)
  }

  #field(field: number, type: number): void {
    const step = field - this.#last.at(-1)!
    this.#last[this.#last.length - 1] = field
    this.#bytes.push((step << 4) | type)
  }

  #struct(write: () => void): this {
    this.#last.push(0)
    write()
    this.#last.pop()
    this.#bytes.push(0)
    return this
  }

  #list<T>(field: number, type: number, values: readonly T[], write: (value: T) => void): this {
    this.#field(field, Type.list)
    if (values.length < 15) this.#bytes.push((values.length << 4) | type)
    else {
      this.#bytes.push(0xf0 | type)
      putVarint(this.#bytes, values.length)
    }
    for (const value of values) write(value)
    return this
  }

  #text(text: string): this {
    const utf8 = Buffer.from(text)
    putVarint(this.#bytes, utf8.length)
    this.#bytes.push(...utf8)
    return this
  }

  #zigzag(value: number): this {
    putVarint(this.#bytes, value < 0 ? -value * 2 - 1 : value * 2)
    return this
  }
}
