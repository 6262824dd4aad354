/** A call: its arguments, and what it returns. */

import type { ArgumentBlock } from '../../abi/argument-blocks.ts'
import { int } from './integers.ts'
import type { Node } from './node.ts'
import type { Type } from './type.ts'

export type Arguments = { readonly [name: string]: Type<unknown> }
export interface Call<A extends Arguments = Arguments, R extends Type<unknown> = Type<unknown>> {
  /** In the order of the registers. */
  readonly args: A
  readonly returns: R
  readonly never?: true
  /** What the call reads above its stack pointer, and where. */
  readonly stack?: { readonly offsets: { readonly [arch: string]: number }; readonly type: Node }
  /** Where the arguments lie in memory: how they are found, and the declarations of the calls that are meant, by name. */
  readonly inMemory?: { readonly block: ArgumentBlock; readonly calls: { readonly [name: string]: Call } }
  /** The order of the registers on architectures that have another. */
  readonly order?: { readonly [arch: string]: readonly string[] }
}
/** A system call: its arguments with the man page's names, and what it returns on success. */
export const call = <const A extends Arguments, R extends Type<unknown>>(args: A, returns: R): Call<A, R> =>
  Object.freeze({ args, returns })
/** A call that does not return when it succeeds (exit). */
export const noReturn = <const A extends Arguments>(args: A): Call<A, typeof int> =>
  Object.freeze({ args, returns: int, never: true })
/** The same call with another order of its arguments on some architectures. */
export const reordered = <const A extends Arguments, R extends Type<unknown>>(
  declaration: Call<A, R>,
  order: { readonly [arch: string]: readonly (keyof A & string)[] },
): Call<A, R> => Object.freeze({ ...declaration, order })
/** A call that reads what a signal's delivery left on the stack, `offsets` bytes above the stack pointer. */
export const fromStack = <const A extends Arguments, R extends Type<unknown>>(
  declaration: Call<A, R>,
  offsets: { readonly [arch: string]: number },
  type: Type<unknown>,
): Call<A, R> => Object.freeze({ ...declaration, stack: { offsets, type: type as unknown as Node } })
/** A call whose arguments, or those of the calls that it stands for, lie in memory. */
export const withArgumentsInMemory = <const A extends Arguments, R extends Type<unknown>>(
  declaration: Call<A, R>,
  block: ArgumentBlock,
  calls: { readonly [name: string]: Call },
): Call<A, R> => Object.freeze({ ...declaration, inMemory: { block, calls } })
/** A part of the table. */
export const syscalls = <const T extends { readonly [name: string]: Call }>(table: T): T =>
  Object.freeze(table)
