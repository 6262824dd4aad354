/** Writes the plans of the table's calls into the folder that is named: a step of the build. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planFiles } from '../src/capture/plans/plan-file.ts'
import { planOfTable } from '../src/capture/plans/table-plans.ts'

for (const [name, content] of planFiles(planOfTable)) {
  const file = join(process.argv[2]!, name)
  writeFileSync(`${file}.new`, content)
  renameSync(`${file}.new`, file)
}
