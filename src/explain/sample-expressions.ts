/** The numbers of a made-up call: expressions of a plan read, and set, in its registers and memory. */
import { bitsetBytes, type Condition, type Expr } from '../types/plan.ts'
import type { SampleMemory } from './sample-memory.ts'

/** An expression, or a number that stands at an address. */
type Place = Expr | { readonly kind: 'memory'; readonly at: number; readonly size: number }

export class SampleExpressions {
  readonly args: (bigint | undefined)[] = []
  result: bigint | undefined
  stack = 0
  /** Addresses of the structures that one is inside of, outermost first. */
  bases: readonly number[] = []
  readonly #memory: SampleMemory
  readonly #word: 4 | 8
  /** Addresses of numbers that were set. */
  readonly #fixed = new Set<number>()
  /** Parts of numbers that were set. */
  readonly #fixedParts = new Set<string>()

  constructor(memory: SampleMemory, word: 4 | 8) {
    this.#memory = memory
    this.#word = word
  }

  within(bases: readonly number[], work: () => void): void {
    const outer = this.bases
    this.bases = bases
    work()
    this.bases = outer
  }

  evaluate(expr: Place): number {
    switch (expr.kind) {
      case 'const':
        return expr.value
      case 'arg':
        return Number(BigInt.asUintN(expr.bits, this.args[expr.index] ?? 0n))
      case 'ret':
        return Number(this.result ?? 0n)
      case 'stack':
        return this.stack
      case 'field':
      case 'memory':
      case 'peek':
      case 'deref': {
        const [at, size] = this.#where(expr)
        return Number(this.#memory.number(at, size))
      }
      case 'part':
        return (this.evaluate(expr.a) & expr.mask) >>> expr.shift
      case 'min':
        return Math.min(this.evaluate(expr.a), this.evaluate(expr.b))
      case 'plus':
        return this.evaluate(expr.a) + expr.by
      case 'times':
        return Math.ceil(this.evaluate(expr.a) * expr.by)
      case 'product':
        return this.evaluate(expr.a) * this.evaluate(expr.b)
      case 'bitset':
        return bitsetBytes(this.evaluate(expr.a))
    }
  }

  /** Has an expression be `value`, as far as what it is made of is not something already. */
  assign(expr: Place, value: bigint, force = false): void {
    switch (expr.kind) {
      case 'arg':
        if (force || this.args[expr.index] === undefined) this.args[expr.index] = BigInt.asUintN(64, value)
        return
      case 'ret':
        this.result ??= value
        return
      case 'field':
      case 'memory':
      case 'peek':
      case 'deref': {
        const [at, size] = this.#where(expr)
        if (at === 0 || (this.#fixed.has(at) && !force)) return
        this.#fixed.add(at)
        this.#memory.put(at, size, value)
        return
      }
      case 'part': {
        this.#fixedParts.add(JSON.stringify(expr))
        const bits = BigInt(expr.mask >>> 0)
        const whole = BigInt(this.evaluate(expr.a))
        this.assign(expr.a, (whole & ~bits) | ((value << BigInt(expr.shift)) & bits), true)
        return
      }
      case 'min':
        this.assign(expr.a, value)
        this.assign(expr.b, value)
        return
      case 'plus':
        this.assign(expr.a, value > expr.by ? value - BigInt(expr.by) : 0n)
        return
      case 'times':
        this.assign(expr.a, BigInt(Math.ceil(Number(value) / expr.by)))
        return
      case 'product':
        this.assign(expr.a, 1n)
        this.assign(expr.b, value)
        return
      case 'bitset':
        this.assign(expr.a, value)
        return
      case 'const':
      case 'stack':
        return
    }
  }

  /** Whether a number was set. */
  isFixed(expr: Place): boolean {
    switch (expr.kind) {
      case 'arg':
        return this.args[expr.index] !== undefined
      case 'ret':
        return this.result !== undefined
      case 'field':
      case 'memory':
      case 'peek':
      case 'deref':
        return this.#fixed.has(this.#where(expr)[0])
      case 'part':
        return this.#fixedParts.has(JSON.stringify(expr))
      default:
        return false
    }
  }

  holds({ value, ...condition }: Exclude<Condition, { test: 'netlink' }>): boolean {
    const v = this.evaluate(value)
    const { test, numbers } = condition
    return test === 'anyBit'
      ? numbers.some(n => (BigInt(v) & BigInt(n)) === BigInt(n))
      : numbers.includes(v) === (test === 'oneOf')
  }

  /** The address that a pointer holds, of `room` bytes; it is given one where it has none. */
  reserve(place: Place, room: number): number {
    const known = this.evaluate(place)
    if (this.#memory.has(known)) return known
    const address = this.#memory.take(room)
    this.assign(place, BigInt(address), true)
    return address
  }

  #where(expr: Extract<Place, { kind: 'field' | 'memory' | 'peek' | 'deref' }>): [at: number, size: number] {
    switch (expr.kind) {
      case 'field': {
        const base = this.bases[this.bases.length - 1 - expr.up]
        return [base === undefined ? 0 : base + expr.offset, expr.size]
      }
      case 'memory':
        return [expr.at, expr.size]
      case 'peek':
        return [this.#pointer(expr.at), expr.size]
      case 'deref':
        return [this.#pointer({ kind: 'arg', index: expr.index, bits: this.#word === 4 ? 32 : 64 }), 4]
    }
  }

  /** An address that something stands at: where a pointer has none yet, it gets a page. */
  #pointer(expr: Expr): number {
    if (expr.kind === 'plus') return this.#pointer(expr.a) + expr.by
    return this.reserve(expr, 4096)
  }
}
