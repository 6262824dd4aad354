/** For tests of what runs plans: plans of all kinds, and memory for them that is not all there. */
import fc from 'fast-check'
import { Bound, type Expr, type Op } from '../../types/plan.ts'

export const page = 4096
export const origin = 0x10000

/** Pages from `origin` on of which some cannot be read. */
export class Pages {
  readonly bytes: Uint8Array
  readonly readable: readonly boolean[]

  constructor(bytes: Uint8Array, readable: readonly boolean[]) {
    this.bytes = bytes
    this.readable = readable
  }

  /** What a counterexample shows. */
  toString(): string {
    return `pages ${this.readable}`
  }

  prefix(address: number, length: number): Uint8Array {
    let end = address
    while (end < address + length && this.readable[Math.floor((end - origin) / page)] === true)
      end = end - (end % page) + page
    return this.bytes.slice(address - origin, Math.min(end, address + length) - origin)
  }
}

// Addresses near the edges of pages, wild ones, NULL; lengths from none to absurd.
export const pages = 6
const address = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: origin, max: origin + pages * page - 1 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: pages }), fc.integer({ min: -40, max: 8 }))
      .map(([p, o]) => origin + p * page + o),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 2 ** 47, 2 ** 53, 2 ** 60) },
)
const length = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(4096, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 63) },
)
export const argument: fc.Arbitrary<bigint> = fc.oneof(address, length).map(BigInt)

const plans = fc.letrec<{ expr: Expr; op: Op; ops: Op[] }>(tie => {
  const condition = fc.record({
    value: tie('expr'),
    test: fc.constantFrom('anyBit' as const, 'oneOf' as const, 'noneOf' as const),
    numbers: fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(2 ** 33)), { maxLength: 3 }),
  })
  // Most addresses and lengths in structures are their fields.
  const field = fc.record({
    kind: fc.constant('field' as const),
    up: fc.constantFrom(0, 0, 1, 2),
    offset: fc.nat(5).map(n => n * 8),
    size: fc.constantFrom(8, 8, 8, 4, 2, 1),
  })
  const number = fc.oneof(tie('expr'), field)
  const inside = fc.record({
    op: fc.constant('inside' as const),
    offset: fc.constantFrom(0, 8, 16, 3),
    ops: tie('ops'),
  })
  const then = fc.oneof(tie('ops'), fc.array(inside, { minLength: 1, maxLength: 2, depthIdentifier: 'ops' }))
  const max = fc.oneof(
    fc.constantFrom<number | 'data'>('data', Bound.struct, Bound.path),
    fc.integer({ min: 1, max: 64 }),
  )
  return {
    expr: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({
        kind: fc.constant('arg' as const),
        index: fc.nat(5),
        bits: fc.constantFrom(32 as const, 64 as const),
      }),
      fc.record({ kind: fc.constant('const' as const), value: length }),
      fc.constant({ kind: 'ret' as const }),
      field,
      fc.record({ kind: fc.constant('deref' as const), index: fc.nat(5) }),
      fc.record({
        kind: fc.constant('peek' as const),
        at: tie('expr'),
        size: fc.constantFrom(2 as const, 4 as const, 8 as const),
      }),
      fc.record({ kind: fc.constant('min' as const), a: tie('expr'), b: tie('expr') }),
      fc.record({ kind: fc.constant('times' as const), a: tie('expr'), by: fc.nat(64) }),
      fc.record({ kind: fc.constant('product' as const), a: tie('expr'), b: tie('expr') }),
      fc.record({ kind: fc.constant('plus' as const), a: tie('expr'), by: fc.nat(64) }),
      fc.record({ kind: fc.constant('bitset' as const), a: tie('expr') }),
    ),
    op: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ op: fc.constant('string' as const), at: number, max }),
      fc.record({ op: fc.constant('copy' as const), at: number, length: number, max }),
      fc.record({
        op: fc.constant('copy' as const),
        at: number,
        length: number,
        max,
        then,
      }),
      fc.record({ op: fc.constant('strings' as const), at: number, env: fc.boolean() }),
      fc.record({
        op: fc.constant('strings' as const),
        at: number,
        env: fc.boolean(),
        whole: fc.constant(true as const),
      }),
      fc.record({
        op: fc.constant('array' as const),
        at: number,
        count: tie('expr'),
        stride: fc.integer({ min: 1, max: 80 }),
        each: then,
      }),
      fc.record({ op: fc.constant('iovecs' as const), at: number, count: tie('expr') }),
      fc.record({
        op: fc.constant('iovecs' as const),
        at: number,
        count: tie('expr'),
        limit: tie('expr'),
      }),
      fc.record({
        op: fc.constant('iovecs' as const),
        at: number,
        count: tie('expr'),
        limit: tie('expr'),
        overrun: fc.constant(true as const),
      }),
      fc.record({ op: fc.constant('if' as const), when: condition, then: tie('ops'), else: tie('ops') }),
      fc.record({
        op: fc.constant('switch' as const),
        on: tie('expr'),
        cases: fc.array(fc.record({ value: fc.nat(4), ops: tie('ops') }), { maxLength: 3 }),
        otherwise: tie('ops'),
      }),
      inside,
    ),
    ops: fc.array(tie('op'), { maxLength: 3, depthIdentifier: 'ops' }),
  }
})
export const { ops }: { readonly ops: fc.Arbitrary<Op[]> } = plans

/** Memory whose words are often addresses into itself, so that pointers lead somewhere. */
export const memory: fc.Arbitrary<Pages> = fc
  .record({
    words: fc.array(fc.oneof(address, length), { minLength: 64, maxLength: 64 }),
    bytes: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    readable: fc.array(
      fc.integer({ min: 0, max: 5 }).map(n => n > 0),
      { minLength: pages, maxLength: pages },
    ),
    shift: fc.nat(7),
  })
  .map(({ words, bytes, readable, shift }) => {
    const all = new Uint8Array(pages * page)
    const view = new DataView(all.buffer)
    for (let i = 0; i + 16 <= all.length; i += 16) {
      const n = (i >> 4) % 64
      if ((i >> 10) % 2 === 0) view.setBigUint64(i + (shift > 3 ? 8 : 0), BigInt(words[n]!), true)
      else all.set(bytes.subarray(n, n + 16), i)
    }
    return new Pages(all, readable)
  })
