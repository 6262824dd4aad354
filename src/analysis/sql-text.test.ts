import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endsStatement, isBlank, statementsOf } from './sql-text.ts'

test('a statement ends with a semicolon that is not quoted', () => {
  for (const [sql, ends] of [
    ['select 1', false],
    ['select 1;', true],
    ['select 1;\n  ', true],
    ['select 1; -- and that was it', true],
    ["select ';", false],
    ["select ';'", false],
    ["select ';';", true],
    ["select 'it''s;';", true],
    ['select "a;', false],
    ['select 1 -- ;', false],
    ['select 1 /* ;', false],
    ['select 1 /* ; */ ;', true],
    ['select $$;', false],
    ['select $x$ ; $$ $x$;', true],
    ['', false],
    [';', true],
  ] as const)
    assert.equal(endsStatement(sql), ends, sql)
})

test('blank', () => {
  assert.ok(isBlank(' \n -- nothing\n /* at all */'))
  assert.ok(!isBlank('select 1 -- one'))
})

test('statements are counted', () => {
  for (const [sql, n] of [
    ["select ';'", 1],
    ['select 1; -- two;', 1],
    ['select 1; select 2;', 2],
    ['', 0],
  ] as const)
    assert.equal(statementsOf(sql), n, sql)
})
