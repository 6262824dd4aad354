/** What is written into columns comes back from DuckDB, which reads the files. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { ColumnBatch } from './column-batch.ts'
import { FileUses } from './file-uses.ts'
import { TableFiles, tableFile } from './table-files.ts'
import { type TableName, tableNames, typesOf } from './tables.ts'
import { hashOf, TextNumbers } from './text-numbers.ts'

const api = await import('@duckdb/node-api').catch(() => null)
const missing = api === null ? 'DuckDB is not installed: npm install @duckdb/node-api' : false
const folder = mkdtempSync(join(tmpdir(), 'sysglass-tables-'))
after(() => rmSync(folder, { recursive: true }))

/** What DuckDB finds in the files of a folder. */
async function ask(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await api!.DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRows()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A folder with the tables that `write` fills. */
function written(name: string, write: (files: TableFiles) => void): (table: TableName) => string {
  const own = mkdtempSync(join(folder, `${name}-`))
  const files = new TableFiles(own)
  write(files)
  files.close()
  return table => `read_parquet('${tableFile(own, table)}')`
}

test('rows come back: texts of all lengths, also those numbered anew, and NULLs', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const text = (n: number): string | null =>
    n % 7 === 0
      ? null
      : n % 1000 === 1
        ? 'long '.repeat(30_000)
        : 'é—text of many'.slice(0, n % 15) + (n % 2100)
  const count = 5000
  const at = written('rows', files => {
    const texts = new TextNumbers()
    const rows = new ColumnBatch('signals', texts, files)
    for (let n = 0; n < count; n++) {
      rows.add(n === 3 ? 1e300 : n / 8, n, -n - 1, text(n), text(n + 1), n % 5 === 0 ? null : n)
      if (n % 1700 !== 1699) continue
      rows.flush()
      texts.forget()
    }
    rows.flush()
  })
  const found = await ask(
    `SELECT epoch_us(time), pid, tid, comm, signal, sender FROM ${at('signals')} ORDER BY pid`,
  )
  const wanted = Array.from({ length: count }, (_, n) => [
    n === 3 ? null : BigInt(n * 125),
    n,
    -n - 1,
    text(n),
    text(n + 1),
    n % 5 === 0 ? null : n,
  ])
  assert.deepEqual(found, wanted)
})

test('columns with all values, none and one; with more texts than two bytes count; and more rows than a batch', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const count = 200_000
  const at = written('many', files => {
    const texts = new TextNumbers()
    const rows = new ColumnBatch('processes', texts, files)
    for (let n = 0; n < count; n++) {
      const many = n < 70_000 ? `text ${n}` : 'the same'
      rows.add(n, null, many, 'one', n, null, 7, null, n / 2, 2 ** 40 + n, -n, n % 2 ? null : n, null, 0)
    }
    rows.flush()
  })
  const [row] = await ask(
    `SELECT count(*), count(parent), count(DISTINCT comm), count(*) FILTER (comm = 'the same'), any_value(command),
       min(code), count(signal), sum(cpu), sum(max_memory)::BIGINT, sum(bytes_read)::BIGINT, count(bytes_written),
       count(from_storage), sum(to_storage)::BIGINT, bool_and(pid > 69999 OR comm = 'text ' || pid) FROM ${at('processes')}`,
  )
  const sum = BigInt((count * (count - 1)) / 2)
  const memory = BigInt(count) * 2n ** 40n + sum
  assert.deepEqual(row, [
    BigInt(count),
    0n,
    70_001n,
    130_000n,
    'one',
    7,
    0n,
    Number(sum) / 2,
    memory,
    -sum,
    BigInt(count / 2),
    0n,
    0n,
    true,
  ])
})

