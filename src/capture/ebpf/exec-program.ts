/**
 * The program in an execve that is about to succeed: the kernel has read all that it was given, and the memory is still the caller's. What the
 * program at the enter could not read is copied now, for at the exit the memory is another program's.
 */

import { Enter } from '../../record/layout.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { choiceOf, context, enterRecord, ids, type ProgramSetting, tailCall } from './call-programs.ts'
import { callNumbers, EventKind, inScratch, Scratch, ThreadFlag, ThreadState } from './capture-layout.ts'
import { record } from './plan-ranges.ts'
import { againAlone, leave } from './program-parts.ts'
import { stateOfThread } from './thread-states.ts'

/** sched_prepare_exec: (task, binary); since Linux 6.10. */
export function prepareExecProgram({ facts }: ProgramSetting): BpfAssembler {
  const a = new BpfAssembler()
  const [out, faulted] = a.newLabels(2)
  a.store(8, 'r10', context, 'r1')
  a.call(Helper.get_current_task_btf)
  a.mov('r1', 'r0')
  a.call(Helper.task_pt_regs)
  a.mov('r9', 'r0')
  a.call(Helper.get_current_pid_tgid)
  a.store(8, 'r10', ids, 'r0')
  stateOfThread(a, ids, out)
  a.load(4, 'r7', 'r0', ThreadState.call)
  a.load(4, 'r8', 'r0', ThreadState.state)
  a.jump('r8', '&', ThreadFlag.faulted, faulted)
  a.goto(out)
  a.label(faulted)
  a.alu('r8', '&=', callNumbers)
  a.mov('r1', 'r8')
  a.alu('r1', '|=', ThreadFlag.entered)
  a.store(4, 'r0', ThreadState.state, 'r1')
  record(a, out)
  a.store(8, 'r6', inScratch(Scratch.again), againAlone)
  a.jump('r7', '>=', callNumbers, out)
  choiceOf(a)
  enterRecord(a, facts, EventKind.again, Enter.bytes)
  tailCall(a, 'enter')
  a.label(out)
  leave(a)
  return a
}
