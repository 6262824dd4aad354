/**
 * Capture plans as programs: the same plans that src/capture/ptrace compiles to closures, which a test holds them to. A program
 * gets the record with its fixed part written, appends ranges, and hands it over.
 */

import { Enter } from '../../record/layout.ts'
import {
  Bound,
  type Condition,
  type Expr,
  longestNetlink,
  type Max,
  mostBits,
  netlinkHeaderBytes,
  type Op,
  udevPrefix,
} from '../../types/plan.ts'
import { BpfAssembler, type Label } from './bpf-assembler.ts'
import { inScratch, recordBytes, Scratch, slotCount } from './capture-layout.ts'
import type { SocketPlaces } from './kernel-facts.ts'
import { descriptorHolders, NoteKind, pidHolders, pidKinds } from './note-layout.ts'
import { type NoteSetting, PlanFunctions, turnPlace } from './plan-functions.ts'
import { record } from './plan-ranges.ts'
import { functionInfo, type ProgramFunction } from './program-btf.ts'
import { leave, outputEnter, outputExit } from './program-parts.ts'

export interface PlanSetting {
  readonly cpus: number
  /** Bytes of a pointer. */
  readonly word: 4 | 8
  readonly dataLimit: number
  /** Copy the strings of envp. */
  readonly environment: boolean
  readonly sockets: SocketPlaces | null
  /** What is noted beside memory; null for nothing. */
  readonly notes: NoteSetting | null
  /** The kernel has loops: see KernelFeatures. */
  readonly loops: boolean
  /** The function that makes a number an address to read from: see BpfAssembler. */
  readonly cast: number | null
}

export interface PlanProgram {
  readonly program: BpfAssembler
  readonly functions: readonly ProgramFunction[]
  readonly functionInfo: Buffer
}

/** Whether a plan copies anything, or notes anything of what is to be noted. */
export const hasWork = (ops: readonly Op[], notes: NoteSetting | null): boolean =>
  ops.some(op => opHasWork(op, notes))

function opHasWork(op: Op, notes: NoteSetting | null): boolean {
  switch (op.op) {
    case 'fd':
    case 'fds':
      return notes?.descriptors === true
    case 'pid':
    case 'pids':
      return notes?.pids === true
    case 'if':
      return hasWork(op.then, notes) || hasWork(op.else, notes)
    case 'switch':
      return op.cases.some(c => hasWork(c.ops, notes)) || hasWork(op.otherwise, notes)
    case 'inside':
      return hasWork(op.ops, notes)
    default:
      return true
  }
}

/** Plans that have a program together, each with the numbers that it is asked for by (in `Scratch.plan`). */
export interface NumberedPlan {
  readonly ops: readonly Op[]
  readonly numbers: readonly number[]
}

/**
 * The program of one phase of several plans: what they have in common is checked and translated once, which is most of what loading
 * takes. Throws RangeError when a plan is too large.
 */
export function planProgram(
  plans: readonly NumberedPlan[],
  isEnter: boolean,
  setting: PlanSetting,
): PlanProgram {
  const a = new BpfAssembler(setting.cast)
  const functions = new PlanFunctions(a, setting)
  const main = a.newLabel()
  a.label(main)
  const compiler = new PlanCompiler(a, functions, isEnter, setting)
  compiler.compile(plans)
  const rest = functions.emit()
  const all = [{ name: 'plan', label: main, parameters: 1, isStatic: false }, ...rest]
  return { program: a, functions: all, functionInfo: functionInfo(all) }
}

/** Where something starts that fields are counted from: a slot holds the start of what was copied, the next one its end. */
interface Place {
  readonly slot: number
  readonly offset: number
}

/** What fields are counted from, the innermost last; null where nothing was copied. */
type Structs = readonly (Place | null)[]

/** Where on the stack the program's context waits. */
const context = -16
/** The stack below this holds numbers while others are computed, and counts of loops. */
const firstTemporary: number = turnPlace - 8
const lastTemporary = -504

class PlanCompiler {
  readonly #a: BpfAssembler
  readonly #functions: PlanFunctions
  readonly #isEnter: boolean
  readonly #setting: PlanSetting
  readonly #args: number
  #temporary = firstTemporary
  #slots = 0

