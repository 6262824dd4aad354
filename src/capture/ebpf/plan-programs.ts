/**
 * Capture plans as programs: the same plans that src/capture/plans compiles to closures, which a test holds them to. A program
 * gets the record with its fixed part written, appends ranges, and hands it over.
 */
import type { Op } from '../../types/plan.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { inScratch, recordBytes, Scratch } from './capture-layout.ts'
import { PlanFunctions } from './plan-functions.ts'
import { PlanNumbers } from './plan-numbers.ts'
import { PlanOps } from './plan-ops.ts'
import { record } from './plan-ranges.ts'
import type { PlanSetting } from './plan-setting.ts'
import type { ProgramWithFunctions } from './program-btf.ts'
import { leave, outputEnter, outputExit } from './program-parts.ts'

/** Where on the stack the program's context waits. */
const context = -16

/**
 * The program of one phase of several plans, which are asked for by their places in the list (in `Scratch.plan`): what they have in common
 * is checked and translated once, which is most of what loading takes. Throws RangeError when a plan is too large.
 */
export function planProgram(
  plans: readonly (readonly Op[])[],
  isEnter: boolean,
  setting: PlanSetting,
): ProgramWithFunctions {
  const a = new BpfAssembler(setting.cast)
  const functions = new PlanFunctions(a, setting)
  mainFunction(a, plans, functions, isEnter, setting)
  return { program: a, functions: functions.emit() }
}

/** Goes to the plan that is asked for, and hands over what it put together. */
function mainFunction(
  a: BpfAssembler,
  plans: readonly (readonly Op[])[],
  functions: PlanFunctions,
  isEnter: boolean,
  setting: PlanSetting,
): void {
  const numbers = new PlanNumbers(a, functions, isEnter, setting)
  const ops = new PlanOps(a, functions, numbers, setting)
  const [none, small, end] = a.newLabels(3)
  a.store(8, 'r10', context, 'r1')
  record(a, none)
  const labels = plans.map(() => a.newLabel())
  if (plans.length > 1) {
    a.load(8, 'r0', 'r6', inScratch(Scratch.plan))
    const cases = labels.map((label, i) => [i, label] as const)
    numbers.search(cases, none)
  }
  plans.forEach((plan, i) => {
    a.label(labels[i]!)
    ops.plan(plan)
    if (i < plans.length - 1) a.goto(end)
  })
  a.label(end)
  a.load(8, 'r3', 'r6', inScratch(Scratch.at))
  a.jump('r3', '<=', 2 * recordBytes, small)
  a.mov('r3', 2 * recordBytes)
  a.label(small)
  if (isEnter) outputEnter(a, setting.cpus, context)
  else outputExit(a, setting.cpus)
  a.label(none)
  leave(a)
}
