/** What the programs at the beginning and at the end of a call have in common: registers, records, and the way on to the plan's program. */

import { archNames, Enter, Header } from '../../record/layout.ts'
import type { CaptureOptions } from '../backend.ts'
import { nativeIndex } from '../ptrace/record-writer.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { CallChoice, Control, callNumbers, inScratch, plansOfProgram, Scratch } from './capture-layout.ts'
import type { KernelFacts } from './kernel-facts.ts'
import type { KernelFeatures } from './kernel-features.ts'
import { map, writeHeader } from './program-parts.ts'

/** What only the capture knows of what is loaded. */
export interface ProgramSetting {
  readonly facts: KernelFacts
  readonly cpus: number
  readonly features: KernelFeatures
  /** Threads are held while the ring has little room. */
  readonly holds: boolean
  /** The CPU time of threads in calls is wanted. */
  readonly systemTime: boolean
  /** Who is in the group of `cgroups` is traced from its first call on; but not the reader. */
  readonly adopts: boolean
  /** Which calls are wanted by how they end. Those that are seen at their exit alone are left out here. */
  readonly outcomes: NonNullable<CaptureOptions['outcomes']>
}

export const compat: number = archNames.indexOf('i386')
/** TS_COMPAT: the call is one of a 32-bit program. */
export const compatBit = 2

/** On the stack, counted from r10: the thread's id (lower half) and its process's. */
export const ids = -16
/** Where the call's `CallChoice` is. */
export const choicePlace = -24
/** What the program was called with. */
export const context = -32
/** What is kept of the thread. */
export const statePlace = -40

/** Keeps the context for tail calls. r9: the current thread's registers, which both tracepoints are given; r6: the other number that they are. */
export function begin(a: BpfAssembler, { facts: { cast }, features }: ProgramSetting): void {
  a.store(8, 'r10', context, 'r1')
  a.load(8, 'r6', 'r1', 8)
  if (cast !== null && features.casts) {
    a.load(8, 'r1', 'r1', 0)
    a.mov('r2', cast.type)
    a.callKernel(cast.call)
  } else {
    a.call(Helper.get_current_task_btf)
    a.mov('r1', 'r0')
    a.call(Helper.task_pt_regs)
  }
  a.mov('r9', 'r0')
}

/**
 * r0: how the call whose number is in r7, below `callNumbers`, is seen, be it a 32-bit one or not: `Choice` of both together. Cheapest
 * first: most calls of a filtered trace, and of other programs, go no further than this.
 */
export function choiceOfEither(a: BpfAssembler): void {
  a.mov('r1', 'r7')
  a.alu('r1', '<<=', Math.log2(CallChoice.bytes))
  a.mapValue('r2', 'control', Control.choices)
  a.alu('r2', '+=', 'r1')
  a.load(1, 'r0', 'r2', CallChoice.how)
  a.load(1, 'r1', 'r2', callNumbers * CallChoice.bytes + CallChoice.how)
  a.alu('r0', '|=', 'r1')
}

/** r1: the `CallChoice` of the call numbered r7, below `callNumbers`, with r8 as below; it is kept on the stack too. Uses r2. */
export function choiceOf(a: BpfAssembler): void {
  a.mov('r2', 'r7')
  a.alu('r2', '+=', 'r8')
  a.alu('r2', '<<=', Math.log2(CallChoice.bytes))
  a.mapValue('r1', 'control', Control.choices)
  a.alu('r1', '+=', 'r2')
  a.store(8, 'r10', choicePlace, 'r1')
}

/** r0: the current task; its ids are kept on the stack. r6 to r9 stay. */
export function currentTask(a: BpfAssembler, { task }: KernelFacts): void {
  a.call(Helper.get_current_task_btf)
  a.load(4, 'r1', 'r0', task.tgid)
  a.alu('r1', '<<=', 32)
  a.load(4, 'r2', 'r0', task.pid)
  a.alu('r1', '|=', 'r2')
  // At once: what is written in halves and read whole is waited for.
  a.store(8, 'r10', ids, 'r1')
}

/** Keeps the current task's ids. r8: `callNumbers` for a 32-bit call, else 0. r7 and r9 stay. */
export function currentCaller(a: BpfAssembler, facts: KernelFacts): void {
  const { status } = facts
  currentTask(a, facts)
  if (status === null) {
    a.mov('r8', 0)
    return
  }
  a.load(4, 'r8', 'r0', status)
  a.alu('r8', '&=', compatBit)
  a.alu('r8', '*=', callNumbers / compatBit)
}

