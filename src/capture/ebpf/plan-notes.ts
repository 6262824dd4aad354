/** What plans have noted beside memory (what descriptors refer to, which processes numbers are), in code. */
import type { Op } from '../../types/plan.ts'
import type { BpfAssembler } from './bpf-assembler.ts'
import { descriptorHolders, NoteKind, pidHolders, pidKinds } from './note-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { type Place, type PlanNumbers, type Structs, slotPlace } from './plan-numbers.ts'

export class PlanNotes {
  readonly #a: BpfAssembler
  readonly #functions: PlanFunctions
  readonly #numbers: PlanNumbers

  constructor(a: BpfAssembler, functions: PlanFunctions, numbers: PlanNumbers) {
    this.#a = a
    this.#functions = functions
    this.#numbers = numbers
  }

  descriptor({ fd, owner }: Extract<Op, { op: 'fd' }>, structs: Structs): void {
    const a = this.#a
    if (owner === undefined) {
      this.#numbers.expr(fd, structs)
      a.mov('r1', 'r0')
      a.mov('r2', 0)
      a.mov('r3', 0)
      return this.#functions.call('noteDescriptor')
    }
    const byProcess = 'process' in owner
    this.#numbers.temporaries(1, ([key]) => {
      this.#numbers.expr(fd, structs)
      a.mov32('r0', 'r0')
      a.store(8, 'r10', key, 'r0')
      this.#numbers.expr(byProcess ? owner.process : owner.pidfd, structs)
      a.mov('r3', 'r0')
      a.load(8, 'r2', 'r10', key)
    })
    if (!byProcess) {
      a.mov('r1', 'r2')
      a.mov('r2', 'r3')
      a.mov('r3', owner.slot)
      return this.#functions.call('noteForeign')
    }
    a.number64('r1', BigInt(owner.slot) << 32n)
    a.alu('r2', '|=', 'r1')
    a.mov('r1', NoteKind.foreign)
    a.mov('r4', 0)
    a.mov('r5', 0)
    this.#functions.call('noteLater')
  }

  descriptors({ of, count }: Extract<Op, { op: 'fds' }>, place: Place | null, structs: Structs): void {
    const a = this.#a
    if (of === 'siginfo' || of === 'address' || of === 'netlink')
      return this.#laterIn(NoteKind.descriptors, descriptorHolders.indexOf(of), place)
    if (place === null) return
    if (of === 'bitset') {
      this.#numbers.expr(count, structs)
      a.mov('r3', 'r0')
    }
    this.#bounds(place, 'r1', 'r2')
    this.#functions.call(of === 'bitset' ? 'noteBits' : 'noteMessages')
  }

  process({ pid, of }: Extract<Op, { op: 'pid' }>, structs: Structs): void {
    this.#numbers.expr(pid, structs)
    this.#later(NoteKind.pid, pidKinds.indexOf(of))
  }

  processes({ of }: Extract<Op, { op: 'pids' }>, place: Place | null): void {
    this.#laterIn(NoteKind.pids, pidHolders.indexOf(of), place)
  }

  /** Where something that was copied starts and ends. */
  #bounds({ slot, offset }: Place, start: 'r1' | 'r4', end: 'r2' | 'r5'): void {
    const a = this.#a
    a.load(8, start, 'r6', slotPlace(slot))
    a.alu(start, '+=', offset)
    a.load(8, end, 'r6', slotPlace(slot + 1))
  }

  /** Of the number in r0. */
  #later(kind: number, first: number): void {
    const a = this.#a
    a.mov('r1', kind)
    a.mov32('r2', 'r0')
    a.mov('r3', first)
    a.mov('r4', 0)
    a.mov('r5', 0)
    this.#functions.call('noteLater')
  }

  /** Of what was copied. */
  #laterIn(kind: number, first: number, place: Place | null): void {
    if (place === null) return
    const a = this.#a
    this.#bounds(place, 'r4', 'r5')
    a.mov('r1', kind)
    a.mov('r2', 0)
    a.mov('r3', first)
    this.#functions.call('noteLater')
  }
}
