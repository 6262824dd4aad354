/** Loads the programs of plans, and tells which calls have one. */

import type { ArchName } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import { describesDescriptors } from '../notes/descriptor-notes.ts'
import { describesPids } from '../notes/pid-notes.ts'
import type { PlanOf } from '../plans/plans.ts'
import { nativeArch } from '../ptrace/record-writer.ts'
import { BpfError, updateMap } from './bpf-syscall.ts'
import { callNumbers, callPlace, ProgramIndex, planNumber } from './capture-layout.ts'
import { KeptFiles, slotOf } from './kept-files.ts'
import type { KernelSide } from './kernel-side.ts'
import { kernelIdentity } from './known-kernel.ts'
import { KeptPrograms } from './packed-programs.ts'
import { assemblePlans, halfOf, type PlanAssembly, type TakenPlans, wantedPlans } from './plan-assembly.ts'
import type { NoteSetting, PlanSetting } from './plan-setting.ts'
import type { Half } from './seen-at-exit.ts'
import type { PlanUse, WantedPlan } from './wanted-plans.ts'

/** So many choices of options have their programs kept; each takes 0.3 MB. */
const keptChoices = 16

/** Plans that are to have a program together. */
interface Group {
  readonly plans: readonly WantedPlan[]
  readonly isEnter: boolean
}

export class PlanLoader {
  readonly #kernel: KernelSide
  readonly #options: CaptureOptions
  readonly #notes: NoteSetting | null
  readonly #kept: KeptFiles
  #keep: (() => void) | null = null
  #size = 0
  readonly #loaded = new Set<ArchName>()
  /** Phases of calls whose memory nobody copies in the kernel: see `useText`. */
  readonly #missing = new Set<string>()
  #programs: number = ProgramIndex.firstOfPlans
  /** Why a program could not be loaded: for those who want to know. */
  readonly refused: { readonly arch: ArchName; readonly sysno: number; readonly why: string }[] = []

  constructor(kernel: KernelSide, options: CaptureOptions, kept: KeptFiles = new KeptFiles()) {
    this.#kernel = kernel
    this.#options = options
    this.#kept = kept
    this.#notes = noteSetting(kernel, options)
  }