test('arguments come back, and what is no text of them does not', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const count = 3000
  const at = written('args', files => {
    const rows = new ColumnBatch('calls', new TextNumbers(), files)
    const { text, ends } = rows.loose('args')
    for (let n = 0; n < count; n++) {
      const row = rows.next()
      if (n % 3 === 1) text.put(`{"n":${n}}`)
      if (n === 1000) text.putByte(0xff)
      ends[row] = text.length
    }
    rows.flush()
  })
  const [row] = await ask(
    `SELECT count(*), count(args), sum((args->>'n')::INTEGER)::INTEGER, any_value(typeof(args)) FROM ${at('calls')}`,
  )
  assert.deepEqual(row, [BigInt(count), 999n, 1_499_500 - 1000, 'JSON'])
})

test('tables without rows have the columns that tables have', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const at = written('none', () => {})
  for (const table of tableNames) {
    const found = await ask(`SELECT column_type FROM (DESCRIBE FROM ${at(table)})`)
    assert.deepEqual(found.flat(), typesOf(table))
    assert.deepEqual(await ask(`SELECT count(*) FROM ${at(table)}`), [[0n]])
  }
})

test('sums of files come out the same in however many rows', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  const count = 400_000
  const at = written('uses', files => {
    const texts = new TextNumbers()
    const uses = new FileUses(new ColumnBatch('file_uses', texts, files))
    for (let n = 0; n < count; n++) {
      const path = texts.numberOf(`/file ${n % 70_001}`)
      const call = {
        pid: n % 3,
        comm: 0,
        failed: n % 10 === 0,
        bytes: 2 ** 33,
        duration: n % 2 ? 1 : Number.NaN,
      }
      uses.add(path, call, n % 4 === 0, true, n % 5 === 0)
    }
    uses.flush()
  })
  const [row] = await ask(
    `SELECT sum(calls)::INTEGER, sum(failed)::INTEGER, sum(opened)::INTEGER, sum(bytes_read)::BIGINT,
       sum(bytes_written)::BIGINT, sum(duration), count(DISTINCT (pid, path)) FROM ${at('file_uses')}`,
  )
  const bytes = BigInt(count) * 2n ** 33n
  assert.deepEqual(row, [count, count / 10, count / 4, bytes, bytes / 5n, count / 2, BigInt(3 * 70_001)])
})

test('a text has one number, also as bytes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ab', 'é', '/', 'name'), maxLength: 12 })
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), words => {
      const numbers = new TextNumbers()
      for (const text of [...words, ...words]) {
        const bytes = Buffer.from(`__${text}__`)
        const number = numberOfBytes(numbers, bytes.subarray(2, -2))
        assert.equal(numbers.numberOf(text), number)
        assert.equal(textOf(numbers, number), text)
      }
    }),
  )
})

test('texts that want the same place have numbers too', () => {
  const numbers = new TextNumbers()
  const bytes = Buffer.alloc(8)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const twins: string[] = []
  for (let n = 0; twins.length < 45; n++) {
    bytes.write(String(n).padStart(8, '0'), 'latin1')
    // 32 of the 2^19 places.
    if ((hashOf(view, 0, 8) & 0x7ffe0) === 0) twins.push(bytes.toString())
  }
  const found = twins.map(text => numberOfBytes(numbers, Buffer.from(text)))
  assert.deepEqual(
    found.map(number => textOf(numbers, number)),
    twins,
  )
  assert.deepEqual(
    twins.map(text => numbers.numberOf(text)),
    found,
  )
  const [bad, worse] = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe])]
  assert.equal(textOf(numbers, numberOfBytes(numbers, bad)), 'a\ufffd')
  assert.equal(numberOfBytes(numbers, bad), numberOfBytes(numbers, worse))
})

const numberOfBytes = (numbers: TextNumbers, bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return numbers.numberOfBytes(bytes, view, 0, bytes.length)
}

function textOf(numbers: TextNumbers, number: number): string {
  const bytes = Buffer.alloc(numbers.lengthOf(number))
  numbers.copy(number, bytes, 0)
  return bytes.toString()
}
