/** Functions of plan programs that go through vectors: of pointers, of strings, of iovecs. */
import { Range, RangeKind } from '../../record/layout.ts'
import { Bound } from '../../types/plan.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
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

/** Pointers that a vector has at most. */
const mostWords = 16384

/** How reading a vector stands. */
const stillGoing = 0
const hasEnded = 1
const cannotRead = 2

/** copyWords(address, most): pointers up to and with a NULL, at most `most`. */
export function copyWords(functions: PlanFunctions, a: BpfAssembler): void {
  const { word } = functions
  const [out, small, cut, unreadable] = a.newLabels(4)
  a.mov('r7', 'r1')
  a.mov('r9', 'r2')
  record(a, out)
  checkAddress(a, 'r7', out)
  nextRange(a, out)
  a.store(8, 'r10', -8, 'r5')
  a.store(8, 'r4', Range.address, 'r7')
  a.jump('r9', '<=', mostWords, small)
  a.mov('r9', mostWords)
  a.label(small)
  // Here the vector is in the program's memory; `most` is where its words go.
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  a.alu('r9', '*=', word)
  a.alu('r7', '+=', 'r9')
  a.store(8, 'r6', inScratch(Scratch.vectorEnd), 'r7')
  a.alu('r5', '+=', Range.bytes)
  a.store(8, 'r6', inScratch(Scratch.most), 'r5')
  a.store(8, 'r6', inScratch(Scratch.overrun), stillGoing)
  functions.loop(mostWords, body => copyWord(functions, body))
  a.load(8, 'r8', 'r6', inScratch(Scratch.most))
  a.load(8, 'r5', 'r10', -8)
  a.alu('r8', '-=', 'r5')
  a.alu('r8', '-=', Range.bytes)
  a.load(8, 'r1', 'r6', inScratch(Scratch.overrun))
  a.jump('r1', '==', stillGoing, cut)
  a.jump('r1', '==', cannotRead, unreadable)
  a.mov('r9', RangeKind.memory)
  finishRange(a)
  a.label(cut)
  a.mov('r9', cutFlag)
  finishRange(a)
  a.label(unreadable)
  markFaulted(a)
  a.mov('r9', faultFlag)
  finishRange(a)
  a.label(out)
  leave(a)
}

function copyWord({ word }: PlanFunctions, a: BpfAssembler): void {
  const [stop, ended, fault] = a.newLabels(3)
  record(a, stop)
  a.load(8, 'r7', 'r6', inScratch(Scratch.vectorAt))
  a.load(8, 'r1', 'r6', inScratch(Scratch.vectorEnd))
  a.jump('r7', '>=', 'r1', stop)
  a.load(8, 'r8', 'r6', inScratch(Scratch.most))
  a.jump('r8', '>', 2 * recordBytes, stop)
  a.mov('r9', 'r6')
  a.alu('r9', '+=', 'r8')
  a.mov('r1', 'r9')
  a.mov('r2', word)
  a.mov('r3', 'r7')
  a.call(Helper.probe_read_user)
  a.jump('r0', '!=', 0, fault)
  a.alu('r7', '+=', word)
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  a.alu('r8', '+=', word)
  a.store(8, 'r6', inScratch(Scratch.most), 'r8')
  a.load(word, 'r0', 'r9', 0)
  a.jump('r0', '==', 0, ended)
  leave(a)
  a.label(ended)
  a.store(8, 'r6', inScratch(Scratch.overrun), hasEnded)
  a.goto(stop)
  a.label(fault)
  a.store(8, 'r6', inScratch(Scratch.overrun), cannotRead)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}

/** copyStrings(address, most words, most bytes of a string, of all): the vector, and the strings that it points to. */
export function copyStrings(functions: PlanFunctions, a: BpfAssembler): void {
  const [out] = a.newLabels(1)
  a.mov('r8', 'r3')
  a.mov('r9', 'r4')
  functions.call('copyWords')
  a.jump('r0', '==', 0, out)
  a.mov('r7', 'r0')
  record(a, out)
  a.store(8, 'r6', inScratch(Scratch.most), 'r8')
  a.store(8, 'r6', inScratch(Scratch.budget), 'r9')
  goThrough(a)
  functions.loop(mostWords, body => copyOneString(functions, body))
  a.label(out)
  leave(a)
}

/** Goes through the range that was just copied; r7: its start. */
function goThrough(a: BpfAssembler): void {
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r7')
  a.load(8, 'r1', 'r6', inScratch(Scratch.copied))
  a.alu('r1', '+=', 'r7')
  a.store(8, 'r6', inScratch(Scratch.vectorEnd), 'r1')
}

