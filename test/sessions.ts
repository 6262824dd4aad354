/** Processes by session: what a test has started, wherever it has been reparented to. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Member {
  readonly pid: number
  readonly name: string
  /** R, S, T (stopped), t (stopped by a tracer), Z … */
  readonly state: string
}

/** The processes of a session that still live. A zombie is dead: whoever should reap it may be slow. */
export function sessionMembers(session: number): Member[] {
  return readdirSync('/proc').flatMap(entry => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1')
      const [state, , , sid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      return Number(sid) === session && state !== 'Z' && state !== 'X'
        ? [{ pid: Number(entry), name, state: state! }]
        : []
    } catch {
      // It has just gone.
      return []
    }
  })
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds))

/** Waits until nothing of the session lives; what still does then is killed and given back. */
export async function endOfSession(session: number, patience = 20_000): Promise<Member[]> {
  for (const until = Date.now() + patience; Date.now() < until; await sleep(20))
    if (sessionMembers(session).length === 0) return []
  const left = sessionMembers(session)
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended after all.
    }
  }
  return left
}
