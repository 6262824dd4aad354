/** The programs at the beginning and the end of every call: whether it is wanted, its registers, and on to the plan's program. */
import { archNames, Enter, Exit, ExitFlag, RecordKind } from '../../record/layout.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { Control, callNumbers, otherCall, Scratch, ThreadState } from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import { leave, map, outputAndLeave, scratchOfCpu, stateOfThread, writeHeader } from './program-parts.ts'

/** What only the capture knows of what is loaded. */
export interface ProgramSetting {
  readonly facts: KernelFacts
  readonly cpus: number
}

const native = archNames.indexOf(process.arch === 'arm64' ? 'arm64' : 'amd64')
const compat = archNames.indexOf('i386')
/** TS_COMPAT: the call is one of a 32-bit program. */
const compatBit = 2
/** Errors are the last 4095 numbers. */
const firstError = -4095

/** r10 - 16: the thread's id (lower half) and its process's. */
const ids = -16
/** r10 - 24: the call's number among plans. */
const planIndex = -24

/** The program at sys_enter: (struct pt_regs *, long number). */
export function enterProgram({ facts, cpus }: ProgramSetting): BpfAssembler {
  const a = new BpfAssembler()
  const [out, other, indexed, isCompat, haveArgs] = a.newLabels(5)
  a.mov('r6', 'r1')
  a.load(8, 'r7', 'r6', 8)
  a.load(8, 'r9', 'r6', 0)
  a.mov('r8', 0)
  if (facts.status !== null) {
    a.call(Helper.get_current_task_btf)
    a.load(4, 'r8', 'r0', facts.status)
    a.alu('r8', '&=', compatBit)
    a.alu('r8', '*=', callNumbers / compatBit)
  }
  // Cheapest first: most calls of a filtered trace, and of other programs, go no further than this.
  a.mov('r1', 'r7')
  a.jump('r1', '>=', callNumbers, other)
  a.alu('r1', '+=', 'r8')
  a.goto(indexed)
  a.label(other)
  a.mov('r1', otherCall)
  a.label(indexed)
  a.store(8, 'r10', planIndex, 'r1')
  a.mapValue('r2', 'control', Control.choices)
  a.alu('r2', '+=', 'r1')
  a.load(1, 'r0', 'r2', 0)
  a.jump('r0', '==', 0, out)
  a.call(Helper.get_current_pid_tgid)
  a.store(8, 'r10', ids, 'r0')
  stateOfThread(a, ids, out)
  a.mov('r1', 'r7')
  a.alu('r1', '+=', 1)
  a.store(4, 'r0', ThreadState.call, 'r1')
  a.store(4, 'r0', ThreadState.compat, 'r8')
  scratchOfCpu(a, out)

  // From here on r6 is the record; the context waits on the stack.
  a.store(8, 'r10', -32, 'r6')
  a.mov('r6', 'r0')
  a.store(8, 'r6', Scratch.at, Enter.bytes)
  a.alu('r6', '+=', Scratch.record)
  a.store(4, 'r6', Enter.sysno, 'r7')
  a.store(4, 'r6', Enter.ranges, 0)
  a.mov('r7', 'r8')
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, RecordKind.enter | (native << 8))
  if (facts.registers.compatArgs !== null) a.jump('r7', '!=', 0, isCompat)
  copyArguments(a, facts.registers.args, 8, Enter.args)
  a.label(haveArgs)
  for (const [from, to] of [
    [facts.registers.ip, Enter.ip],
    [facts.registers.sp, Enter.sp],
  ] as const) {
    a.load(8, 'r0', 'r9', from)
    a.store(8, 'r6', to, 'r0')
  }
  tailCall(a, 'enterPlans')
  a.mov('r3', Enter.bytes)
  outputAndLeave(a, cpus, true)
  if (facts.registers.compatArgs !== null) {
    a.label(isCompat)
    a.store(4, 'r6', 4, RecordKind.enter | (compat << 8))
    copyArguments(a, facts.registers.compatArgs, 4, Enter.args)
    a.goto(haveArgs)
  }
  a.label(out)
  leave(a)
  return a
}