/** Goes to `no` unless the call numbered r7, with r8 as above, is seen in one of these ways; keeps its `CallChoice` on the stack. */
export function unlessChosen(a: BpfAssembler, how: number, no: Label): void {
  choiceOf(a)
  a.load(1, 'r0', 'r1', CallChoice.how)
  a.alu('r0', '&=', how)
  a.jump('r0', '==', 0, no)
}

/**
 * Writes the fixed part of an enter record at r6: of the call whose number is in r7, with the registers at r9; r8 is not 0 for a 32-bit
 * one. r7 is lost. `kept`: its arguments also go where exit plans look for them.
 */
export function enterRecord(
  a: BpfAssembler,
  { registers: places }: KernelFacts,
  kind: number,
  bytes: number,
  kept = false,
): void {
  const [isCompat, haveArgs] = a.newLabels(2)
  const to = kept ? [Enter.args, inScratch(Scratch.args)] : [Enter.args]
  a.store(8, 'r6', inScratch(Scratch.at), bytes)
  a.store(4, 'r6', Enter.sysno, 'r7')
  a.store(4, 'r6', Enter.ranges, 0)
  a.mov('r7', 'r8')
  a.load(8, 'r8', 'r10', ids)
  writeHeader(a, kind | (nativeIndex << 8))
  if (places.compatArgs !== null) {
    a.jump('r7', '!=', 0, isCompat)
    copyArguments(a, places.args, 8, to)
    a.goto(haveArgs)
    a.label(isCompat)
    a.store(4, 'r6', Header.kind, kind | (compat << 8))
    copyArguments(a, places.compatArgs, 4, to)
    a.label(haveArgs)
  } else copyArguments(a, places.args, 8, to)
  for (const [from, place] of [
    [places.ip, Enter.ip],
    [places.sp, Enter.sp],
  ] as const) {
    a.load(8, 'r0', 'r9', from)
    a.store(8, 'r6', place, 'r0')
  }
}

/** Has `tailCall` find the plan of a call that failed, in place of that of one that did not. */
export function choiceOfFailed(a: BpfAssembler): void {
  a.load(8, 'r1', 'r10', choicePlace)
  a.alu('r1', '+=', CallChoice.exitFailed - CallChoice.exit)
  a.store(8, 'r10', choicePlace, 'r1')
}

/** On to the program of the call's plan, if there is one, when `prepare` has been done for it (which leaves r3); else goes on behind. r6: the record. */
export function tailCall(a: BpfAssembler, phase: 'enter' | 'exit', prepare: () => void = () => {}): void {
  const none = a.newLabel()
  a.load(8, 'r1', 'r10', choicePlace)
  a.load(2, 'r3', 'r1', CallChoice[phase])
  a.jump('r3', '==', 0, none)
  a.mov('r1', 'r3')
  a.alu('r1', '&=', plansOfProgram - 1)
  a.store(8, 'r6', inScratch(Scratch.plan), 'r1')
  a.alu('r3', '>>=', Math.log2(plansOfProgram))
  prepare()
  a.load(8, 'r1', 'r10', context)
  map(a, 'r2', 'programs')
  a.call(Helper.tail_call)
  a.label(none)
}

/** Copies the six arguments from r9, the registers, to these places of the record at r6. */
export function copyArguments(
  a: BpfAssembler,
  from: readonly number[],
  width: 4 | 8,
  to: readonly number[],
): void {
  from.forEach((place, i) => {
    a.load(width, 'r0', 'r9', place)
    for (const start of to) a.store(8, 'r6', start + 8 * i, 'r0')
  })
}

/**
 * r0: how long the current thread has run, on a clock that begins anywhere, at the time in the header of the record at r6. What the
 * kernel has counted is as of when it last looked, which it tells by a clock of its own: of two such times the difference is the thread's.
 */
export function ranSoFar(a: BpfAssembler, { task }: KernelFacts): void {
  a.call(Helper.get_current_task_btf)
  a.mov('r1', 'r0')
  a.load(8, 'r0', 'r6', Header.time)
  a.load(8, 'r2', 'r1', task.ran)
  a.alu('r0', '+=', 'r2')
  a.load(8, 'r2', 'r1', task.ranSince)
  a.alu('r0', '-=', 'r2')
}
