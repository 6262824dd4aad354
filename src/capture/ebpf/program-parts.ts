/** Pieces that several programs have. */
import { Header } from '../../record/layout.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { Helper, Wakeup } from './bpf-constants.ts'
import type { ProgramSetting } from './call-programs.ts'
import {
  Control,
  inScratch,
  Lost,
  type MapName,
  ProgramIndex,
  Scratch,
  ThreadFlag,
  ThreadState,
} from './capture-layout.ts'
import { keepThread, stateOfThread } from './thread-states.ts'

/** A map, with the compiler looking at its name. */
export const map = (a: BpfAssembler, to: 'r1' | 'r2', name: MapName): void => a.map(to, name)

/** Leaves the program with 0. */
export function leave(a: BpfAssembler): void {
  a.mov('r0', 0)
  a.exit()
}

/** r0: this CPU's scratch memory; goes to `none` when there is none, which does not happen but has to be looked at. */
export function scratchOfCpu(a: BpfAssembler, none: Label): void {
  a.call(Helper.get_smp_processor_id)
  a.store(4, 'r10', -4, 'r0')
  map(a, 'r1', 'scratch')
  a.mov('r2', 'r10')
  a.alu('r2', '+=', -4)
  a.call(Helper.map_lookup_elem)
  a.jump('r0', '==', 0, none)
}

/** On the stack: the state of a thread that is met for the first time. */
const newState = -80

/** As `stateOfThread`; and who is in the group that is traced becomes a thread that is. r6 to r9 stay. */
export function stateOfMember(a: BpfAssembler, { adopts }: ProgramSetting, at: number, none: Label): void {
  if (!adopts) return stateOfThread(a, at, none)
  const [unknown, known] = a.newLabels(2)
  stateOfThread(a, at, unknown)
  a.goto(known)
  a.label(unknown)
  a.load(4, 'r0', 'r10', at + 4)
  a.mapValue('r1', 'control', Control.reader)
  a.load(4, 'r1', 'r1', 0)
  a.jump('r0', '==', 'r1', none)
  a.map('r1', 'cgroups')
  a.mov('r2', 0)
  a.call(Helper.current_task_under_cgroup)
  a.jump('r0', '!=', 1, none)
  for (let at = 0; at < ThreadState.bytes; at += 8) a.store(8, 'r10', newState + at, 0)
  keepThread(a, at, newState)
  stateOfThread(a, at, none)
  a.label(known)
}

/**
 * `to`: flags for a record that is about to be handed over. Who waits for it is woken once, and then comes back by itself:
 * a wake-up costs more than all the rest of a record.
 */
export function wakeupFlags(a: BpfAssembler, to: 'r3' | 'r4' | 'r2'): void {
  const awake = a.newLabel()
  a.mapValue('r5', 'control', Control.asleep)
  a.load(4, 'r0', 'r5', 0)
  a.mov(to, Wakeup.BPF_RB_NO_WAKEUP)
  a.jump('r0', '==', 0, awake)
  a.store(4, 'r5', 0, 0)
  a.mov(to, Wakeup.BPF_RB_FORCE_WAKEUP)
  a.label(awake)
}

/** Counts a call or an event that had no room. */
export function countLost(a: BpfAssembler, cpus: number, what: 'calls' | 'events'): void {
  const out = a.newLabel()
  a.call(Helper.get_smp_processor_id)
  a.jump('r0', '>=', cpus, out)
  a.alu('r0', '*=', Lost.bytes)
  a.mapValue('r1', 'control', Control.lost)
  a.alu('r1', '+=', 'r0')
  a.mov('r2', 1)
  a.atomicAdd(8, 'r1', Lost[what], 'r2')
  a.label(out)
}

/** Hands over the record in scratch memory (r6: where the record starts; r3: its size). r0: 0 when it had room. */
function output(a: BpfAssembler): void {
  a.load(8, 'r1', 'r6', inScratch(Scratch.unlooked))
  a.alu('r1', '+=', 'r3')
  a.store(8, 'r6', inScratch(Scratch.unlooked), 'r1')
  wakeupFlags(a, 'r4')
  map(a, 'r1', 'ring')
  a.mov('r2', 'r6')
  a.call(Helper.ringbuf_output)
}

/** `Scratch.again`: goes on to the exit afterwards; or does not. */
export const againAtExit = 1
export const againAlone = 2

/** Hands over the record of an exit (r6 and r3 as above), and leaves. */
export function outputExit(a: BpfAssembler, cpus: number): void {
  const done = a.newLabel()
  output(a)
  a.jump('r0', '==', 0, done)
  countLost(a, cpus, 'calls')
  a.label(done)
  leave(a)
}

/**
 * Hands over the record of an enter, and leaves. One that has no room takes its exit with it, so that one call lost is counted
 * once. Where memory was not there, it is asked for again at the exit, which has `context` on the stack to go on with then.
 */
export function outputEnter(a: BpfAssembler, cpus: number, context: number): void {
  const [done, none, again, faulted, kept] = a.newLabels(5)
  output(a)
  a.mov('r7', 'r0')
  a.load(8, 'r1', 'r6', Scratch.again - Scratch.record)
  a.jump('r1', '!=', 0, again)
  a.load(1, 'r8', 'r6', Header.flags + 1)
  a.jump('r7', '!=', 0, faulted)
  a.jump('r8', '==', 0, done)
  a.label(faulted)
  a.load(4, 'r0', 'r6', Header.tid)
  a.store(4, 'r10', -8, 'r0')
  stateOfThread(a, -8, none)
  a.load(4, 'r1', 'r0', ThreadState.state)
  a.alu('r1', '|=', ThreadFlag.faulted)
  a.store(4, 'r0', ThreadState.state, 'r1')
  a.jump('r7', '==', 0, kept)
  a.store(4, 'r0', ThreadState.state, 0)
  a.label(none)
  a.jump('r7', '==', 0, kept)
  countLost(a, cpus, 'calls')
  a.label(kept)
  a.label(done)
  leave(a)
  a.label(again)
  a.jump('r1', '==', againAlone, done)
  a.load(8, 'r1', 'r10', context)
  map(a, 'r2', 'programs')
  a.mov('r3', ProgramIndex.exitItself)
  a.call(Helper.tail_call)
  leave(a)
}

/** Writes a record's header: r6 points to the record, r8 has process id (upper half) and thread id. Uses r0 to r5. */
export function writeHeader(a: BpfAssembler, kindArchFlags: number): void {
  a.store(4, 'r6', Header.kind, kindArchFlags)
  a.store(4, 'r6', Header.tid, 'r8')
  a.mov('r1', 'r8')
  a.alu('r1', '>>=', 32)
  a.store(4, 'r6', Header.pid, 'r1')
  a.call(Helper.ktime_get_ns)
  a.store(8, 'r6', Header.time, 'r0')
}
