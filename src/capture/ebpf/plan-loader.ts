/** Loads the programs of plans, and tells which calls have one. */

import type { ArchName } from '../../record/layout.ts'
import { type CaptureOptions, isChosen } from '../backend.ts'
import { describesDescriptors } from '../ptrace/descriptor-notes.ts'
import { describesPids } from '../ptrace/pid-notes.ts'
import type { PlanOf } from '../ptrace/plans.ts'
import { nativeArch } from '../ptrace/record-writer.ts'
import { BpfError, loadBtf, updateMap } from './bpf-syscall.ts'
import { callNumbers } from './capture-layout.ts'
import type { KernelSide } from './kernel-side.ts'
import type { NoteSetting } from './plan-functions.ts'
import { type PlanSetting, planProgram } from './plan-programs.ts'
import { functionInfoBytes, programBtf } from './program-btf.ts'
import { type Half, seenAtExit } from './seen-at-exit.ts'
import { type Phase, type WantedPlan, WantedPlans } from './wanted-plans.ts'

export class PlanLoader {
  readonly #kernel: KernelSide
  readonly #options: CaptureOptions
  readonly #notes: NoteSetting | null
  #size = 0
  readonly #loaded = new Set<ArchName>()
  readonly #types = new Map<string, number>()
  /** Phases of calls whose memory nobody copies in the kernel: `arch sysno phase`. */
  readonly #missing = new Set<string>()
  /** Why a program could not be loaded: for those who want to know. */
  readonly refused: { readonly arch: ArchName; readonly sysno: number; readonly why: string }[] = []

  constructor(kernel: KernelSide, options: CaptureOptions) {
    this.#kernel = kernel
    this.#options = options
    this.#notes = noteSetting(kernel, options)
  }

  /** The half of a call that has its memory, when it is seen at its exit alone; else null. */
  halfOf(planOf: PlanOf, arch: ArchName, sysno: number): Half | null {
    if (this.#options.entryTimes !== false) return null
    const plan = planOf(arch, sysno)
    return plan === undefined ? 'exit' : seenAtExit(plan, this.#notes)
  }

  /** Loads the programs of an architecture's calls that are chosen. */
  load(planOf: PlanOf, arch: ArchName = nativeArch): void {
    const choice = this.#options.calls[arch]
    const wanted = new WantedPlans(arch, this.#notes)
    for (let sysno = 0; sysno < callNumbers; sysno++) {
      if (!isChosen(choice, sysno)) continue
      const plan = planOf(arch, sysno)
      if (plan === undefined) continue
      const readAtExit = this.halfOf(planOf, arch, sysno) === 'enter'
      if (!readAtExit) wanted.add(sysno, 'enter', plan.enter)
      wanted.add(sysno, 'exit', readAtExit ? plan.enter : plan.exit)
      wanted.add(sysno, 'exitFailed', readAtExit ? plan.enter : plan.exitFailed)
    }
    for (const isEnter of [true, false])
      for (const group of wanted.groups(isEnter))
        if (!this.#load(group, isEnter, arch)) this.#each(group, isEnter, arch)
    this.#size += wanted.size
    this.#loaded.add(arch)
  }

  /** Whether the kernel copies a call's memory. */
  readonly isCopied = (arch: ArchName, sysno: number, exit: boolean, failed: boolean): boolean =>
    this.#loaded.has(arch) &&
    (this.#missing.size === 0 || !this.#missing.has(`${arch} ${sysno} ${phaseOf(exit, failed)}`))

  /** How many plans there are. */
  get size(): number {
    return this.#size
  }

  /** Loads a group's plans one by one: what is wrong with one of them is no harm to the others. */
  #each(group: readonly WantedPlan[], isEnter: boolean, arch: ArchName): void {
    for (const plan of group) {
      if (this.#load([plan], isEnter, arch)) continue
      for (const { sysno, phase } of plan.uses) this.#missing.add(`${arch} ${sysno} ${phase}`)
    }
  }

  /** Loads a program with these plans; false when it is refused. */
  #load(group: readonly WantedPlan[], isEnter: boolean, arch: ArchName): boolean {
    const setting: PlanSetting = {
      cpus: this.#kernel.setting.cpus,
      word: arch === 'i386' ? 4 : 8,
      dataLimit: this.#options.dataLimit,
      environment: this.#options.environment,
      sockets: this.#kernel.facts.sockets,
      notes: this.#notes,
      loops: this.#kernel.setting.features.loops,
    }
    const { sysno } = group[0]!.uses[0]!
    const { maps } = this.#kernel
    try {
      const { program, functions, functionInfo } = planProgram(group, isEnter, setting)
      const btf = {
        fd: this.#typesOf(functions.map(f => f.name).join(' '), () => programBtf(functions)),
        functions: functionInfo,
        recordBytes: functionInfoBytes,
      }
      const fd = this.#kernel.load(`plan${sysno}`, program, null, btf)
      for (const { numbers } of group)
        for (const number of numbers) updateMap(isEnter ? maps.enterPlans : maps.exitPlans, number, fd, 4)
      return true
    } catch (error) {
      if (!(error instanceof BpfError) && !(error instanceof RangeError)) throw error
      const log = error instanceof BpfError ? `: errno ${error.errno}\n${error.log}` : ''
      if (group.length === 1) this.refused.push({ arch, sysno, why: `${error.message}${log}` })
      return false
    }
  }

  #typesOf(key: string, make: () => Buffer): number {
    let fd = this.#types.get(key)
    if (fd === undefined) this.#types.set(key, (fd = this.#kernel.own(loadBtf(make()))))
    return fd
  }
}

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

const phaseOf = (exit: boolean, failed: boolean): Phase => (exit ? (failed ? 'exitFailed' : 'exit') : 'enter')
