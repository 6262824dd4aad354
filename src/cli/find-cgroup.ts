/** --cgroup: the directory of a control group of cgroup v2. */
import { readFileSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Refusal } from '../filters/refusal.ts'

/** CGROUP2_SUPER_MAGIC. */
const magic = 0x63677270

/** The directory that `path` names: as a path, or as from the root of all control groups (/system.slice/…, as /proc/PID/cgroup has it). */
export function findCgroup(path: string): string | Refusal {
  const mounts = mountPoints()
  const candidates = [resolve(path), ...mounts.map(mount => join(mount, path))]
  const found = candidates.find(isCgroup)
  if (found !== undefined) return found
  const why =
    mounts.length === 0
      ? 'cgroup v2 is not mounted here'
      : `it is no directory of cgroup v2, which is at ${mounts.join(', ')}`
  return new Refusal(`--cgroup=${path}: ${why}`, false)
}

function mountPoints(): string[] {
  try {
    const lines = readFileSync('/proc/self/mounts', 'latin1').split('\n')
    return lines.flatMap(line => {
      const [, mount, type] = line.split(' ')
      return type === 'cgroup2' && mount !== undefined ? [mount] : []
    })
  } catch {
    return []
  }
}

function isCgroup(path: string): boolean {
  try {
    return statfsSync(path).type === magic
  } catch {
    return false
  }
}
