/** Arguments whose type hangs on another, or that are not always there. */

import type { Node } from './node.ts'
import { asRef, type Ref, type Test } from './references.ts'
import { node, type Type, type Value } from './type.ts'

/** An argument whose type hangs on another one. Keys of `cases` are names of the sets of what `on` refers to, or numbers. */
export interface Select {
  readonly kind: 'select'
  readonly on: Ref
  readonly cases: { readonly [name: string]: Node }
  readonly otherwise: Node
}
export const select = <const C extends { readonly [name: string]: Type<unknown> }, O extends Type<unknown>>(
  on: Ref | string,
  cases: C,
  otherwise: O,
): Select & Type<Value<C[keyof C]> | Value<O>> =>
  node<Value<C[keyof C]> | Value<O>, Select>({
    kind: 'select',
    on: asRef(on),
    cases: cases as unknown as Select['cases'],
    otherwise: otherwise as unknown as Node,
  })

/** There only when `test` holds. An absent argument is not shown, and decodes to undefined. */
export interface When {
  readonly kind: 'when'
  readonly test: Test
  readonly type: Node
  readonly otherwise: Node
}
export const when = <D extends Type<unknown>>(test: Test, type: D): When & Type<Value<D> | undefined> =>
  node<Value<D> | undefined, When>({
    kind: 'when',
    test,
    type: type as unknown as Node,
    otherwise: absent as unknown as Node,
  })
export const either = <D extends Type<unknown>, E extends Type<unknown>>(
  test: Test,
  type: D,
  otherwise: E,
): When & Type<Value<D> | Value<E>> =>
  node<Value<D> | Value<E>, When>({
    kind: 'when',
    test,
    type: type as unknown as Node,
    otherwise: otherwise as unknown as Node,
  })
/** An argument that this variant of the call does not have (fcntl(fd, F_GETFD)). */
export interface Absent {
  readonly kind: 'absent'
}
export const absent: Absent & Type<undefined> = node<undefined, Absent>({ kind: 'absent' })
