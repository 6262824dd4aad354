/** -u: the ids of a user by name, from the machine's files. */
import { readFileSync } from 'node:fs'
import type { User } from '../capture/backend.ts'

const rows = (file: string): string[][] => {
  try {
    return readFileSync(file, 'latin1')
      .split('\n')
      .map(line => line.split(':'))
  } catch {
    return []
  }
}

/** The user, its group, and the groups that list it; undefined when there is no such user. */
export function findUser(name: string): User | undefined {
  // An empty line is no user without a name.
  const row = rows('/etc/passwd').find(r => r.length > 1 && r[0] === name)
  if (row === undefined) return undefined
  const gid = Number(row[3])
  const others = rows('/etc/group')
    .filter(r => (r[3] ?? '').split(',').includes(name))
    .map(r => Number(r[2]))
  return { uid: Number(row[2]), gid, groups: [...new Set([gid, ...others])] }
}
