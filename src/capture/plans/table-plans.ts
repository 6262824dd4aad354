/** The plans of the table's calls, made from their declarations. */
import { callName, declarationOf } from '../../syscalls/index.ts'
import { makePlan } from '../../types/make-plan.ts'
import type { PlanOf } from './plans.ts'

export const planOfTable: PlanOf = (arch, sysno) => {
  const name = callName(arch, sysno)
  return name === undefined ? undefined : makePlan(declarationOf(name, arch), arch)
}
