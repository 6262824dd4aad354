/**
 * A table on its way into a Parquet file, which DuckDB asks where it stands. We write it ourselves: our columns are numbers in memory, which
 * a file has as they are, and texts by number, which is its own way to have them. What takes rows from JavaScript one by one, or
 * columns and compresses them, takes longer than all that comes before.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Column } from './column-batch.ts'
import type { ColumnEncoder, EncodedColumn } from './column-encoder.ts'
import { type ColumnType, type TableName, tables } from './tables.ts'
import type { TextNumbers } from './text-numbers.ts'
import { ThriftWriter } from './thrift-compact.ts'

// Numbers of parquet.thrift.
const Physical = { INTEGER: 1, BIGINT: 2, TIMESTAMP: 2, DOUBLE: 5, VARCHAR: 6, JSON: 6 } as const
const Converted: { readonly [type in ColumnType]?: number } = { VARCHAR: 0, TIMESTAMP: 10, JSON: 19 }
const Encoding = { plain: 0, levels: 3, dictionary: 8 } as const
const Page = { data: 0, dictionary: 2 } as const
const optional = 1
const Codec = { none: 0, brotli: 4 } as const
const magic = Buffer.from('PAR1')

interface Chunk {
  readonly dictionaryAt: number | null
  readonly dataAt: number
  readonly bytes: number
  /** Before they were compressed. */
  readonly unpacked: number
}

interface RowGroup {
  readonly rows: number
  readonly chunks: readonly Chunk[]
}

export class ParquetFile {
  readonly #fd: number
  readonly #columns: readonly NamedColumn[]
  readonly #encoder: ColumnEncoder
  readonly #groups: RowGroup[] = []
  #at = 0

  /** Throws node's errors, as all that follows. */
  constructor(path: string, table: TableName, encoder: ColumnEncoder) {
    this.#encoder = encoder
    this.#columns = tables[table]
    this.#fd = openSync(path, 'wx', 0o600)
    this.#write(magic)
  }

  /** Writes rows as a group. */
  rows(columns: readonly Column[], length: number, texts: TextNumbers): void {
    const chunks = this.#columns.map(([, type], i) =>
      this.#chunk(type, this.#encoder.encode(type, columns[i]!, length, texts), length),
    )
    this.#groups.push({ rows: length, chunks })
  }

  close(): void {
    const footer = this.#footer()
    const length = Buffer.alloc(4)
    length.writeUint32LE(footer.length)
    for (const bytes of [footer, length, magic]) this.#write(bytes)
    closeSync(this.#fd)
  }

  #chunk(type: ColumnType, { dictionary, levels, values }: EncodedColumn, rows: number): Chunk {
    const begin = this.#at
    let unpacked = 0
    const page = (
      kind: number,
      content: readonly Uint8Array[],
      describe: (header: ThriftWriter) => void,
    ): void => {
      const bytes = lengthOf(content)
      const written = isPacked(type) ? [brotliCompressSync(Buffer.concat(content), quickly)] : content
      const header = new ThriftWriter().int(1, kind).int(2, bytes).int(3, lengthOf(written))
      describe(header)
      const head = header.end()
      for (const part of [head, ...written]) this.#write(part)
      unpacked += head.length + bytes
    }
    if (dictionary !== null) {
      const { bytes, count } = dictionary
      page(Page.dictionary, [bytes], header =>
        header.struct(7, () => header.int(1, count).int(2, Encoding.plain)),
      )
    }
    const dataAt = this.#at
    const encoding = dictionary === null ? Encoding.plain : Encoding.dictionary
    page(Page.data, [levels, ...values], header =>
      header.struct(5, () =>
        header.int(1, rows).int(2, encoding).int(3, Encoding.levels).int(4, Encoding.levels),
      ),
    )
    return { dictionaryAt: dictionary === null ? null : begin, dataAt, bytes: this.#at - begin, unpacked }
  }

  #footer(): Uint8Array {
    const thrift = new ThriftWriter()
    thrift.int(1, 1)
    thrift.structs(2, [null, ...this.#columns], column => {
      if (column === null) thrift.text(4, 'rows').int(5, this.#columns.length)
      else putColumn(thrift, column)
    })
    thrift.long(3, sum(this.#groups.map(({ rows }) => rows)))
    thrift.structs(4, this.#groups, ({ rows, chunks }) => {
      thrift.structs(1, [...chunks.entries()], ([i, chunk]) => {
        thrift.long(2, 0)
        thrift.struct(3, () => putChunk(thrift, this.#columns[i]!, chunk, rows))
      })
      thrift.long(2, sum(chunks.map(({ unpacked }) => unpacked))).long(3, rows)
    })
    return thrift.text(6, 'sysglass').end()
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at)
    this.#at += bytes.length
  }
}

type NamedColumn = readonly [name: string, type: ColumnType]

function putColumn(thrift: ThriftWriter, [name, type]: NamedColumn): void {
  thrift.int(1, Physical[type]).int(3, optional).text(4, name)
  const converted = Converted[type]
  if (converted !== undefined) thrift.int(6, converted)
}

function putChunk(
  thrift: ThriftWriter,
  [name, type]: NamedColumn,
  { dictionaryAt, dataAt, bytes, unpacked }: Chunk,
  rows: number,
): void {
  thrift.int(1, Physical[type]).ints(2, [Encoding.plain, Encoding.levels, Encoding.dictionary])
  thrift.texts(3, [name]).int(4, isPacked(type) ? Codec.brotli : Codec.none)
  thrift.long(5, rows).long(6, unpacked).long(7, bytes).long(9, dataAt)
  if (dictionaryAt !== null) thrift.long(11, dictionaryAt)
}

/** JSON takes a tenth of the room; it is not read by who does not ask for it. Of what else there is little is gained. */
const isPacked = (type: ColumnType): boolean => type === 'JSON'
const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

const sum = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0)
const lengthOf = (parts: readonly Uint8Array[]): number => sum(parts.map(({ length }) => length))
