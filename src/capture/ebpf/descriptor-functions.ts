/** Functions of plan programs that find descriptors in memory that was copied: sets of bits, control messages. */
import type { BpfAssembler } from './bpf-assembler.ts'
import { inScratch, recordBytes, Scratch } from './capture-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { record } from './plan-ranges.ts'
import { leave } from './program-parts.ts'

/** More than a set of select's has. */
const mostBits = 8192

/** noteBits(start, end, count): the descriptors whose bits are set. A set that was not copied whole is none. */
export function noteBits(functions: PlanFunctions, a: BpfAssembler): void {
  const [out, few] = a.newLabels(2)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  a.mov('r9', 'r3')
  record(a, out)
  // A count is an int.
  a.jump32('r9', 's<=', 0, out)
  a.mov32('r9', 'r9')
  a.jump('r9', '<=', mostBits, few)
  a.mov('r9', mostBits)
  a.label(few)
  a.mov('r1', 'r9')
  a.alu('r1', '+=', 63)
  a.alu('r1', '>>=', 6)
  a.alu('r1', '<<=', 3)
  a.alu('r1', '+=', 'r7')
  a.jump('r1', '>', 'r8', out)
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  a.store(8, 'r6', inScratch(Scratch.vectorEnd), 'r9')
  a.store(8, 'r6', inScratch(Scratch.most), 0)
  functions.loop(mostBits, body => noteBit(functions, body))
  a.label(out)
  leave(a)
}

function noteBit(functions: PlanFunctions, a: BpfAssembler): void {
  const [stop, skip] = a.newLabels(2)
  record(a, stop)
  a.load(8, 'r7', 'r6', inScratch(Scratch.most))
  a.load(8, 'r1', 'r6', inScratch(Scratch.vectorEnd))
  a.jump('r7', '>=', 'r1', stop)
  a.mov('r1', 'r7')
  a.alu('r1', '+=', 1)
  a.store(8, 'r6', inScratch(Scratch.most), 'r1')
  a.load(8, 'r9', 'r6', inScratch(Scratch.vectorAt))
  a.mov('r1', 'r7')
  a.alu('r1', '>>=', 3)
  a.alu('r9', '+=', 'r1')
  a.jump('r9', '>', 2 * recordBytes, stop)
  a.mov('r2', 'r6')
  a.alu('r2', '+=', 'r9')
  a.load(1, 'r3', 'r2', 0)
  a.mov('r4', 'r7')
  a.alu('r4', '&=', 7)
  a.alu('r3', '>>=', 'r4')
  a.jump('r3', '&', 1, skip)
  leave(a)
  a.label(skip)
  a.mov('r1', 'r7')
  a.mov('r2', 0)
  a.mov('r3', 0)
  functions.call('noteDescriptor')
  leave(a)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}

/** SOL_SOCKET and SCM_RIGHTS. */
const rights = 1
/** The kernel passes no more than 253 in one message; a program may claim many more. */
const mostPassed = 4096

/** noteMessages(start, end): the descriptors that control messages carry. */
export function noteMessages(functions: PlanFunctions, a: BpfAssembler): void {
  const [out] = a.newLabels(1)
  a.mov('r7', 'r1')
  a.mov('r8', 'r2')
  record(a, out)
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  a.store(8, 'r6', inScratch(Scratch.vectorEnd), 'r8')
  // Of the message that is gone through: where its next descriptor is, and its end.
  a.store(8, 'r6', inScratch(Scratch.most), 0)
  a.store(8, 'r6', inScratch(Scratch.budget), 0)
  functions.loop(mostPassed, body => noteNextPassed(functions, body))
  a.label(out)
  leave(a)
}

/** The next descriptor of a message, or the next message: the body of a loop. */
function noteNextPassed(functions: PlanFunctions, a: BpfAssembler): void {
  const { word } = functions
  const header = word + 8
  const [stop, message, fits, others] = a.newLabels(4)
  record(a, stop)
  a.load(8, 'r7', 'r6', inScratch(Scratch.most))
  a.load(8, 'r8', 'r6', inScratch(Scratch.budget))
  a.mov('r1', 'r7')
  a.alu('r1', '+=', 4)
  a.jump('r1', '>', 'r8', message)
  a.store(8, 'r6', inScratch(Scratch.most), 'r1')
  a.jump('r7', '>', 2 * recordBytes, stop)
  a.mov('r2', 'r6')
  a.alu('r2', '+=', 'r7')
  a.load(4, 'r1', 'r2', 0)
  a.mov('r2', 0)
  a.mov('r3', 0)
  functions.call('noteDescriptor')
  leave(a)

  a.label(message)
  a.load(8, 'r7', 'r6', inScratch(Scratch.vectorAt))
  a.load(8, 'r8', 'r6', inScratch(Scratch.vectorEnd))
  a.mov('r1', 'r7')
  a.alu('r1', '+=', header)
  a.jump('r1', '>', 'r8', stop)
  a.jump('r7', '>', 2 * recordBytes, stop)
  a.mov('r2', 'r6')
  a.alu('r2', '+=', 'r7')
  a.load(word, 'r3', 'r2', 0)
  a.jump('r3', '<', header, stop)
  a.mov('r4', 'r8')
  a.alu('r4', '-=', 'r7')
  a.jump('r3', '<=', 'r4', fits)
  a.mov('r3', 'r4')
  a.label(fits)
  a.load(4, 'r4', 'r2', word)
  a.jump('r4', '!=', rights, others)
  a.load(4, 'r4', 'r2', word + 4)
  a.jump('r4', '!=', rights, others)
  a.store(8, 'r6', inScratch(Scratch.most), 'r1')
  a.mov('r4', 'r7')
  a.alu('r4', '+=', 'r3')
  a.store(8, 'r6', inScratch(Scratch.budget), 'r4')
  a.label(others)
  a.alu('r3', '+=', word - 1)
  a.alu('r3', '&=', -word)
  a.alu('r7', '+=', 'r3')
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  leave(a)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}
