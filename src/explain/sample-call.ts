/**
 * A call made up from its declaration: registers and memory such that each pointer leads somewhere, each length is
 * enough and each condition is as it was chosen. What prints an example in the documentation, and what shows that
 * every pointer that is declared is captured.
 */
import type { ArchName } from '../record/layout.ts'
import type { Call, Int, Length, Node, Pointer, Ref, Struct } from '../types/language.ts'
import type { Expr } from '../types/plan.ts'
import { condition, lengthExpr, refExpr } from '../types/plan-expressions.ts'
import { callScope, casesOf, layoutOf, type Scope, sizeOf } from '../types/resolve.ts'
import { numbersAskedFor, other } from './sample-choices.ts'
import { SampleExpressions } from './sample-expressions.ts'
import { SampleMemory } from './sample-memory.ts'
import {
  sampleArguments,
  sampleData,
  sampleEnvironment,
  sampleNamed,
  sampleNumber,
  samplePath,
  sampleSpecial,
  sampleText,
} from './sample-values.ts'

/** A pointer of the declaration, and where it leads in the sample. */
interface PlacedPointer {
  readonly type: Pointer
  readonly address: number
  /** When it is followed: a pointer in a structure is when that is. */
  readonly when: Pointer['when']
}

export interface SampleCall {
  readonly args: readonly bigint[]
  readonly result: bigint
  readonly memory: SampleMemory
  readonly pointers: readonly PlacedPointer[]
}

/** Which of `count` variants of a node the sample has. */
export type Choose = (node: Node, count: number) => number

/** Makes samples of a call, with the variants that are chosen: without a choice, the first of each. */
export function sampler(declaration: Call, arch: ArchName): (choose?: Choose) => SampleCall {
  const facts: Facts = { numbers: numbersAskedFor(declaration, arch), cases: new Map() }
  return (choose = () => 0) => new SampleBuilder(facts, arch, choose).build(declaration)
}

interface Facts {
  readonly numbers: ReadonlyMap<string, readonly number[]>
  readonly cases: Map<Node, ReadonlyMap<number, Node>>
}

/** Where a number stands. */
type Place =
  | Extract<Expr, { kind: 'arg' | 'field' | 'ret' }>
  | { readonly kind: 'memory'; readonly at: number; readonly size: number }

class SampleBuilder {
  readonly #arch: ArchName
  readonly #choose: Choose
  readonly #memory: SampleMemory
  readonly #state: SampleExpressions
  readonly #pointers: PlacedPointer[] = []
  readonly #facts: Facts
  /** The arguments that are sizes. */
  #sizes: readonly number[] = []
  /** Numbers that nothing has asked for yet. */
  readonly #open: (() => void)[] = []

  constructor(facts: Facts, arch: ArchName, choose: Choose) {
    this.#facts = facts
    this.#arch = arch
    this.#choose = choose
    this.#memory = new SampleMemory(arch === 'i386' ? 0xffd0_4000 : 0x7ffd_4000_1000)
    this.#state = new SampleExpressions(this.#memory, arch === 'i386' ? 4 : 8)
  }