/** r9: the address of the vector's next element, of `bytes`; goes to `stop` behind the last. */
function nextElement(a: BpfAssembler, bytes: number, stop: Label): void {
  a.load(8, 'r7', 'r6', inScratch(Scratch.vectorAt))
  a.mov('r1', 'r7')
  a.alu('r1', '+=', bytes)
  a.load(8, 'r2', 'r6', inScratch(Scratch.vectorEnd))
  a.jump('r1', '>', 'r2', stop)
  a.jump('r7', '>', 2 * recordBytes, stop)
  a.store(8, 'r6', inScratch(Scratch.vectorAt), 'r1')
  a.mov('r9', 'r6')
  a.alu('r9', '+=', 'r7')
}

function copyOneString(functions: PlanFunctions, a: BpfAssembler): void {
  const { word } = functions
  const [stop, skip, within] = a.newLabels(3)
  record(a, stop)
  a.load(8, 'r8', 'r6', inScratch(Scratch.budget))
  a.jump('r8', '==', 0, stop)
  nextElement(a, word, stop)
  a.load(word, 'r1', 'r9', 0)
  a.jump('r1', '==', 0, skip)
  a.load(8, 'r2', 'r6', inScratch(Scratch.most))
  a.jump('r2', '<=', 'r8', within)
  a.mov('r2', 'r8')
  a.label(within)
  a.store(8, 'r6', inScratch(Scratch.copied), 0)
  functions.call('copyString')
  a.load(8, 'r1', 'r6', inScratch(Scratch.copied))
  a.alu('r8', '-=', 'r1')
  a.store(8, 'r6', inScratch(Scratch.budget), 'r8')
  a.label(skip)
  leave(a)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}

/** copyIovecs(address, count, limit of all bytes, most of each, overrun): see the plan's op. */
export function copyIovecs(functions: PlanFunctions, a: BpfAssembler): void {
  const { word } = functions
  const [out, counted] = a.newLabels(2)
  a.mov('r8', 'r3')
  a.mov('r9', 'r4')
  // Not at r10 - 8, where `record` writes.
  a.store(8, 'r10', -16, 'r5')
  // A count that no length can be.
  a.jump('r2', '<=', Bound.elements, counted)
  a.mov('r2', Bound.elements + 1)
  a.label(counted)
  a.alu('r2', '*=', 2 * word)
  a.mov('r3', Bound.elements * 2 * word)
  functions.call('copyRange')
  a.jump('r0', '==', 0, out)
  a.mov('r7', 'r0')
  record(a, out)
  a.store(8, 'r6', inScratch(Scratch.budget), 'r8')
  a.store(8, 'r6', inScratch(Scratch.most), 'r9')
  a.load(8, 'r1', 'r10', -16)
  a.store(8, 'r6', inScratch(Scratch.overrun), 'r1')
  goThrough(a)
  functions.loop(Bound.elements, body => copyIovec(functions, body))
  a.label(out)
  leave(a)
}

function copyIovec(functions: PlanFunctions, a: BpfAssembler): void {
  const { word } = functions
  const [stop, inLimit, limited, over, copies] = a.newLabels(5)
  record(a, stop)
  a.load(8, 'r8', 'r6', inScratch(Scratch.budget))
  a.jump('r8', '==', 0, stop)
  nextElement(a, 2 * word, stop)
  a.load(word, 'r1', 'r9', 0)
  a.load(word, 'r2', 'r9', word)
  a.load(8, 'r4', 'r6', inScratch(Scratch.overrun))
  a.jump('r2', '<=', 'r8', inLimit)
  a.jump('r4', '==', 0, limited)
  a.mov('r4', 2)
  a.store(8, 'r6', inScratch(Scratch.overrun), 'r4')
  a.label(limited)
  a.mov('r2', 'r8')
  a.label(inLimit)
  a.jump('r4', '==', 2, over)
  // No limit: whatever entries claim, it is not used up.
  a.jump('r8', '==', -1, copies)
  a.alu('r8', '-=', 'r2')
  a.store(8, 'r6', inScratch(Scratch.budget), 'r8')
  a.goto(copies)
  a.label(over)
  a.mov('r2', 'r8')
  a.label(copies)
  a.load(8, 'r3', 'r6', inScratch(Scratch.most))
  functions.call('copyRange')
  leave(a)
  a.label(stop)
  a.mov('r0', 1)
  a.exit()
}
