/**
 * What plans are made of, as functions of a program: copying a range, a string, a vector of strings, iovecs. Each is a function
 * by itself for the verifier, which checks it once for any arguments; so a plan of hundreds of copies stays cheap to load.
 *
 * They work on this CPU's scratch memory, where the record is put together, and return where the range's content starts, counted
 * from the record; 0 when nothing was copied. Lengths and addresses come from a program that may be hostile: every one is bounded
 * here, whatever it is.
 */
import { addrfams } from '../../abi/sets.ts'
import { Enter, Header, Range, RangeFlag, RangeKind } from '../../record/layout.ts'
import { Bound } from '../../types/plan.ts'
import type { BpfAssembler, Label, Register } from './bpf-assembler.ts'
import { Helper } from './bpf-constants.ts'
import { EventFlag, inScratch, recordBytes, Scratch } from './capture-layout.ts'
import type { SocketPlaces } from './kernel-facts.ts'
import type { ProgramFunction } from './program-btf.ts'
import { leave, scratchOfCpu } from './program-parts.ts'

export type FunctionName =
  | 'copyRange'
  | 'copyString'
  | 'copyWords'
  | 'copyStrings'
  | 'copyIovecs'
  | 'peek'
  | 'noteNetlink'

const pageSize = 4096
/** Pointers that a vector has at most. */
const mostWords = 16384
const cutFlag = RangeKind.memory | (RangeFlag.cut << 8)
const faultFlag = RangeKind.memory | (RangeFlag.fault << 8)

interface Shape {
  readonly parameters: number
  readonly emit: (functions: PlanFunctions, a: BpfAssembler) => void
}

const shapes: { readonly [name in FunctionName]: Shape } = {
  copyRange: { parameters: 3, emit: copyRange },
  copyString: { parameters: 2, emit: copyString },
  copyWords: { parameters: 2, emit: copyWords },
  copyStrings: { parameters: 4, emit: copyStrings },
  copyIovecs: { parameters: 5, emit: copyIovecs },
  peek: { parameters: 2, emit: peek },
  noteNetlink: { parameters: 1, emit: noteNetlink },
}

/** The functions that a program calls, put behind it by `emit`. */
export class PlanFunctions {
  readonly word: 4 | 8
  readonly sockets: SocketPlaces | null
  readonly #assembler: BpfAssembler
  readonly #labels = new Map<FunctionName, Label>()
  readonly #bodies: { readonly label: Label; readonly body: (a: BpfAssembler) => void }[] = []

  constructor(assembler: BpfAssembler, word: 4 | 8, sockets: SocketPlaces | null) {
    this.#assembler = assembler
    this.sockets = sockets
    this.word = word
  }

  /** Calls a function with what r1 to r5 hold; r0 is what it returns. */
  call(name: FunctionName): void {
    this.#assembler.callFunction(this.#label(name))
  }

  /** Has a helper call `body` up to `times` times, or until it leaves with 1. It finds everything in scratch memory, and keeps r6 to r9. */
  loop(times: number, body: (a: BpfAssembler) => void): void {
    const a = this.#assembler
    const label = a.newLabel()
    this.#bodies.push({ label, body })
    a.mov('r1', times)
    a.functionAddress('r2', label)
    a.mov('r3', 0)
    a.mov('r4', 0)
    a.call(Helper.loop)
  }

