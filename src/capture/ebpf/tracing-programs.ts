/** The programs that are attached to the kernel's tracepoints, assembled. */
import type { ProgramSetting } from './call-programs.ts'
import { enterProgram } from './enter-program.ts'
import { prepareExecProgram } from './exec-program.ts'
import { exitProgram } from './exit-program.ts'
import { rootProgram } from './file-function.ts'
import { type KeptFiles, slotOf } from './kept-files.ts'
import type { Tracepoint } from './kernel-facts.ts'
import type { KernelSide } from './kernel-side.ts'
import { kernelIdentity } from './known-kernel.ts'
import {
  endProgram,
  execProgram,
  forkProgram,
  renameProgram,
  sentProgram,
  signalProgram,
} from './life-programs.ts'
import { KeptPrograms, type PackedProgram, packed } from './packed-programs.ts'
import type { ProgramWithFunctions } from './program-btf.ts'

export interface TracingProgram extends PackedProgram {
  readonly name: string
  /**
   * `own`: it is made for the tracepoint of its name. `any`: it is attached there, but can do the same elsewhere: what a program does at a call's enter
   * another may do again at its exit, so that they are of one type. `once`: it is run once, before all others.
   */
  readonly runs: 'own' | 'any' | 'once'
  /** The kernel may have no such tracepoint. */
  readonly isOptional?: boolean
}

export interface TracingChoice {
  /** New threads are traced. */
  readonly follow: boolean
  readonly signals: boolean
  /** Any call is seen at its enter. */
  readonly enters: boolean
}

export function tracingPrograms(
  setting: ProgramSetting,
  { follow, signals, enters }: TracingChoice,
): TracingProgram[] {
  const { notes } = setting.facts
  const own: [Tracepoint, ProgramWithFunctions][] = [
    ['sched_process_exit', endProgram(setting)],
    ['sched_process_exec', execProgram(setting)],
    ['task_rename', renameProgram(setting)],
  ]
  if (follow) own.unshift(['sched_process_fork', forkProgram(setting)])
  if (signals) own.push(['signal_deliver', signalProgram(setting)], ['signal_generate', sentProgram(setting)])
  const any: [string, ProgramWithFunctions][] = [['sys_exit', exitProgram(setting)]]
  if (enters) any.push(['sys_enter', { program: enterProgram(setting), functions: [] }])
  const programs: TracingProgram[] = [
    ...own.map(([name, program]) => ({ ...packed(program), name, runs: 'own' as const })),
    ...any.map(([name, program]) => ({ ...packed(program), name, runs: 'any' as const })),
  ]
  if (enters) {
    // Older kernels have no such tracepoint.
    const program = prepareExecProgram(setting).assemble()
    programs.push({ ...program, name: 'sched_prepare_exec', runs: 'any', isOptional: true })
  }
  if (notes !== null) programs.push({ ...rootProgram(notes.files).assemble(), name: 'root', runs: 'once' })
  return programs
}

/** So many choices have their programs kept; each takes 20 KB. */
const keptChoices = 8

/** Has the kernel check `tracingPrograms`, or those of an earlier run. What keeps them for later ones. */
export async function prepareTracing(
  kernel: KernelSide,
  kept: KeptFiles,
  choice: TracingChoice,
): Promise<() => void> {
  const { facts, ...rest } = kernel.setting
  const key = JSON.stringify({ identity: kernelIdentity(), ...rest, ...choice, notes: facts.notes !== null })
  const place = new KeptPrograms<TracingProgram, object>(kept, `tracing-${slotOf(key, keptChoices)}`, key)
  const known = place.read()
  if (known !== undefined)
    try {
      if (await kernel.prepare(known.programs)) return () => {}
      return () => place.write(tracingPrograms(kernel.setting, choice), {})
    } catch {
      // Damaged, or it is not they that are refused: then new ones are, too.
    }
  const programs = tracingPrograms(kernel.setting, choice)
  await kernel.prepare(programs)
  return () => place.write(programs, {})
}
