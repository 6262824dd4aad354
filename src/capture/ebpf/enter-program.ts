/** The program at the beginning of every call: whether it is wanted, its registers, and on to the plan's program. */

import { Enter, RecordKind } from '../../record/layout.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import {
  begin,
  choiceOfEither,
  choicePlace,
  context,
  currentCaller,
  enterRecord,
  ids,
  type ProgramSetting,
  ranSoFar,
  statePlace,
  tailCall,
  unlessChosen,
} from './call-programs.ts'
import {
  CallChoice,
  Choice,
  Control,
  callNumbers,
  inScratch,
  otherCall,
  Scratch,
  ThreadFlag,
  ThreadState,
} from './capture-layout.ts'
import { record } from './plan-ranges.ts'
import { leave, outputEnter, stateOfMember } from './program-parts.ts'

/** The program at sys_enter: (struct pt_regs *, long number). */
export function enterProgram(setting: ProgramSetting): BpfAssembler {
  const { facts, cpus } = setting
  const a = new BpfAssembler()
  const [out, other, chosen] = a.newLabels(3)
  begin(a, setting)
  a.mov('r7', 'r6')
  a.jump('r7', '>=', callNumbers, other)
  choiceOfEither(a)
  a.alu('r0', '&=', Choice.entered)
  a.jump('r0', '==', 0, out)
  currentCaller(a, facts)
  unlessChosen(a, Choice.entered, out)
  a.goto(chosen)

  a.label(other)
  currentCaller(a, facts)
  a.mapValue('r1', 'control', Control.choices + otherCall * CallChoice.bytes)
  a.store(8, 'r10', choicePlace, 'r1')
  a.load(1, 'r0', 'r1', CallChoice.how)
  a.jump('r0', '!=', Choice.entered, out)

  a.label(chosen)
  stateOfMember(a, setting, ids, out)
  a.store(4, 'r0', ThreadState.call, 'r7')
  a.mov('r1', 'r8')
  a.alu('r1', '|=', ThreadFlag.entered)
  a.store(4, 'r0', ThreadState.state, 'r1')
  if (setting.systemTime) a.store(8, 'r10', statePlace, 'r0')
  record(a, out)
  a.store(8, 'r6', inScratch(Scratch.again), 0)
  enterRecord(a, facts, RecordKind.enter, Enter.bytes)
  if (setting.systemTime) {
    ranSoFar(a, facts)
    a.load(8, 'r1', 'r10', statePlace)
    a.store(8, 'r1', ThreadState.ran, 'r0')
  }
  tailCall(a, 'enter')
  a.mov('r3', Enter.bytes)
  outputEnter(a, cpus, context)
  a.label(out)
  leave(a)
  return a
}
