/** What plans do, in code: calls of the functions that copy, around them branches and loops. */
import { Bound, type Expr, type Max, type Op } from '../../types/plan.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { inScratch, Scratch, slotCount } from './capture-layout.ts'
import type { PlanFunctions } from './plan-functions.ts'
import { PlanNotes } from './plan-notes.ts'
import { type Place, type PlanNumbers, type Structs, slotPlace } from './plan-numbers.ts'
import { record } from './plan-ranges.ts'
import type { PlanSetting } from './plan-setting.ts'
import { hasWork, opHasWork } from './plan-work.ts'
import { leave } from './program-parts.ts'

export class PlanOps {
  readonly #a: BpfAssembler
  readonly #functions: PlanFunctions
  readonly #numbers: PlanNumbers
  readonly #notes: PlanNotes
  readonly #setting: PlanSetting
  #slots = 0

  constructor(a: BpfAssembler, functions: PlanFunctions, numbers: PlanNumbers, setting: PlanSetting) {
    this.#a = a
    this.#functions = functions
    this.#numbers = numbers
    this.#notes = new PlanNotes(a, functions, numbers)
    this.#setting = setting
  }

  /** What a plan does, from its beginning. */
  plan(ops: readonly Op[]): void {
    this.#numbers.newStack()
    this.#slots = 0
    this.#block(ops, null, [])
  }

