/**
 * The program at the end of every call. A call whose beginning was recorded gets its exit; one that is seen at its end alone, an event
 * of both at once: the registers still hold number and arguments.
 */

import { Enter, Exit, ExitFlag, Header, RecordKind } from '../../record/layout.ts'
import { Signal } from '../ptrace/ptrace-constants.ts'
import { nativeIndex } from '../ptrace/record-writer.ts'
import { BpfAssembler, type Label } from './bpf-assembler.ts'
import {
  begin,
  choiceOf,
  choiceOfEither,
  choiceOfFailed,
  choicePlace,
  compat,
  context,
  copyArguments,
  currentCaller,
  currentTask,
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
  EventKind,
  inScratch,
  otherCall,
  Scratch,
  ThreadFlag,
  ThreadState,
  WholeCall,
} from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import { record } from './plan-ranges.ts'
import type { ProgramWithFunctions } from './program-btf.ts'
import { againAtExit, leave, outputExit, stateOfMember, writeHeader } from './program-parts.ts'
import { RingHold } from './ring-hold.ts'
import { stateOfThread } from './thread-states.ts'

/** Results that mean that the call is to be made again: ERESTARTSYS to ERESTART_RESTARTBLOCK, which no program sees. */
const firstRestart = 512
const lastRestart = 516
/** Errors are the last 4095 numbers. */
const firstError = -4095
const taskPlace = -96
const compatPlace = -48
const againPlace = -56
const numberPlace = -64

/** The program at sys_exit: (struct pt_regs *, long result). */
export function exitProgram(setting: ProgramSetting): ProgramWithFunctions {
  const a = new BpfAssembler()
  const hold = new RingHold(a, setting)
  const [out, entered, other, whole] = a.newLabels(4)
  begin(a, setting)
  a.load(4, 'r7', 'r9', setting.facts.registers.number)
  a.jump('r7', '>=', callNumbers, other)
  choiceOfEither(a)
  a.jump('r0', '==', 0, out)
  a.alu('r0', '&=', Choice.returned)
  a.jump('r0', '==', 0, entered)
  currentCaller(a, setting.facts)
  unlessChosen(a, Choice.returned, entered)
  a.label(whole)
  wholeCall(a, setting, hold, entered, out)
  a.label(other)
  // Where rt_sigreturn has put other registers in place.
  a.jump32('r7', '==', -1, entered)
  a.mapValue('r1', 'control', Control.choices + otherCall * CallChoice.bytes)
  a.store(8, 'r10', choicePlace, 'r1')
  a.load(1, 'r0', 'r1', CallChoice.how)
  a.jump('r0', '!=', Choice.returned, entered)
  currentCaller(a, setting.facts)
  a.goto(whole)
  exitOfEntered(a, setting, hold, entered, out)
  a.label(out)
  leave(a)
  return { program: a, functions: hold.emit() }
}

/** The event of the call numbered r7, of which nothing was recorded before; goes to `entered` when something was. r6: its result. */
function wholeCall(
  a: BpfAssembler,
  setting: ProgramSetting,
  hold: RingHold,
  entered: Label,
  out: Label,
): void {
  const { facts, cpus, outcomes } = setting
  const [failed, hasPlan, ready] = a.newLabels(3)
  if (!outcomes.failed) a.jump('r6', '>=', firstError, out)
  if (!outcomes.successful) a.jump('r6', '<', firstError, out)
  stateOfMember(a, setting, ids, out)
  a.load(4, 'r1', 'r0', ThreadState.state)
  a.jump('r1', '==', 0, ready)
  a.jump('r1', '&', ThreadFlag.entered, entered)
  // Of a new thread, what returns first is the call of its parent.
  a.store(4, 'r0', ThreadState.state, 0)
  a.load(4, 'r1', 'r0', ThreadState.call)
  a.jump('r1', '==', 'r7', out)
  a.label(ready)
  record(a, out)
  hold.check()
  enterRecord(a, facts, EventKind.call, WholeCall.bytes, true)
  a.load(8, 'r1', 'r10', context)
  a.load(8, 'r0', 'r1', 8)
  a.store(8, 'r6', WholeCall.result, 'r0')
  a.store(8, 'r6', inScratch(Scratch.result), 'r0')
  a.jump('r0', '>=', firstError, failed)
  a.label(hasPlan)
  tailCall(a, 'exit')
  a.mov('r3', WholeCall.bytes)
  outputExit(a, cpus)
  a.label(failed)
  a.store(1, 'r6', Header.flags, ExitFlag.failed)
  choiceOfFailed(a)
  a.goto(hasPlan)
}

/** Not asked for: NaN. */
const notANumber = 0x7ff8_0000_0000_0000n

/**
 * Goes to `out` when the thread is on its way out, by SIGKILL or since its process ends: no tracer that stops its tracees sees that return.
 * A process that another signal ends is told of that first.
 */