  /** The half of a call that has its memory, when it is seen at its exit alone; else null. */
  halfOf(planOf: PlanOf, arch: ArchName, sysno: number): Half | null {
    return halfOf(this.#options, this.#notes, planOf, arch, sysno)
  }

  /** Loads the programs of an architecture's calls that are chosen. */
  load(planOf: PlanOf, arch: ArchName = nativeArch): void {
    const wanted = wantedPlans(this.#options, this.#notes, planOf, arch)
    for (const group of groupsOf(wanted))
      if (this.#loadGroup(group, arch) === null) this.#loadEach(group, arch)
    this.#size += wanted.size
    this.#loaded.add(arch)
  }

  /**
   * The same for calls of this machine, as far as the kernel goes side by side, and while the next ones are assembled; from what an
   * earlier run has kept, where one has.
   */
  async loadAside(planOf: PlanOf): Promise<void> {
    const key = this.#key()
    const name = `plans-${slotOf(key, keptChoices)}`
    const whole = `${key}\n${JSON.stringify(this.#options.plans ?? null)}`
    const place = new KeptPrograms<PlanAssembly, TakenPlans>(this.#kept, name, whole)
    const taken = place.read()
    if (taken === undefined || !(await this.#loadKept(taken.programs, taken.rest))) {
      const programs = await this.#loadNew(planOf)
      const rest: TakenPlans = { missing: [...this.#missing], size: this.#size }
      this.#keep = () => place.write(programs, rest)
    }
    this.#loaded.add(nativeArch)
  }

  /** Keeps for later runs what was found out; not before all is attached: see `KeptPrograms`. */
  keep(): void {
    this.#keep?.()
    this.#keep = null
  }

  /** Whether the kernel copies a call's memory. */
  readonly isCopied = (arch: ArchName, sysno: number, exit: boolean, failed: boolean): boolean =>
    this.#loaded.has(arch) &&
    (this.#missing.size === 0 || !this.#missing.has(useText(useOf(arch, sysno, exit, failed))))

  /** How many plans there are. */
  get size(): number {
    return this.#size
  }

  /** All that programs of plans are made of, but for the plans. */
  #key(): string {
    const { calls, dataLimit, environment, entryTimes } = this.#options
    const { cpus, features } = this.#kernel.setting
    const choice = calls[nativeArch]
    return JSON.stringify({
      kernel: kernelIdentity(),
      chosen: choice === null ? null : Buffer.from(choice).toString('latin1'),
      dataLimit,
      environment,
      entryTimes: entryTimes !== false,
      notes: this.#notes === null ? null : { ...this.#notes, places: null },
      cpus,
      features,
    })
  }

  async #loadKept(programs: readonly PlanAssembly[], { missing, size }: TakenPlans): Promise<boolean> {
    const loads = await Promise.allSettled(programs.map(program => this.#aside(program)))
    if (loads.some(({ status }) => status === 'rejected')) return false
    for (const phase of missing) this.#missing.add(phase)
    this.#size += size
    return true
  }

  /** What it has loaded, the largest first: so they are checked side by side to the end. */
  async #loadNew(planOf: PlanOf): Promise<readonly PlanAssembly[]> {
    const arch = nativeArch
    const wanted = wantedPlans(this.#options, this.#notes, planOf, arch)
    const programs: PlanAssembly[] = []
    const again: Group[] = []
    const loads = groupsOf(wanted).map(async group => {
      try {
        const program = assemblePlans(group.plans, group.isEnter, this.#setting(arch))
        await this.#aside(program)
        programs.push(program)
      } catch (error) {
        if (!isRefusal(error)) throw error
        again.push(group)
      }
    })
    const failed = (await Promise.allSettled(loads)).find(({ status }) => status === 'rejected')
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
    for (const group of again) programs.push(...this.#loadEach(group, arch))
    this.#size += wanted.size
    return programs.sort((one, other) => other.code.length - one.code.length)
  }

  /** Loads a group's plans one by one: what is wrong with one of them is no harm to the others. */
  #loadEach({ plans, isEnter }: Group, arch: ArchName): PlanAssembly[] {
    const loaded: PlanAssembly[] = []
    for (const plan of plans) {
      const program = this.#loadGroup({ plans: [plan], isEnter }, arch)
      if (program !== null) loaded.push(program)
      else for (const use of plan.uses) this.#missing.add(useText(use))
    }
    return loaded
  }

  /** Loads a program with these plans; null when it is refused. */
  #loadGroup({ plans, isEnter }: Group, arch: ArchName): PlanAssembly | null {
    try {
      const program = assemblePlans(plans, isEnter, this.#setting(arch))
      this.#use(program, this.#kernel.load(program.name, program, null))
      return program
    } catch (error) {
      if (!isRefusal(error)) throw error
      const log = error instanceof BpfError ? `: errno ${error.errno}\n${error.log}` : ''
      const [number] = plans[0]!.uses[0]!
      if (plans.length === 1)
        this.refused.push({ arch, sysno: number % callNumbers, why: `${error.message}${log}` })
      return null
    }
  }

  async #aside(program: PlanAssembly): Promise<void> {
    this.#use(program, await this.#kernel.loadAside(program.name, program, null))
  }

  /** Has the programs of calls go on to this one. */
  #use({ uses }: PlanAssembly, fd: number): void {
    const program = this.#programs++
    updateMap(this.#kernel.maps.programs, program, fd, 4)
    uses.forEach((list, plan) => {
      for (const [number, phase] of list) this.#kernel.setChoice(number, phase, planNumber(program, plan))
    })
  }

  #setting(arch: ArchName): PlanSetting {
    const { cpus, features } = this.#kernel.setting
    return {
      cpus,
      word: arch === 'i386' ? 4 : 8,
      dataLimit: this.#options.dataLimit,
      environment: this.#options.environment,
      sockets: this.#kernel.facts.sockets,
      notes: this.#notes,
      loops: features.loops,
      cast: features.reads ? (this.#kernel.facts.cast?.call ?? null) : null,
    }
  }
}

const groupsOf = (wanted: { groups(isEnter: boolean): WantedPlan[][] }): Group[] =>
  [true, false].flatMap(isEnter => wanted.groups(isEnter).map(plans => ({ plans, isEnter })))

/** Of the kernel, or of a plan that is too large. */
const isRefusal = (error: unknown): error is BpfError | RangeError =>
  error instanceof BpfError || error instanceof RangeError

/** What a capture is to note; null for nothing. */
function noteSetting({ facts }: KernelSide, options: CaptureOptions): NoteSetting | null {
  if (facts.notes === null) return null
  return {
    places: facts.notes,
    descriptors: describesDescriptors(options),
    sockets: options.sockets,
    pidfds: options.pidfds === true,
    pids: describesPids(options),
  }
}

const useOf = (arch: ArchName, sysno: number, exit: boolean, failed: boolean): PlanUse => [
  callPlace(arch, sysno),
  exit ? (failed ? 'exitFailed' : 'exit') : 'enter',
]

const useText = ([number, phase]: PlanUse): string => `${number} ${phase}`
