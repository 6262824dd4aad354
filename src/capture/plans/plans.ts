/** The compiled plan of each call, made when it is first seen. */
import { type ArchName, archNames } from '../../record/layout.ts'
import type { Op, Plan } from '../../types/plan.ts'
import type { NotationPlans } from '../backend.ts'
import { type CompiledPlan, type CompileOptions, compilePlan } from './plan-compiler.ts'

/** The plan of a call by number; undefined when there is no such call. */
export type PlanOf = (arch: ArchName, sysno: number) => Plan | undefined

/** The table's plans with those of a notation beside them, or in their place; what both copy is copied once. */
export function withPlans(planOf: PlanOf, { of, instead }: NotationPlans): PlanOf {
  return (arch, sysno) => {
    const own = of[arch]?.[sysno]
    if (instead && of[arch] !== undefined) return own
    const plan = planOf(arch, sysno)
    if (own === undefined || plan === undefined) return own ?? plan
    return {
      ...plan,
      enter: joined(plan.enter, own.enter),
      exit: joined(plan.exit, own.exit),
      exitFailed: joined(plan.exitFailed, own.exitFailed),
    }
  }
}

function joined(ops: readonly Op[], more: readonly Op[]): readonly Op[] {
  const known = new Set(ops.map(op => JSON.stringify(op)))
  return [...ops, ...more.filter(op => !known.has(JSON.stringify(op)))]
}

/** Numbers above are no calls on any architecture, whatever a program asks for. */
const highest = 1023
export const emptyPlan: CompiledPlan = { enter: null, exit: null, exitFailed: null }

export class Plans {
  readonly #planOf: PlanOf
  readonly #options: Omit<CompileOptions, 'word'>
  readonly #compiled = new Map<ArchName, (CompiledPlan | undefined)[]>(archNames.map(arch => [arch, []]))

  constructor(planOf: PlanOf, options: Omit<CompileOptions, 'word'>) {
    this.#planOf = planOf
    this.#options = options
  }

  get(arch: ArchName, sysno: number): CompiledPlan {
    if (sysno > highest) return emptyPlan
    const compiled = this.#compiled.get(arch)!
    const known = compiled[sysno]
    if (known !== undefined) return known
    const plan = this.#planOf(arch, sysno)
    const made =
      plan === undefined ? emptyPlan : compilePlan(plan, { ...this.#options, word: arch === 'i386' ? 4 : 8 })
    compiled[sysno] = made
    return made
  }
}