  /** Puts down those that were called; what the kernel wants to know of them. */
  emit(): ProgramFunction[] {
    const all: ProgramFunction[] = []
    const done = new Set<FunctionName>()
    let bodies = 0
    // What they need themselves comes into the lists behind them, where these loops find it.
    const rest = () => this.#labels.size > done.size || this.#bodies.length > bodies
    while (rest()) {
      for (; bodies < this.#bodies.length; bodies++) {
        const { label, body } = this.#bodies[bodies]!
        this.#assembler.label(label)
        body(this.#assembler)
        all.push({ name: `body${bodies}`, label, parameters: 2, isStatic: true })
      }
      for (const [name, label] of this.#labels) {
        if (done.has(name)) continue
        done.add(name)
        this.#assembler.label(label)
        shapes[name].emit(this, this.#assembler)
        all.push({ name, label, parameters: shapes[name].parameters, isStatic: false })
      }
    }
    return all
  }

  #label(name: FunctionName): Label {
    let label = this.#labels.get(name)
    if (label === undefined) this.#labels.set(name, (label = this.#assembler.newLabel()))
    return label
  }
}

/** r6: the record; goes to `out` where it has no room for another range. */
function record(a: BpfAssembler, out: Label): void {
  scratchOfCpu(a, out)
  a.mov('r6', 'r0')
  a.alu('r6', '+=', Scratch.record)
}

/** Goes to `out` when a register is no address: NULL, or 2^53 and more, where no program has memory. */
function checkAddress(a: BpfAssembler, address: Register, out: Label): void {
  a.jump(address, '==', 0, out)
  a.mov('r0', address)
  a.alu('r0', '>>=', 53)
  a.jump('r0', '!=', 0, out)
}

/** r5: where the next range goes, r4: its address in memory. */
function nextRange(a: BpfAssembler, out: Label): void {
  a.load(8, 'r5', 'r6', inScratch(Scratch.at))
  a.jump('r5', '>', recordBytes, out)
  a.mov('r4', 'r6')
  a.alu('r4', '+=', 'r5')
}

const markFaulted = (a: BpfAssembler): void => a.store(1, 'r6', Header.flags + 1, EventFlag.faulted >> 8)

/** Ends a function: the range at [r10 - 8] has r8 bytes and the kind and flags in r9. Returns its start, 0 for no bytes. */
function finishRange(a: BpfAssembler): void {
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

/** copyRange(address, length, most). */
function copyRange(_functions: PlanFunctions, a: BpfAssembler): void {
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
function copyString(functions: PlanFunctions, a: BpfAssembler): void {
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

/** copyWords(address, most): pointers up to and with a NULL, at most `most`. */
function copyWords(functions: PlanFunctions, a: BpfAssembler): void {
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

/** How reading a vector stands. */
const stillGoing = 0
const hasEnded = 1
const cannotRead = 2

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
function copyStrings(functions: PlanFunctions, a: BpfAssembler): void {
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
function copyIovecs(functions: PlanFunctions, a: BpfAssembler): void {
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

/** peek(address, bytes): the number there, 0 where it cannot be read. */
function peek(_functions: PlanFunctions, a: BpfAssembler): void {
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

const S_IFMT = 0o170000
const S_IFSOCK = 0o140000
const netlinkFamily = addrfams.values.AF_NETLINK
/** A protocol that nobody has: of a socket without an address a tracer cannot tell which it is. */
const unknownProtocol = -1

/** noteNetlink(fd): whether a descriptor is a netlink socket, whose protocol is noted then. */
function noteNetlink({ sockets }: PlanFunctions, a: BpfAssembler): void {
  const [out, named] = a.newLabels(2)
  if (sockets === null) return leave(a)
  a.mov32('r8', 'r1')
  record(a, out)
  a.call(Helper.get_current_task_btf)
  a.mov('r7', 'r0')
  /** r7: what stands at r7 + `offset`. */
  const step = (offset: number, bytes: 2 | 4 | 8): void => {
    a.store(8, 'r6', inScratch(Scratch.peeked), 0)
    a.mov('r1', 'r6')
    a.alu('r1', '+=', inScratch(Scratch.peeked))
    a.mov('r2', bytes)
    a.mov('r3', 'r7')
    a.alu('r3', '+=', offset)
    a.call(Helper.probe_read_kernel)
    a.jump('r0', '!=', 0, out)
    a.load(8, 'r7', 'r6', inScratch(Scratch.peeked))
  }
  const number = (offset: number, bytes: 2 | 4 | 8): void => {
    a.mov('r9', 'r7')
    step(offset, bytes)
  }
  step(sockets.files, 8)
  step(sockets.table, 8)
  number(sockets.count, 4)
  a.jump('r8', '>=', 'r7', out)
  a.mov('r7', 'r9')
  step(sockets.descriptors, 8)
  a.alu('r8', '<<=', 3)
  a.alu('r7', '+=', 'r8')
  a.alu('r8', '>>=', 3)
  step(0, 8)
  // A file, or NULL.
  a.jump('r7', '==', 0, out)
  a.store(8, 'r10', -8, 'r7')
  step(sockets.inode, 8)
  step(sockets.mode, 2)
  a.alu('r7', '&=', S_IFMT)
  a.jump('r7', '!=', S_IFSOCK, out)
  a.load(8, 'r7', 'r10', -8)
  step(sockets.own, 8)
  step(sockets.sock, 8)
  number(sockets.family, 2)
  a.jump('r7', '!=', netlinkFamily, out)
  a.mov('r7', 'r9')
  number(sockets.protocol, 2)
  a.store(8, 'r10', -8, 'r7')
  a.mov('r7', 'r9')
  step(sockets.port, 4)
  a.jump('r7', '!=', 0, named)
  a.mov('r1', unknownProtocol)
  a.store(8, 'r10', -8, 'r1')
  a.label(named)
  nextRange(a, out)
  a.store(8, 'r4', Range.address, 'r8')
  a.store(4, 'r4', Range.length, 4)
  a.store(4, 'r4', Range.kind, RangeKind.netlink)
  a.load(8, 'r1', 'r10', -8)
  a.store(8, 'r4', Range.bytes, 'r1')
  a.store(4, 'r4', Range.bytes + 4, 0)
  a.load(4, 'r1', 'r6', Enter.ranges)
  a.alu('r1', '+=', 1)
  a.store(4, 'r6', Enter.ranges, 'r1')
  a.alu('r5', '+=', Range.bytes + 8)
  a.store(8, 'r6', inScratch(Scratch.at), 'r5')
  a.mov('r0', 1)
  a.exit()
  a.label(out)
  leave(a)
}
