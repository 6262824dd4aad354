/** Writes the plans of the table's calls into the folder that is named: a step of the build. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planFiles } from '../src/capture/ptrace/plan-file.ts'
import { planOfTable } from '../src/capture/ptrace/table-plans.ts'

for (const [name, text] of planFiles(planOfTable)) writeFileSync(join(process.argv[2]!, name), text)
