/** The plans that a capture needs, equal ones once, in groups that have a program together. */
import type { ArchName } from '../../record/layout.ts'
import type { Op } from '../../types/plan.ts'
import { type CallPhase, callPlace, plansOfProgram } from './capture-layout.ts'
import type { NoteSetting } from './plan-setting.ts'
import { hasWork } from './plan-work.ts'

/** Whose plan it is: a number as in `choices`. */
export type PlanUse = readonly [number: number, phase: CallPhase]

export interface WantedPlan {
  readonly ops: readonly Op[]
  readonly uses: PlanUse[]
  /** How much it is, as text. */
  readonly length: number
}

/** The text of a program's plans together: jumps reach 32767 instructions, and one that is refused takes the others with it. */
const longestGroup = 40_000

export class WantedPlans {
  readonly #arch: ArchName
  readonly #notes: NoteSetting | null
  /** By their text, at the enter and at the exit. */
  readonly #enter = new Map<string, WantedPlan>()
  readonly #exit = new Map<string, WantedPlan>()

  constructor(arch: ArchName, notes: NoteSetting | null) {
    this.#arch = arch
    this.#notes = notes
  }

  add(sysno: number, phase: CallPhase, ops: readonly Op[]): void {
    if (!hasWork(ops, this.#notes)) return
    const text = JSON.stringify(ops)
    const plans = phase === 'enter' ? this.#enter : this.#exit
    let plan = plans.get(text)
    if (plan === undefined) plans.set(text, (plan = { ops, uses: [], length: text.length }))
    plan.uses.push([callPlace(this.#arch, sysno), phase])
  }

  get size(): number {
    return this.#enter.size + this.#exit.size
  }

  groups(isEnter: boolean): WantedPlan[][] {
    const groups: WantedPlan[][] = []
    let length = 0
    for (const plan of (isEnter ? this.#enter : this.#exit).values()) {
      const last = groups.at(-1)
      length += plan.length
      if (last !== undefined && last.length < plansOfProgram && length <= longestGroup) last.push(plan)
      else {
        groups.push([plan])
        length = plan.length
      }
    }
    return groups
  }
}