function unlessKilled(a: BpfAssembler, { task, groupExitCode }: KernelFacts, out: Label): void {
  const [lives] = a.newLabels(1)
  a.load(8, 'r0', 'r10', taskPlace)
  a.load(8, 'r1', 'r0', task.pending)
  a.alu('r1', '&=', 1 << (Signal.SIGKILL - 1))
  a.jump('r1', '==', 0, lives)
  a.load(8, 'r1', 'r0', task.signal)
  a.load(4, 'r1', 'r1', groupExitCode)
  a.alu('r1', '&=', 0x7f)
  a.jump('r1', '==', 0, out)
  a.jump('r1', '==', Signal.SIGKILL, out)
  // That is one thread, mostly the first; others that wait in a call do not get so far.
  a.load(8, 'r1', 'r10', context)
  a.load(8, 'r1', 'r1', 8)
  a.alu('r1', '+=', lastRestart)
  a.jump('r1', '>', lastRestart - firstRestart, lives)
  a.load(4, 'r1', 'r10', ids)
  a.load(4, 'r2', 'r10', ids + 4)
  a.jump('r1', '!=', 'r2', out)
  a.label(lives)
}

/** The exit of a call whose enter was recorded, or of nothing that is. */
function exitOfEntered(
  a: BpfAssembler,
  { facts, cpus, systemTime }: ProgramSetting,
  hold: RingHold,
  entered: Label,
  out: Label,
): void {
  const [haveFlags, native, succeeded, noPlan, notAgain, first, known] = a.newLabels(7)
  a.label(entered)
  currentTask(a, facts)
  a.store(8, 'r10', taskPlace, 'r0')
  stateOfThread(a, ids, out)
  // The number is the enter's: rt_sigreturn has no register left that says it. A new thread has entered nothing.
  a.load(4, 'r7', 'r0', ThreadState.call)
  a.load(4, 'r8', 'r0', ThreadState.state)
  a.jump('r8', '&', ThreadFlag.entered, known)
  a.store(4, 'r0', ThreadState.state, 0)
  a.goto(out)
  a.label(known)
  a.store(8, 'r10', statePlace, 'r0')
  unlessKilled(a, facts, out)
  a.load(8, 'r0', 'r10', statePlace)
  a.mov('r6', 'r8')
  a.alu('r6', '&=', ThreadFlag.faulted)
  a.alu('r8', '&=', callNumbers)
  a.store(8, 'r10', compatPlace, 'r8')
  a.mov('r1', 0)
  a.jump('r6', '==', 0, notAgain)
  a.mov('r1', 'r8')
  a.alu('r1', '|=', ThreadFlag.entered)
  a.label(notAgain)
  a.store(4, 'r0', ThreadState.state, 'r1')
  a.store(8, 'r10', againPlace, 'r6')
  record(a, out)
  hold.check()

  // What the program at the enter could not read is there now that the kernel has read it.
  a.load(8, 'r0', 'r10', againPlace)
  a.jump('r0', '==', 0, first)
  a.store(8, 'r6', inScratch(Scratch.again), againAtExit)
  a.jump('r7', '>=', callNumbers, first)
  choiceOf(a)
  a.store(8, 'r10', numberPlace, 'r7')
  enterRecord(a, facts, EventKind.again, Enter.bytes)
  tailCall(a, 'enter')
  a.load(8, 'r7', 'r10', numberPlace)
  a.label(first)

  a.store(8, 'r6', inScratch(Scratch.at), Exit.bytes)
  a.store(4, 'r6', Exit.sysno, 'r7')
  a.store(4, 'r6', Exit.ranges, 0)
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, RecordKind.exit | (nativeIndex << 8))
  if (systemTime) {
    // A whole number yet: programs have no others.
    ranSoFar(a, facts)
    a.load(8, 'r1', 'r10', statePlace)
    a.load(8, 'r1', 'r1', ThreadState.ran)
    a.alu('r0', '-=', 'r1')
  } else a.number64('r0', notANumber)
  a.store(8, 'r6', Exit.systemTime, 'r0')
  a.load(8, 'r1', 'r10', context)
  a.load(8, 'r0', 'r1', 8)
  a.store(8, 'r6', Exit.result, 'r0')
  a.store(8, 'r6', inScratch(Scratch.result), 'r0')
  a.jump('r0', '<', firstError, haveFlags)
  a.store(4, 'r6', Header.kind, RecordKind.exit | (nativeIndex << 8) | (ExitFlag.failed << 16))
  a.label(haveFlags)
  a.load(8, 'r8', 'r10', compatPlace)
  a.alu('r8', '&=', callNumbers)
  if (facts.registers.compatArgs !== null) {
    a.jump('r8', '==', 0, native)
    a.store(1, 'r6', Header.arch, compat)
    a.label(native)
  }
  a.jump('r7', '>=', callNumbers, noPlan)
  choiceOf(a)
  a.load(8, 'r0', 'r6', inScratch(Scratch.result))
  a.jump('r0', '<', firstError, succeeded)
  choiceOfFailed(a)
  a.label(succeeded)
  tailCall(a, 'exit', () => argumentsForPlan(a, facts))
  a.label(noPlan)
  a.mov('r3', Exit.bytes)
  outputExit(a, cpus)
}

/** Puts the arguments where exit plans look for them; r8 is not 0 for a 32-bit call. */
function argumentsForPlan(a: BpfAssembler, { registers }: KernelFacts): void {
  const [isCompat, done] = a.newLabels(2)
  const to = [inScratch(Scratch.args)]
  if (registers.compatArgs !== null) a.jump('r8', '!=', 0, isCompat)
  copyArguments(a, registers.args, 8, to)
  if (registers.compatArgs === null) return
  a.goto(done)
  a.label(isCompat)
  copyArguments(a, registers.compatArgs, 4, to)
  a.label(done)
}
