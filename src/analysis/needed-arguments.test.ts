import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsArguments } from './needed-arguments.ts'
import { questions } from './questions.ts'

const missing = await import('@duckdb/node-api').then(
  () => false as const,
  () => 'DuckDB is not installed: npm install @duckdb/node-api',
)

test('arguments are decoded for questions that look at them', {
  skip: missing,
  timeout: 60_000,
}, async () => {
  for (const [sql, needs] of [
    ['select count(*) from calls', false],
    ['select pid * 2 from calls -- all', false],
    ['select path from files;', false],
    ['selec 1', false],
    ['select * from calls', true],
    ['from calls', true],
    ['select calls from calls', true],
    ['summarize calls', true],
    ["select name from calls where args->>'fd' = '3'", true],
    ['create table x as select 1; select * from x', true],
    ...Object.values(questions).map(({ sql }) => [sql, false] as const),
  ] as const)
    assert.equal(await needsArguments(sql), needs, sql)
})
