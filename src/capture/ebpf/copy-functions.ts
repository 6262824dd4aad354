/** Functions of plan programs that copy one piece of memory: bytes, a string, a number. */
import { Range, RangeKind } from '../../record/layout.ts'
import type { BpfAssembler } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { inScratch, recordBytes, Scratch } from './capture-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import {
  checkAddress,
  cutFlag,
  faultFlag,
  finishRange,
  markFaulted,
  nextRange,
  record,
} from './plan-ranges.ts'
import { leave } from './program-parts.ts'

const pageSize = 4096

/** copyRange(address, length, most). */
export function copyRange(_functions: PlanFunctions, a: BpfAssembler): void {
  const [out, fits, small, whole, nothing] = a.newLabels(5)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  a.mov('r9', 'r3')
  record(a, out)
  checkAddress(a, 'r7', out)
  a.jump('r8', '==', 0, out)
  nextRange(a, out)
  a.store(8, 'r10', -8, 'r5')
  a.store(8, 'r4', Range.address, 'r7')
  a.mov('r1', 'r9')
  a.mov('r9', RangeKind.memory)
  a.jump('r8', '<=', 'r1', fits)
  a.mov('r8', 'r1')
  a.mov('r9', cutFlag)
  a.label(fits)
  a.jump('r8', '<=', recordBytes, small)
  a.mov('r8', recordBytes)
  a.mov('r9', cutFlag)
  a.label(small)
  a.mov('r1', 'r4')
  a.alu('r1', '+=', Range.bytes)
  a.mov('r2', 'r8')
  a.mov('r3', 'r7')
  a.call(Helper.probe_read_user)
  a.jump('r0', '==', 0, whole)

  // Some page cannot be read. What is in the first one is kept; of more, the thread that reads makes sure.
  markFaulted(a)
  a.mov('r9', faultFlag)
  a.mov('r1', 'r7')
  a.alu('r1', '&=', pageSize - 1)
  a.mov('r2', pageSize)
  a.alu('r2', '-=', 'r1')
  // With no more than that there was nothing else to read.
  a.jump('r2', '>=', 'r8', nothing)
  a.mov('r8', 'r2')
  a.load(8, 'r5', 'r10', -8)
  a.jump('r5', '>', recordBytes, nothing)
  a.mov('r1', 'r6')
  a.alu('r1', '+=', 'r5')
  a.alu('r1', '+=', Range.bytes)
  a.mov('r3', 'r7')
  a.call(Helper.probe_read_user)
  a.jump('r0', '==', 0, whole)
  a.label(nothing)
  a.mov('r8', 0)
  a.label(whole)
  finishRange(a)
  a.label(out)
  leave(a)
}

/** copyString(address, most): up to and with the NUL. */
export function copyString(functions: PlanFunctions, a: BpfAssembler): void {
  const [out, small, faulted, whole] = a.newLabels(4)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  record(a, out)
  checkAddress(a, 'r7', out)
  a.jump('r8', '==', 0, out)
  a.jump('r8', '<=', recordBytes - 1, small)
  a.mov('r8', recordBytes - 1)
  a.label(small)
  nextRange(a, out)
  a.store(8, 'r10', -8, 'r5')
  a.store(8, 'r4', Range.address, 'r7')
  a.mov('r1', 'r4')
  a.alu('r1', '+=', Range.bytes)
  // One more: a string that does not end has its last byte replaced by a NUL.
  a.mov('r2', 'r8')
  a.alu('r2', '+=', 1)
  a.mov('r3', 'r7')
  a.call(Helper.probe_read_user_str)
  a.jump('r0', 's<=', 0, faulted)
  a.mov('r9', cutFlag)
  a.jump('r0', '>', 'r8', whole)
  a.mov('r8', 'r0')
  a.mov('r9', RangeKind.memory)
  a.label(whole)
  finishRange(a)
  a.label(faulted)
  // There is no NUL before what cannot be read.
  a.mov('r1', 'r7')
  a.mov('r2', 'r8')
  a.mov('r3', 'r8')
  functions.call('copyRange')
  a.exit()
  a.label(out)
  leave(a)
}

/** peek(address, bytes): the number there, 0 where it cannot be read. */
export function peek(_functions: PlanFunctions, a: BpfAssembler): void {
  const [out, fault] = a.newLabels(2)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  record(a, out)
  checkAddress(a, 'r7', out)
  a.jump('r8', '>', 8, out)
  a.store(8, 'r6', inScratch(Scratch.peeked), 0)
  a.mov('r1', 'r6')
  a.alu('r1', '+=', inScratch(Scratch.peeked))
  a.mov('r2', 'r8')
  a.mov('r3', 'r7')
  a.call(Helper.probe_read_user)
  a.jump('r0', '!=', 0, fault)
  a.load(8, 'r0', 'r6', inScratch(Scratch.peeked))
  a.exit()
  a.label(fault)
  markFaulted(a)
  a.label(out)
  leave(a)
}