  #block(ops: readonly Op[], place: Place | null, structs: Structs): void {
    for (const op of ops) this.#op(op, place, structs)
  }

  #op(op: Op, place: Place | null, structs: Structs): void {
    if (!opHasWork(op, this.#setting.notes)) return
    const a = this.#a
    switch (op.op) {
      case 'copy': {
        const done = a.newLabel()
        this.#copy(op.at, op.length, this.#bytes(op.max), structs)
        if (op.then !== undefined && this.#hasWork(op.then)) {
          a.jump('r0', '==', 0, done)
          this.#within(slot => this.#block(op.then!, { slot, offset: 0 }, structs))
        }
        a.label(done)
        return
      }
      case 'string':
        this.#numbers.expr(op.at, structs)
        a.mov('r1', 'r0')
        a.mov('r2', this.#bytes(op.max))
        this.#functions.call('copyString')
        return
      case 'strings': {
        const vectorOnly = op.env && !this.#setting.environment
        this.#numbers.expr(op.at, structs)
        a.mov('r1', 'r0')
        a.mov('r2', op.whole ? Bound.wholeStrings : Bound.strings)
        if (vectorOnly) return this.#functions.call('copyWords')
        a.mov('r3', op.whole ? Bound.wholeStringBytes : this.#bytes('data'))
        a.mov('r4', op.whole ? Bound.wholeStringBytes : Bound.stringBytes)
        this.#functions.call('copyStrings')
        return
      }
      case 'array':
        return this.#array(op, structs)
      case 'iovecs': {
        this.#numbers.temporaries(3, ([at, count, limit]) => {
          this.#numbers.expr(op.at, structs)
          a.store(8, 'r10', at, 'r0')
          this.#numbers.expr(op.count, structs)
          a.store(8, 'r10', count, 'r0')
          if (op.limit === undefined) a.mov('r0', -1)
          else this.#numbers.expr(op.limit, structs)
          a.store(8, 'r10', limit, 'r0')
          a.load(8, 'r1', 'r10', at)
          a.load(8, 'r2', 'r10', count)
          a.load(8, 'r3', 'r10', limit)
        })
        a.mov('r4', this.#bytes(op.max ?? 'data'))
        a.mov('r5', op.overrun ? 1 : 0)
        this.#functions.call('copyIovecs')
        return
      }
      case 'if': {
        if (op.when.test === 'netlink' && this.#setting.sockets === null)
          return this.#block(op.else, place, structs)
        // The kernel takes no code that nothing leads to.
        if (op.when.test !== 'netlink' && op.when.numbers.length === 0)
          return this.#block(op.when.test === 'noneOf' ? op.then : op.else, place, structs)
        const [no, end] = a.newLabels(2)
        this.#numbers.condition(op.when, structs, no)
        this.#block(op.then, place, structs)
        if (this.#hasWork(op.else)) {
          a.goto(end)
          a.label(no)
          this.#block(op.else, place, structs)
          a.label(end)
        } else a.label(no)
        return
      }
      case 'switch':
        return this.#switch(op, place, structs)
      case 'inside': {
        const inner = place === null ? null : { slot: place.slot, offset: place.offset + op.offset }
        return this.#block(op.ops, inner, [...structs, inner])
      }
      case 'fd':
        return this.#notes.descriptor(op, structs)
      case 'fds':
        return this.#notes.descriptors(op, place, structs)
      case 'pid':
        return this.#notes.process(op, structs)
      case 'pids':
        return this.#notes.processes(op, place)
      // It stands in the program's memory, which is looked for in a list that programs in the kernel do not have.
      case 'virtualCpu':
        return
    }
  }

  #hasWork(ops: readonly Op[]): boolean {
    return hasWork(ops, this.#setting.notes)
  }

  /** r0: where what was copied starts, 0 for nothing. */
  #copy(at: Expr, length: Expr, max: number, structs: Structs): void {
    const a = this.#a
    if (length.kind === 'const') {
      this.#numbers.expr(at, structs)
      a.mov('r1', 'r0')
      a.constant('r2', Math.max(0, length.value))
    } else
      this.#numbers.temporaries(1, ([address]) => {
        this.#numbers.expr(at, structs)
        a.store(8, 'r10', address, 'r0')
        this.#numbers.expr(length, structs)
        a.mov('r2', 'r0')
        a.load(8, 'r1', 'r10', address)
      })
    a.mov('r3', max)
    this.#functions.call('copyRange')
  }

  /** Keeps the range that was just copied (r0: its start) in two slots while `body` is compiled. */
  #within(body: (slot: number) => void): void {
    const a = this.#a
    const slot = this.#slots
    if (slot + 2 > slotCount) throw new RangeError('a plan of too many levels')
    this.#slots += 2
    a.store(8, 'r6', slotPlace(slot), 'r0')
    a.load(8, 'r1', 'r6', inScratch(Scratch.copied))
    a.alu('r1', '+=', 'r0')
    a.store(8, 'r6', slotPlace(slot + 1), 'r1')
    body(slot)
    this.#slots = slot
  }

  #array(op: Extract<Op, { op: 'array' }>, structs: Structs): void {
    const a = this.#a
    const deep = this.#hasWork(op.each)
    const most = op.max ?? Bound.elements
    const done = a.newLabel()
    this.#copy(op.at, { kind: 'times', a: op.count, by: op.stride }, most * op.stride, structs)
    if (deep) {
      a.jump('r0', '==', 0, done)
      this.#within(array => {
        // The element's own slots: where it starts, and where it ends.
        const slot = this.#slots
        if (slot + 2 > slotCount) throw new RangeError('a plan of too many levels')
        this.#slots += 2
        this.#functions.loop(most, body => {
          const [stop] = body.newLabels(1)
          record(body, stop)
          body.load(8, 'r1', 'r6', slotPlace(array))
          body.mov('r2', 'r1')
          body.alu('r2', '+=', op.stride)
          body.load(8, 'r3', 'r6', slotPlace(array + 1))
          body.jump('r2', '>', 'r3', stop)
          body.store(8, 'r6', slotPlace(slot), 'r1')
          body.store(8, 'r6', slotPlace(slot + 1), 'r2')
          body.store(8, 'r6', slotPlace(array), 'r2')
          this.#slots = slot + 2
          this.#numbers.newStack()
          this.#block(op.each, { slot, offset: 0 }, structs)
          leave(body)
          body.label(stop)
          body.mov('r0', 1)
          body.exit()
        })
        this.#slots = slot
      })
    }
    a.label(done)
  }

  #switch(op: Extract<Op, { op: 'switch' }>, place: Place | null, structs: Structs): void {
    const a = this.#a
    const [otherwise, end] = a.newLabels(2)
    // What several cases do stands once; one that does nothing has come to the end.
    const blocks = new Map<string, { readonly label: Label; readonly ops: readonly Op[] }>()
    const labelOf = (ops: readonly Op[]): Label => {
      if (!this.#hasWork(ops)) return end
      const text = JSON.stringify(ops)
      let block = blocks.get(text)
      if (block === undefined) blocks.set(text, (block = { label: a.newLabel(), ops }))
      return block.label
    }
    // Of two equal cases the last one counts.
    const cases = new Map(op.cases.map(({ value, ops }) => [value, ops]))
    this.#numbers.expr(op.on, structs)
    this.#numbers.search(
      [...cases].map(([value, ops]) => [value, labelOf(ops)] as const),
      otherwise,
    )
    for (const { label, ops } of blocks.values()) {
      a.label(label)
      this.#block(ops, place, structs)
      a.goto(end)
    }
    a.label(otherwise)
    this.#block(op.otherwise, place, structs)
    a.label(end)
  }

  #bytes(max: Max): number {
    return max === 'data' ? Math.min(this.#setting.dataLimit, Bound.data) : max
  }
}
