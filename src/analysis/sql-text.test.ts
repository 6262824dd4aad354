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

test('statements are told apart', () => {
  for (const [sql, all] of [
    ["select ';'", ["select ';'"]],
    ['select 1; -- two;', ['select 1']],
    ['select 1 /* ; */; select $$;$$;', ['select 1 /* ; */', ' select $$;$$']],
    [';;', []],
    ['', []],
  ] as const)
    assert.deepEqual(statementsOf(sql), all, sql)
})
