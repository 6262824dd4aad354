/** What is written into columns comes back from DuckDB: texts above all, which it gets as memory. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ColumnBatch, type RowSink } from './column-batch.ts'
import { TableAppender } from './table-appender.ts'
import { createTables } from './tables.ts'
import { TextImages } from './text-images.ts'
import { TextNumbers } from './text-numbers.ts'

const api = await import('@duckdb/node-api').catch(() => null)
const missing = api === null ? 'DuckDB is not installed: npm install @duckdb/node-api' : false

test('rows come back: texts of all lengths, also those numbered anew, and NULLs', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const duckdb = { api: api!, bindings: (await import('@duckdb/node-bindings')).default }
  const instance = await duckdb.api.DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const statement of createTables) await connection.run(statement)
  const images = new TextImages()
  const appender = await TableAppender.of(duckdb, connection, 'signals', images)
  const sink: RowSink = {
    rows: (_, columns, length) => appender.append(columns, length),
    texts: (texts, first) => images.put(texts, first),
  }
  const texts = new TextNumbers(sink.texts)
  const rows = new ColumnBatch('signals', texts, sink)
  const text = (n: number): string | null =>
    n % 7 === 0
      ? null
      : n % 1000 === 1
        ? 'long '.repeat(30_000)
        : 'é—text of many'.slice(0, n % 15) + (n % 2100)
  const count = 5000
  for (let n = 0; n < count; n++) {
    rows.add(n === 3 ? 1e300 : n / 8, n, -n - 1, text(n), text(n + 1), n % 5 === 0 ? null : n)
    if (n % 1700 !== 1699) continue
    rows.flush()
    texts.forget()
  }
  rows.flush()
  appender.close()
  const reader = await connection.runAndReadAll(
    'SELECT epoch_us(time), pid, tid, comm, signal, sender FROM signals ORDER BY pid',
  )
  const wanted = Array.from({ length: count }, (_, n) => [
    n === 3 ? null : BigInt(n * 125),
    n,
    -n - 1,
    text(n),
    text(n + 1),
    n % 5 === 0 ? null : n,
  ])
  assert.deepEqual(reader.getRows(), wanted)
  connection.closeSync()
  instance.closeSync()
})

test('a text has one number, also as bytes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ab', 'é', '/', 'name'), maxLength: 12 })
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), words => {
      const known = ['']
      const numbers = new TextNumbers((texts, first) => void known.splice(first, texts.length, ...texts))
      for (const text of [...words, ...words]) {
        const bytes = Buffer.from(`__${text}__`)
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        const number = numbers.numberOfBytes(bytes, view, 2, bytes.length - 2)
        assert.equal(numbers.numberOf(text), number)
        numbers.flush()
        assert.equal(known[number], text)
      }
    }),
  )
})
