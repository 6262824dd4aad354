/**
 * The table's plans in files beside the bundles, one an architecture. Plans are plain data: a capture thread that reads them starts without the
 * table and all its names, which would take longer to set up than all else that it does before the program runs.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ArchName, archNames } from '../../record/layout.ts'
import type { Plan } from '../../types/plan.ts'
import type { PlanOf } from './plans.ts'

/** Numbers of calls are below. */
const end = 1024
/** A file begins with where the plan of each number begins, and where the last ends; a plan is JSON, and empty where there is no call. */
const tableBytes = (end + 1) * 4
const fileName = (arch: ArchName): string => `plans-${arch}.dat`

/** The files: name and content. */
export function planFiles(planOf: PlanOf): [name: string, content: Uint8Array][] {
  return archNames.map(arch => {
    const table = Buffer.alloc(tableBytes)
    const plans: Buffer[] = []
    let at = tableBytes
    for (let sysno = 0; sysno < end; sysno++) {
      table.writeUInt32LE(at, sysno * 4)
      const plan = planOf(arch, sysno)
      if (plan === undefined) continue
      const text = Buffer.from(JSON.stringify(plan))
      plans.push(text)
      at += text.length
    }
    table.writeUInt32LE(at, end * 4)
    return [fileName(arch), Buffer.concat([table, ...plans])]
  })
}

/** The plans of the files in a folder; null when there are none. */
export function readPlanFiles(folder: string): PlanOf | null {
  if (!existsSync(join(folder, fileName('amd64')))) return null
  const files = new Map<ArchName, Buffer>()
  return (arch, sysno) => {
    let file = files.get(arch)
    if (file === undefined) files.set(arch, (file = readFileSync(join(folder, fileName(arch)))))
    if (sysno >= end) return undefined
    const [from, to] = [file.readUInt32LE(sysno * 4), file.readUInt32LE(sysno * 4 + 4)]
    return from === to ? undefined : (JSON.parse(file.toString('utf8', from, to)) as Plan)
  }
}
