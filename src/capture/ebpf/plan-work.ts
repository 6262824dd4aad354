/** What there is to do in plans, where not everything is to be noted that they could note. */
import type { Op } from '../../types/plan.ts'
import type { NoteSetting } from './plan-setting.ts'

/** Whether a plan copies anything, or notes anything of what is to be noted. */
export const hasWork = (ops: readonly Op[], notes: NoteSetting | null): boolean =>
  ops.some(op => opHasWork(op, notes))

export function opHasWork(op: Op, notes: NoteSetting | null): boolean {
  switch (op.op) {
    case 'fd':
    case 'fds':
      return notes?.descriptors === true
    case 'pid':
    case 'pids':
      return notes?.pids === true
    case 'virtualCpu':
      return false
    case 'if':
      return hasWork(op.then, notes) || hasWork(op.else, notes)
    case 'switch':
      return op.cases.some(c => hasWork(c.ops, notes)) || hasWork(op.otherwise, notes)
    case 'inside':
      return hasWork(op.ops, notes)
    default:
      return true
  }
}