/** The program at sys_exit: (struct pt_regs *, long result). */
export function exitProgram({ facts, cpus }: ProgramSetting): BpfAssembler {
  const a = new BpfAssembler()
  const [out, failed, haveFlags, isCompat, haveArgs, noPlan] = a.newLabels(6)
  a.mov('r6', 'r1')
  a.load(8, 'r9', 'r6', 0)
  a.call(Helper.get_current_pid_tgid)
  a.store(8, 'r10', ids, 'r0')
  stateOfThread(a, ids, out)
  // The number is the enter's: rt_sigreturn has no register left that says it. A new thread has entered nothing.
  a.load(4, 'r7', 'r0', ThreadState.call)
  a.jump('r7', '==', 0, out)
  a.alu('r7', '-=', 1)
  a.store(4, 'r0', ThreadState.call, 0)
  a.load(4, 'r8', 'r0', ThreadState.compat)
  a.store(8, 'r10', -40, 'r8')
  scratchOfCpu(a, out)

  a.store(8, 'r10', -32, 'r6')
  a.mov('r6', 'r0')
  a.store(8, 'r6', Scratch.at, Exit.bytes)
  a.alu('r6', '+=', Scratch.record)
  a.store(4, 'r6', Exit.sysno, 'r7')
  a.store(4, 'r6', Exit.ranges, 0)
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, RecordKind.exit | (native << 8))
  // Not asked for: NaN.
  a.number64('r0', 0x7ff8_0000_0000_0000n)
  a.store(8, 'r6', Exit.systemTime, 'r0')
  a.load(8, 'r1', 'r10', -32)
  a.load(8, 'r0', 'r1', 8)
  a.store(8, 'r6', Exit.result, 'r0')
  a.store(8, 'r6', Scratch.result - Scratch.record, 'r0')
  a.mov('r8', 0)
  a.jump('r0', '>=', firstError, failed)
  a.label(haveFlags)
  a.load(8, 'r1', 'r10', -40)
  if (facts.registers.compatArgs !== null) a.jump('r1', '!=', 0, isCompat)
  copyArguments(a, facts.registers.args, 8, Scratch.args - Scratch.record)
  a.label(haveArgs)
  a.jump('r7', '>=', callNumbers, noPlan)
  a.load(8, 'r1', 'r10', -40)
  a.alu('r7', '+=', 'r1')
  a.alu('r7', '+=', 'r8')
  a.store(8, 'r10', planIndex, 'r7')
  tailCall(a, 'exitPlans')
  a.label(noPlan)
  a.mov('r3', Exit.bytes)
  outputAndLeave(a, cpus, false)
  a.label(failed)
  a.store(4, 'r6', 4, RecordKind.exit | (native << 8) | (ExitFlag.failed << 16))
  // Plans of failed calls stand behind those of others.
  a.mov('r8', 2 * callNumbers)
  a.goto(haveFlags)
  if (facts.registers.compatArgs !== null) {
    a.label(isCompat)
    a.store(1, 'r6', 5, compat)
    copyArguments(a, facts.registers.compatArgs, 4, Scratch.args - Scratch.record)
    a.goto(haveArgs)
  }
  a.label(out)
  leave(a)
  return a
}

/** On to the program of the call's plan, if there is one; else goes on behind. */
function tailCall(a: BpfAssembler, plans: 'enterPlans' | 'exitPlans'): void {
  a.load(8, 'r1', 'r10', -32)
  map(a, 'r2', plans)
  a.load(8, 'r3', 'r10', planIndex)
  a.call(Helper.tail_call)
}

/** Copies the six arguments from r9, the registers, to the record at r6. */
function copyArguments(a: BpfAssembler, from: readonly number[], width: 4 | 8, to: number): void {
  from.forEach((place, i) => {
    a.load(width, 'r0', 'r9', place)
    a.store(8, 'r6', to + 8 * i, 'r0')
  })
}
