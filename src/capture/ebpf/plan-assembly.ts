/** The programs of the calls that a capture chooses, ready for the kernel: what takes the longest to work out at a start, so it can be kept. */
import type { ArchName } from '../../record/layout.ts'
import { type CaptureOptions, isChosen } from '../backend.ts'
import type { PlanOf } from '../ptrace/plans.ts'
import type { Assembled } from './bpf-assembler.ts'
import { callNumbers } from './capture-layout.ts'
import { planProgram } from './plan-programs.ts'
import type { NoteSetting, PlanSetting } from './plan-setting.ts'
import { programBtf } from './program-btf.ts'
import { type Half, seenAtExit } from './seen-at-exit.ts'
import { type WantedPlan, WantedPlans } from './wanted-plans.ts'

/** A program of some plans. */
export interface PlanAssembly extends Assembled {
  readonly name: string
  readonly isEnter: boolean
  /** The numbers that it is called for: places in the map of plans. */
  readonly numbers: readonly number[]
  /** Types of its functions, and which are where: see program-btf.ts. */
  readonly types: Buffer
  readonly functions: Buffer
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
  const { program, functions, functionInfo } = planProgram(group, isEnter, setting)
  return {
    ...program.assemble(),
    name: `plan${group[0]!.uses[0]!.sysno}`,
    isEnter,
    numbers: group.flatMap(({ numbers }) => numbers),
    types: programBtf(functions),
    functions: functionInfo,
  }
}

/** What the kernel has taken of an architecture's plans, and what it has not. */
export interface TakenPlans {
  readonly programs: readonly PlanAssembly[]
  /** Phases of calls without a program: `arch sysno phase`. */
  readonly missing: readonly string[]
  /** How many plans there are. */
  readonly size: number
}

/** As bytes: their sizes and all that is text in JSON, then code, types and functions of one after the other. */
export function packPlans({ programs, missing, size }: TakenPlans): Buffer {
  const heads = programs.map(({ code, types, functions, ...head }) => ({
    ...head,
    bytes: [code.length, types.length, functions.length],
  }))
  const text = Buffer.from(`${JSON.stringify({ heads, missing, size })}\n`)
  return Buffer.concat([text, ...programs.flatMap(({ code, types, functions }) => [code, types, functions])])
}

/** Undefined where they are not such bytes. */
export function unpackPlans(bytes: Buffer): TakenPlans | undefined {
  try {
    const end = bytes.indexOf('\n')
    const { heads, missing, size } = JSON.parse(bytes.toString('utf8', 0, end)) as {
      heads: (Omit<PlanAssembly, 'code' | 'types' | 'functions'> & { bytes: [number, number, number] })[]
      missing: string[]
      size: number
    }
    let at = end + 1
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new RangeError('plans that are cut off')
      return bytes.subarray(at, (at += length))
    }
    const programs = heads.map(({ bytes: [code, types, functions], ...head }) => ({
      ...head,
      code: take(code),
      types: take(types),
      functions: take(functions),
    }))
    return { programs, missing, size }
  } catch {
    return undefined
  }
}
