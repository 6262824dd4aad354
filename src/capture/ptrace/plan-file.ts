/**
 * The table's plans in files beside the bundles, one an architecture. Plans are plain data: a capture thread that reads them starts without the
 * table and all its names, which would take longer to set up than all else that it does before the program runs.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ArchName, archNames } from '../../record/layout.ts'
import type { Plan } from '../../types/plan.ts'
import type { PlanOf } from './plans.ts'

/** By number: a plan as JSON, which is parsed when it is wanted; null where there is no call. */
type PlanFile = readonly (string | null)[]

/** Numbers of calls are below. */
const end = 1024
const fileName = (arch: ArchName): string => `plans-${arch}.json`

/** The files: name and text. */
export function planFiles(planOf: PlanOf): [name: string, text: string][] {
  return archNames.map(arch => {
    const list: PlanFile = Array.from({ length: end }, (_, sysno) => {
      const plan = planOf(arch, sysno)
      return plan === undefined ? null : JSON.stringify(plan)
    })
    return [fileName(arch), JSON.stringify(list.slice(0, list.findLastIndex(plan => plan !== null) + 1))]
  })
}

/** The plans of the files in a folder; null when there are none. */
export function readPlanFiles(folder: string): PlanOf | null {
  if (!existsSync(join(folder, fileName('amd64')))) return null
  const files = new Map<ArchName, PlanFile>()
  return (arch, sysno) => {
    let file = files.get(arch)
    if (file === undefined)
      files.set(arch, (file = JSON.parse(readFileSync(join(folder, fileName(arch)), 'utf8')) as PlanFile))
    const plan = file[sysno]
    return plan === undefined || plan === null ? undefined : (JSON.parse(plan) as Plan)
  }
}