  build(declaration: Call): SampleCall {
    const scope = callScope(this.#arch, declaration)
    this.#sizes = scope.args.flatMap(({ type }, i) =>
      type.kind === 'int' && type.role === 'size' ? [i] : [],
    )
    scope.args.forEach(({ type }, index) => {
      this.#value(type, { kind: 'arg', index, bits: this.#arch === 'i386' ? 32 : 64 }, scope, undefined)
    })
    const { stack } = declaration
    if (stack?.offsets[this.#arch] !== undefined) this.#state.stack = this.#memory.take(1024)
    const returns = declaration.returns as unknown as Node
    this.#value(returns, { kind: 'ret' }, scope, undefined)
    for (const fill of this.#open) fill()
    return {
      args: scope.args.map((_, index) => this.#state.args[index] ?? 0n),
      result: this.#state.result ?? 0n,
      memory: this.#memory,
      pointers: this.#pointers,
    }
  }

  /** A value in a register or a word. `when`: when the structure around it is captured. */
  #value(type: Node, place: Place, scope: Scope, when: Pointer['when'] | undefined): void {
    switch (type.kind) {
      case 'int':
        if (place.kind === 'ret') this.#later(place, () => this.#returned(type))
        else
          this.#later(place, () =>
            sampleNumber(type, place.kind === 'arg' ? scope.args[place.index]!.name : ''),
          )
        return
      case 'flags':
      case 'enum':
      case 'mixed':
        this.#later(place, () => sampleNamed(type, this.#arch))
        return
      case 'pointer': {
        const address = this.#state.reserve(place, this.#room(type.to))
        const own = when === undefined || when === 'inout' ? type.when : when
        if (this.#pointee(type.to, address, scope, own)) this.#pointers.push({ type, address, when: own })
        return
      }
      case 'when':
        this.#value(this.#branch(type, scope), place, scope, when)
        return
      case 'select':
        this.#value(this.#case(type, scope), place, scope, when)
        return
      default:
        return
    }
  }

  /** A size is that of what was asked for. */
  #returned(type: Int): bigint {
    if (type.role === 'fd') return 4n
    if (type.role !== 'size') return type.role === 'dec' ? 0n : sampleNumber(type)
    const asked = this.#sizes.map(index => this.#state.args[index]).filter(size => size !== undefined)
    return asked.at(-1) ?? 0n
  }

  #later(place: Place, value: () => bigint): void {
    const bases = [...this.#state.bases]
    this.#open.push(() => {
      this.#state.within(bases, () => {
        if (!this.#state.isFixed(place)) this.#state.assign(place, value())
      })
    })
  }

  /** Bytes to reserve for what a pointer leads to; structures that grow have a page. */
  #room(type: Node): number {
    switch (type.kind) {
      case 'when':
        return Math.max(this.#room(type.type), this.#room(type.otherwise))
      case 'select':
        return Math.max(this.#room(type.otherwise), ...Object.values(type.cases).map(t => this.#room(t)))
      case 'struct':
      case 'int':
        return sizeOf(type, this.#arch)
      default:
        return Math.max(512, sizeOf(type, this.#arch))
    }
  }

  /** What stands at an address that a pointer holds; whether anything does. */
  #pointee(type: Node, address: number, scope: Scope, when: Pointer['when']): boolean {
    switch (type.kind) {
      case 'cstring':
        this.#memory.write(address, type.path ? samplePath : sampleText)
        return true
      case 'bytes': {
        const content = type.path ? samplePath : sampleData
        const length = this.#demand(type.length, content.length, scope)
        this.#fill(address, content, length)
        return length > 0
      }
      case 'strings': {
        const texts = type.env ? sampleEnvironment : sampleArguments
        const word = sizeOf({ kind: 'pointer', when: 'in', to: type }, this.#arch)
        texts.forEach((text, i) => {
          const at = this.#memory.take(text.length)
          this.#memory.write(at, text)
          this.#memory.put(address + i * word, word, BigInt(at))
        })
        return true
      }
      case 'iovecs': {
        this.#demand(type.count, 1, scope)
        const { size, fields } = layoutOf('iovec', this.#arch)
        const content = this.#memory.take(sampleData.length)
        this.#memory.write(content, sampleData)
        const word = fields.iov_base!.size
        const entry = this.#arch === 'i386' ? 8 : size
        this.#memory.put(address, word, BigInt(content))
        this.#memory.put(address + entry / 2, word, BigInt(sampleData.length))
        if (type.limit !== undefined) this.#demand(type.limit, sampleData.length, scope)
        return true
      }
      case 'special': {
        const content = sampleSpecial(type.name, this.#arch)
        const units = type.name === 'fdset' ? 8 : content.length
        const got = this.#demand(type.length, units, scope)
        this.#memory.write(address, type.name === 'fdset' ? content : content.subarray(0, got))
        return got > 0
      }
      case 'array': {
        const stride = type.stride ?? sizeOf(type.of, this.#arch)
        const count = Math.min(this.#demand(type.length, 1, scope), 2)
        for (let i = 0; i < count; i++) this.#inMemory(type.of, address + i * stride, stride, scope, when)
        return count > 0
      }
      case 'struct':
        if (type.length !== undefined)
          this.#demand(type.length, layoutOf(type.layout, this.#arch).size, scope)
        this.#struct(type, address, scope, when)
        return true
      case 'when':
        return this.#pointee(this.#branch(type, scope), address, scope, when)
      case 'select':
        return this.#pointee(this.#case(type, scope), address, scope, when)
      case 'absent':
        return false
      default:
        this.#inMemory(type, address, sizeOf(type, this.#arch), scope, when)
        return true
    }
  }

  /** What stands in `size` bytes of memory. */
  #inMemory(type: Node, at: number, size: number, scope: Scope, when: Pointer['when']): void {
    switch (type.kind) {
      case 'struct':
        this.#struct(type, at, scope, when)
        return
      case 'chars':
        this.#memory.write(at, sampleText.subarray(0, Math.max(size - 1, 0)))
        return
      case 'bytes':
        this.#fill(at, sampleData, Math.min(size, this.#demand(type.length, sampleData.length, scope)))
        return
      case 'special':
        this.#demand(type.length, size, scope)
        this.#memory.write(at, sampleSpecial(type.name, this.#arch).subarray(0, size))
        return
      case 'array': {
        const stride = type.stride ?? sizeOf(type.of, this.#arch)
        const count = Math.min(this.#demand(type.length, 1, scope), Math.floor(size / Math.max(stride, 1)), 2)
        for (let i = 0; i < count; i++) this.#inMemory(type.of, at + i * stride, stride, scope, when)
        return
      }
      case 'when':
        this.#inMemory(this.#branch(type, scope), at, size, scope, when)
        return
      case 'select':
        this.#inMemory(this.#case(type, scope), at, size, scope, when)
        return
      default:
        this.#value(type, { kind: 'memory', at, size }, scope, when)
    }
  }

  #struct(type: Struct, at: number, scope: Scope, when: Pointer['when']): void {
    const layout = layoutOf(type.layout, this.#arch)
    const inner: Scope = { ...scope, structs: [{ layout, fields: type.fields }, ...scope.structs] }
    this.#state.within([...this.#state.bases, at], () => {
      for (const [name, field] of Object.entries(type.fields)) {
        const place = layout.fields[name]
        // Bit fields stay 0.
        if (place === undefined || place.width !== undefined) continue
        this.#inMemory(field, at + place.offset, place.size, inner, when)
      }
    })
  }

  #fill(at: number, content: Uint8Array, length: number): void {
    for (let i = 0; i < Math.min(length, 512); i += content.length)
      this.#memory.write(at + i, content.subarray(0, length - i))
  }

  /** Has a length be `wanted`, unless it is something already. */
  #demand(length: Length, wanted: number, scope: Scope): number {
    const expr = lengthExpr(length, scope)
    this.#state.assign(expr, BigInt(wanted))
    return this.#state.evaluate(expr)
  }

  #branch(type: Extract<Node, { kind: 'when' }>, scope: Scope): Node {
    const test = condition(type.test, scope)
    if (test.test === 'netlink' || 'netlink' in type.test) return type.otherwise
    this.#settle(type, type.test.ref, test.value, test.test === 'noneOf' ? undefined : test.numbers[0])
    return this.#state.holds(test) ? type.type : type.otherwise
  }

  #case(type: Extract<Node, { kind: 'select' }>, scope: Scope): Node {
    const on = refExpr(type.on, scope)
    let cases = this.#facts.cases.get(type)
    if (cases === undefined) {
      cases = new Map(casesOf(type, scope))
      this.#facts.cases.set(type, cases)
    }
    const [usual] = cases.keys()
    this.#settle(type, type.on, on, usual)
    return cases.get(this.#state.evaluate(on)) ?? type.otherwise
  }

  /** Has a number that others hang on be one of those that the declaration speaks of, `usual` without a choice, or another one. */
  #settle(type: Node, ref: Ref, expr: Expr, usual: number | undefined): void {
    if (this.#state.isFixed(expr)) return
    const numbers = this.#facts.numbers.get(JSON.stringify(ref)) ?? []
    const start = usual === undefined ? numbers.length : Math.max(numbers.indexOf(usual), 0)
    const chosen = (this.#choose(type, numbers.length + 1) + start) % (numbers.length + 1)
    this.#state.assign(expr, BigInt(numbers[chosen] ?? other(numbers)))
  }
}
