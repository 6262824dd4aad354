/** The programs of the calls that a capture chooses, ready for the kernel: what takes the longest to work out at a start, so it can be kept. */
import type { ArchName } from '../../record/layout.ts'
import { type CaptureOptions, isChosen } from '../backend.ts'
import type { PlanOf } from '../plans/plans.ts'
import { callNumbers } from './capture-layout.ts'
import { type PackedProgram, packed } from './packed-programs.ts'
import { planProgram } from './plan-programs.ts'
import type { NoteSetting, PlanSetting } from './plan-setting.ts'
import { type Half, seenAtExit } from './seen-at-exit.ts'
import { type PlanUse, type WantedPlan, WantedPlans } from './wanted-plans.ts'

/** A program of some plans. */
export interface PlanAssembly extends PackedProgram {
  readonly name: string
  /** Whose each of its plans is. */
  readonly uses: readonly (readonly PlanUse[])[]
}

/** The half of a call that has its memory, when it is seen at its exit alone; else null. */
export function halfOf(
  options: CaptureOptions,
  notes: NoteSetting | null,
  planOf: PlanOf,
  arch: ArchName,
  sysno: number,
): Half | null {
  if (options.entryTimes !== false) return null
  const plan = planOf(arch, sysno)
  return plan === undefined ? 'exit' : seenAtExit(plan, notes)
}

/** The plans of an architecture's calls that are chosen. */
export function wantedPlans(
  options: CaptureOptions,
  notes: NoteSetting | null,
  planOf: PlanOf,
  arch: ArchName,
): WantedPlans {
  const choice = options.calls[arch]
  const wanted = new WantedPlans(arch, notes)
  for (let sysno = 0; sysno < callNumbers; sysno++) {
    if (!isChosen(choice, sysno)) continue
    const plan = planOf(arch, sysno)
    if (plan === undefined) continue
    const readAtExit = halfOf(options, notes, planOf, arch, sysno) === 'enter'
    if (!readAtExit) wanted.add(sysno, 'enter', plan.enter)
    wanted.add(sysno, 'exit', readAtExit ? plan.enter : plan.exit)
    wanted.add(sysno, 'exitFailed', readAtExit ? plan.enter : plan.exitFailed)
  }
  return wanted
}

/** Throws RangeError when a plan is too large. */
export function assemblePlans(
  group: readonly WantedPlan[],
  isEnter: boolean,
  setting: PlanSetting,
): PlanAssembly {
  const plans = group.map(({ ops }) => ops)
  return {
    ...packed(planProgram(plans, isEnter, setting)),
    name: `plan${group[0]!.uses[0]![0]}`,
    uses: group.map(({ uses }) => uses),
  }
}

/** What the kernel has taken of plans, and what it has not. */
export interface TakenPlans {
  /** Phases of calls without a program: see `useText`. */
  readonly missing: readonly string[]
  /** How many plans there are. */
  readonly size: number
}
