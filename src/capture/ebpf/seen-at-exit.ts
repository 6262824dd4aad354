/** Which calls their exit alone can tell all of. */
import type { Plan } from '../../types/plan.ts'
import type { NoteSetting } from './plan-setting.ts'
import { hasWork } from './plan-work.ts'

/** The half of a call that has its memory, when there is but one. */
export type Half = 'enter' | 'exit'

/**
 * The half that has a call's memory, where the exit can tell all of the call; else null. It cannot of one that does not return, that
 * starts another program (which alone takes vectors of strings), that has its arguments on a stack which it leaves, and of one that both
 * reads and writes memory: that may be the same, whatever pointers say.
 */
export function seenAtExit(plan: Plan, notes: NoteSetting | null): Half | null {
  if (plan.never === true || /"kind":"stack"|"op":"strings"/.test(JSON.stringify(plan.enter))) return null
  if (isNoted(plan, notes)) return null
  if (!hasWork(plan.enter, notes)) return 'exit'
  return hasWork(plan.exit, notes) || hasWork(plan.exitFailed, notes) ? null : 'enter'
}

/** Whether it is to be told what descriptors of the call refer to, which may be something else when it returns. */
function isNoted(plan: Plan, notes: NoteSetting | null): boolean {
  const text = JSON.stringify(plan)
  return (
    (notes?.descriptors === true && /"op":"fds?"/.test(text)) ||
    (notes?.pids === true && /"op":"pids?"/.test(text))
  )
}