  constructor(a: BpfAssembler, functions: PlanFunctions, isEnter: boolean, setting: PlanSetting) {
    this.#a = a
    this.#functions = functions
    this.#isEnter = isEnter
    this.#setting = setting
    this.#args = isEnter ? Enter.args : inScratch(Scratch.args)
  }

  compile(plans: readonly NumberedPlan[]): void {
    const a = this.#a
    const [none, small, end] = a.newLabels(3)
    a.store(8, 'r10', context, 'r1')
    record(a, none)
    const labels = plans.map(() => a.newLabel())
    if (plans.length > 1) {
      a.load(8, 'r0', 'r6', inScratch(Scratch.plan))
      const cases = plans.flatMap(({ numbers }, i) => numbers.map(n => [n, labels[i]!] as const))
      this.#search(cases, none)
    }
    plans.forEach(({ ops }, i) => {
      a.label(labels[i]!)
      this.#temporary = firstTemporary
      this.#slots = 0
      this.#block(ops, null, [])
      if (i < plans.length - 1) a.goto(end)
    })
    a.label(end)
    a.load(8, 'r3', 'r6', inScratch(Scratch.at))
    a.jump('r3', '<=', 2 * recordBytes, small)
    a.mov('r3', 2 * recordBytes)
    a.label(small)
    if (this.#isEnter) outputEnter(a, this.#setting.cpus, context)
    else outputExit(a, this.#setting.cpus)
    a.label(none)
    leave(a)
  }

  /** Goes where the number in r0 says. */
  #search(cases: readonly (readonly [value: number, label: Label])[], otherwise: Label): void {
    const a = this.#a
    const sorted = [...cases].sort(([left], [right]) => left - right)
    const search = (from: number, to: number): void => {
      if (to - from <= 3) {
        for (const [value, label] of sorted.slice(from, to)) this.#jumpConstant('==', value, label)
        a.goto(otherwise)
        return
      }
      const middle = (from + to) >> 1
      const upper = a.newLabel()
      this.#jumpConstant('>=', sorted[middle]![0], upper)
      search(from, middle)
      a.label(upper)
      search(middle, to)
    }
    search(0, sorted.length)
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
        this.#expr(op.at, structs)
        a.mov('r1', 'r0')
        a.mov('r2', this.#bytes(op.max))
        this.#functions.call('copyString')
        return
      case 'strings': {
        const vectorOnly = op.env && !this.#setting.environment
        this.#expr(op.at, structs)
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
        this.#temporaries(3, ([at, count, limit]) => {
          this.#expr(op.at, structs)
          a.store(8, 'r10', at, 'r0')
          this.#expr(op.count, structs)
          a.store(8, 'r10', count, 'r0')
          if (op.limit === undefined) a.mov('r0', -1)
          else this.#expr(op.limit, structs)
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
        this.#condition(op.when, structs, no)
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
        return this.#descriptor(op, structs)
      case 'fds':
        return this.#descriptors(op, place, structs)
      case 'pid':
        this.#expr(op.pid, structs)
        return this.#later(NoteKind.pid, pidKinds.indexOf(op.of))
      case 'pids':
        return this.#laterIn(NoteKind.pids, pidHolders.indexOf(op.of), place)
    }
  }

  #hasWork(ops: readonly Op[]): boolean {
    return hasWork(ops, this.#setting.notes)
  }

  #descriptor({ fd, owner }: Extract<Op, { op: 'fd' }>, structs: Structs): void {
    const a = this.#a
    if (owner === undefined) {
      this.#expr(fd, structs)
      a.mov('r1', 'r0')
      a.mov('r2', 0)
      a.mov('r3', 0)
      return this.#functions.call('noteDescriptor')
    }
    const byProcess = 'process' in owner
    this.#temporaries(1, ([key]) => {
      this.#expr(fd, structs)
      a.mov32('r0', 'r0')
      a.store(8, 'r10', key, 'r0')
      this.#expr(byProcess ? owner.process : owner.pidfd, structs)
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

  #descriptors({ of, count }: Extract<Op, { op: 'fds' }>, place: Place | null, structs: Structs): void {
    const a = this.#a
    if (of === 'siginfo' || of === 'address' || of === 'netlink')
      return this.#laterIn(NoteKind.descriptors, descriptorHolders.indexOf(of), place)
    if (place === null) return
    if (of === 'bitset') {
      this.#expr(count, structs)
      a.mov('r3', 'r0')
    }
    this.#bounds(place, 'r1', 'r2')
    this.#functions.call(of === 'bitset' ? 'noteBits' : 'noteMessages')
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

  /** r0: where what was copied starts, 0 for nothing. */
  #copy(at: Expr, length: Expr, max: number, structs: Structs): void {
    const a = this.#a
    if (length.kind === 'const') {
      this.#expr(at, structs)
      a.mov('r1', 'r0')
      a.constant('r2', Math.max(0, length.value))
    } else
      this.#temporaries(1, ([address]) => {
        this.#expr(at, structs)
        a.store(8, 'r10', address, 'r0')
        this.#expr(length, structs)
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
          this.#temporary = firstTemporary
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
    this.#expr(op.on, structs)
    this.#search(
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

  /** Compares r0. */
  #jumpConstant(comparison: '==' | '>=' | '!=', value: number, label: Label): void {
    if (value >= 0 && value === (value | 0)) {
      this.#a.jump('r0', comparison, value, label)
      return
    }
    this.#a.number64('r1', BigInt(value))
    this.#a.jump('r0', comparison, 'r1', label)
  }

  /** Goes to `no` unless the condition holds. */
  #condition(condition: Condition, structs: Structs, no: Label): void {
    const a = this.#a
    if (condition.test === 'netlink') {
      if (condition.header !== undefined) {
        const begins = a.newLabel()
        if (condition.length !== undefined) {
          this.#expr(condition.length, structs)
          a.jump('r0', '<', netlinkHeaderBytes, begins)
        }
        this.#expr(condition.header, structs)
        a.jump('r0', '==', udevPrefix, begins)
        a.jump('r0', '>', longestNetlink, no)
        a.label(begins)
      }
      this.#expr(condition.value, structs)
      a.mov('r1', 'r0')
      this.#functions.call('noteNetlink')
      a.jump('r0', '==', 0, no)
      return
    }
    const { test, numbers } = condition
    this.#expr(condition.value, structs)
    const yes = a.newLabel()
    for (const value of numbers) {
      if (test !== 'anyBit') {
        this.#jumpConstant('==', value, test === 'oneOf' ? yes : no)
        continue
      }
      a.number64('r1', BigInt(value))
      a.mov('r2', 'r0')
      a.alu('r2', '&=', 'r1')
      a.jump('r2', '==', 'r1', yes)
    }
    if (test !== 'noneOf') a.goto(no)
    a.label(yes)
  }

