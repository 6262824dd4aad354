/** The programs at the beginning and the end of every call: whether it is wanted, its registers, and on to the plan's program. */
import { archNames, Enter, Exit, ExitFlag, Header, RecordKind } from '../../record/layout.ts'
import { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import {
  Control,
  callNumbers,
  EventKind,
  enterFaulted,
  inScratch,
  otherCall,
  Scratch,
  ThreadState,
} from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import {
  leave,
  map,
  outputEnter,
  outputExit,
  scratchOfCpu,
  stateOfThread,
  writeHeader,
} from './program-parts.ts'

/** What only the capture knows of what is loaded. */
export interface ProgramSetting {
  readonly facts: KernelFacts
  readonly cpus: number
}

const native = archNames.indexOf(process.arch === 'arm64' ? 'arm64' : 'amd64')
const compat = archNames.indexOf('i386')
/** TS_COMPAT: the call is one of a 32-bit program. */
export const compatBit = 2
/** Errors are the last 4095 numbers. */
const firstError = -4095

/** r10 - 16: the thread's id (lower half) and its process's. */
const ids = -16
/** The call's number among plans. */
const planIndex = -24
/** What the program was called with. */
const context = -32
const compatPlace = -40
const againPlace = -48
const numberPlace = -56

/** The program at sys_enter: (struct pt_regs *, long number). */
export function enterProgram({ facts, cpus }: ProgramSetting): BpfAssembler {
  const a = new BpfAssembler()
  const [out, other, indexed] = a.newLabels(3)
  a.store(8, 'r10', context, 'r1')
  a.load(8, 'r7', 'r1', 8)
  a.mov('r8', 0)
  if (facts.status !== null) {
    a.call(Helper.get_current_task_btf)
    a.mov('r9', 'r0')
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

  a.mov('r6', 'r0')
  a.alu('r6', '+=', Scratch.record)
  a.store(8, 'r6', inScratch(Scratch.again), 0)
  registers(a)
  enterRecord(a, facts, RecordKind.enter)
  tailCall(a, 'enterPlans')
  a.mov('r3', Enter.bytes)
  outputEnter(a, cpus, context)
  a.label(out)
  leave(a)
  return a
}

/** r9: the current thread's registers. */
function registers(a: BpfAssembler): void {
  a.call(Helper.get_current_task_btf)
  a.mov('r1', 'r0')
  a.call(Helper.task_pt_regs)
  a.mov('r9', 'r0')
}

/** Writes the fixed part of an enter record at r6: of the call whose number is in r7, with the registers at r9; r8 is not 0 for a 32-bit one. */
function enterRecord(a: BpfAssembler, { registers: places }: KernelFacts, kind: number): void {
  const [isCompat, haveArgs] = a.newLabels(2)
  a.store(8, 'r6', inScratch(Scratch.at), Enter.bytes)
  a.store(4, 'r6', Enter.sysno, 'r7')
  a.store(4, 'r6', Enter.ranges, 0)
  a.mov('r7', 'r8')
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, kind | (native << 8))
  if (places.compatArgs !== null) {
    a.jump('r7', '!=', 0, isCompat)
    copyArguments(a, places.args, 8, Enter.args)
    a.goto(haveArgs)
    a.label(isCompat)
    a.store(4, 'r6', Header.kind, kind | (compat << 8))
    copyArguments(a, places.compatArgs, 4, Enter.args)
    a.label(haveArgs)
  } else copyArguments(a, places.args, 8, Enter.args)
  for (const [from, to] of [
    [places.ip, Enter.ip],
    [places.sp, Enter.sp],
  ] as const) {
    a.load(8, 'r0', 'r9', from)
    a.store(8, 'r6', to, 'r0')
  }
}

/** The program at sys_exit: (struct pt_regs *, long result). */
export function exitProgram({ facts, cpus }: ProgramSetting): BpfAssembler {
  const a = new BpfAssembler()
  const [out, failed, haveFlags, isCompat, haveArgs, noPlan, notAgain] = a.newLabels(7)
  a.store(8, 'r10', context, 'r1')
  const [unsure] = a.newLabels(1)
  registers(a)
  // As at the enter, the cheapest first: what is chosen neither for programs of 64 bits nor for those of 32.
  a.load(4, 'r1', 'r9', facts.registers.number)
  a.jump('r1', '>=', callNumbers, unsure)
  a.mapValue('r2', 'control', Control.choices)
  a.alu('r2', '+=', 'r1')
  a.load(1, 'r0', 'r2', 0)
  a.jump('r0', '!=', 0, unsure)
  a.load(1, 'r0', 'r2', callNumbers)
  a.jump('r0', '==', 0, out)
  a.label(unsure)
  a.call(Helper.get_current_pid_tgid)
  a.store(8, 'r10', ids, 'r0')
  stateOfThread(a, ids, out)
  // The number is the enter's: rt_sigreturn has no register left that says it. A new thread has entered nothing.
  a.load(4, 'r7', 'r0', ThreadState.call)
  a.jump('r7', '==', 0, out)
  a.alu('r7', '-=', 1)
  a.load(4, 'r8', 'r0', ThreadState.compat)
  a.mov('r6', 'r8')
  a.alu('r6', '&=', enterFaulted)
  a.alu('r8', '&=', callNumbers)
  a.store(4, 'r0', ThreadState.compat, 'r8')
  a.store(8, 'r10', compatPlace, 'r8')
  a.jump('r6', '!=', 0, notAgain)
  a.store(4, 'r0', ThreadState.call, 0)
  a.label(notAgain)
  a.store(8, 'r10', againPlace, 'r6')
  scratchOfCpu(a, out)
  a.mov('r6', 'r0')
  a.alu('r6', '+=', Scratch.record)

  // What the program at the enter could not read is there now that the kernel has read it.
  const first = a.newLabel()
  a.load(8, 'r0', 'r10', againPlace)
  a.jump('r0', '==', 0, first)
  a.store(8, 'r6', inScratch(Scratch.again), 1)
  a.mov('r1', 'r7')
  a.jump('r1', '>=', callNumbers, first)
  a.alu('r1', '+=', 'r8')
  a.store(8, 'r10', planIndex, 'r1')
  a.store(8, 'r10', numberPlace, 'r7')
  enterRecord(a, facts, EventKind.again)
  tailCall(a, 'enterPlans')
  a.load(8, 'r7', 'r10', numberPlace)
  a.label(first)

  a.store(8, 'r6', inScratch(Scratch.at), Exit.bytes)
  a.store(4, 'r6', Exit.sysno, 'r7')
  a.store(4, 'r6', Exit.ranges, 0)
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, RecordKind.exit | (native << 8))
  // Not asked for: NaN.
  a.number64('r0', 0x7ff8_0000_0000_0000n)
  a.store(8, 'r6', Exit.systemTime, 'r0')
  a.load(8, 'r1', 'r10', context)
  a.load(8, 'r0', 'r1', 8)
  a.store(8, 'r6', Exit.result, 'r0')
  a.store(8, 'r6', inScratch(Scratch.result), 'r0')
  a.mov('r8', 0)
  a.jump('r0', '>=', firstError, failed)
  a.label(haveFlags)
  a.load(8, 'r1', 'r10', compatPlace)
  if (facts.registers.compatArgs !== null) a.jump('r1', '!=', 0, isCompat)
  copyArguments(a, facts.registers.args, 8, inScratch(Scratch.args))
  a.label(haveArgs)
  a.jump('r7', '>=', callNumbers, noPlan)
  a.load(8, 'r1', 'r10', compatPlace)
  a.alu('r7', '+=', 'r1')
  a.alu('r7', '+=', 'r8')
  a.store(8, 'r10', planIndex, 'r7')
  tailCall(a, 'exitPlans')
  a.label(noPlan)
  a.mov('r3', Exit.bytes)
  outputExit(a, cpus)
  a.label(failed)
  a.store(4, 'r6', 4, RecordKind.exit | (native << 8) | (ExitFlag.failed << 16))
  // Plans of failed calls stand behind those of others.
  a.mov('r8', 2 * callNumbers)
  a.goto(haveFlags)
  if (facts.registers.compatArgs !== null) {
    a.label(isCompat)
    a.store(1, 'r6', 5, compat)
    copyArguments(a, facts.registers.compatArgs, 4, inScratch(Scratch.args))
    a.goto(haveArgs)
  }
  a.label(out)
  leave(a)
  return a
}

/** On to the program of the call's plan, if there is one; else goes on behind. */
function tailCall(a: BpfAssembler, plans: 'enterPlans' | 'exitPlans'): void {
  a.load(8, 'r1', 'r10', context)
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
