/** The tables of a recording as files in a folder, one each. */
import { join } from 'node:path'
import type { Column, RowSink } from './column-batch.ts'
import { ColumnEncoder } from './column-encoder.ts'
import { ParquetFile } from './parquet-file.ts'
import { type TableName, tableNames } from './tables.ts'
import type { TextNumbers } from './text-numbers.ts'

export const tableFile = (folder: string, table: TableName): string => join(folder, `${table}.parquet`)

export class TableFiles implements RowSink {
  readonly #files: ReadonlyMap<TableName, ParquetFile>

  /** Makes the files, which must not be there. */
  constructor(folder: string) {
    const encoder = new ColumnEncoder()
    this.#files = new Map(
      tableNames.map(table => [table, new ParquetFile(tableFile(folder, table), table, encoder)]),
    )
  }

  rows(table: TableName, columns: readonly Column[], length: number, texts: TextNumbers): void {
    this.#files.get(table)!.rows(columns, length, texts)
  }

  /** Until then they cannot be read. */
  close(): void {
    for (const file of this.#files.values()) file.close()
  }
}