  /** r0: the number. Whatever is in r1 to r5 is lost. */
  #expr(expr: Expr, structs: Structs): void {
    const a = this.#a
    switch (expr.kind) {
      case 'const':
        a.constant('r0', expr.value)
        return
      case 'arg':
        a.load(expr.bits === 32 ? 4 : 8, 'r0', 'r6', this.#args + 8 * expr.index)
        return
      case 'ret':
        a.load(8, 'r0', 'r6', inScratch(Scratch.result))
        return
      case 'stack':
        a.load(8, 'r0', 'r6', this.#isEnter ? Enter.sp : inScratch(Scratch.stack))
        return
      case 'field':
        return this.#field(structs[structs.length - 1 - expr.up], expr.offset, expr.size)
      case 'deref':
        this.#expr({ kind: 'arg', index: expr.index, bits: this.#setting.word === 4 ? 32 : 64 }, structs)
        return this.#peek(4)
      case 'peek':
        this.#expr(expr.at, structs)
        return this.#peek(expr.size)
      case 'part':
        this.#expr(expr.a, structs)
        a.alu32('r0', '&=', expr.mask | 0)
        a.alu32('r0', '>>=', expr.shift)
        return
      case 'product': {
        this.#temporaries(1, ([first]) => {
          this.#expr(expr.a, structs)
          this.#bounded(1n << 31n)
          a.store(8, 'r10', first, 'r0')
          this.#expr(expr.b, structs)
          this.#bounded(1n << 32n)
          a.load(8, 'r1', 'r10', first)
        })
        a.alu('r0', '*=', 'r1')
        return
      }
      case 'min': {
        const less = a.newLabel()
        this.#temporaries(1, ([first]) => {
          this.#expr(expr.a, structs)
          a.store(8, 'r10', first, 'r0')
          this.#expr(expr.b, structs)
          a.load(8, 'r1', 'r10', first)
        })
        a.jump('r0', '<=', 'r1', less)
        a.mov('r0', 'r1')
        a.label(less)
        return
      }
      case 'plus':
        this.#expr(expr.a, structs)
        return this.#plus(expr.by)
      case 'times':
        this.#expr(expr.a, structs)
        return this.#times(expr.by)
      case 'bitset':
        this.#expr(expr.a, structs)
        return this.#bitset()
    }
  }

  #peek(size: number): void {
    this.#a.mov('r1', 'r0')
    this.#a.mov('r2', size)
    this.#functions.call('peek')
  }

  #plus(by: number): void {
    const a = this.#a
    if (by < 0) {
      // No number is below zero.
      const enough = a.newLabel()
      a.jump('r0', '>=', -by, enough)
      a.mov('r0', -by)
      a.label(enough)
    }
    a.alu('r0', '+=', by)
    if (by <= 0) return
    // Nor does one wrap.
    const sound = a.newLabel()
    a.jump('r0', '>=', by, sound)
    a.mov('r0', -1)
    a.label(sound)
  }

  /** Far above every bound of a plan, and no product wraps. */
  #bounded(most: bigint): void {
    const a = this.#a
    const small = a.newLabel()
    a.number64('r1', most)
    a.jump('r0', '<=', 'r1', small)
    a.mov('r0', 'r1')
    a.label(small)
  }

  #times(by: number): void {
    const a = this.#a
    this.#bounded(1n << 40n)
    if (by >= 1 || by === 0) {
      a.alu('r0', '*=', by)
      return
    }
    const divisor = Math.round(1 / by)
    a.alu('r0', '+=', divisor - 1)
    a.alu('r0', '/=', divisor)
  }

  #bitset(): void {
    const a = this.#a
    const [fits, few] = a.newLabels(2)
    a.jump('r0', '<=', 0x7fffffff, fits)
    a.mov('r0', 0)
    a.label(fits)
    a.jump('r0', '<=', mostBits, few)
    a.mov('r0', mostBits)
    a.label(few)
    a.alu('r0', '+=', 63)
    a.alu('r0', '>>=', 6)
    a.alu('r0', '<<=', 3)
  }

  #field(struct: Place | null | undefined, offset: number, size: number): void {
    const a = this.#a
    if (struct === undefined || struct === null) {
      a.mov('r0', 0)
      return
    }
    const [end] = a.newLabels(1)
    a.mov('r0', 0)
    a.load(8, 'r1', 'r6', slotPlace(struct.slot))
    a.alu('r1', '+=', struct.offset + offset)
    a.load(8, 'r2', 'r6', slotPlace(struct.slot + 1))
    a.mov('r3', 'r1')
    a.alu('r3', '+=', size)
    a.jump('r3', '>', 'r2', end)
    a.jump('r1', '>', 2 * recordBytes, end)
    a.alu('r1', '+=', 'r6')
    a.load(size as 1 | 2 | 4 | 8, 'r0', 'r1', 0)
    a.label(end)
  }

  #bytes(max: Max): number {
    return max === 'data' ? Math.min(this.#setting.dataLimit, Bound.data) : max
  }

  /** Places on the stack for as long as `body` is compiled. */
  #temporaries(count: number, body: (places: [number, number, number]) => void): void {
    const first = this.#temporary
    this.#temporary -= 8 * count
    if (this.#temporary < lastTemporary) throw new RangeError('a plan with too much to remember')
    body([first, first - 8, first - 16])
    this.#temporary = first
  }
}

const slotPlace = (slot: number): number => inScratch(Scratch.slots) + 8 * slot
