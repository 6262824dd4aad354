/**
 * What every function of plan programs that copies begins and ends with: the record in this CPU's scratch memory, the range that comes
 * next in it, and what is said of a range that is not whole.
 */
import { Enter, Header, Range, RangeFlag, RangeKind } from '../../record/layout.ts'
import type { BpfAssembler, Label, Register } from './bpf-assembler.ts'
import { EventFlag, inScratch, recordBytes, Scratch } from './capture-layout.ts'
import { leave, scratchOfCpu } from './program-parts.ts'

export const cutFlag: number = RangeKind.memory | (RangeFlag.cut << 8)
export const faultFlag: number = RangeKind.memory | (RangeFlag.fault << 8)

/** r6: the record; goes to `out` where this CPU has no scratch memory. */
export function record(a: BpfAssembler, out: Label): void {
  scratchOfCpu(a, out)
  a.mov('r6', 'r0')
  a.alu('r6', '+=', Scratch.record)
}

/** Goes to `out` when a register is no address: NULL, or 2^53 and more, where no program has memory. */
export function checkAddress(a: BpfAssembler, address: Register, out: Label): void {
  a.jump(address, '==', 0, out)
  a.mov('r0', address)
  a.alu('r0', '>>=', 53)
  a.jump('r0', '!=', 0, out)
}

/** r5: where the next range goes, r4: its address in memory. */
export function nextRange(a: BpfAssembler, out: Label): void {
  a.load(8, 'r5', 'r6', inScratch(Scratch.at))
  a.jump('r5', '>', recordBytes, out)
  a.mov('r4', 'r6')
  a.alu('r4', '+=', 'r5')
}

export const markFaulted = (a: BpfAssembler): void =>
  a.store(1, 'r6', Header.flags + 1, EventFlag.faulted >> 8)

/** Ends a function: the range at [r10 - 8] has r8 bytes and the kind and flags in r9. Returns its start, 0 for no bytes. */
export function finishRange(a: BpfAssembler): void {
  const some = a.newLabel()
  a.load(8, 'r5', 'r10', -8)
  a.jump('r5', '>', recordBytes, some)
  a.mov('r4', 'r6')
  a.alu('r4', '+=', 'r5')
  a.store(4, 'r4', Range.length, 'r8')
  a.store(4, 'r4', Range.kind, 'r9')
  a.store(8, 'r6', inScratch(Scratch.copied), 'r8')
  a.load(4, 'r1', 'r6', Enter.ranges)
  a.alu('r1', '+=', 1)
  a.store(4, 'r6', Enter.ranges, 'r1')
  a.mov('r1', 'r5')
  a.alu('r1', '+=', 'r8')
  a.alu('r1', '+=', Range.bytes + 7)
  a.alu('r1', '&=', -8)
  a.store(8, 'r6', inScratch(Scratch.at), 'r1')
  a.jump('r8', '==', 0, some)
  a.mov('r0', 'r5')
  a.alu('r0', '+=', Range.bytes)
  a.exit()
  a.label(some)
  leave(a)
}
