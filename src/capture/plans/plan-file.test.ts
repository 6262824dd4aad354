import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { archNames } from '../../record/layout.ts'
import { planFiles, readPlanFiles } from './plan-file.ts'
import { planOfTable } from './table-plans.ts'

const folder = mkdtempSync(join(tmpdir(), 'sysglass-'))
after(() => rmSync(folder, { recursive: true }))

test('the files have the table’s plans', () => {
  for (const [name, text] of planFiles(planOfTable)) writeFileSync(join(folder, name), text)
  const read = readPlanFiles(folder)!
  let plans = 0
  for (const arch of archNames)
    for (let sysno = 0; sysno < 1100; sysno++) {
      const plan = planOfTable(arch, sysno)
      assert.deepEqual(read(arch, sysno), plan, `${arch} ${sysno}`)
      if (plan !== undefined) plans++
    }
  assert.ok(plans > 1000)
})

test('without files there are none', () => {
  assert.equal(readPlanFiles(join(folder, 'missing')), null)
})
