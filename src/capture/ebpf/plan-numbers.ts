/**
 * Numbers of plans and conditions on them, in code: what they are counted from stands in slots of scratch memory, and while one is
 * computed others wait on the stack. r6 is the record.
 */
import { Enter } from '../../record/layout.ts'
import {
  type Condition,
  type Expr,
  longestNetlink,
  mostBits,
  netlinkHeaderBytes,
  udevPrefix,
} from '../../types/plan.ts'
import type { BpfAssembler, Label } from './bpf-assembler.ts'
import { inScratch, recordBytes, Scratch } from './capture-layout.ts'
import { type PlanFunctions, turnPlace } from './plan-functions.ts'
import type { PlanSetting } from './plan-setting.ts'

/** Where something starts that fields are counted from: a slot holds the start of what was copied, the next one its end. */
export interface Place {
  readonly slot: number
  readonly offset: number
}

/** What fields are counted from, the innermost last; null where nothing was copied. */
export type Structs = readonly (Place | null)[]

export const slotPlace = (slot: number): number => inScratch(Scratch.slots) + 8 * slot

/** The stack below this holds numbers while others are computed, and counts of loops. */
const firstTemporary: number = turnPlace - 8
const lastTemporary = -504

export class PlanNumbers {
  readonly #a: BpfAssembler
  readonly #functions: PlanFunctions
  readonly #isEnter: boolean
  readonly #setting: PlanSetting
  readonly #args: number
  #temporary = firstTemporary

  constructor(a: BpfAssembler, functions: PlanFunctions, isEnter: boolean, setting: PlanSetting) {
    this.#a = a
    this.#functions = functions
    this.#isEnter = isEnter
    this.#setting = setting
    this.#args = isEnter ? Enter.args : inScratch(Scratch.args)
  }

  /** Another function begins, with a stack of its own. */
  newStack(): void {
    this.#temporary = firstTemporary
  }

  /** Places on the stack for as long as `body` is compiled. */
  temporaries(count: number, body: (places: [number, number, number]) => void): void {
    const first = this.#temporary
    this.#temporary -= 8 * count
    if (this.#temporary < lastTemporary) throw new RangeError('a plan with too much to remember')
    body([first, first - 8, first - 16])
    this.#temporary = first
  }

  /** r0: the number. Whatever is in r1 to r5 is lost. */
  expr(expr: Expr, structs: Structs): void {
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
        this.expr({ kind: 'arg', index: expr.index, bits: this.#setting.word === 4 ? 32 : 64 }, structs)
        return this.#peek(4)
      case 'peek':
        this.expr(expr.at, structs)
        return this.#peek(expr.size)
      case 'part':
        this.expr(expr.a, structs)
        a.alu32('r0', '&=', expr.mask | 0)
        a.alu32('r0', '>>=', expr.shift)
        return
      case 'product': {
        this.temporaries(1, ([first]) => {
          this.expr(expr.a, structs)
          this.#bounded(expr.a, 2 ** 31)
          a.store(8, 'r10', first, 'r0')
          this.expr(expr.b, structs)
          this.#bounded(expr.b, 2 ** 32)
          a.load(8, 'r1', 'r10', first)
        })
        a.alu('r0', '*=', 'r1')
        return
      }
      case 'min': {
        const less = a.newLabel()
        this.temporaries(1, ([first]) => {
          this.expr(expr.a, structs)
          a.store(8, 'r10', first, 'r0')
          this.expr(expr.b, structs)
          a.load(8, 'r1', 'r10', first)
        })
        a.jump('r0', '<=', 'r1', less)
        a.mov('r0', 'r1')
        a.label(less)
        return
      }
      case 'plus':
        this.expr(expr.a, structs)
        return this.#plus(expr.by)
      case 'times':
        this.expr(expr.a, structs)
        this.#bounded(expr.a, 2 ** 40)
        return this.#times(expr.by)
      case 'bitset':
        this.expr(expr.a, structs)
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

  /** Has r0, which is `expr`, be `most` at most: far above every bound of a plan, and no product wraps. */
  #bounded(expr: Expr, most: number): void {
    if (mostOf(expr) <= most) return
    const a = this.#a
    const small = a.newLabel()
    a.number64('r1', BigInt(most))
    a.jump('r0', '<=', 'r1', small)
    a.mov('r0', 'r1')
    a.label(small)
  }

  #times(by: number): void {
    const a = this.#a
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

  /** Goes where the number in r0 says. */
  search(cases: readonly (readonly [value: number, label: Label])[], otherwise: Label): void {
    const a = this.#a
    const sorted = [...cases].sort(([left], [right]) => left - right)
    /** The number is at least `low`, and below `high`. */
    const search = (from: number, to: number, low: number, high: number): void => {
      if (to - from <= 3) {
        let least = low
        for (const [value, label] of sorted.slice(from, to)) {
          // Nothing else is left. The kernel sees that too, and takes code that nothing leads to out, at a price.
          if (value === least && value === high - 1) return a.goto(label)
          this.#jumpConstant('==', value, label)
          if (value === least) least++
        }
        return a.goto(otherwise)
      }
      const middle = (from + to) >> 1
      const value = sorted[middle]![0]
      const upper = a.newLabel()
      this.#jumpConstant('>=', value, upper)
      search(from, middle, low, value)
      a.label(upper)
      search(middle, to, value, high)
    }
    search(0, sorted.length, 0, Number.POSITIVE_INFINITY)
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
  condition(condition: Condition, structs: Structs, no: Label): void {
    const a = this.#a
    if (condition.test === 'netlink') {
      if (condition.header !== undefined) {
        const begins = a.newLabel()
        if (condition.length !== undefined) {
          this.expr(condition.length, structs)
          a.jump('r0', '<', netlinkHeaderBytes, begins)
        }
        this.expr(condition.header, structs)
        a.jump('r0', '==', udevPrefix, begins)
        a.jump('r0', '>', longestNetlink, no)
        a.label(begins)
      }
      this.expr(condition.value, structs)
      a.mov('r1', 'r0')
      this.#functions.call('noteNetlink')
      a.jump('r0', '==', 0, no)
      return
    }
    const { test, numbers } = condition
    this.expr(condition.value, structs)
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
}

/** What a number is at most, where its kind tells. */
function mostOf(expr: Expr): number {
  switch (expr.kind) {
    case 'const':
      return expr.value < 0 ? Number.POSITIVE_INFINITY : expr.value
    case 'arg':
      return expr.bits === 32 ? 2 ** 32 - 1 : Number.POSITIVE_INFINITY
    case 'field':
    case 'peek':
      return expr.size <= 4 ? 2 ** (8 * expr.size) - 1 : Number.POSITIVE_INFINITY
    case 'deref':
    case 'part':
      return 2 ** 32 - 1
    case 'min':
      return Math.min(mostOf(expr.a), mostOf(expr.b))
    default:
      return Number.POSITIVE_INFINITY
  }
}
